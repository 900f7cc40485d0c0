"""Which facts an answer rests on: those whose figure or words stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from chat.known import KNOWLEDGE, Record
from chat.words import stems
from properties.facts import Fact

MOST = 8
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def cited(text: str, record: Record, fetched: Iterable[str]) -> list[dict[str, Any]]:
    """The facts for the chips below an answer, as `{key, label, written, source, as_of}`, at most MOST."""
    fetched = set(fetched)
    told = {fact.key for fact in record.sheet.core()} | fetched
    entries = {f"{KNOWLEDGE}{entry.key}" for entry in record.knowledge}
    sentences = _SENTENCE_END.split(text)
    facts = [
        _chip(fact)
        for fact in record.sheet.facts
        if fact.key in told - entries and _stands_in(fact, sentences, record.locale)
    ]
    return [*facts, *_entries(text, record, fetched)][:MOST]


def _stands_in(fact: Fact, sentences: list[str], locale: str) -> bool:
    written = _flat(fact.written)
    if not written:
        return False
    whole = re.compile(rf"(?<![\w.,]){re.escape(written)}(?![\w%])(?![.,]\d)")
    for sentence in sentences:
        if not whole.search(_flat(sentence)):
            continue
        # "3" and "Yes" stand in many sentences: the label has to stand beside them.
        if len(written) > 3 or set(stems(fact.label, locale)) & set(stems(sentence, locale)):
            return True
    return False


def _entries(text: str, record: Record, fetched: set[str]) -> list[dict[str, Any]]:
    """Fetched knowledge of which the answer repeats most of the words."""
    said = set(stems(text, record.locale))
    chips = []
    for entry in record.knowledge:
        words = set(stems(entry.answer, record.locale))
        if f"{KNOWLEDGE}{entry.key}" in fetched and words and len(words & said) >= 0.6 * len(words):
            chips.append(
                {
                    "key": f"{KNOWLEDGE}{entry.key}",
                    "label": entry.question,
                    "written": entry.answer,
                    "source": entry.source,
                    "as_of": entry.as_of,
                }
            )
    return chips


def _chip(fact: Fact) -> dict[str, Any]:
    as_of = None if fact.as_of is None else str(fact.as_of)
    return {
        "key": fact.key,
        "label": fact.label,
        "written": fact.written,
        "source": fact.source,
        "as_of": as_of,
    }


def _flat(text: str) -> str:
    # Babel writes narrow and no-break spaces; models answer with plain ones.
    return re.sub(r"\s+", " ", text).strip().casefold()
