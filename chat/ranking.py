"""Which knowledge entries come nearest to a question: shared word stems, rare ones counting more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING

from chat.words import stems

if TYPE_CHECKING:
    from chat.known import Known

BEST = 5
IN_QUESTION, IN_ANSWER = 2.0, 1.0
SAME_CATEGORY = 0.75


def rank(entries: Sequence[Known], question: str, category: str | None, locale: str) -> list[Known]:
    """Best first, at most BEST. Entries of the asked category follow the matches: the model judges."""
    asked = set(stems(question, locale))
    words = [(set(stems(e.question, locale)), set(stems(e.answer, locale))) for e in entries]
    frequency = Counter(stem for in_question, in_answer in words for stem in in_question | in_answer)
    scored = []
    for entry, (in_question, in_answer) in zip(entries, words, strict=True):
        rarity = {stem: log(1 + len(entries) / frequency[stem]) for stem in asked & (in_question | in_answer)}
        score = sum(weight * (IN_QUESTION if stem in in_question else IN_ANSWER) for stem, weight in rarity.items())
        scored.append((score + (SAME_CATEGORY if category and entry.category == category else 0), entry))
    scored.sort(key=lambda pair: -pair[0])
    return [entry for score, entry in scored[:BEST] if score > 0]
