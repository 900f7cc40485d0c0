from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from babel import Locale

from properties.lists import vocabulary

from .finding import Finding

if TYPE_CHECKING:
    from properties.models import Property

STREET_PARTS = ("street_number", "street_dir_prefix", "street_name", "street_suffix")
POSTAL_CODES = {
    "US": r"\d{5}(-\d{4})?",
    "CA": r"[A-Z]\d[A-Z] ?\d[A-Z]\d",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "ES": r"\d{5}",
    "DE": r"\d{5}",
    "FR": r"\d{5}",
    "IT": r"\d{5}",
    "AT": r"\d{4}",
    "CH": r"\d{4}",
    "NL": r"\d{4} ?[A-Z]{2}",
    "PT": r"\d{4}-\d{3}",
}
# In the same list of names, but no countries.
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
SCHOOL_FIELDS = (
    "elementary_school",
    "elementary_school_district",
    "middle_or_junior_school",
    "middle_or_junior_school_district",
    "high_school",
    "high_school_district",
)


@cache
def countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if re.fullmatch(r"[A-Z]{2}", code)) - NOT_COUNTRIES


@cache
def countries_with_regions() -> frozenset[str]:
    return frozenset(code.partition("-")[0] for code in vocabulary("subdivisions"))


def place_findings(home: Property) -> Iterator[Finding]:
    yield from _street(home)
    yield from _region(home)
    yield from _coordinates(home)
    yield from _others_words(home)
    if home.property_time_zone_name not in available_timezones():
        yield Finding("property_time_zone_name", "unknown", "Write a time zone like America/New_York.")


def _street(home: Property) -> Iterator[Finding]:
    if bool(home.street_number) != bool(home.street_name):
        missing = "street_name" if home.street_number else "street_number"
        yield Finding(missing, "together", "The number and the name of the street go together. Add this one.")
    if home.unparsed_address and any(getattr(home, part) for part in STREET_PARTS):
        yield Finding("unparsed_address", "both", "The parts of the address are given: empty this line.")


def _region(home: Property) -> Iterator[Finding]:
    if home.country not in countries():
        yield Finding("country", "unknown", "Write the two letters of a country, like US or ES.")
        return
    if home.state_or_province and not _is_region(home.country, home.state_or_province):
        yield Finding(
            "state_or_province",
            "unknown",
            f"There is no such state or province in {home.country}: write its code.",
        )
    pattern = POSTAL_CODES.get(home.country)
    if pattern and home.postal_code and not re.fullmatch(pattern, home.postal_code.upper()):
        yield Finding("postal_code", "pattern", f"Unusual for {home.country}: check the postal code.", True)


def _is_region(country: str, code: str) -> bool:
    if country in countries_with_regions():
        return code in vocabulary("subdivisions") and code.startswith(f"{country}-")
    return re.fullmatch(rf"{country}-[A-Z0-9]{{1,3}}", code) is not None


def _coordinates(home: Property) -> Iterator[Finding]:
    latitude, longitude = home.latitude, home.longitude
    if latitude is None and longitude is None:
        return
    if latitude is None or longitude is None:
        missing = "latitude" if latitude is None else "longitude"
        yield Finding(missing, "together", "Latitude and longitude go together. Add this one or empty both.")
        return
    if abs(latitude) > 90:
        yield Finding("latitude", "range", "A latitude lies between -90 and 90.")
    if abs(longitude) > 180:
        yield Finding("longitude", "range", "A longitude lies between -180 and 180.")
    if latitude == 0 and longitude == 0:
        yield Finding("latitude", "zero", "0, 0 lies in the ocean. Empty both, or write the real place.")


def _others_words(home: Property) -> Iterator[Finding]:
    if any(getattr(home, field) for field in SCHOOL_FIELDS) and not home.school_source:
        yield Finding("school_source", "required", "Say where the assigned schools were read.")
    if home.walk_score is None:
        return
    if home.walk_score > 100:
        yield Finding("walk_score", "range", "A walk score lies between 0 and 100.")
    if not home.walk_score_source:
        yield Finding("walk_score_source", "required", "Say who gave this score.")
    if home.walk_score_date is None:
        yield Finding("walk_score_date", "required", "Say when this score was read.")
