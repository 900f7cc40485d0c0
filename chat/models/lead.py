from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from agencies.scope import AgencyModel
from chat.models.conversation import Conversation


class Lead(AgencyModel):
    """A visitor who asked the agency for something: a viewing, or an answer from a person."""

    class Kind(models.TextChoices):
        VIEWING = "viewing", "Viewing"
        MESSAGE = "message", "Message"

    class Status(models.TextChoices):
        NEW = "new", "New"
        CONTACTED = "contacted", "Contacted"
        CLOSED = "closed", "Closed"

    class EmailState(models.TextChoices):
        PENDING = "pending", "Not sent yet"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    # RESTRICT: a home cannot be deleted from under the people who asked for it; withdraw it instead.
    property = models.ForeignKey("properties.Property", on_delete=models.RESTRICT, related_name="leads")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    date = models.DateField("wished date", null=True, blank=True)
    time = models.TimeField("wished time", null=True, blank=True)
    note = models.TextField(blank=True, max_length=2000)
    locale = models.CharField(max_length=10, default="en-US")
    client_id = models.UUIDField(help_text="Sent by the form: a repeated send is one lead.")
    consent_wording_version = models.CharField(max_length=40)
    consent_given_at = models.DateTimeField()
    email_state = models.CharField(max_length=8, choices=EmailState.choices, default=EmailState.PENDING)
    email_error = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(AgencyModel.Meta):
        ordering = ["-created_at", "-pk"]
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "client_id"], name="chat_lead_client_id"),
        ]
        indexes = [models.Index(fields=["agency", "-created_at"], name="chat_lead_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def mark_emailed(self) -> None:
        self.email_state, self.email_error = self.EmailState.SENT, ""
        self.save(update_fields=["email_state", "email_error"])

    def mark_email_failed(self, reason: str) -> None:
        self.email_state, self.email_error = self.EmailState.FAILED, reason[:255]
        self.save(update_fields=["email_state", "email_error"])
