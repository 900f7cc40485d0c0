"""Areas, lots and lengths: the stored unit first, then the other one where the reader's differs."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from properties.enums import AreaUnits, LengthUnits, LotSizeUnits
from properties.units import SQUARE_METERS

from .locales import Said, is_metric, language, pick
from .numbers import Gender, spoken, takes_de, written
from .phrases import phrase

METERS_PER_FOOT = Decimal("0.3048")
IMPERIAL = {AreaUnits.SQUARE_FEET.value, LotSizeUnits.ACRES.value, LengthUnits.FEET.value}


class Unit(NamedTuple):
    sign: str
    one: str
    many: str
    gender: Gender


UNITS: dict[str, dict[str, Unit]] = {
    "square_feet": {
        "en": Unit("sq ft", "square foot", "square feet", "n"),
        "es": Unit("ft²", "pie cuadrado", "pies cuadrados", "m"),
        "de": Unit("ft²", "Quadratfuß", "Quadratfuß", "m"),
    },
    "square_meters": {
        "en": Unit("m²", "square metre", "square metres", "n"),
        "en-US": Unit("m²", "square meter", "square meters", "n"),
        "es": Unit("m²", "metro cuadrado", "metros cuadrados", "m"),
        "de": Unit("m²", "Quadratmeter", "Quadratmeter", "m"),
    },
    "acres": {
        "en": Unit("acres", "acre", "acres", "n"),
        "es": Unit("acres", "acre", "acres", "m"),
        "de": Unit("Acres", "Acre", "Acres", "m"),
    },
    "hectares": {
        "en": Unit("ha", "hectare", "hectares", "n"),
        "es": Unit("ha", "hectárea", "hectáreas", "f"),
        "de": Unit("ha", "Hektar", "Hektar", "m"),
    },
    "feet": {
        "en": Unit("ft", "foot", "feet", "n"),
        "es": Unit("ft", "pie", "pies", "m"),
        "de": Unit("ft", "Fuß", "Fuß", "m"),
    },
    "inches": {
        "en": Unit("in", "inch", "inches", "n"),
        "es": Unit("in", "pulgada", "pulgadas", "f"),
        "de": Unit("in", "Zoll", "Zoll", "m"),
    },
    "meters": {
        "en": Unit("m", "metre", "metres", "n"),
        "en-US": Unit("m", "meter", "meters", "n"),
        "es": Unit("m", "metro", "metros", "m"),
        "de": Unit("m", "Meter", "Meter", "m"),
    },
}


def unit(key: str, locale: str) -> Unit:
    names = UNITS[key]
    return names.get(locale) or names[language(locale)]


def area(amount: Decimal, units: str, locale: str) -> Said:
    """ "2,310 sq ft", or for a metric reader "2,310 sq ft (about 215 m²)"."""
    stored = counted(amount, units, locale)
    other = _other_area(amount, units, locale)
    return stored if other is None else _with_about(stored, counted(*other, locale), locale)


def counted(amount: Decimal, units: str, locale: str) -> Said:
    noun = unit(units, locale)
    sign = noun.one if noun.sign == noun.many and amount == 1 else noun.sign
    words = spoken(amount, locale, noun.gender)
    of = " de" if locale == "es" and takes_de(words) else ""
    return Said(f"{written(amount, locale)} {sign}", f"{words}{of} {noun.one if amount == 1 else noun.many}")


def _other_area(amount: Decimal, units: str, locale: str) -> tuple[Decimal, str] | None:
    if (units in IMPERIAL) != is_metric(locale):
        return None
    square_meters = amount * SQUARE_METERS[units]
    if units == LotSizeUnits.HECTARES:
        other = LotSizeUnits.ACRES
    elif is_metric(locale):
        large = units == LotSizeUnits.ACRES and square_meters >= SQUARE_METERS[LotSizeUnits.HECTARES]
        other = LotSizeUnits.HECTARES if large else LotSizeUnits.SQUARE_METERS
    else:
        other = LotSizeUnits.SQUARE_FEET
    return rounded(square_meters / SQUARE_METERS[other]), other.value


def rounded(amount: Decimal) -> Decimal:
    """What "about" may claim: whole numbers, below ten one decimal."""
    step = Decimal(1) if amount >= 10 else Decimal("0.1")
    return amount.quantize(step, ROUND_HALF_UP)


def _with_about(stored: Said, other: Said, locale: str) -> Said:
    return Said(
        f"{stored.written} ({phrase('about', locale)} {other.written})",
        f"{stored.spoken}, {phrase('about.spoken', locale)} {other.spoken}",
    )


def sides(length: Decimal, width: Decimal, units: str, locale: str) -> Said:
    """The floor of a room: "18 ft 4 in × 17 ft 1 in", "5.6 × 5.2 m"."""
    stored = _sides(length, width, units, locale)
    imperial = units == LengthUnits.FEET
    if imperial != is_metric(locale):
        return stored
    factor = METERS_PER_FOOT if imperial else 1 / METERS_PER_FOOT
    other = LengthUnits.METERS if imperial else LengthUnits.FEET
    step = Decimal("0.1") if imperial else Decimal("0.01")
    converted = [(side * factor).quantize(step, ROUND_HALF_UP) for side in (length, width)]
    return _with_about(stored, _sides(converted[0], converted[1], other, locale), locale)


def _sides(length: Decimal, width: Decimal, units: str, locale: str) -> Said:
    one, two = (_length(side, units, locale) for side in (length, width))
    if units == LengthUnits.METERS:
        return Said(
            f"{written(length, locale)} × {two.written}",
            f"{spoken(length, locale)} {phrase('by', locale)} {two.spoken}",
        )
    return Said(f"{one.written} × {two.written}", f"{one.spoken} {phrase('by', locale)} {two.spoken}")


def _length(amount: Decimal, units: str, locale: str) -> Said:
    if units == LengthUnits.METERS:
        return counted(amount, "meters", locale)
    feet, inches = divmod(int((amount * 12).quantize(Decimal(1), ROUND_HALF_UP)), 12)
    parts = [counted(Decimal(feet), "feet", locale)] if feet or not inches else []
    if inches:
        parts.append(counted(Decimal(inches), "inches", locale))
    return Said(" ".join(p.written for p in parts), " ".join(p.spoken for p in parts))


def per_unit(price: Said, units: str, locale: str) -> Said:
    noun = unit(units, locale)
    return Said(
        f"{price.written} {pick(PER_SIGN, locale).format(noun.sign)}",
        f"{price.spoken} {phrase('per_unit', locale, unit=noun.one)}",
    )


PER_SIGN = {"en": "per {}", "es": "por {}", "de": "pro {}"}
