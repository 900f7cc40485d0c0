from __future__ import annotations

from uuid import uuid4

from django.db import models

from agencies.scope import AgencyManager, AgencyModel
from properties.enums import OpenHouseStatus, OpenHouseType

from .child import ChildQuerySet, PartOfProperty


class OpenHouse(PartOfProperty):
    """Times are stored in UTC and shown in the property's time zone."""

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="open_houses")
    open_house_key = models.UUIDField(default=uuid4, editable=False)
    open_house_type = models.CharField(
        "kind", max_length=20, choices=OpenHouseType, default=OpenHouseType.PUBLIC
    )
    open_house_status = models.CharField(
        "status", max_length=10, choices=OpenHouseStatus, default=OpenHouseStatus.ACTIVE
    )
    start = models.DateTimeField()
    end = models.DateTimeField()
    appointment_required = models.BooleanField(default=False)
    livestream_url = models.URLField(blank=True)
    remarks = models.CharField(max_length=500, blank=True)
    refreshments = models.CharField(max_length=255, blank=True)

    objects = AgencyManager.from_queryset(ChildQuerySet)()

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
