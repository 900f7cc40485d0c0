"""What the tools have brought back since the visitor's last message."""

import json
from dataclasses import dataclass, field
from typing import Any

from engine.requests import Message
from engine.think.briefing import Fact, Room, without_orders
from engine.think.thought import Call


@dataclass(frozen=True, slots=True)
class Entry:
    question: str
    answer: str
    source: str = ""
    as_of: str = ""


@dataclass(slots=True)
class Findings:
    calls: list[Call] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    rooms: dict[str, Room] = field(default_factory=dict)
    refused_rooms: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    rounds: int = 0


def read_findings(messages: list[Message]) -> Findings:
    """From the messages after the visitor's last one."""
    findings = Findings()
    names: dict[str, Call] = {}
    for message in messages:
        if message.role == "assistant" and message.tool_calls:
            findings.rounds += 1
            for tool_call in message.tool_calls:
                call = Call(tool_call.function.name, _arguments(tool_call.function.arguments))
                names[tool_call.id] = call
                findings.calls.append(call)
        elif message.role == "tool" and message.tool_call_id in names:
            _take(findings, names[message.tool_call_id], message.text)
    return findings


def _arguments(text: str) -> dict[str, Any]:
    try:
        arguments = json.loads(text or "{}")
    except ValueError:
        return {}
    return arguments if isinstance(arguments, dict) else {}


def _take(findings: Findings, call: Call, text: str) -> None:
    try:
        result = json.loads(text)
    except ValueError:
        result = text
    if isinstance(result, dict):
        _take_object(findings, call, result)
    else:
        _take_any(findings, result, "")


def _take_object(findings: Findings, call: Call, result: dict[str, Any]) -> None:
    if result.get("error"):
        return
    if result.get("status") == "form_shown":
        findings.forms.add(call.name)
        return
    if result.get("ok") is False:
        findings.refused_rooms.add(str(call.arguments.get("room", "")))
        return
    if isinstance(result.get("room"), dict):
        room = result["room"]
        key = str(room.get("key") or call.arguments.get("room", ""))
        level, size = str(room.get("level") or ""), str(room.get("size") or "")
        details = size if level.lower() in size.lower() else ", ".join(part for part in (level, size) if part)
        description = without_orders(str(room.get("description") or ""))
        as_of = without_orders(str(room.get("dated") or ""))
        findings.rooms[key] = Room(key, str(room.get("name") or key), without_orders(details), description, as_of)
        return
    _take_any(findings, {key: value for key, value in result.items() if key not in _ABSENT}, "")


_ABSENT = ("not_stated", "unknown", "ok", "status", "total", "count", "rooms")


def _take_any(findings: Findings, value: Any, name: str) -> None:
    """Results of tools that we do not know: labelled values are facts, texts are entries."""
    if isinstance(value, list):
        for item in value:
            _take_any(findings, item, name)
    elif isinstance(value, dict):
        _take_dict(findings, value)
    elif isinstance(value, str) and not name:
        findings.entries.append(Entry("", without_orders(value)))
    elif value is not None and name and str(value).strip():
        findings.facts[name] = Fact(name, name.replace("_", " ").capitalize(), without_orders(str(value)))


def _take_dict(findings: Findings, item: dict[str, Any]) -> None:
    label = item.get("label") or item.get("name") or item.get("key")
    value = item.get("written") or item.get("value")
    answer = item.get("answer") or item.get("text") or item.get("content")
    source = str(item.get("source") or "")
    as_of = str(item.get("dated") or item.get("as_of") or item.get("source_date") or "")
    if isinstance(answer, str):
        question = str(item.get("question") or item.get("title") or "")
        if answer := without_orders(answer):
            findings.entries.append(Entry(question, answer, source, as_of))
    elif label and value is not None and not isinstance(value, dict | list):
        key = str(item.get("key") or label)
        if written := without_orders(str(value)):
            note = str(item.get("note") or "")
            findings.facts[key] = Fact(key, str(label), written, source, as_of, without_orders(note))
    else:
        for name, inner in item.items():
            _take_any(findings, inner, name)
