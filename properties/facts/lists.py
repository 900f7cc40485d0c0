"""Lists of words, joined as each language joins them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from babel.lists import format_list

from properties import lists as vocabularies

from .locales import Said, babel_locale


def joined(items: Iterable[str], locale: str) -> str:
    """ "a, b, and c" (en-US), "a, b and c", "a, b y c", "a, b und c"; Spanish says "e" before the sound i."""
    words = [item for item in items if item]
    if any("," in word for word in words):
        return "; ".join(words)
    text = format_list(words, locale=babel_locale(locale))
    last = words[-1] if words else ""
    if locale == "es" and len(words) > 1 and re.match(r"h?i(?!e)", last, re.IGNORECASE):
        return f"{text[: -len(last) - 3]} e {last}"
    return text


def both(items: Sequence[Said], locale: str) -> Said:
    return Said(joined((item.written for item in items), locale), joined((item.spoken for item in items), locale))


def keys(values: Sequence[str], vocabulary: str, locale: str) -> Said:
    """The labels of a feature list; `["none"]` has a label of its own."""
    return capital(both([word(value, vocabulary, locale) for value in values], locale))


def one(value: str, vocabulary: str, locale: str) -> Said:
    return capital(word(value, vocabulary, locale))


def word(value: str, vocabulary: str, locale: str) -> Said:
    return Said(vocabularies.label(vocabulary, value, locale), vocabularies.spoken(vocabulary, value, locale))


def capital(said: Said) -> Said:
    """The labels stand in the middle of sentences; on their own they begin with a capital."""
    return Said(*(text[:1].upper() + text[1:] for text in said))
