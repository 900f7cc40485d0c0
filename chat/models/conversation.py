from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models, transaction
from django.utils.timezone import now

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet

if TYPE_CHECKING:
    from properties.models import Property


class ConversationQuerySet(AgencyQuerySet["Conversation"]):
    def of_visitor(self, visitor: str, home: Property) -> Self:
        return self.filter(visitor=visitor, property=home)


class Conversation(AgencyModel):
    """What one visitor and one home's agent said to each other, on whatever rung."""

    class Source(models.TextChoices):
        WEB = "web", "Tour page"
        API = "api", "REST"

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="conversations")
    visitor = models.CharField(max_length=64, help_text="A random name from a signed cookie; nothing personal.")
    locale = models.CharField(max_length=10, default="en-US")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.WEB)
    disclosure_shown_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    objects = AgencyManager.from_queryset(ConversationQuerySet)()

    class Meta(AgencyModel.Meta):
        ordering = ["-updated_at", "-pk"]
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "property", "visitor"], name="chat_conversation_visitor"),
        ]
        indexes = [models.Index(fields=["agency", "-updated_at"], name="chat_conversation_latest")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} conversation {str(self.public_id)[-6:]}"

    def add_message(self, role: str, text: str = "", **fields: Any) -> Message:
        """The next numbered message; the conversation's row is the lock that keeps numbers apart."""
        with transaction.atomic():
            Conversation.objects.filter(pk=self.pk).update(updated_at=now())
            last = self.messages.aggregate(last=models.Max("number"))["last"] or 0
            return self.messages.create(number=last + 1, role=role, text=text, **fields)

    def begin_answer(self, client_id: UUID, text: str, rung: str = "text") -> Message:
        """The pending answer to a visitor's message, both stored now; one answer for each `client_id`."""
        with transaction.atomic():
            Conversation.objects.filter(pk=self.pk).update(updated_at=now())
            asked = self.messages.filter(client_id=client_id).first()
            if asked is None:
                asked = self.add_message(Message.Role.VISITOR, text, client_id=client_id, rung=rung)
            answer = Message.objects.filter(reply_to=asked).first()
            return answer or self.add_message(
                Message.Role.AGENT, rung=rung, state=Message.State.PENDING, reply_to=asked
            )


class MessageQuerySet(AgencyQuerySet["Message"]):
    def readable(self) -> Self:
        """In order, without answers that have no words yet."""
        return self.exclude(role=Message.Role.AGENT, text="").order_by("number")


class Message(AgencyModel):
    class Role(models.TextChoices):
        VISITOR = "visitor", "Visitor"
        AGENT = "agent", "AI assistant"
        STAFF = "staff", "Agency"

    class Rung(models.TextChoices):
        TEXT = "text", "Text"
        RELAY = "relay", "Voice (relay)"
        WEBRTC = "webrtc", "Voice"
        VIDEO = "video", "Video"

    class State(models.TextChoices):
        SAID = "said", "Said"
        INTERRUPTED = "interrupted", "Interrupted"
        FAILED = "failed", "Failed"
        PENDING = "pending", "Being answered"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    role = models.CharField(max_length=8, choices=Role.choices)
    rung = models.CharField(max_length=8, choices=Rung.choices, default=Rung.TEXT)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SAID)
    reply_to = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="answer")
    client_id = models.UUIDField(null=True, blank=True, help_text="Sent by the page: a repeated send is one message.")
    fact_keys = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=list, blank=True, help_text="The facts as they were when this was said.")
    form = models.JSONField(null=True, blank=True, help_text="The form that this answer opened.")
    verdict = models.CharField(max_length=40, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = AgencyManager.from_queryset(MessageQuerySet)()

    class Meta(AgencyModel.Meta):
        ordering = ["conversation", "number"]
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "conversation", "number"], name="chat_message_number"),
            models.UniqueConstraint(fields=["agency", "conversation", "client_id"], name="chat_message_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.text[:60]}"

    def is_finished(self) -> bool:
        return self.state == self.State.SAID

    def restart(self) -> None:
        """Forget a broken attempt: the answer keeps its place in the conversation and is written again."""
        with transaction.atomic():
            self.tool_calls.all().delete()
            self.text, self.state, self.error_code = "", self.State.PENDING, ""
            self.fact_keys, self.facts, self.form = [], [], None
            self.save(update_fields=["text", "state", "error_code", "fact_keys", "facts", "form"])

    def finish(self, text: str, facts: list[dict[str, Any]], form: dict[str, Any] | None) -> None:
        self.text, self.state, self.facts, self.form = text, self.State.SAID, facts, form
        self.fact_keys = [fact["key"] for fact in facts]
        self.save(update_fields=["text", "state", "facts", "form", "fact_keys"])

    def break_off(self, text: str, error_code: str = "") -> bool:
        """Keep what was said before the stream broke or the visitor left; False: a stored answer stays as it is."""
        state = self.State.INTERRUPTED if text else self.State.FAILED
        unfinished = Message.objects.filter(pk=self.pk, state=self.State.PENDING)
        if not unfinished.update(text=text, state=state, error_code=error_code):
            return False
        self.text, self.state, self.error_code = text, state, error_code
        return True


class ToolCall(AgencyModel):
    class State(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"
        TIMED_OUT = "timed_out", "Timed out"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tool_calls")
    call_id = models.CharField(max_length=128)
    name = models.CharField(max_length=64)
    arguments = models.TextField(blank=True, help_text="As the model wrote them, valid or not.")
    result = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DONE)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(AgencyModel.Meta):
        ordering = ["pk"]
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "message", "call_id"], name="chat_toolcall_call_id"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"
