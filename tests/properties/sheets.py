"""What tests ask of a fact sheet."""

from typing import Any

from agencies.models import Agency
from properties.facts import Fact, FactSheet, fact_sheet
from tests.make_properties import make_property


def sheet_of(agency: Agency, locale: str = "en-US", **fields: Any) -> FactSheet:
    """The sheet of a new home."""
    return fact_sheet(make_property(agency, **fields), locale)


def fact_of(sheet: FactSheet, key: str) -> Fact:
    fact = sheet.get(key)
    assert fact is not None
    return fact


def written(sheet: FactSheet, key: str) -> str:
    return fact_of(sheet, key).written
