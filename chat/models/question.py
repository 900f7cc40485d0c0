from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Value, When
from django.utils.timezone import now

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet
from chat.models.conversation import Conversation
from chat.words import grouping_key

if TYPE_CHECKING:
    from properties.models import Property


class QuestionQuerySet(AgencyQuerySet["Question"]):
    def open(self) -> QuestionQuerySet:
        return self.filter(status=Question.Status.OPEN)

    def note(self, home: Property, text: str, locale: str, conversation: Conversation | None = None) -> Question:
        """Count a question that the record could not answer; the same words about a home are one row."""
        key = grouping_key(text, locale)
        if not self._count_again(home, key, conversation):
            try:
                with transaction.atomic():
                    return self.create(
                        property=home,
                        normalised=key,
                        text=text[:2000],
                        locale=locale,
                        conversation=conversation,
                    )
            except IntegrityError:  # another visitor asked the same a moment before
                self._count_again(home, key, conversation)
        return self.get(property=home, normalised=key)

    def _count_again(self, home: Property, key: str, conversation: Conversation | None) -> int:
        return self.filter(property=home, normalised=key).update(
            count=F("count") + 1,
            last_asked_at=now(),
            conversation=conversation,
            # Answered, and yet the record could not say it: staff should look again. Dismissed stays so.
            status=Case(When(status=Question.Status.ANSWERED, then=Value(Question.Status.OPEN)), default=F("status")),
        )


class Question(AgencyModel):
    """What buyers asked and the record could not answer."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        DISMISSED = "dismissed", "Dismissed"

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="questions")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions"
    )
    text = models.TextField(help_text="In the words of the visitor who asked first.")
    normalised = models.CharField(max_length=255, editable=False)
    locale = models.CharField(max_length=10, default="en-US")
    count = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    first_asked_at = models.DateTimeField(default=now, editable=False)
    last_asked_at = models.DateTimeField(default=now, editable=False)

    objects = AgencyManager.from_queryset(QuestionQuerySet)()

    class Meta(AgencyModel.Meta):
        ordering = ["-count", "-last_asked_at"]
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "property", "normalised"], name="chat_question_normalised"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def dismiss(self) -> None:
        self.status = self.Status.DISMISSED
        self.save(update_fields=["status"])

    def mark_answered(self) -> None:
        self.status = self.Status.ANSWERED
        self.save(update_fields=["status"])
