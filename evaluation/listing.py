"""A listing as its file has it: what the briefing is written from and the tools look up.

A file of the full form is what a home's fact sheet says, word for word. A short form, for homes written by hand, has
rows instead of objects: facts (told at once) and `more` (by the tool) as key, label, value.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chat.admission import admission
from evaluation.briefing import write_briefing

FOLDER = Path(__file__).parent / "listings"
Json = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    key: str
    category: str
    question: str
    answer: str
    source: str
    as_of: str | None


@dataclass(frozen=True)
class Listing:
    agency: str
    locale: str
    today: date
    facts: list[Json]
    rooms: list[Json]
    not_stated: list[Json]
    knowledge: list[Entry]
    persona: str = ""
    status: str = "Active"
    takes_viewings: bool = True
    prose: str = ""  # a briefing in somebody else's words, instead of ours and without tools

    @property
    def admission(self) -> str:
        return admission(self.locale)

    def core(self) -> list[Json]:
        return [fact for fact in self.facts if fact["voice"] == "core"]

    def fetchable(self) -> list[Json]:
        return [fact for fact in self.facts if fact["voice"] != "core"]

    def briefing(self) -> str:
        return self.prose or write_briefing(self)


@cache
def listing(slug: str) -> Listing:
    data = json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))
    told = [_fact(row, "core") for row in data["facts"]] + [_fact(row, "tool") for row in data.pop("more", [])]
    return Listing(
        agency=data["agency"],
        locale=data["locale"],
        today=date.fromisoformat(data["today"]),
        facts=told,
        rooms=[_room(row) for row in data["rooms"]],
        not_stated=[row if isinstance(row, dict) else {"key": row[0], "label": row[1]} for row in data["not_stated"]],
        knowledge=[_entry(row, place) for place, row in enumerate(data["knowledge"])],
        persona=data.get("persona", ""),
        status=data.get("status", "Active"),
        takes_viewings=data.get("takes_viewings", True),
        prose=data.get("briefing", ""),
    )


def _fact(row: Any, voice: str) -> Json:
    if isinstance(row, dict):
        return row
    key, label, written = row
    return {
        "key": key,
        "label": label,
        "value": written,
        "unit": "",
        "written": written,
        "spoken": written,
        "source": "Listing record",
        "as_of": None,
        "voice": voice,
    }


def _room(row: Any) -> Json:
    if isinstance(row, dict):
        return row
    key, name, details, description = row
    level, _, size = details.partition(", ")
    return {
        "key": key,
        "name": name,
        "kind": "",
        "level": level,
        "size": size,
        "details": details,
        "description": description,
    }


def _entry(row: Any, place: int) -> Entry:
    if isinstance(row, dict):
        return Entry(**row)
    category, question, answer, source, as_of = row
    return Entry(f"entry-{place}", category, question, answer, source, as_of)
