"""The history of price and status in one query, or in none when both are prefetched."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import CharField, DecimalField, Value

if TYPE_CHECKING:
    from properties.models import Property

_MONEY = DecimalField(max_digits=14, decimal_places=2, null=True)


class PriceStep(NamedTuple):
    at: datetime
    old: Decimal | None
    new: Decimal | None


class StatusStep(NamedTuple):
    at: datetime
    new: str


class Steps(NamedTuple):
    """Both oldest first."""

    prices: list[PriceStep]
    statuses: list[StatusStep]


def read_history(home: Property) -> Steps:
    if home._state.adding:
        return Steps([], [])
    fetched = getattr(home, "_prefetched_objects_cache", {})
    if {"price_changes", "status_changes"} <= fetched.keys():
        rows = [(row.at, row.old_price, row.new_price, "") for row in home.price_changes.all()]
        rows += [(row.at, None, None, row.new_status) for row in home.status_changes.all()]
    else:
        rows = list(_query(home))
    rows.sort(key=lambda row: row[0])
    return Steps(
        [PriceStep(at, old, new) for at, old, new, status in rows if not status],
        [StatusStep(at, status) for at, _, _, status in rows if status],
    )


def _query(home: Property) -> list[tuple[datetime, Decimal | None, Decimal | None, str]]:
    prices = (
        home.price_changes.order_by()
        .annotate(status=Value("", output_field=CharField()))
        .values_list("at", "old_price", "new_price", "status")
    )
    statuses = (
        home.status_changes.order_by()
        .annotate(old=Value(None, output_field=_MONEY), new=Value(None, output_field=_MONEY))
        .values_list("at", "old", "new", "new_status")
    )
    return list(prices.union(statuses, all=True))
