"""Facts that are told with their day: those last checked longer ago than the agency leaves unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from . import dates
from .fact import Fact
from .phrases import phrase
from .told import Reading

# What names its own day, and what has been and stays so.
UNAGING = frozenset(
    {
        "open_house",
        "open_houses",
        "list_date",
        "on_market_date",
        "previous_list_price",
        "original_list_price",
        "price_history",
        "close_price",
        "close_date",
    }
)
WITH_THE_PRICE = frozenset({"list_price", "price_per_area"})
WITH_THE_STATUS = frozenset({"identity", "standard_status"})


def dated(fact: Fact, reading: Reading) -> Fact:
    """The fact, with the words for its day where that is old."""
    if fact.key in UNAGING or not isinstance(fact.as_of, date):
        return fact  # a year stands in the fact's source already
    if not _is_old(fact.as_of, reading):
        return fact
    day = max(fact.as_of, *_changes(fact.key, reading))
    if not _is_old(day, reading):
        return replace(fact, as_of=day)
    said = dates.day(day, reading.locale)
    written, spoken = (phrase("as_of", reading.locale, day=words) for words in said)
    return replace(fact, as_of=day, dated=written, dated_spoken=spoken)


def _is_old(day: date, reading: Reading) -> bool:
    return (_local(reading.now, reading) - day).days > reading.home.agency.facts_stale_after_days


def _changes(key: str, reading: Reading) -> Iterator[date]:
    """A new price or status says anew what it is, whenever the rest of the record was checked."""
    yield date.min
    if key in WITH_THE_PRICE:
        yield from (_local(step.at, reading) for step in reading.history.prices[-1:])
    if key in WITH_THE_STATUS:
        yield from (_local(step.at, reading) for step in reading.history.statuses[-1:])


def _local(moment: datetime, reading: Reading) -> date:
    return moment.astimezone(ZoneInfo(reading.zone)).date()
