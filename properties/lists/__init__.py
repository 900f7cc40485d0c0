"""The vocabularies: one JSON file each, key → labels per language.

An entry is `{"value": the feed's spelling, "en": …, "es": …, "de": …, "spoken": {"en": …}}`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
OTHER = "other:"


@cache
def vocabulary(name: str) -> dict[str, dict[str, Any]]:
    with (FOLDER / f"{name}.json").open(encoding="utf-8") as file:
        entries: dict[str, dict[str, Any]] = json.load(file)
    return entries


def choices(name: str) -> list[tuple[str, str]]:
    return [(key, entry["en"]) for key, entry in vocabulary(name).items()]


def label(name: str, key: str, locale: str = "en") -> str:
    """The word for the eye. A kept `other:` text is given back as it was written."""
    if key.startswith(OTHER):
        return key.removeprefix(OTHER)
    entry = vocabulary(name).get(key)
    if entry is None:
        return key.replace("_", " ")
    return str(entry.get(_language(locale), entry["en"]))


def spoken(name: str, key: str, locale: str = "en") -> str:
    """The word for the ear: the label, unless it would be misheard."""
    entry = vocabulary(name).get(key, {})
    said = entry.get("spoken", {}).get(_language(locale))
    return str(said) if said else label(name, key, locale)


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()
