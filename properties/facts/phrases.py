"""Fixed words in four languages, from phrases.json and labels.json."""

import json
from functools import cache
from pathlib import Path

from .locales import Said, pick

FOLDER = Path(__file__).parent


@cache
def _read(name: str) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return texts


def phrase(key: str, locale: str, **values: str) -> str:
    return pick(_read("phrases.json")[key], locale).format(**values)


def same(key: str, locale: str) -> Said:
    """A phrase that is read as it is written."""
    text = phrase(key, locale)
    return Said(text, text)


def label(key: str, locale: str) -> str:
    """The word people use: `association_fee` is "HOA fee", "Service charge", "Gastos de comunidad", "Hausgeld"."""
    return pick(_read("labels.json")[key], locale)
