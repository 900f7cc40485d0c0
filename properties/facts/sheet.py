from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from . import ages, features, places, prices, rooms, sizes, timing
from .catalogue import CATALOGUE, Entry
from .fact import PAGE_GROUPS, Fact, FactSheet
from .locales import DEFAULT, nearest
from .phrases import label, phrase
from .told import Reading, Told, Writer

if TYPE_CHECKING:
    from properties.models import Property


def fact_sheet(property: Property, locale: str = DEFAULT) -> FactSheet:
    """Everything that may be said of a home, in one of LOCALES (an unknown one gets its nearest).

    At most four queries: rooms, knowledge, open houses, history; none where these are prefetched.
    """
    reading = Reading(property, nearest(locale))
    told = [(entry, _write(entry, reading)) for entry in CATALOGUE]
    facts = (*_facts(told, reading), *rooms.rooms(reading), *rooms.knowledge(reading))
    return FactSheet(
        locale=reading.locale,
        facts=tuple(ages.dated(fact, reading) for fact in facts),
        not_stated=tuple(_not_stated(told, reading)),
        group_labels=tuple((group, phrase(f"group.{group}", reading.locale)) for group in PAGE_GROUPS),
    )


def _write(entry: Entry, reading: Reading) -> Told | None:
    return _writers()[entry.key](reading)


@cache
def _writers() -> dict[str, Writer]:
    from properties.models import Property

    return {
        **features.writers(Property),
        **sizes.WRITERS,
        **prices.WRITERS,
        **places.WRITERS,
        **timing.WRITERS,
    }


def _facts(told: list[tuple[Entry, Told | None]], reading: Reading) -> Iterator[Fact]:
    record, verified = phrase("record", reading.locale), rooms.verified_on(reading)
    for entry, words in told:
        if words is None:
            continue
        yield Fact(
            key=entry.key,
            label=label(words.label or entry.key, reading.locale),
            value=words.value,
            unit=words.unit,
            written=words.said.written,
            spoken=words.said.spoken,
            source=words.source or record,
            as_of=verified if words.as_of is None else words.as_of,
            voice=entry.voice,
            group=entry.group,
        )


def _not_stated(told: list[tuple[Entry, Told | None]], reading: Reading) -> Iterator[Fact]:
    text = phrase("not_stated", reading.locale)
    for entry, words in told:
        if words is None and entry.expected(reading.home):
            yield Fact(
                key=entry.key,
                label=label(entry.key, reading.locale),
                value=None,
                unit="",
                written=text,
                spoken=text,
                source="",
                as_of=None,
                voice=entry.voice,
                group=entry.group,
            )
