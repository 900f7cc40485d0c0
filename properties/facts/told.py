"""What the writers work from, and what they give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from .fact import Value
from .history import Steps, read_history
from .locales import Said

if TYPE_CHECKING:
    from properties.models import OpenHouse, Property


@dataclass(frozen=True, slots=True)
class Told:
    value: Value
    said: Said
    unit: str = ""
    source: str = ""  # empty: the listing record
    as_of: date | int | None = None  # None: when the record was last verified
    label: str = ""  # a key of labels.json; empty: the fact's own


class Reading:
    """One home, read once for one locale. Rows of its children are fetched at most once, and only if needed."""

    def __init__(self, home: Property, locale: str) -> None:
        self.home = home
        self.locale = locale
        self.now = timezone.now()

    @cached_property
    def zone(self) -> str:
        return self.home.property_time_zone_name or self.home.agency.time_zone

    @cached_property
    def currency(self) -> str:
        return self.home.currency or self.home.agency.currency

    @cached_property
    def history(self) -> Steps:
        return read_history(self.home)

    @cached_property
    def open_houses(self) -> list[OpenHouse]:
        """Those for everybody that have not ended, the next one first."""
        coming = (row for row in self.home.open_houses.all() if row.is_upcoming())
        return sorted(coming, key=lambda row: row.start)


Writer = Callable[[Reading], Told | None]
