from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from properties import slugs, wording
from properties.enums import SHOWN_STATUSES, StandardStatus

from .finding import Finding

if TYPE_CHECKING:
    from properties.models import Property

PRICED_STATUSES = SHOWN_STATUSES | {StandardStatus.CLOSED}


def identity_findings(home: Property) -> Iterator[Finding]:
    yield from _slug(home)
    yield from _dates(home)
    yield from _closing(home)
    yield from _texts(home)
    priced = home.list_price is not None or home.price_on_request
    if home.standard_status in PRICED_STATUSES and not priced:
        yield Finding("list_price", "required", "Add a price, or tick “price on request”.")


def _slug(home: Property) -> Iterator[Finding]:
    if home.slug in slugs.RESERVED:
        yield Finding("slug", "reserved", "This address is used by the site itself. Choose another.")
    if home.slug and slugs.shows_street(home, home.slug):
        yield Finding("slug", "street", "The address is hidden, and this names the street. Leave it out.")


def _dates(home: Property) -> Iterator[Finding]:
    tomorrow = timezone.localdate() + timedelta(days=1)
    if home.list_date and home.list_date > tomorrow:
        yield Finding("list_date", "future", "The date lies in the future. Write the day the contract began.")
    if home.list_date and home.on_market_date and home.on_market_date < home.list_date:
        yield Finding("on_market_date", "order", "On the market before it was listed: check both dates.", True)


def _closing(home: Property) -> Iterator[Finding]:
    if home.standard_status == StandardStatus.CLOSED:
        return
    for field in ("close_date", "close_price"):
        if getattr(home, field) is not None:
            yield Finding(field, "not_closed", "Only a closed listing has this. Empty it, or close the listing.")


def _texts(home: Property) -> Iterator[Finding]:
    for field in ("title", "public_remarks"):
        text = getattr(home, field)
        if slugs.shows_street(home, text, loosely=field != "title"):
            yield Finding(field, "street", "The address is hidden, and this names the street. Leave it out.")
        yield from wording.findings(field, text)
