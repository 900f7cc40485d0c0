"""All that one answer may be made from, read once: a home's fact sheet, its rooms and its public knowledge.

The tools work on this copy, so a deadline can end them anywhere and no thread holds a connection meanwhile.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from properties.enums import VIEWING_STATUSES
from properties.facts import Fact, FactSheet, fact_sheet, measures
from properties.facts.lists import word

if TYPE_CHECKING:
    from agencies.models import Agency
    from properties.models import Property, Room

ROOM = "room."
KNOWLEDGE = "knowledge."


@dataclass(frozen=True, slots=True)
class Known:
    """A public, approved and still valid knowledge entry."""

    key: str
    category: str
    question: str
    answer: str
    source: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class RoomCard:
    key: str
    name: str
    kind: str
    level: str
    size: str
    details: str
    description: str


@dataclass(frozen=True, slots=True)
class Record:
    sheet: FactSheet
    rooms: tuple[RoomCard, ...]
    knowledge: tuple[Known, ...]
    locale: str
    today: date
    status: str
    takes_viewings: bool

    def fetchable(self) -> list[Fact]:
        """The stated facts that stand in no briefing and are told when a tool asks for them."""
        core = {fact.key for fact in self.sheet.core()}
        return [fact for fact in plain_facts(self.sheet.facts) if fact.key not in core]

    def silent(self) -> list[Fact]:
        """What a listing usually states and this one does not."""
        return plain_facts(self.sheet.not_stated)

    def categories(self) -> dict[str, int]:
        return dict(Counter(entry.category for entry in self.knowledge))


def plain_facts(facts: tuple[Fact, ...]) -> list[Fact]:
    """Without rooms and knowledge, which have tools of their own."""
    return [fact for fact in facts if not fact.key.startswith((ROOM, KNOWLEDGE))]


def read_record(agency: Agency, home: Property, locale: str, sheet: FactSheet | None = None) -> Record:
    sheet = sheet or fact_sheet(home, locale)
    return Record(
        sheet=sheet,
        rooms=tuple(_room_cards(home, sheet)),
        knowledge=tuple(map(_known, sheet.knowledge())),
        locale=locale,
        today=today_at(agency, home),
        status=home.get_standard_status_display(),
        takes_viewings=home.standard_status in VIEWING_STATUSES,
    )


def today_at(agency: Agency, home: Property) -> date:
    """The date where the home stands: "Saturday" is meant there."""
    return now().astimezone(ZoneInfo(home.property_time_zone_name or agency.time_zone)).date()


def _known(fact: Fact) -> Known:
    as_of = None if fact.as_of is None else str(fact.as_of)
    key = fact.key.removeprefix(KNOWLEDGE)
    return Known(key, fact.category, fact.label, fact.written, fact.source, as_of)


def _room_cards(home: Property, sheet: FactSheet) -> list[RoomCard]:
    cards = []
    for room in home.rooms.all():
        fact = sheet.get(f"{ROOM}{room.key}")
        name, details = (fact.label, fact.written) if fact else (room.room_name, "")
        level = word(room.room_level, "room_level", sheet.locale).written if room.room_level else ""
        size = _size(room, sheet.locale)
        cards.append(RoomCard(room.key, name, room.room_type, level, size, details, room.room_description))
    return cards


def _size(room: Room, locale: str) -> str:
    units, area_units = room.room_length_width_units, room.room_area_units
    parts = []
    if room.room_length and room.room_width and units:
        parts.append(measures.sides(room.room_length, room.room_width, units, locale).written)
    if room.room_area and area_units:
        parts.append(measures.area(room.room_area.normalize(), area_units, locale).written)
    return ", ".join(parts)
