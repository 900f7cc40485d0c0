"""Open houses, and the days on the market."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from properties.enums import StandardStatus

from . import dates, numbers
from .locales import Said
from .phrases import phrase
from .told import Reading, Told, Writer

if TYPE_CHECKING:
    from properties.models import OpenHouse

ON_THE_MARKET = frozenset({StandardStatus.ACTIVE})


def open_house(reading: Reading) -> Told | None:
    """The next one, in the zone of the home."""
    rows = reading.open_houses
    if not rows:
        return None
    return Told((rows[0].start, rows[0].end), _visit(rows[0], reading), reading.zone)


def open_houses(reading: Reading) -> Told | None:
    """All to come, where there is more than one."""
    rows = reading.open_houses
    if len(rows) < 2:
        return None
    visits = [_visit(row, reading) for row in rows]
    said = Said("; ".join(v.written for v in visits), "; ".join(v.spoken for v in visits))
    return Told(tuple((row.start, row.end) for row in rows), said, reading.zone)


def _visit(row: OpenHouse, reading: Reading) -> Said:
    said = dates.visit(row.start, row.end, reading.zone, reading.locale)
    notes = ["by_appointment"] if row.appointment_required else []
    if row.open_house_type == "livestream_public":
        notes.append("online")
    ending = "".join(f", {phrase(note, reading.locale)}" for note in notes)
    return Said(f"{said.written}{ending}", f"{said.spoken}{ending}")


def days_on_market(reading: Reading) -> Told | None:
    """Days with the status active, by its history."""
    today = _day(reading.now, reading)
    days = sum((end - begin).days for begin, end in _spans(reading, today))
    if days <= 0:
        return None
    key = "days.one" if days == 1 else "days.many"
    counts = numbers.written(days, reading.locale), numbers.spoken(days, reading.locale, "m")
    said = Said(*(phrase(key, reading.locale, count=count) for count in counts))
    return Told(days, said, "days", source=phrase("computed", reading.locale), as_of=today)


def _spans(reading: Reading, today: date) -> list[tuple[date, date]]:
    """The spans on the market; the first may have begun before we knew the home."""
    spans: list[tuple[date, date]] = []
    since: date | None = None
    for step in reading.history.statuses:
        day = _day(step.at, reading)
        if step.new in ON_THE_MARKET and since is None:
            since = day
        elif step.new not in ON_THE_MARKET and since is not None:
            spans.append((since, day))
            since = None
    if since is not None:
        spans.append((since, today))
    known = reading.home.on_market_date
    if spans and known and known < spans[0][0]:
        spans[0] = known, spans[0][1]
    return spans


def _day(moment: datetime, reading: Reading) -> date:
    return moment.astimezone(ZoneInfo(reading.zone)).date()


WRITERS: dict[str, Writer] = {
    "open_house": open_house,
    "open_houses": open_houses,
    "days_on_market": days_on_market,
}
