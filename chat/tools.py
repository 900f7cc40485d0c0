"""What the agent may do. A tool gets the record of one home from us; the model's words are search text only.

Nothing here changes anything: a form is shown, and the visitor sends it. Nor does anything need Django, so that the
evaluation runs the very same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, field_validator

from chat.dates import resolve_date, resolve_time
from chat.known import Record, RoomCard, plain_facts
from chat.ranking import rank

if TYPE_CHECKING:
    from properties.facts import Fact

KEYS_AT_ONCE = 24
TEXT_CHARACTERS = 1000


@dataclass(slots=True)
class Outcome:
    """What the model is told, and what we keep of it."""

    output: dict[str, Any]
    fact_keys: list[str] = field(default_factory=list)
    form: dict[str, Any] | None = None
    found: bool | None = None  # None: this was not a look-up


class Text(BaseModel):
    """Arguments as a model writes them: extra ones are ignored, long ones cut, numbers taken as text."""

    model_config = {"coerce_numbers_to_str": True, "extra": "ignore"}

    @field_validator("*", mode="before")
    @classmethod
    def cut(cls, value: Any) -> Any:
        if isinstance(value, list):
            return [cls.cut(item) for item in value]
        # PostgreSQL keeps no NUL, in text or in JSON.
        return value.replace("\0", "")[:TEXT_CHARACTERS] if isinstance(value, str) else value


class Facts(Text):
    keys: list[str] = Field(max_length=KEYS_AT_ONCE)

    @field_validator("keys", mode="before")
    @classmethod
    def one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class Knowledge(Text):
    question: str
    category: str | None = None


class ShownRoom(Text):
    room: str


class Viewing(Text):
    date: str | None = None
    time: str | None = None
    note: str | None = None


class Note(Text):
    text: str


async def get_facts(record: Record, asked: Facts) -> Outcome:
    stated = {fact.key: fact for fact in record.sheet.facts}
    silent = {fact.key: fact for fact in record.sheet.not_stated}
    labels = {fact.label.casefold(): key for key, fact in (silent | stated).items()}
    keys = list(dict.fromkeys(labels.get(key.strip().casefold(), key.strip()) for key in asked.keys))
    found = [stated[key] for key in keys if key in stated]
    usual = usual_source(record)
    output = {
        "facts": [_told(fact, usual) for fact in found],
        "not_stated": [{"key": key, "label": silent[key].label} for key in keys if key in silent and key not in stated],
        "unknown": [key for key in keys if key not in stated and key not in silent],
    }
    return Outcome(output, [fact.key for fact in found], found=bool(found))


def usual_source(record: Record) -> str:
    """Where nearly all facts are from: the listing itself, which no answer needs to name."""
    sources = Counter(fact.source for fact in plain_facts(record.sheet.facts))
    return sources.most_common(1)[0][0] if sources else ""


def _told(fact: Fact, usual: str) -> dict[str, Any]:
    refer = "Say it as it stands, do not judge it, and refer to the agency or the official source."
    told = fact.public_dict()
    del told["group"]
    if fact.source == usual:
        told["source"] = ""
    if fact.dated or fact.source == usual or str(fact.as_of) in fact.source:
        told["as_of"] = None
    told |= {"dated": fact.dated or None, "dated_spoken": fact.dated_spoken or None}
    return told | {"note": refer if fact.voice == "refer" else None}


async def get_knowledge(record: Record, asked: Knowledge) -> Outcome:
    entries = rank(record.knowledge, asked.question, asked.category, record.locale)
    output = {
        "entries": [
            {
                "key": entry.key,
                "category": entry.category,
                "question": entry.question,
                "answer": entry.answer,
                "source": entry.source,
                "as_of": None if entry.dated else entry.as_of,
                "dated": entry.dated or None,
            }
            for entry in entries
        ]
    }
    return Outcome(output, [f"knowledge.{entry.key}" for entry in entries], found=bool(entries))


async def show_room(record: Record, asked: ShownRoom) -> Outcome:
    room = _find_room(record, asked.room.strip().casefold())
    if room is None:
        rooms = [{"key": room.key, "name": room.name} for room in record.rooms]
        return Outcome({"ok": False, "reason": "unknown", "rooms": rooms}, found=False)
    card = {
        "key": room.key,
        "name": room.name,
        "level": room.level,
        "size": room.size,
        "description": room.description,
        "dated": room.dated or None,
    }
    return Outcome({"ok": True, "room": card}, [f"room.{room.key}"], found=True)


def _find_room(record: Record, words: str) -> RoomCard | None:
    for room in record.rooms:
        if words in (room.key, room.name.casefold()):
            return room
    near = [room for room in record.rooms if words and words in f"{room.name} {room.kind}".casefold()]
    return near[0] if near else None


async def request_viewing(record: Record, asked: Viewing) -> Outcome:
    if not record.takes_viewings:
        return _form(
            {"kind": "message", "note": asked.note or ""},
            f"Viewings cannot be asked for while the home is {record.status.lower()}. "
            "The visitor sees a message form and must send it.",
        )
    day = resolve_date(asked.date or "", record.today)
    hour = resolve_time(asked.time or "")
    form = {
        "kind": "viewing",
        "date": day.isoformat() if day else "",
        "time": hour.strftime("%H:%M") if hour else "",
        "note": asked.note or "",
    }
    return _form(form, "The visitor sees a viewing form and must send it.")


async def leave_message(record: Record, asked: Note) -> Outcome:
    return _form({"kind": "message", "note": asked.text}, "The visitor sees a message form and must send it.")


def _form(form: dict[str, Any], message: str) -> Outcome:
    shown = {"kind": "message", "date": "", "time": "", "note": ""} | form
    return Outcome({"status": "form_shown", "message": message, "date": shown["date"] or None}, form=shown)


@dataclass(frozen=True, slots=True)
class Tool:
    description: str
    arguments: type[BaseModel]
    run: Callable[[Record, Any], Awaitable[Outcome]]


TOOLS: dict[str, Tool] = {
    "get_facts": Tool("The exact facts of this home by their keys.", Facts, get_facts),
    "get_knowledge": Tool(
        "What the agency knows about this home beyond its facts, best match first. Judge whether an entry "
        "answers the question.",
        Knowledge,
        get_knowledge,
    ),
    "show_room": Tool("Show one room of this home and get its size and description.", ShownRoom, show_room),
    "request_viewing": Tool(
        "Show the visitor the form that asks for a viewing of this home in person.", Viewing, request_viewing
    ),
    "leave_message": Tool("Show the visitor the form that sends the agency a message.", Note, leave_message),
}


def schemas(record: Record) -> list[dict[str, Any]]:
    """The tools as Chat Completions wants them, with the keys of this home alone."""
    text = {"type": "string"}
    facts = [*plain_facts(record.sheet.core()), *record.fetchable(), *record.silent()]
    keys = list(dict.fromkeys(fact.key for fact in facts))
    categories = sorted(record.categories())
    narrowed = {"category": {"type": "string", "enum": categories}} if categories else {}
    properties: dict[str, tuple[dict[str, Any], list[str]]] = {
        "get_facts": ({"keys": {"type": "array", "items": {"type": "string", "enum": keys}}}, ["keys"]),
        "get_knowledge": ({**narrowed, "question": text}, ["question"]),
        "show_room": ({"room": {"type": "string", "enum": [room.key for room in record.rooms]}}, ["room"]),
        "request_viewing": (
            {
                "date": {**text, "description": "YYYY-MM-DD"},
                "time": {**text, "description": "HH:MM"},
                "note": text,
            },
            [],
        ),
        "leave_message": ({"text": text}, ["text"]),
    }
    empty = {name for name, there in (("get_facts", keys), ("show_room", record.rooms)) if not there}
    return [_schema(name, *properties[name]) for name in TOOLS if name not in empty]


def _schema(name: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return {
        "type": "function",
        "function": {"name": name, "description": TOOLS[name].description, "parameters": parameters},
    }
