from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone

from properties.enums import SUB_TYPES, PropertySubType
from properties.units import in_square_meters

from .finding import Finding

if TYPE_CHECKING:
    from properties.models import Property

COUNTS = (
    "bedrooms_total",
    "bathrooms_full",
    "bathrooms_three_quarter",
    "bathrooms_half",
    "bathrooms_one_quarter",
    "fireplaces_total",
)
AREAS = {
    "living_area": "living_area_units",
    "building_area_total": "building_area_units",
    "lot_size_area": "lot_size_units",
}
SPACES = ("garage_spaces", "carport_spaces", "covered_spaces", "open_parking_spaces")
HUGE_M2 = 3000


def building_findings(home: Property) -> Iterator[Finding]:
    yield from _kind(home)
    yield from _counts(home)
    yield from _areas(home)
    yield from _years(home)
    yield from _floors(home)
    yield from _parking(home)


def _kind(home: Property) -> Iterator[Finding]:
    allowed = SUB_TYPES.get(home.property_type)
    if not home.property_sub_type or allowed is None or home.property_sub_type in allowed:
        return
    sentence = f"“{home.get_property_sub_type_display()}” does not go with this type. Choose another."
    if home.property_sub_type == PropertySubType.APARTMENT:
        sentence = "“Apartment” is for homes to let. Choose “Condominium” for a flat that is sold."
    yield Finding("property_sub_type", "not_allowed", sentence)


def _counts(home: Property) -> Iterator[Finding]:
    for field in COUNTS:
        count = getattr(home, field)
        if count is not None and count > 99:
            yield Finding(field, "range", "Write a number from 0 to 99.")
    if home.rooms_total is not None and home.rooms_total < (home.bedrooms_total or 0):
        yield Finding("rooms_total", "fewer_than_bedrooms", "There cannot be fewer rooms than bedrooms.")


def _areas(home: Property) -> Iterator[Finding]:
    for field, units in AREAS.items():
        area = getattr(home, field)
        if area is not None and area <= 0:
            yield Finding(field, "not_positive", "Write an area above 0, or leave it empty.")
        if area is not None and not getattr(home, units):
            yield Finding(units, "required", "Say in which units the area is.")
    living = home.living_area_m2()
    whole = in_square_meters(home.building_area_total, home.building_area_units)
    if living and whole and living > whole:
        yield Finding("living_area", "above_building", "Larger than the whole building: check both areas.", True)
    if living and living > HUGE_M2:
        yield Finding("living_area", "huge", "More than 3,000 m²: check the area and its units.", True)


def _years(home: Property) -> Iterator[Finding]:
    this_year = timezone.localdate().year
    for field in ("year_built", "year_built_effective", "year_renovated"):
        year = getattr(home, field)
        if year is not None and not 1500 <= year <= this_year + 5:
            yield Finding(field, "range", f"Write a year from 1500 to {this_year + 5}, or leave it empty.")
    built = home.year_built
    if built is None:
        return
    if built > this_year and not home.is_new_construction:
        yield Finding("is_new_construction", "required", "The year lies ahead: say that this is new construction.")
    for field in ("year_built_effective", "year_renovated"):
        year = getattr(home, field)
        if year is not None and year < built:
            yield Finding(field, "before_built", "This cannot be before the year it was built.")


def _floors(home: Property) -> Iterator[Finding]:
    total = home.stories_total
    if total is None:
        return
    if home.stories is not None and total < home.stories:
        yield Finding("stories_total", "fewer", "The building cannot have fewer floors than the home.")
    if home.entry_level is not None and home.entry_level > total:
        yield Finding("entry_level", "above_building", "The entrance cannot be above the building's last floor.")


def _parking(home: Property) -> Iterator[Finding]:
    for field in (*SPACES, "parking_total"):
        spaces = getattr(home, field)
        if spaces is not None and spaces < 0:
            yield Finding(field, "negative", "Write a number of 0 or more.")
    most = max((getattr(home, field) or 0 for field in SPACES), default=0)
    if home.parking_total is not None and home.parking_total < most:
        yield Finding("parking_total", "fewer", "The total cannot be less than one of the kinds of space.")
    parts = home.garage_spaces, home.carport_spaces
    if home.covered_spaces is not None and None not in parts and sum(p or 0 for p in parts) != home.covered_spaces:
        yield Finding("covered_spaces", "sum", "Not garage and carport together: check the three.", True)
