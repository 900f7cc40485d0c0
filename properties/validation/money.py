from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from babel.numbers import list_currencies
from django.utils import timezone

from properties.enums import PropertyType

from .finding import Finding

if TYPE_CHECKING:
    from properties.models import Property

NOT_NEGATIVE = (
    "association_fee",
    "tax_annual_amount",
    "tax_assessed_value",
    "security_deposit",
    "close_price",
)
LEASE_FIELDS = (
    "lease_amount_frequency",
    "lease_term",
    "availability_date",
    "furnished",
    "rent_includes",
    "pets_allowed",
    "security_deposit",
)
ASSOCIATION_FIELDS = (
    "association_fee",
    "association_name",
    "association_fee_includes",
    "association_amenities",
)


@cache
def currencies() -> frozenset[str]:
    return frozenset(list_currencies("en"))


def money_findings(home: Property) -> Iterator[Finding]:
    yield from _price(home)
    yield from _association(home)
    yield from _taxes(home)
    yield from _lists_of_items(home)
    for field in NOT_NEGATIVE:
        amount = getattr(home, field)
        if amount is not None and amount < 0:
            yield Finding(field, "negative", "Write an amount of 0 or more.")


def lease_findings(home: Property) -> Iterator[Finding]:
    if home.property_type == PropertyType.RESIDENTIAL_LEASE:
        return
    for field in LEASE_FIELDS:
        if getattr(home, field) not in (None, "", []):
            yield Finding(field, "only_lease", "Only a home to let has this. Empty it, or change the type.")


def _price(home: Property) -> Iterator[Finding]:
    if home.list_price is not None and home.list_price <= 0:
        yield Finding("list_price", "not_positive", "Write a price above 0, or tick “price on request”.")
    low = home.list_price_low
    if low is not None and low <= 0:
        yield Finding("list_price_low", "not_positive", "Write a price above 0.")
    if low is not None and (home.list_price is None or low > home.list_price):
        yield Finding("list_price_low", "above_price", "The lowest price cannot be above the price.")
    if home.currency not in currencies():
        yield Finding("currency", "unknown", "Write the three letters of a currency, like USD or EUR.")


def _association(home: Property) -> Iterator[Finding]:
    if home.association_fee is not None and not home.association_fee_frequency:
        yield Finding("association_fee_frequency", "required", "Say how often the association fee is paid.")
    if home.association_fee is not None and home.has_association is None:
        yield Finding("has_association", "required", "Say that there is an association: its fee is given.")
    if home.has_association is not False:
        return
    for field in ASSOCIATION_FIELDS:
        if getattr(home, field) not in (None, "", []):
            yield Finding(field, "no_association", "There is no association: empty this, or change the answer.")


def _taxes(home: Property) -> Iterator[Finding]:
    last = timezone.localdate().year + 1
    if home.tax_year is not None and not 1900 <= home.tax_year <= last:
        yield Finding("tax_year", "range", f"Write a year from 1900 to {last}.")
    given = home.tax_annual_amount is not None or home.tax_assessed_value is not None
    if given and home.tax_year is None:
        yield Finding("tax_year", "required", "Say for which year these taxes are.")


def _lists_of_items(home: Property) -> Iterator[Finding]:
    both = _items(home.inclusions) & _items(home.exclusions)
    if both:
        names = ", ".join(sorted(both))
        yield Finding("exclusions", "also_included", f"Included and excluded at once: {names}. Remove one.")


def _items(text: str) -> set[str]:
    return {line.strip().lower() for line in text.splitlines() if line.strip()}
