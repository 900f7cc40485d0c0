"""All that one answer may be made from, read once: a home's fact sheet, its rooms and its public knowledge.

The tools work on this copy, so a deadline can end them anywhere and no thread holds a connection meanwhile.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from chat.known import KNOWLEDGE, ROOM, Known, Record, RoomCard
from properties.enums import VIEWING_STATUSES
from properties.facts import Fact, FactSheet, fact_sheet, measures
from properties.facts.lists import word

if TYPE_CHECKING:
    from agencies.models import Agency
    from properties.models import Property, Room


def read_record(agency: Agency, home: Property, locale: str, sheet: FactSheet | None = None) -> Record:
    home.agency = agency  # no query for it
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
    return Known(key, fact.category, fact.label, fact.written, fact.source, as_of, fact.dated)


def _room_cards(home: Property, sheet: FactSheet) -> list[RoomCard]:
    cards = []
    for room in home.rooms.all():
        fact = sheet.get(f"{ROOM}{room.key}")
        name, details = (fact.label, fact.written) if fact else (room.room_name, "")
        age = (fact.dated, fact.dated_spoken) if fact else ()
        level = word(room.room_level, "room_level", sheet.locale).written if room.room_level else ""
        size = _size(room, sheet.locale)
        cards.append(RoomCard(room.key, name, room.room_type, level, size, details, room.room_description, *age))
    return cards


def _size(room: Room, locale: str) -> str:
    units, area_units = room.room_length_width_units, room.room_area_units
    parts = []
    if room.room_length and room.room_width and units:
        parts.append(measures.sides(room.room_length, room.room_width, units, locale).written)
    if room.room_area and area_units:
        parts.append(measures.area(room.room_area.normalize(), area_units, locale).written)
    return ", ".join(parts)
