"""Everything that a home's page shows, read once. Search engines' data is made of it too, so both say the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from agencies.models import Agency

from .enums import MediaCategory, PropertyType, StandardStatus
from .facts import Fact, FactSheet, fact_sheet
from .models import Media, OpenHouse, Property, Room, TourNode

HEADLINE = ("bedrooms_total", "bathrooms_total", "living_area", "lot_size_area", "year_built")
MOSAICS = (3, 1)  # pictures that the top of the page can hold
DESCRIPTION = 200  # characters, in search results and link previews
CHILDREN = ("rooms", "tour_nodes", "open_houses")
# Statuses that a visitor must know before anything else.
NOTICED = frozenset(
    {
        StandardStatus.COMING_SOON,
        StandardStatus.ACTIVE_UNDER_CONTRACT,
        StandardStatus.PENDING,
        StandardStatus.CLOSED,
    }
)
# Facts that another line of the page tells already: an answer that names one leads to that line.
FOLDED = {"bathrooms_total": "counts", "unparsed_address": "address"}


class Line(NamedTuple):
    """`note` is where the fact is from, if it is from elsewhere than most."""

    fact: Fact
    note: str
    folded: tuple[str, ...]


class LineGroup(NamedTuple):
    key: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RoomView:
    room: Room
    fact: Fact | None
    pictures: list[Media]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place of the tour and its flat picture."""

    node: TourNode
    picture: Media


@dataclass(frozen=True, slots=True)
class HomePage:
    agency: Agency
    home: Property
    sheet: FactSheet
    photos: list[Media]
    floor_plans: list[Media]
    rooms: list[RoomView]
    stops: list[Stop]
    open_houses: list[OpenHouse]

    @classmethod
    def read(cls, agency: Agency, home: Property) -> Self:
        """`home` comes with its CHILDREN prefetched."""
        home.agency = agency  # the one in scope: no query for it
        sheet = fact_sheet(home, agency.locale)
        pictures = [media for media in home.media.public() if media.file]
        shown = {media.pk: media for media in pictures}
        nodes = list(home.tour_nodes.all())
        panoramas = {node.media_id for node in nodes} | {m.pk for m in pictures if m.is_panorama()}
        photos = [m for m in pictures if m.media_category == MediaCategory.PHOTO and m.pk not in panoramas]
        return cls(
            agency=agency,
            home=home,
            sheet=sheet,
            photos=photos,
            floor_plans=[m for m in pictures if m.media_category == MediaCategory.FLOOR_PLAN],
            rooms=list(_rooms(home.rooms.all(), sheet, photos)),
            stops=[Stop(node, shown[node.media_id]) for node in nodes if node.media_id in shown],
            open_houses=[row for row in home.open_houses.all() if row.is_upcoming()],
        )

    @property
    def hero(self) -> Media | None:
        return self.photos[0] if self.photos else None

    @property
    def mosaic(self) -> list[Media]:
        most = next((count for count in MOSAICS if count <= len(self.photos)), 0)
        return self.photos[:most]

    @property
    def gallery(self) -> list[Media]:
        return [*self.photos, *self.floor_plans]

    @property
    def kind(self) -> str:
        offer = _("For rent") if self.home.property_type == PropertyType.RESIDENTIAL_LEASE else _("For sale")
        sub_type = self.sheet.get("property_sub_type")
        return f"{sub_type.written} · {offer}" if sub_type else offer

    @property
    def price(self) -> str:
        fact = self.sheet.get("list_price")
        return fact.written if fact else _("Price not stated")

    @property
    def place(self) -> str:
        """The address as far as it may be shown."""
        fact = self.sheet.get("unparsed_address")
        return fact.written if fact else ""

    @property
    def headline(self) -> list[Fact]:
        return [fact for key in HEADLINE if (fact := self.sheet.get(key))]

    @property
    def dated(self) -> str:
        """Of when the figures at the top are, where that is long ago."""
        shown = [self.sheet.get("list_price"), *self.headline]
        return ", ".join(dict.fromkeys(fact.dated for fact in shown if fact and fact.dated))

    @property
    def description(self) -> str:
        remarks = " ".join(self.home.public_remarks.split())
        return Truncator(remarks or self.sheet.identity).chars(DESCRIPTION)

    @property
    def notice(self) -> str:
        return self.home.standard_status if self.home.standard_status in NOTICED else ""

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.home.property_time_zone_name or self.agency.time_zone)

    @property
    def usual_provenance(self) -> str:
        """Where most facts are from: said once, instead of on every line."""
        stated = Counter(provenance(fact) for group in self.sheet.groups() for fact in group.facts)
        return stated.most_common(1)[0][0] if stated else ""

    @property
    def groups(self) -> Iterator[LineGroup]:
        usual = self.usual_provenance
        for group in self.sheet.groups():
            yield LineGroup(group.key, group.label, tuple(self._line(fact, usual) for fact in group.facts))

    def _line(self, fact: Fact, usual: str) -> Line:
        note = provenance(fact)
        return Line(fact, "" if note == usual else note, self._folded_into(fact.key))

    def _folded_into(self, key: str) -> tuple[str, ...]:
        group = FOLDED.get(key)
        return tuple(fact.key for fact in self.sheet.facts if group and fact.group == group)


def provenance(fact: Fact) -> str:
    """Where a fact is from, and of when: "according to the assessor, March 2, 2026"."""
    if fact.as_of is None or str(fact.as_of) in fact.source:
        return fact.source
    day = fact.dated or (str(fact.as_of) if isinstance(fact.as_of, int) else date_format(fact.as_of))
    return f"{fact.source}, {day}" if fact.source else day


def _rooms(rooms: Iterable[Room], sheet: FactSheet, photos: list[Media]) -> Iterator[RoomView]:
    for room in rooms:
        pictures = [media for media in photos if media.room_id == room.pk]
        yield RoomView(room, sheet.get(f"room.{room.key}"), pictures)
