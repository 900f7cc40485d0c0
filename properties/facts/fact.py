from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

Voice = Literal["core", "tool", "refer"]
Value = bool | int | str | Decimal | date | datetime | tuple[Any, ...] | None

# Groups that the page shows as tables, in order; identity, rooms and knowledge have places of their own.
PAGE_GROUPS = (
    "price",
    "rent",
    "size",
    "building",
    "comfort",
    "parking",
    "outside",
    "costs",
    "energy",
    "access",
    "place",
    "terms",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the record states, or (`value` None) does not state.

    `written` is for the eye, `spoken` for the ear; both are made from `value` by code. A `value` of False on a
    figure, like the fee of a home without an association, says that there is none. `as_of` is a day or a year.
    `dated`, for eye and ear, is to be said with a fact that was checked long ago; it is empty for all others.
    """

    key: str
    label: str
    value: Value
    unit: str
    written: str
    spoken: str
    source: str
    as_of: date | int | None
    voice: Voice
    group: str
    category: str = ""  # of knowledge only
    dated: str = ""
    dated_spoken: str = ""

    def public_dict(self) -> dict[str, Any]:
        """JSON-safe; money and measures as decimal text, never as a float."""
        return {
            "key": self.key,
            "label": self.label,
            "value": json_safe(self.value),
            "unit": self.unit,
            "written": self.written,
            "spoken": self.spoken,
            "source": self.source,
            "as_of": None if self.as_of is None else str(self.as_of),
            "dated": self.dated,
            "dated_spoken": self.dated_spoken,
            "group": self.group,
        }


class Group(NamedTuple):
    key: str
    label: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FactSheet:
    """All that may be said of a home, in the order of the catalogue."""

    locale: str
    facts: tuple[Fact, ...]
    not_stated: tuple[Fact, ...]
    group_labels: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> str:
        """One line: what it is, where, and how it stands in its sale."""
        fact = self.get("identity")
        return fact.written if fact else ""

    def get(self, key: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.key == key), None)

    def core(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.voice == "core")

    def groups(self) -> tuple[Group, ...]:
        """The tables of the page: only groups with facts in them."""
        return tuple(self._groups())

    def _groups(self) -> Iterator[Group]:
        for key, label in self.group_labels:
            facts = tuple(fact for fact in self.facts if fact.group == key)
            if facts:
                yield Group(key, label, facts)

    def rooms(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.group == "rooms")

    def knowledge(self, category: str = "") -> tuple[Fact, ...]:
        return tuple(
            fact for fact in self.facts if fact.group == "knowledge" and (not category or fact.category == category)
        )

    def public_dict(self) -> dict[str, Any]:
        return {
            "locale": self.locale,
            "identity": self.identity,
            "facts": [fact.public_dict() for fact in self.facts],
            "not_stated": [{"key": fact.key, "label": fact.label} for fact in self.not_stated],
        }


def json_safe(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [json_safe(item) for item in value]
    return value
