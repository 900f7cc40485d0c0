from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies.scope import AgencyModel
from properties import publishing, slugs
from properties.enums import GONE_STATUSES, SHOWN_STATUSES, TRANSITIONS, VIEWING_STATUSES, StandardStatus

from .history import PriceChange, StatusChange
from .identity import Identity
from .place import Place
from .pricing import Pricing
from .slug import SlugRedirect

if TYPE_CHECKING:
    from agencies.models import User

CLOSED_SHOWN = timedelta(days=365)
WATCHED = ("list_price", "original_list_price", "currency", "standard_status", "published_at", "slug")


class Lifecycle(Identity, Pricing, Place, AgencyModel):
    """The verbs of a sale. Whatever way a price or a status is saved, its history is written with it.

    `changed_by` is who the next save is written down as; an admin form sets it before saving.
    """

    changed_by: User | None = None

    class Meta(AgencyModel.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            before = self._watched(locked=True)
            written = kwargs.get("update_fields")
            self.fill_from_agency()
            self.normalize()
            new_price = self._follow_price(before, written)
            new_status = self._follow_status(before, written)
            new_slug = self._follow_slug(before)
            self.modification_timestamp = timezone.now()
            if written is not None:
                kwargs["update_fields"] = {
                    *written,
                    *new_price,
                    *new_status,
                    *new_slug,
                    "modification_timestamp",
                }
            super().save(*args, **kwargs)
            self._write_history(before, new_price, new_status, new_slug)

    def change_price(self, new: Decimal, by: User | None = None) -> None:
        """Set the price; the old one goes into the history."""
        self.list_price, self.changed_by = new, by
        self.save(update_fields=["list_price"])

    def change_status(self, new: str, by: User | None = None) -> None:
        """Go where the table of transitions allows; raises ValidationError, and the status stays."""
        old = self.standard_status, self.close_date
        self.standard_status, self.changed_by = new, by
        if new == StandardStatus.CLOSED and self.close_date is None:
            self.close_date = timezone.localdate()
        try:
            self.save(update_fields=["standard_status", "close_date"])
        except ValidationError:
            self.standard_status, self.close_date = old
            raise

    def publish(self, by: User | None = None, *, accept_warnings: bool = False) -> None:
        """Put the home on its public page, or raise NotPublishable with everything that is missing."""
        findings = publishing.findings(self)
        warnings = [finding for finding in findings if finding.warning]
        stopping = [finding for finding in findings if not (finding.warning and accept_warnings)]
        if stopping:
            raise publishing.NotPublishable(stopping)
        now = timezone.now()
        if not self.is_public():
            self.published_at, self.published_by = now, by
        if self.standard_status not in SHOWN_STATUSES:
            self.standard_status = StandardStatus.ACTIVE
        if warnings:
            self.warnings_accepted_at, self.warnings_accepted_by = now, by
        self.changed_by = by
        self.save(update_fields=None if self._state.adding else PUBLICATION_FIELDS)

    def withdraw(self, by: User | None = None) -> None:
        """Take the home off its page."""
        self.change_status(StandardStatus.WITHDRAWN, by)

    def is_public(self) -> bool:
        """As PropertyQuerySet.published(), of this row."""
        shown = self.standard_status in SHOWN_STATUSES or self._sold_lately()
        return shown and self.published_at is not None and self.display_entire_listing

    def is_gone(self) -> bool:
        """It was on the page and will not come back: 410 instead of 404."""
        over = self.standard_status in GONE_STATUSES or (
            self.standard_status == StandardStatus.CLOSED and not self._sold_lately()
        )
        return over and self.published_at is not None and self.display_entire_listing

    def takes_viewings(self) -> bool:
        return self.is_public() and self.standard_status in VIEWING_STATUSES

    def _sold_lately(self) -> bool:
        oldest = timezone.localdate() - CLOSED_SHOWN
        return (
            self.standard_status == StandardStatus.CLOSED and self.close_date is not None and self.close_date > oldest
        )

    def _watched(self, locked: bool = False) -> dict[str, Any]:
        """What the database holds of the watched fields now; empty for a new row."""
        if self._state.adding:
            return {}
        rows = type(self)._base_manager.filter(pk=self.pk)
        return dict((rows.select_for_update() if locked else rows).values(*WATCHED).first() or {})

    def fill_from_agency(self) -> None:
        if self.currency and self.country and self.locale and self.property_time_zone_name:
            return
        self._fill_agency()
        if not self.agency_id:
            return
        self.currency = self.currency or self.agency.currency
        self.country = self.country or self.agency.country
        self.locale = self.locale or self.agency.locale
        self.property_time_zone_name = self.property_time_zone_name or self.agency.time_zone

    def normalize(self) -> None:
        self.listing_id = self.listing_id.strip()
        self.currency = self.currency.strip().upper()
        self.country = self.country.strip().upper()
        region = self.state_or_province.strip().upper()
        self.state_or_province = region if not region or "-" in region else f"{self.country}-{region}"

    def _follow_price(self, before: dict[str, Any], written: Iterable[str] | None) -> set[str]:
        """The fields that a new price changes; empty when there is none."""
        self._refuse_new_currency(before, written)
        old = before.get("list_price")
        if not _is_written("list_price", written) or self.list_price == old:
            return set()
        if old is not None:
            self.previous_list_price = old
        self.original_list_price = before.get("original_list_price") or old or self.list_price
        return {"previous_list_price", "original_list_price"}

    def _refuse_new_currency(self, before: dict[str, Any], written: Iterable[str] | None) -> None:
        changes = bool(before) and _is_written("currency", written) and self.currency != before["currency"]
        if changes and self.has_price_history():
            raise ValidationError({"currency": "The currency stays: this listing has a price history in it."})

    def has_price_history(self) -> bool:
        """A price was changed, or shown; setting the first one is no history yet."""
        if self.pk is None:
            return False
        changes = PriceChange.objects.filter(property_id=self.pk)
        return self.published_at is not None or changes.exclude(old_price=None).exists()

    def _follow_status(self, before: dict[str, Any], written: Iterable[str] | None) -> set[str]:
        old = before.get("standard_status", "")
        if not _is_written("standard_status", written) or self.standard_status == old:
            return set()
        if old:
            self.refuse_transition(old)
        return {"standard_status"}

    def refuse_transition(self, old: str) -> None:
        """Raise ValidationError unless the status may follow, and what is shown again is fit to be shown."""
        if self.standard_status not in TRANSITIONS[old]:
            raise ValidationError({"standard_status": publishing.transition_refusal(old, self.standard_status)})
        shown_again = self.standard_status in SHOWN_STATUSES and old not in SHOWN_STATUSES
        if shown_again and self.published_at is not None:
            errors = [finding for finding in publishing.findings(self) if not finding.warning]
            if errors:
                raise publishing.NotPublishable(errors)

    def _follow_slug(self, before: dict[str, Any]) -> set[str]:
        if not self.slug or self.slug in slugs.RESERVED or slugs.shows_street(self, self.slug):
            self.slug = slugs.free_slug(self)
        return {"slug"} if self.slug != before.get("slug") else set()

    def _write_history(
        self, before: dict[str, Any], new_price: set[str], new_status: set[str], new_slug: set[str]
    ) -> None:
        by = self.changed_by
        if new_price:
            PriceChange.objects.create(
                property_id=self.pk,
                agency_id=self.agency_id,
                old_price=before.get("list_price"),
                new_price=self.list_price,
                currency=self.currency,
                by=by,
            )
        if new_status:
            StatusChange.objects.create(
                property_id=self.pk,
                agency_id=self.agency_id,
                old_status=before.get("standard_status", ""),
                new_status=self.standard_status,
                by=by,
            )
        if new_slug and before.get("slug"):
            self._keep_redirect(before["slug"])
        if not self.display_address:
            self._forget_street_redirects()

    def _keep_redirect(self, old_slug: str) -> None:
        mine = SlugRedirect.objects
        mine.filter(slug=self.slug, property_id=self.pk).delete()
        mine.update_or_create(
            slug=old_slug, defaults={"property_id": self.pk}, create_defaults={"property_id": self.pk}
        )

    def _forget_street_redirects(self) -> None:
        # An old address that names the street would confirm a guess.
        for redirect in SlugRedirect.objects.filter(property_id=self.pk):
            if slugs.shows_street(self, redirect.slug):
                redirect.delete()


PUBLICATION_FIELDS = [
    "standard_status",
    "published_at",
    "published_by",
    "warnings_accepted_at",
    "warnings_accepted_by",
]


def _is_written(name: str, written: Iterable[str] | None) -> bool:
    return written is None or name in set(written)
