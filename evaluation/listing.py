"""A listing as the chat server would tell it: the briefing, the tools, and what they answer."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "listings"
ADMISSIONS = {
    "en": "The listing does not say.",
    "es": "El anuncio no lo indica.",
    "de": "Das steht nicht im Exposé.",
}
CATEGORIES = ["building", "rooms", "outdoors", "costs", "area", "terms", "history", "services", "viewing", "other"]
BEST = 5
Json = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    slug: str
    agency: str
    locale: str
    today: str
    facts: list[list[str]]
    rooms: list[list[str]]
    not_stated: list[list[str]]
    more: list[list[str]]
    knowledge: list[list[str]]
    briefing: str = ""

    @property
    def admission(self) -> str:
        return ADMISSIONS[self.locale[:2]]

    def system(self) -> str:
        return self.briefing or "\n".join([self._head(), *self._tables()]) + "\n"

    def _head(self) -> str:
        return (
            f"You answer for one home, for the agency {self.agency}. You are an AI assistant and say so when asked.\n"
            f"Answer in: {self.locale}\nToday is: {self.today}\n\nRules:\n"
            "1. Answer only from the facts below and from tool results. Write every figure exactly as given.\n"
            "2. If a fact is not below, call get_facts or get_knowledge. If they have nothing, write exactly: "
            f'"{self.admission}"\n'
            "3. When the visitor wants to visit the home in person, call request_viewing.\n"
        )

    def _tables(self) -> list[str]:
        counts = dict.fromkeys(sorted({row[0] for row in self.knowledge}), 0)
        for row in self.knowledge:
            counts[row[0]] += 1
        return [
            _table("Facts (key | label | value)", self.facts),
            _table("Rooms (key | name | details)", [row[:3] for row in self.rooms]),
            _table("Not stated by the listing (key | label)", self.not_stated),
            _table("More facts by get_facts (key | label)", [row[:2] for row in self.more]),
            _table("Knowledge by get_knowledge (category | entries)", [[k, str(n)] for k, n in counts.items()]),
        ]

    def tools(self) -> list[Json]:
        if self.briefing:
            return []
        text = {"type": "string"}
        keys = {"type": "string", "enum": [row[0] for row in [*self.facts, *self.more, *self.not_stated]]}
        rooms = {"type": "string", "enum": [row[0] for row in self.rooms]}
        categories = {"type": "string", "enum": CATEGORIES}
        return [
            _tool("get_facts", {"keys": {"type": "array", "items": keys}}, ["keys"]),
            _tool("get_knowledge", {"category": categories, "question": text}, ["question"]),
            _tool("show_room", {"room": rooms}, ["room"]),
            _tool("request_viewing", {"date": text, "time": text, "note": text}, []),
            _tool("leave_message", {"text": text}, ["text"]),
        ]

    def run(self, name: str, arguments: Json) -> Json:
        if name == "get_facts":
            return self._get_facts(arguments["keys"])
        if name == "get_knowledge":
            return {"entries": self._ranked(arguments["question"])}
        if name == "show_room":
            return self._show_room(arguments["room"])
        if name in ("request_viewing", "leave_message"):
            return {"status": "form_shown", "message": "The visitor sees a form and must send it."}
        return {"error": {"code": "unknown_tool", "message": f"There is no tool {name}."}}

    def _get_facts(self, keys: list[str]) -> Json:
        stated = {row[0]: row for row in [*self.facts, *self.more]}
        silent = {row[0]: row for row in self.not_stated}
        told = [
            {"key": key, "label": label, "value": written, "unit": None, "written": written, "spoken": written}
            | {"source": None, "as_of": None, "note": None}
            for key, label, written in (stated[key] for key in keys if key in stated)
        ]
        return {
            "facts": told,
            "not_stated": [{"key": key, "label": silent[key][1]} for key in keys if key in silent],
            "unknown": [key for key in keys if key not in stated and key not in silent],
        }

    def _ranked(self, question: str) -> list[Json]:
        asked = _beginnings(question)
        shared = [(len(asked & _beginnings(f"{row[1]} {row[2]}")), row) for row in self.knowledge]
        best = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])[:BEST]
        names = ("category", "question", "answer", "source", "as_of")
        return [{"key": f"entry-{place}"} | dict(zip(names, row, strict=True)) for place, (_, row) in enumerate(best)]

    def _show_room(self, key: str) -> Json:
        for room, name, details, description in self.rooms:
            if room == key:
                level, _, size = details.partition(", ")
                shown = {"key": key, "name": name, "level": level, "size": size, "description": description}
                return {"ok": True, "room": shown}
        return {"ok": False, "reason": "unknown", "rooms": [{"key": row[0], "name": row[1]} for row in self.rooms]}


@cache
def listing(slug: str) -> Listing:
    return Listing(**json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8")))


def _table(heading: str, rows: list[list[str]]) -> str:
    return "\n".join([f"{heading}:", *(f"- {' | '.join(row)}" for row in rows)]) if rows else ""


def _tool(name: str, properties: Json, required: list[str]) -> Json:
    parameters = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": name, "parameters": parameters}}


def _beginnings(text: str) -> set[str]:
    """Words by their first five letters: a rough stem in all three languages."""
    return {word[:5] for word in re.findall(r"\w{4,}", text.lower())}
