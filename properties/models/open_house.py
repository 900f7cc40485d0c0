from __future__ import annotations

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel
from properties.enums import OpenHouseStatus, OpenHouseType

from .child import ChildQuerySet, PartOfProperty

LONGEST = timedelta(hours=12)
PUBLIC_TYPES = frozenset({OpenHouseType.PUBLIC, OpenHouseType.LIVESTREAM_PUBLIC})


class OpenHouseQuerySet(ChildQuerySet["OpenHouse"]):
    def upcoming(self) -> Self:
        """What the page and the agent tell: public kinds, not canceled, not over."""
        return self.filter(
            open_house_type__in=PUBLIC_TYPES,
            open_house_status=OpenHouseStatus.ACTIVE,
            end__gt=timezone.now(),
        )


class OpenHouse(PartOfProperty):
    """Times are stored in UTC and shown in the property's time zone."""

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="open_houses")
    open_house_key = models.UUIDField(default=uuid4, editable=False)
    open_house_type = models.CharField("kind", max_length=20, choices=OpenHouseType, default=OpenHouseType.PUBLIC)
    open_house_status = models.CharField(
        "status", max_length=10, choices=OpenHouseStatus, default=OpenHouseStatus.ACTIVE
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    appointment_required = models.BooleanField(default=False)
    livestream_url = models.URLField(blank=True)
    remarks = models.CharField(max_length=500, blank=True)
    refreshments = models.CharField(max_length=255, blank=True)

    objects = AgencyManager.from_queryset(OpenHouseQuerySet)()

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "open_house_key"], name="properties_openhouse_key"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="properties_openhouse_end_after_start"
            ),
        ]
        ordering = ["start"]

    def __str__(self) -> str:
        return f"{self.get_open_house_type_display()} {self.start:%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        super().clean()
        errors: dict[str, str] = {}
        if self.start and self.end and self.end <= self.start:
            errors["end"] = "It must end after it begins."
        elif self.start and self.end and self.end - self.start > LONGEST:
            errors["end"] = "Longer than 12 hours: write one open house per day."
        if self.livestream_url and not self.livestream_url.startswith("https://"):
            errors["livestream_url"] = "Write an address that begins with https://."
        if errors:
            raise ValidationError(errors)

    def is_upcoming(self) -> bool:
        """As OpenHouseQuerySet.upcoming(), of this row."""
        return self.open_house_type in PUBLIC_TYPES and self.status_now() == OpenHouseStatus.ACTIVE

    def status_now(self) -> str:
        """Ended is computed: nobody has to remember it."""
        over = self.open_house_status == OpenHouseStatus.ACTIVE and self.end <= timezone.now()
        return OpenHouseStatus.ENDED if over else self.open_house_status
