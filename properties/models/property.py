from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet
from properties.enums import SHOWN_STATUSES, StandardStatus

from .building import Building
from .child import ErrorsAtShownFields
from .features import Features, Parking
from .identity import Identity
from .place import Place
from .pricing import Lease, Pricing

CLOSED_SHOWN = timedelta(days=365)


class PropertyQuerySet(AgencyQuerySet["Property"]):
    def published(self) -> Self:
        """The homes on the public page now."""
        return self.filter(
            Q(standard_status__in=SHOWN_STATUSES)
            | Q(
                standard_status=StandardStatus.CLOSED,
                close_date__gt=timezone.localdate() - CLOSED_SHOWN,
            ),
            published_at__isnull=False,
            display_entire_listing=True,
        )

    def touch(self) -> int:
        return self.update(modification_timestamp=timezone.now())

    def update(self, **values: Any) -> int:
        values.setdefault("modification_timestamp", timezone.now())
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]


class Property(
    ErrorsAtShownFields, Identity, Pricing, Lease, Place, Building, Features, Parking, AgencyModel
):
    public_remarks = models.TextField("description", max_length=4000, blank=True)

    objects = AgencyManager.from_queryset(PropertyQuerySet)()

    class Meta(AgencyModel.Meta):
        verbose_name = "listing"
        verbose_name_plural = "listings"
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "slug"], name="properties_property_slug"),
            models.UniqueConstraint(
                fields=["agency", "listing_id"],
                condition=~Q(listing_id=""),
                name="properties_property_listing_id",
                violation_error_message="Another listing of your agency has this listing ID.",
            ),
            models.UniqueConstraint(
                fields=["agency", "listing_key"],
                condition=~Q(listing_key=""),
                name="properties_property_listing_key",
            ),
            models.UniqueConstraint(
                fields=["agency", "originating_system_name", "originating_system_key"],
                condition=~Q(originating_system_key=""),
                name="properties_property_originating_system",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "standard_status", "list_price"], name="properties_property_search"
            ),
        ]
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title
