"""What the agent is told before it answers. A buyer may read all of it, so nothing private is in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Protocol

from chat.known import Record, plain_facts
from chat.rules import heading, rules, table

if TYPE_CHECKING:
    from properties.facts import Fact


class Speaker(Protocol):
    """For whom the agent answers, and how: an Agency, or what an evaluation has in its place."""

    @property
    def name(self) -> str: ...

    @property
    def persona(self) -> str: ...


def write_briefing(record: Record, agency: Speaker, today: date, *, spoken: bool = False) -> str:
    """The briefing as text; with `spoken`, each fact has a fourth column: how to say it."""
    counts = sorted(record.categories().items())
    tables = [
        table("Facts (key | label | value)", (_row(f, spoken) for f in plain_facts(record.sheet.core()))),
        table("Rooms (key | name | details)", ((r.key, r.name, r.details) for r in record.rooms)),
        table("Not stated by the listing (key | label)", ((f.key, f.label) for f in record.silent())),
        table("More facts by get_facts (key | label)", ((f.key, f.label) for f in record.fetchable())),
        table("Knowledge by get_knowledge (category | entries)", ((name, str(count)) for name, count in counts)),
    ]
    told = rules(record.locale, agency.persona, record.status, takes_viewings=record.takes_viewings)
    return "\n".join([heading(agency.name, record.locale, today), told, "".join(tables)])


def _row(fact: Fact, spoken: bool) -> tuple[str, ...]:
    return (fact.key, fact.label, fact.written, *([fact.spoken] if spoken else []))
