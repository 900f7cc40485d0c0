from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel
from properties.enums import Audience, KnowledgeCategory, KnowledgeSource, Locale

from .child import ChildQuerySet, PartOfProperty

if TYPE_CHECKING:
    from agencies.models import User


class KnowledgeQuerySet(ChildQuerySet["KnowledgeEntry"]):
    def public(self) -> Self:
        """What the agent may state and the page may show: approved, for everybody, not past its date."""
        in_time = Q(valid_until=None) | Q(valid_until__gte=timezone.localdate())
        return self.filter(in_time, approved=True, audience=Audience.PUBLIC)


class KnowledgeEntry(PartOfProperty):
    """A question and its answer: everything the fields have no place for."""

    same_home = ("media", "room")

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="knowledge")
    key = models.SlugField(max_length=60, blank=True, help_text="Left empty, the question makes it.")
    category = models.CharField(max_length=20, choices=KnowledgeCategory, default=KnowledgeCategory.OTHER)
    question = models.CharField(max_length=300)
    answer = models.TextField(max_length=2000)
    source = models.CharField(max_length=20, choices=KnowledgeSource, default=KnowledgeSource.AGENCY)
    source_note = models.CharField(max_length=200, blank=True, help_text="For example the inspector's name.")
    as_of = models.DateField(null=True, blank=True, help_text="The day the answer was true.")
    valid_until = models.DateField(null=True, blank=True, help_text="After this day it is told no more.")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    locale = models.CharField("language", max_length=5, choices=Locale, blank=True)
    media = models.ForeignKey("properties.Media", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    room = models.ForeignKey(
        "properties.Room", on_delete=models.SET_NULL, null=True, blank=True, related_name="knowledge"
    )
    approved = models.BooleanField(default=False, help_text="Only approved entries are told.")
    approved_by = models.ForeignKey(
        "agencies.User", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    order = models.PositiveIntegerField(default=0)

    objects = AgencyManager.from_queryset(KnowledgeQuerySet)()

    class Meta(AgencyModel.Meta):
        verbose_name_plural = "knowledge"
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "property", "key"], name="properties_knowledgeentry_key"),
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.question

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle_key(self.question)
        self.locale = self.locale or self.property.locale
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.settle_key(self.question)
        errors: dict[str, str] = {}
        if self.as_of and self.as_of > timezone.localdate():
            errors["as_of"] = "The date lies in the future. Write the day the answer was checked."
        if self.as_of and self.valid_until and self.valid_until < self.as_of:
            errors["valid_until"] = "It cannot end before the day it was true."
        if errors:
            raise ValidationError(errors)

    def is_public(self, today: date | None = None) -> bool:
        """As KnowledgeQuerySet.public(), of this row; `today` is the home's, where that is known."""
        in_time = self.valid_until is None or self.valid_until >= (today or timezone.localdate())
        return in_time and self.approved and self.audience == Audience.PUBLIC

    def approve(self, by: User | None = None) -> None:
        """Let it be told; written down with name and time."""
        self.approved, self.approved_by, self.approved_at = True, by, timezone.now()
        self.save(update_fields=["approved", "approved_by", "approved_at"])
