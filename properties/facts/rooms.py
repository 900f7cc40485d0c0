"""Rooms as `room.<key>` and knowledge as `knowledge.<key>`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import measures
from .fact import Fact
from .lists import capital, one, word
from .locales import Said, language
from .phrases import phrase
from .told import Reading

if TYPE_CHECKING:
    from datetime import date

    from properties.models import KnowledgeEntry, Room


def rooms(reading: Reading) -> Iterator[Fact]:
    for room in reading.home.rooms.all():
        said = _room(room, reading.locale)
        yield Fact(
            key=f"room.{room.key}",
            label=room.room_name,
            value=room.room_type,
            unit="",
            written=said.written,
            spoken=said.spoken,
            source=phrase("record", reading.locale),
            as_of=verified_on(reading),
            voice="core",
            group="rooms",
        )


def _room(room: Room, locale: str) -> Said:
    """ "Main level, 18 ft 4 in × 17 ft 1 in"; the kind of room where neither is stated."""
    parts = []
    if room.room_level:
        parts.append(word(room.room_level, "room_level", locale))
    if room.room_length and room.room_width and room.room_length_width_units:
        parts.append(measures.sides(room.room_length, room.room_width, room.room_length_width_units, locale))
    if room.room_area and room.room_area_units:
        parts.append(measures.area(Decimal(room.room_area).normalize(), room.room_area_units, locale))
    if not parts:
        parts.append(word(room.room_type, "room_type", locale))
    return capital(Said(", ".join(p.written for p in parts), ", ".join(p.spoken for p in parts)))


def knowledge(reading: Reading) -> Iterator[Fact]:
    locale = reading.locale
    entries = [entry for entry in reading.home.knowledge.all() if entry.is_public(_today(reading))]
    for entry in in_locale(entries, locale):
        source = one(entry.source, "knowledge_source", locale).written
        yield Fact(
            key=f"knowledge.{entry.key}",
            label=entry.question,
            value=entry.answer,
            unit="",
            written=entry.answer,
            spoken=entry.answer,
            source=", ".join(filter(None, [source, entry.source_note])),
            as_of=entry.as_of,
            voice="tool",
            group="knowledge",
            category=entry.category,
        )


def in_locale(entries: Iterable[KnowledgeEntry], locale: str) -> list[KnowledgeEntry]:
    """One entry of each set of translations, in the reader's language if it is there.

    Translations are entries of one name: "service-charge", and in German "service-charge-de".
    """
    best: dict[str, KnowledgeEntry] = {}
    for entry in entries:
        name = _untranslated(entry)
        if name not in best or _distance(entry, locale) < _distance(best[name], locale):
            best[name] = entry
    return list(best.values())


def _untranslated(entry: KnowledgeEntry) -> str:
    return entry.key.removesuffix(f"-{language(entry.locale)}") if entry.locale else entry.key


def _distance(entry: KnowledgeEntry, locale: str) -> int:
    if entry.locale == locale:
        return 0
    if language(entry.locale) == language(locale):
        return 1
    return 2 if not entry.locale else 3


def verified_on(reading: Reading) -> date | None:
    verified = reading.home.verified_at
    return verified.astimezone(ZoneInfo(reading.zone)).date() if verified else None


def _today(reading: Reading) -> date:
    return reading.now.astimezone(ZoneInfo(reading.zone)).date()
