from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet
from properties import validation
from properties.enums import SHOWN_STATUSES, StandardStatus

from .building import Building
from .child import ErrorsAtShownFields
from .features import Features, Parking
from .history import HistoryIsFixed
from .lifecycle import CLOSED_SHOWN, Lifecycle
from .media import Media
from .pricing import Lease

if TYPE_CHECKING:
    from .tour import TourNode

# About a kilometre: what is told of a place whose address is hidden.
HIDDEN_PRECISION = Decimal("0.01")


class PropertyQuerySet(AgencyQuerySet["Property"]):
    def published(self) -> Self:
        """The homes on the public page now."""
        sold_lately = Q(standard_status=StandardStatus.CLOSED, close_date__gt=timezone.localdate() - CLOSED_SHOWN)
        return self.filter(
            Q(standard_status__in=SHOWN_STATUSES) | sold_lately,
            published_at__isnull=False,
            display_entire_listing=True,
        )

    def formerly_at(self, slug: str) -> Self:
        """The home that had this address once."""
        return self.filter(slug_redirects__slug=slug)

    def touch(self) -> int:
        return self.update(modification_timestamp=timezone.now())

    def update(self, **values: Any) -> int:
        past_history = {"list_price", "standard_status", "slug"} & values.keys()
        if past_history:
            names = ", ".join(sorted(past_history))
            raise HistoryIsFixed(f"Save each listing to change {names}: its history is written then.")
        values.setdefault("modification_timestamp", timezone.now())
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]


class Property(ErrorsAtShownFields, Lifecycle, Lease, Building, Features, Parking):
    """One home, for sale or to let. Fields have RESO's names; null is "the listing does not say"."""

    public_remarks = models.TextField("description", max_length=4000, blank=True)

    objects = AgencyManager.from_queryset(PropertyQuerySet)()

    class Meta(AgencyModel.Meta):
        verbose_name = "listing"
        verbose_name_plural = "listings"
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "slug"],
                name="properties_property_slug",
                violation_error_message="Another listing of your agency has this address.",
            ),
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
            models.Index(fields=["agency", "standard_status", "list_price"], name="properties_property_search"),
        ]
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        before = self._watched()
        self.fill_from_agency()
        self.normalize()
        errors: dict[str, list[ValidationError]] = {}
        for finding in validation.findings(self):
            if not finding.warning:
                error = ValidationError(finding.sentence, code=finding.code)
                errors.setdefault(finding.field, []).append(error)
        if not errors and before.get("standard_status", self.standard_status) != self.standard_status:
            self.refuse_transition(before["standard_status"])
        if before and before["currency"] != self.currency and self.has_price_history():
            errors["currency"] = [ValidationError("The currency stays: the price history is in it.")]
        if errors:
            raise ValidationError(errors)

    def shown_street_address(self) -> str:
        """The street line for every public output: empty when the address is hidden."""
        return self.street_address() if self.display_address else ""

    def shown_coordinates(self) -> tuple[Decimal, Decimal] | None:
        if self.latitude is None or self.longitude is None:
            return None
        if self.display_address:
            return self.latitude, self.longitude
        return self.latitude.quantize(HIDDEN_PRECISION), self.longitude.quantize(HIDDEN_PRECISION)

    def add_photo(self, upload: IO[bytes], **fields: Any) -> Media:
        """Store an upload as this home's next picture; raises ValidationError at `file`."""
        picture = Media(agency_id=self.agency_id, property=self, **fields)
        picture.attach(upload)
        picture.full_clean()
        picture.save()
        return picture

    def start_node(self) -> TourNode | None:
        return self.tour_nodes.order_by("-is_start", "order", "pk").first()

    def reachable_nodes(self) -> set[int]:
        """Primary keys of the tour's stops that one can get to from its start, the start included."""
        start = self.start_node()
        if start is None:
            return set()
        ways = self._ways()
        reached, todo = {start.pk}, [start.pk]
        while todo:
            here = todo.pop()
            ahead = {there for origin, there in ways if origin == here} - reached
            reached |= ahead
            todo.extend(ahead)
        return reached

    def one_way_links(self) -> Iterator[str]:
        """ "Hall → Kitchen" for every link without its way back."""
        ways = self._ways()
        names = dict(self.tour_nodes.values_list("pk", "name"))
        for origin, there in sorted(ways):
            if (there, origin) not in ways:
                yield f"{names[origin]} → {names[there]}"

    def _ways(self) -> set[tuple[int, int]]:
        from .tour import TourLink

        links: Iterable[tuple[int, int]] = TourLink.objects.filter(from_node__property_id=self.pk).values_list(
            "from_node_id", "to_node_id"
        )
        return set(links)
