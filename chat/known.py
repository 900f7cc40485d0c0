"""What is known of one home, as an answer is made from it: plain rows, so that the evaluation has the very same.

Nothing here needs Django; `chat/record.py` reads it from the database.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from properties.facts import Fact, FactSheet

ROOM = "room."
KNOWLEDGE = "knowledge."


@dataclass(frozen=True, slots=True)
class Known:
    """A public, approved and still valid knowledge entry."""

    key: str
    category: str
    question: str
    answer: str
    source: str
    as_of: str | None
    dated: str = ""


@dataclass(frozen=True, slots=True)
class RoomCard:
    key: str
    name: str
    kind: str
    level: str
    size: str
    details: str
    description: str
    dated: str = ""
    dated_spoken: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    sheet: FactSheet
    rooms: tuple[RoomCard, ...]
    knowledge: tuple[Known, ...]
    locale: str
    today: date
    status: str
    takes_viewings: bool

    def fetchable(self) -> list[Fact]:
        """The stated facts that stand in no briefing and are told when a tool asks for them."""
        core = {fact.key for fact in self.sheet.core()}
        return [fact for fact in plain_facts(self.sheet.facts) if fact.key not in core]

    def silent(self) -> list[Fact]:
        """What a listing usually states and this one does not."""
        return plain_facts(self.sheet.not_stated)

    def categories(self) -> dict[str, int]:
        return dict(Counter(entry.category for entry in self.knowledge))


def plain_facts(facts: tuple[Fact, ...]) -> list[Fact]:
    """Without rooms and knowledge, which have tools of their own."""
    return [fact for fact in facts if not fact.key.startswith((ROOM, KNOWLEDGE))]
