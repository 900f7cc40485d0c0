"""What the offered tools can do, told from their names and schemas."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from engine.requests import Function, Tool
from engine.think.thought import Call


class Toolbox:
    def __init__(self, tools: Iterable[Tool] | None) -> None:
        self.functions = [tool.function for tool in tools or []]
        self.show_room = self._take(r"room|navigate|go_to|tour_to", r"room")
        self.viewing = self._take(r"viewing|showing|visit|appointment|booking|book_", r"date")
        self.message = self._take(r"message|contact|callback|lead|note", r"text|message")
        self.facts = self._take(r"facts?$|fields?$|details?$|propert|listing", r"keys?|fields?|topics?|names?")
        self.knowledge = self._take(
            r"knowledge|faq|search|ask|lookup|find|question|document", r"question|query|search|q|text"
        )

    def _take(self, name: str, parameter: str) -> Function | None:
        """The first function, not taken yet, whose name and one of whose parameters fit."""
        taken = {function.name for function in vars(self).values() if isinstance(function, Function)}
        for function in self.functions:
            names = _parameters(function)
            fits = any(re.fullmatch(parameter, one) for one in names)
            if function.name not in taken and re.search(name, function.name) and fits:
                return function
        return None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the facts tool takes; empty when it does not list them."""
        if not self.facts:
            return ()
        schema = _parameters(self.facts)[self._keys_parameter]
        return tuple(str(key) for key in schema.get("items", schema).get("enum") or ())

    @property
    def _keys_parameter(self) -> str:
        assert self.facts
        names = _parameters(self.facts)
        return next(name for name in names if re.fullmatch(r"keys?|fields?|topics?|names?", name))

    @property
    def room_keys(self) -> tuple[str, ...]:
        if not self.show_room:
            return ()
        return tuple(str(key) for key in _parameters(self.show_room)["room"].get("enum") or ())

    def ask_facts(self, keys: list[str]) -> list[Call]:
        if not self.facts or not keys:
            return []
        name, parameter = self.facts.name, self._keys_parameter
        if _parameters(self.facts)[parameter].get("type") == "string":
            return [Call(name, {parameter: key}) for key in keys]
        return [Call(name, {parameter: keys})]

    def ask_knowledge(self, question: str) -> list[Call]:
        return self._call(self.knowledge, {r"question|query|search|q|text": question, r"category": "other"})

    def ask_room(self, room: str) -> list[Call]:
        return self._call(self.show_room, {r"room": room})

    def ask_viewing(self, date: str | None, time: str | None, note: str) -> list[Call]:
        return self._call(self.viewing, {r"date|day": date, r"time": time, r"note|notes|comment": note})

    def ask_message(self, text: str) -> list[Call]:
        return self._call(self.message, {r"text|message|note|body": text})

    def _call(self, function: Function | None, values: dict[str, str | None]) -> list[Call]:
        """Values by pattern of the parameter's name. An optional category is left open: it only narrows."""
        if not function:
            return []
        arguments: dict[str, Any] = {}
        required = (function.parameters or {}).get("required") or []
        for name, schema in _parameters(function).items():
            value = next((value for pattern, value in values.items() if re.fullmatch(pattern, name)), None)
            if name == "category" and name not in required:
                continue
            if value is None and name in required:
                value = ""
            if value is not None:
                arguments[name] = _allowed(schema, value)
        return [Call(function.name, arguments)]

    def force(self, name: str | None, question: str) -> list[Call]:
        """A call that the request demands: of `name`, or of whatever suits a question best."""
        ways: tuple[tuple[Function | None, Callable[[], list[Call]]], ...] = (
            (self.knowledge, lambda: self.ask_knowledge(question)),
            (self.facts, lambda: self.ask_facts(list(self.keys[:1]))),
            (self.show_room, lambda: self.ask_room(self.room_keys[0] if self.room_keys else question)),
            (self.viewing, lambda: self.ask_viewing(None, None, question)),
            (self.message, lambda: self.ask_message(question)),
        )
        for function, way in ways:
            if function and name in (None, function.name) and (calls := way()):
                return calls
        chosen = next((one for one in self.functions if name in (None, one.name)), None)
        return [_minimal(chosen, question)] if chosen else []


def _parameters(function: Function) -> dict[str, dict[str, Any]]:
    properties = (function.parameters or {}).get("properties")
    if not isinstance(properties, dict):
        return {}
    return {name: schema if isinstance(schema, dict) else {} for name, schema in properties.items()}


def _allowed(schema: dict[str, Any], value: str) -> str:
    choices = schema.get("enum")
    if not isinstance(choices, list) or not choices or value in choices:
        return value
    return str(choices[-1])


def _minimal(function: Function, question: str) -> Call:
    """Required parameters only: the first choice of an enum, else an empty value of the type."""
    empty: dict[str, Any] = {"string": question, "integer": 0, "number": 0, "boolean": False, "array": []}
    required = (function.parameters or {}).get("required") or []
    schemas = _parameters(function)
    arguments: dict[str, Any] = {}
    for name in required:
        schema = schemas.get(name, {})
        choices = schema.get("enum")
        arguments[name] = choices[0] if choices else empty.get(str(schema.get("type")), {})
    return Call(function.name, arguments)
