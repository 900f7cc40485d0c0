"""The four languages of a fact sheet. Everything below takes a `locale` of this module's LOCALES."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from babel import Locale

LOCALES = ("en-US", "en-GB", "es", "de")
DEFAULT = "en-US"


class Said(NamedTuple):
    """One thing twice: for the eye and for the ear."""

    written: str
    spoken: str


def nearest(locale: str) -> str:
    """The supported locale for any tag: "en_AU" is en-GB, "de-AT" is de, an unknown one is en-US."""
    tag = locale.replace("_", "-")
    exact = next((known for known in LOCALES if known.lower() == tag.lower()), None)
    if exact:
        return exact
    language = tag.partition("-")[0].lower()
    if language == "en":
        return "en-US" if tag.lower() in {"en", "en-ca"} else "en-GB"
    return language if language in LOCALES else DEFAULT


@cache
def babel_locale(locale: str) -> Locale:
    return Locale.parse(locale, sep="-")


def language(locale: str) -> str:
    return locale.partition("-")[0]


def is_metric(locale: str) -> bool:
    return locale != "en-US"


def pick(texts: dict[str, str], locale: str) -> str:
    """The text of a locale, else of its language, else English."""
    return texts.get(locale) or texts.get(language(locale)) or texts["en"]


def plain_spaces(text: str) -> str:
    """Babel's no-break spaces as plain ones: a model copies plain ones, and so the two can be compared."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
