"""What the agent is told before it answers. A buyer may read all of it, so nothing private is in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Protocol

from chat.known import Record, RoomCard, plain_facts
from chat.rules import heading, rules, table

if TYPE_CHECKING:
    from properties.facts import Fact


FACT = "key | label | value"
ROOM = "key | name | details"


class Speaker(Protocol):
    """For whom the agent answers, and how: an Agency, or what an evaluation has in its place."""

    @property
    def name(self) -> str: ...

    @property
    def persona(self) -> str: ...


def write_briefing(record: Record, agency: Speaker, today: date, *, spoken: bool = False) -> str:
    """The briefing as text; with `spoken`, facts have one more column: how to say them.

    Only where a fact is old is there a last column, "as of", with the words for its day.
    """
    counts = sorted(record.categories().items())
    facts, rooms = plain_facts(record.sheet.core()), record.rooms
    tables = [
        table(_title("Facts", FACT, spoken, _are_dated(facts)), (_fact(fact, spoken) for fact in facts)),
        table(_title("Rooms", ROOM, False, _are_dated(rooms)), (_room(room, spoken) for room in rooms)),
        table("Not stated by the listing (key | label)", ((f.key, f.label) for f in record.silent())),
        table("More facts by get_facts (key | label)", ((f.key, f.label) for f in record.fetchable())),
        table("Knowledge by get_knowledge (category | entries)", ((name, str(count)) for name, count in counts)),
    ]
    told = rules(record.locale, agency.persona, record.status, takes_viewings=record.takes_viewings)
    return "\n".join([heading(agency.name, record.locale, today), told, "".join(tables)])


def _title(name: str, columns: str, spoken: bool, dated: bool) -> str:
    return f"{name} ({columns}{' | how to say it' * spoken}{' | as of' * dated})"


def _are_dated(rows: Iterable[Fact | RoomCard]) -> bool:
    return any(row.dated for row in rows)


def _fact(fact: Fact, spoken: bool) -> tuple[str, ...]:
    return (fact.key, fact.label, fact.written, *([fact.spoken] if spoken else []), *_day(fact, spoken))


def _room(room: RoomCard, spoken: bool) -> tuple[str, ...]:
    return (room.key, room.name, room.details, *_day(room, spoken))


def _day(row: Fact | RoomCard, spoken: bool) -> list[str]:
    return [row.dated_spoken if spoken else row.dated] if row.dated else []
