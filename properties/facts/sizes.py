"""Counts, areas, years and floors."""

from __future__ import annotations

from decimal import Decimal

from properties import lists as vocabularies

from . import dates, measures, numbers
from .lists import both
from .locales import Said
from .phrases import phrase
from .told import Reading, Told, Writer

BATHS = ("full", "three_quarter", "half", "one_quarter")


def bathrooms_total(reading: Reading) -> Told | None:
    """A count of rooms by kind, "2 full baths and 1 half bath": never two and a half."""
    counts = {kind: getattr(reading.home, f"bathrooms_{kind}") for kind in BATHS}
    total = reading.home.bathrooms_total()
    if total is None:
        return None
    named = [_baths(kind, count, reading.locale) for kind, count in counts.items() if count]
    if not named:
        return Told(0, Said("0", numbers.spoken(0, reading.locale)))
    return Told(total, both(named, reading.locale))


def _baths(kind: str, count: int, locale: str) -> Said:
    noun = phrase(f"bath.{kind}.{'one' if count == 1 else 'many'}", locale)
    # Vollbad and Duschbad are neuter, baño is masculine: both take the short form.
    return Said(f"{numbers.written(count, locale)} {noun}", f"{numbers.spoken(count, locale, 'm')} {noun}")


def count(field: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        value = getattr(reading.home, field)
        if value is None:
            return None
        number = Decimal(value)
        value = int(value) if number == number.to_integral_value() else number.normalize()
        return Told(value, Said(numbers.written(value, reading.locale), numbers.spoken(value, reading.locale)))

    return write


def area(field: str, units_field: str, source_field: str = "") -> Writer:
    def write(reading: Reading) -> Told | None:
        value, units = getattr(reading.home, field), getattr(reading.home, units_field)
        if value is None or not units:
            return None
        said = measures.area(Decimal(value).normalize(), units, reading.locale)
        return Told(value, said, units, source=measured_by(reading, source_field))

    return write


def measured_by(reading: Reading, source_field: str) -> str:
    key = getattr(reading.home, source_field) if source_field else ""
    if not key:
        return ""
    return phrase("according_to", reading.locale, source=vocabularies.label("area_source", key, reading.locale))


def year(field: str, source_field: str = "") -> Writer:
    def write(reading: Reading) -> Told | None:
        value = getattr(reading.home, field)
        if value is None:
            return None
        said = Said(str(value), numbers.year(value, reading.locale))
        return Told(value, said, source=measured_by(reading, source_field))

    return write


def entry_level(reading: Reading) -> Told | None:
    """As the house's own country counts: 0 is the ground floor, below it the basement."""
    level, locale = reading.home.entry_level, reading.locale
    if level is None:
        return None
    if level <= 0:
        text = phrase("floor.ground" if level == 0 else "floor.basement", locale)
        return Told(level, Said(text, text))
    said = (phrase("floor.nth", locale, nth=nth) for nth in numbers.ordinal(level, locale))
    return Told(level, Said(*said))


def day(field: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        value = getattr(reading.home, field)
        return None if value is None else Told(value, dates.day(value, reading.locale))

    return write


COUNTS = (
    "bedrooms_total",
    "bathrooms_full",
    "bathrooms_three_quarter",
    "bathrooms_half",
    "bathrooms_one_quarter",
    "rooms_total",
    "stories",
    "stories_total",
    "fireplaces_total",
    "garage_spaces",
    "carport_spaces",
    "covered_spaces",
    "open_parking_spaces",
    "parking_total",
)
WRITERS: dict[str, Writer] = {
    **{field: count(field) for field in COUNTS},
    "bathrooms_total": bathrooms_total,
    "living_area": area("living_area", "living_area_units", "living_area_source"),
    "building_area_total": area("building_area_total", "building_area_units", "building_area_source"),
    "lot_size_area": area("lot_size_area", "lot_size_units"),
    "year_built": year("year_built", "year_built_source"),
    "year_built_effective": year("year_built_effective"),
    "year_renovated": year("year_renovated"),
    "entry_level": entry_level,
    "list_date": day("list_date"),
    "on_market_date": day("on_market_date"),
    "availability_date": day("availability_date"),
}
