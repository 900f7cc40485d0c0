"""The tools of `chat/tools.py` over a listing's file: the same schemas, the same results, the same ranking."""

from collections import Counter
from typing import Any, cast

from chat.dates import resolve_date
from chat.ranking import rank
from evaluation.listing import Json, Listing

CATEGORIES = ["building", "rooms", "outdoors", "costs", "area", "terms", "history", "services", "viewing", "other"]
_TEXT = {"type": "string"}
REFER = "Say it as it stands, do not judge it, and refer to the agency or the official source."


def schemas(home: Listing) -> list[Json]:
    if home.prose:
        return []
    keys = [row["key"] for row in [*home.core(), *home.fetchable(), *home.not_stated]]
    rooms = [row["key"] for row in home.rooms]
    viewing = {
        "date": {**_TEXT, "description": "YYYY-MM-DD"},
        "time": {**_TEXT, "description": "HH:MM"},
        "note": _TEXT,
    }
    tools = [
        _tool(
            "get_facts",
            "The exact facts of this home by their keys.",
            {"keys": {"type": "array", "items": {"type": "string", "enum": keys}}},
            ["keys"],
        ),
        _tool(
            "get_knowledge",
            "What the agency knows about this home beyond its facts, best match first. Judge whether an entry "
            "answers the question.",
            {"category": {"type": "string", "enum": CATEGORIES}, "question": _TEXT},
            ["question"],
        ),
        _tool(
            "show_room",
            "Show one room of this home and get its size and description.",
            {"room": {"type": "string", "enum": rooms}},
            ["room"],
        ),
        _tool(
            "request_viewing",
            "Show the visitor the form that asks for a viewing of this home in person.",
            viewing,
            [],
        ),
        _tool("leave_message", "Show the visitor the form that sends the agency a message.", {"text": _TEXT}, ["text"]),
    ]
    return [tool for tool in tools if rooms or tool["function"]["name"] != "show_room"]


def _tool(name: str, description: str, properties: Json, required: list[str]) -> Json:
    parameters = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


def run(home: Listing, name: str, arguments: Json) -> Json:
    match name:
        case "get_facts":
            return get_facts(home, arguments["keys"])
        case "get_knowledge":
            return get_knowledge(home, arguments["question"], arguments.get("category"))
        case "show_room":
            return show_room(home, arguments["room"].strip().casefold())
        case "request_viewing":
            return _viewing(home, arguments.get("date") or "")
        case "leave_message":
            return _form("The visitor sees a message form and must send it.")
    return {"error": {"code": "unknown_tool", "message": f"There is no such tool: {name}."}}


def get_facts(home: Listing, asked: list[str]) -> Json:
    stated = {row["key"]: row for row in home.facts}
    silent = {row["key"]: row for row in home.not_stated}
    labels = {row["label"].casefold(): key for key, row in (silent | stated).items()}
    keys = list(dict.fromkeys(labels.get(key.strip().casefold(), key.strip()) for key in asked))
    usual = Counter(row["source"] for row in home.facts).most_common(1)[0][0]
    return {
        "facts": [_told(stated[key], usual) for key in keys if key in stated],
        "not_stated": [{"key": key, "label": silent[key]["label"]} for key in keys if key in silent],
        "unknown": [key for key in keys if key not in stated and key not in silent],
    }


def _told(fact: Json, usual: str) -> Json:
    told = {name: value for name, value in fact.items() if name != "voice"}
    if fact["source"] == usual:
        told |= {"source": "", "as_of": None}
    elif str(fact["as_of"]) in fact["source"]:
        told["as_of"] = None
    return told | {"note": REFER if fact["voice"] == "refer" else None}


def get_knowledge(home: Listing, question: str, category: str | None) -> Json:
    best = rank(cast(Any, home.knowledge), question, category, home.locale)
    return {"entries": [dict(vars(entry)) for entry in cast(Any, best)]}


def show_room(home: Listing, words: str) -> Json:
    same = [room for room in home.rooms if words in (room["key"], room["name"].casefold())]
    near = [room for room in home.rooms if words and words in f"{room['name']} {room['kind']}".casefold()]
    if not same and not near:
        rooms = [{"key": room["key"], "name": room["name"]} for room in home.rooms]
        return {"ok": False, "reason": "unknown", "rooms": rooms}
    shown = (same or near)[0]
    return {"ok": True, "room": {name: shown[name] for name in ("key", "name", "level", "size", "description")}}


def _viewing(home: Listing, asked: str) -> Json:
    if not home.takes_viewings:
        return _form(
            f"Viewings cannot be asked for while the home is {home.status.lower()}. "
            "The visitor sees a message form and must send it."
        )
    day = resolve_date(asked, home.today)
    return _form("The visitor sees a viewing form and must send it.", day.isoformat() if day else None)


def _form(message: str, day: str | None = None) -> Json:
    return {"status": "form_shown", "message": message, "date": day}
