"""What a list says of each home: a few of its facts, in the words that its own page has for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from agencies.models import Agency

from . import lists
from .facts import places, prices, sizes
from .facts.locales import nearest
from .facts.told import Reading
from .home_page import NOTICED
from .models import Media, Property

TOLD = ("living_area", "lot_size_area")


@dataclass(frozen=True, slots=True)
class Card:
    home: Property
    photo: Media | None
    kind: str
    price: str
    place: str
    status: str
    facts: list[str]


def cards(homes: Iterable[Property], agency: Agency) -> list[Card]:
    """Their pictures come in one query for all."""
    rows = list(homes)
    prefetch_related_objects(rows, Prefetch("media", queryset=_photos(), to_attr="shown_photos"))
    return [_card(home, agency) for home in rows]


def _photos() -> QuerySet[Media]:
    return Media.objects.public().photos()


def _card(home: Property, agency: Agency) -> Card:
    home.agency = agency  # the one in scope: no query for it
    reading = Reading(home, nearest(agency.locale))
    photos: list[Media] = home.shown_photos  # type: ignore[attr-defined]
    price, place = prices.list_price(reading), places.unparsed_address(reading)
    return Card(
        home=home,
        photo=next((photo for photo in photos if not photo.is_panorama()), None),
        kind=lists.label("property_sub_type", home.property_sub_type, agency.locale),
        price=price.said.written if price else _("Price not stated"),
        place=place.said.written if place else "",
        status=_status(home, agency),
        facts=_facts(home, reading),
    )


def _status(home: Property, agency: Agency) -> str:
    if home.standard_status not in NOTICED:
        return ""
    return lists.label("standard_status", home.standard_status, agency.locale)


def _facts(home: Property, reading: Reading) -> list[str]:
    facts = []
    if home.bedrooms_total is not None:
        facts.append(_("Bedrooms: %(count)s") % {"count": home.bedrooms_total})
    if (baths := home.bathrooms_total()) is not None:
        facts.append(_("Bathrooms: %(count)s") % {"count": baths})
    for key in TOLD:
        told = sizes.WRITERS[key](reading)
        if told is not None and len(facts) < 3:
            facts.append(told.said.written)
    return facts
