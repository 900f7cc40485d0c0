"""A listing as its file has it, in the shape that `chat` writes briefings from and runs tools on.

A file of the full form is what a home's fact sheet says, word for word. A short form, for homes written by hand, has
rows instead of objects: facts (told at once) and `more` (by the tool) as key, label, value.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from chat.admission import admission
from chat.briefing import write_briefing
from chat.known import Known, Record, RoomCard

if TYPE_CHECKING:
    from properties.facts import FactSheet

FOLDER = Path(__file__).parent / "listings"
Json = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A `Fact` of the fact sheet, from the file."""

    key: str
    label: str
    value: Any = None
    unit: str = ""
    written: str = ""
    spoken: str = ""
    source: str = ""
    as_of: str | None = None
    voice: str = "tool"
    group: str = ""
    dated: str = ""
    dated_spoken: str = ""

    def public_dict(self) -> Json:
        told = asdict(self)
        del told["voice"]
        return told


@dataclass(frozen=True)
class Sheet:
    """As much of the `FactSheet` as briefing and tools read."""

    facts: tuple[Told, ...]
    not_stated: tuple[Told, ...]

    def core(self) -> tuple[Told, ...]:
        return tuple(fact for fact in self.facts if fact.voice == "core")


@dataclass(frozen=True)
class Listing:
    """A home's record; `name` and `persona` are its agency's."""

    name: str
    record: Record
    persona: str = ""
    prose: str = ""  # a briefing in somebody else's words, instead of ours and without tools

    @property
    def locale(self) -> str:
        return self.record.locale

    @property
    def admission(self) -> str:
        return admission(self.locale)

    def briefing(self) -> str:
        return self.prose or write_briefing(self.record, self, self.record.today)


@cache
def listing(slug: str) -> Listing:
    data: Json = json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))
    return read_listing(data)


def read_listing(data: Json) -> Listing:
    told = [_fact(row, "core") for row in data["facts"]] + [_fact(row, "tool") for row in data.get("more", [])]
    sheet = Sheet(tuple(told), tuple(_silent(row) for row in data["not_stated"]))
    record = Record(
        sheet=cast("FactSheet", sheet),
        rooms=tuple(_room(row) for row in data["rooms"]),
        knowledge=tuple(_entry(row, place) for place, row in enumerate(data["knowledge"])),
        locale=data["locale"],
        today=date.fromisoformat(data["today"]),
        status=data.get("status", "Active"),
        takes_viewings=data.get("takes_viewings", True),
    )
    return Listing(data["agency"], record, data.get("persona", ""), data.get("briefing", ""))


def _fact(row: Any, voice: str) -> Told:
    if isinstance(row, dict):
        return Told(**row)
    key, label, written = row
    return Told(key, label, written, "", written, written, "Listing record", voice=voice)


def _silent(row: Any) -> Told:
    return Told(**row) if isinstance(row, dict) else Told(*row)


def _room(row: Any) -> RoomCard:
    if isinstance(row, dict):
        return RoomCard(**row)
    key, name, details, description = row
    level, _, size = details.partition(", ")
    return RoomCard(key, name, "", level, size, details, description)


def _entry(row: Any, place: int) -> Known:
    if isinstance(row, dict):
        return Known(**row)
    category, question, answer, source, as_of = row
    return Known(f"entry-{place}", category, question, answer, source, as_of)
