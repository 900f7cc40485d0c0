"""Where a home stands. With its address hidden nothing finer than the postal area is written or spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable

from properties import lists as vocabularies

from . import dates, numbers
from .catalogue import is_lease
from .lists import word
from .locales import Said, babel_locale
from .phrases import phrase
from .told import Reading, Told, Writer

# Where a postcode stands before its town.
POSTCODE_LAST = frozenset({"US", "GB", "CA", "AU", "IE"})


def unparsed_address(reading: Reading) -> Told | None:
    home = reading.home
    if not home.city:
        return None
    area = _area(reading)
    if not home.display_address:
        said = Said(*(phrase("place_hidden", reading.locale, area=text) for text in area))
        return Told(area.written, said)
    street = home.street_address()
    if not street:
        return Told(area.written, area)
    said = Said(f"{street}, {area.written}", f"{_spoken_street(street, reading.locale)}, {area.spoken}")
    return Told(said.written, said)


def _area(reading: Reading) -> Said:
    """ "Portland, OR 97214", "20457 Hamburg"; in full words for the ear."""
    home, locale = reading.home, reading.locale
    code = home.postal_code
    region = home.state_or_province.rpartition("-")[2]
    spoken_region = _region(reading) if home.country in {"US", "CA", "AU"} else ""
    spoken_code = numbers.digits(code, locale)
    if home.country in POSTCODE_LAST:
        tail = " ".join(filter(None, [region if spoken_region else "", code]))
        return Said(_comma([home.city, tail]), _comma([home.city, spoken_region, spoken_code]))
    return Said(" ".join(filter(None, [code, home.city])), _comma([home.city, spoken_code]))


def _spoken_street(street: str, locale: str) -> str:
    """House numbers as numbers, "8B" as "eight B"."""

    def in_words(match: re.Match[str]) -> str:
        digits, letter = match.groups()
        number = _house_number(digits, locale)
        return f"{number} {letter}".strip()

    return re.sub(r"(?<![^\W\d_])(\d+)([A-Za-z]?)\b", in_words, street)


def _house_number(digits: str, locale: str) -> str:
    if len(digits) > 4:
        return numbers.digits(digits, locale)
    in_pairs = len(digits) == 4 and locale.startswith("en")  # "fourteen eighteen"
    return numbers.year(int(digits), locale) if in_pairs else numbers.cardinal(int(digits), locale)


def _comma(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _region(reading: Reading) -> str:
    code = reading.home.state_or_province
    return vocabularies.label("subdivisions", code, reading.locale) if "-" in code else code


def place_name(reading: Reading) -> str:
    """ "Portland, Oregon"; in Europe "Hamburg"."""
    home = reading.home
    region = _region(reading) if home.country in {"US", "CA", "AU"} else ""
    return _comma([home.city, region])


def identity(reading: Reading) -> Told | None:
    home, locale = reading.home, reading.locale
    if not home.property_sub_type or not home.city:
        return None
    kind = word(home.property_sub_type, "property_sub_type", locale)
    status = phrase(f"short.{_status(home.standard_status)}", locale)
    texts = (
        phrase("identity", locale, kind=name[:1].upper() + name[1:], place=place_name(reading), status=status)
        for name in kind
    )
    said = Said(*texts)
    return Told(said.written, said)


def standard_status(reading: Reading) -> Told:
    status = _status(reading.home.standard_status)
    if status == "active":
        status = "active.lease" if is_lease(reading.home) else "active.sale"
    text = phrase(f"status.{status}", reading.locale)
    return Told(str(reading.home.standard_status), Said(text, text))


def _status(status: str) -> str:
    known = ("incomplete", "coming_soon", "active", "active_under_contract", "pending", "closed")
    return status if status in known else "off"


def state_or_province(reading: Reading) -> Told | None:
    code, name = reading.home.state_or_province, _region(reading)
    return Told(code, Said(name, name)) if code else None


def postal_code(reading: Reading) -> Told | None:
    code = reading.home.postal_code
    return Told(code, Said(code, numbers.digits(code, reading.locale))) if code else None


def country(reading: Reading) -> Told | None:
    code = reading.home.country
    name = str(babel_locale(reading.locale).territories.get(code, code))
    return Told(code, Said(name, name)) if code else None


def time_zone(reading: Reading) -> Told:
    name = dates.zone_name(reading.zone, reading.locale)
    return Told(reading.zone, Said(name, name))


def plain(field: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        value = str(getattr(reading.home, field)).strip()
        return Told(value, Said(value, value)) if value else None

    return write


def if_address_is_shown(field: str) -> Writer:
    write = plain(field)
    return lambda reading: write(reading) if reading.home.display_address else None


def school(field: str) -> Writer:
    """A name with its district and source; a rating has no field."""

    def write(reading: Reading) -> Told | None:
        name, district = getattr(reading.home, field), getattr(reading.home, f"{field}_district")
        if not name:
            return None
        text = phrase("school_district", reading.locale, school=name, district=district) if district else name
        return Told(name, Said(text, text), source=reading.home.school_source)

    return write


def walk_score(reading: Reading) -> Told | None:
    """Of a third party: told only with its source."""
    home = reading.home
    if home.walk_score is None or not home.walk_score_source:
        return None
    said = Said(str(home.walk_score), numbers.spoken(home.walk_score, reading.locale))
    return Told(home.walk_score, said, source=home.walk_score_source, as_of=home.walk_score_date)


WRITERS: dict[str, Writer] = {
    "identity": identity,
    "standard_status": standard_status,
    "unparsed_address": unparsed_address,
    "state_or_province": state_or_province,
    "postal_code": postal_code,
    "country": country,
    "city": plain("city"),
    "county_or_parish": plain("county_or_parish"),
    "subdivision_name": plain("subdivision_name"),
    "property_time_zone_name": time_zone,
    "parcel_number": if_address_is_shown("parcel_number"),
    "cross_street": if_address_is_shown("cross_street"),
    "directions": if_address_is_shown("directions"),
    "elementary_school": school("elementary_school"),
    "middle_or_junior_school": school("middle_or_junior_school"),
    "high_school": school("high_school"),
    "walk_score": walk_score,
}
