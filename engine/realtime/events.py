"""Reading what clients send: one frame of text to one checked event."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from engine.errors import BadRequest
from engine.realtime.audio import base64_size
from engine.realtime.config import (
    Format,
    MaxTokens,
    Modalities,
    Prompt,
    Reasoning,
    Strict,
    ToolChoice,
    Tools,
    Voice,
)
from engine.realtime.config_patch import refuse_mcp
from engine.realtime.errors import invalid, missing, refusal, refused
from engine.realtime.items import FunctionCall, FunctionCallOutput, ItemId, Message
from engine.realtime.limits import Limits

DEPTH = 64  # of nested objects and lists; a tool's parameters need perhaps ten
ENVELOPE = 4096  # bytes of an append event beside its audio
EVENT_ID = re.compile(r'"event_id"\s*:\s*"([^"\\]{1,512})"')


class ClientEvent(Strict):
    event_id: Annotated[str, Field(max_length=512)] | None = None


class SessionUpdate(ClientEvent):
    type: Literal["session.update"]
    session: dict[str, Any]


class Append(ClientEvent):
    type: Literal["input_audio_buffer.append"]
    audio: str


class Commit(ClientEvent):
    type: Literal["input_audio_buffer.commit"]


class Clear(ClientEvent):
    type: Literal["input_audio_buffer.clear"]


class ClearOutput(ClientEvent):
    type: Literal["output_audio_buffer.clear"]


class ItemReference(Strict):
    type: Literal["item_reference"]
    id: ItemId


SentAny = Annotated[Message | FunctionCall | FunctionCallOutput, Field(discriminator="type")]
Input = Annotated[Message | FunctionCall | FunctionCallOutput | ItemReference, Field(discriminator="type")]


class ItemCreate(ClientEvent):
    type: Literal["conversation.item.create"]
    item: SentAny
    previous_item_id: str | None = None


class ItemRetrieve(ClientEvent):
    type: Literal["conversation.item.retrieve"]
    item_id: str


class ItemTruncate(ClientEvent):
    type: Literal["conversation.item.truncate"]
    item_id: str
    content_index: Annotated[int, Field(ge=0)]
    audio_end_ms: Annotated[int, Field(ge=0)]


class ItemDelete(ClientEvent):
    type: Literal["conversation.item.delete"]
    item_id: str


class ResponseOutput(Strict):
    format: Format | None = None
    voice: Voice | None = None


class ResponseAudio(Strict):
    output: ResponseOutput | None = None


MetadataKey = Annotated[str, Field(max_length=64)]
MetadataValue = Annotated[str, Field(max_length=512)]


class ResponseParams(Strict):
    instructions: str | None = None
    output_modalities: Modalities | None = None
    audio: ResponseAudio | None = None
    tools: Tools | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: MaxTokens | None = None
    metadata: Annotated[dict[MetadataKey, MetadataValue], Field(max_length=16)] | None = None
    prompt: Prompt | None = None  # taken without effect, as in the session
    conversation: Literal["auto", "none"] | None = None
    input: Annotated[list[Input], Field(max_length=1000)] | None = None


class ResponseCreate(ClientEvent):
    type: Literal["response.create"]
    response: ResponseParams | None = None


class ResponseCancel(ClientEvent):
    type: Literal["response.cancel"]
    response_id: str | None = None


Event = (
    SessionUpdate
    | Append
    | Commit
    | Clear
    | ClearOutput
    | ItemCreate
    | ItemRetrieve
    | ItemTruncate
    | ItemDelete
    | ResponseCreate
    | ResponseCancel
)
_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])
TYPES = frozenset(
    kind.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
    for kind in (
        SessionUpdate,
        Append,
        Commit,
        Clear,
        ClearOutput,
        ItemCreate,
        ItemRetrieve,
        ItemTruncate,
        ItemDelete,
        ResponseCreate,
        ResponseCancel,
    )
)


class Unreadable(Exception):
    """A refused event, with the id that its sender gave it, where that could be read."""

    def __init__(self, error: BadRequest, event_id: str | None) -> None:
        super().__init__(error.message)
        self.error = error
        self.event_id = event_id


def read_event(frame: str | bytes, limits: Limits) -> Event:
    """Raises Unreadable."""
    raw = _read_json(frame, limits)
    event_id = raw.get("event_id")
    if not (isinstance(event_id, str) and len(event_id) <= 512):
        event_id = None
    try:
        return _checked(raw, limits)
    except BadRequest as error:
        raise Unreadable(error, event_id) from error


def _read_json(frame: str | bytes, limits: Limits) -> dict[str, Any]:
    if len(frame) > limits.event_bytes:
        _check_size(frame, limits)
    try:
        text = frame.decode() if isinstance(frame, bytes) else frame
        text.encode()  # a lone surrogate could not be sent back
        raw = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if "\\u" in text:
            json.dumps(raw, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable(refused("invalid_json", "The event is not JSON text."), None) from error
    if not isinstance(raw, dict):
        raise Unreadable(refused("invalid_event", "The event is not a JSON object."), None)
    if text.count("{") + text.count("[") > DEPTH and _too_deep(raw):
        raise Unreadable(refused("invalid_event", f"The event is nested more than {DEPTH} deep."), None)
    return raw


def _check_size(frame: str | bytes, limits: Limits) -> None:
    """By its ends alone: a refused event must stay cheap, however long it is."""
    ends = frame[:512] + frame[-512:]  # type: ignore[operator]
    text = ends.decode(errors="replace") if isinstance(ends, bytes) else ends
    append = '"input_audio_buffer.append"' in text
    limit = limits.append_bytes * 4 // 3 + ENVELOPE if append else limits.event_bytes
    if len(frame) > limit:
        found = EVENT_ID.search(text)
        what = "'audio' of one event" if append else "One event"
        raise Unreadable(
            refused("event_too_large", f"{what} may have {limit} bytes.", "audio" if append else None),
            found.group(1) if found else None,
        )


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return number


def _too_deep(raw: object) -> bool:
    level, depth = [raw], 0
    while level:
        depth += 1
        if depth > DEPTH:
            return True
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if isinstance(inner, dict | list)
        ]
    return False


def _checked(raw: dict[str, Any], limits: Limits) -> Event:
    kind = raw.get("type")
    if kind is None:
        raise refused("invalid_event", "The event has no 'type'.", "type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise invalid("type", f"'{str(kind)[:100]}' is not a client event.")
    if kind == "session.update" and raw.get("session") is None:
        raise missing("session")
    response = raw.get("response")
    if kind == "response.create" and isinstance(response, dict):
        refuse_mcp(response.get("tools"), response.get("tool_choice"), "response")
    try:
        event = _EVENTS.validate_python(raw)
    except ValidationError as error:
        raise refusal(error, raw) from error
    if isinstance(event, Append) and base64_size(event.audio) > limits.append_bytes + 2:
        raise refused("event_too_large", f"'audio' of one event may have {limits.append_bytes} bytes.", "audio")
    return event
