"""The items of a conversation: as clients send them, as we keep them, as we show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.realtime.audio import milliseconds, size_of
from engine.realtime.config import Name, Strict
from engine.realtime.outbox import new_id

ItemId = Annotated[str, Field(min_length=1, max_length=64)]
Status = Literal["completed", "incomplete", "in_progress"]


class SentItem(Strict):
    id: ItemId | None = None
    object: Literal["realtime.item"] | None = None
    status: Status | None = None  # has no effect, as documented


class InputText(Strict):
    type: Literal["input_text"]
    text: str


class InputAudio(Strict):
    type: Literal["input_audio"]
    audio: str
    transcript: str | None = None  # where given it is believed, and the sound is not listened to


class OutputText(Strict):
    type: Literal["output_text"]
    text: str


UserPart = Annotated[InputText | InputAudio, Field(discriminator="type")]


class UserMessage(SentItem):
    type: Literal["message"]
    role: Literal["user"]
    content: Annotated[list[UserPart], Field(min_length=1, max_length=64)]


class AssistantMessage(SentItem):
    type: Literal["message"]
    role: Literal["assistant"]
    content: Annotated[list[OutputText], Field(min_length=1, max_length=64)]


class SystemMessage(SentItem):
    type: Literal["message"]
    role: Literal["system"]
    content: Annotated[list[InputText], Field(min_length=1, max_length=64)]


class FunctionCall(SentItem):
    type: Literal["function_call"]
    name: Name
    arguments: str
    call_id: Annotated[str, Field(min_length=1, max_length=200)]


class FunctionCallOutput(SentItem):
    type: Literal["function_call_output"]
    call_id: Annotated[str, Field(min_length=1, max_length=200)]
    output: str


Message = Annotated[UserMessage | AssistantMessage | SystemMessage, Field(discriminator="role")]
Sent = UserMessage | AssistantMessage | SystemMessage | FunctionCall | FunctionCallOutput


@dataclass(slots=True, eq=False)
class Part:
    """One content part. `text` is the text or the transcript; None: not known (yet, or no more)."""

    type: str
    text: str | None = None
    audio: bytes | bytearray = b""  # PCM16 24 kHz; empty too where it was let go
    ms: int = 0  # of sound, also after the sound was let go

    def as_object(self) -> dict[str, Any]:
        if self.type in ("input_audio", "output_audio"):
            return {"type": self.type, "transcript": self.text}
        return {"type": self.type, "text": self.text or ""}


@dataclass(slots=True, eq=False)
class Item:
    type: str
    id: str = field(default_factory=lambda: new_id("item"))
    status: Status = "completed"
    role: str = ""
    parts: list[Part] = field(default_factory=list)
    name: str = ""
    arguments: str = ""
    call_id: str = ""
    output: str = ""
    heard: str | None = None  # of a truncated item: the sentences that were played to their end
    sentences: list[tuple[str, int]] = field(default_factory=list)  # of a spoken item, with their end in ms
    unheard: bool = False  # a hearing of it is under way
    silent: bool = False  # committed by the idle timeout: nobody spoke

    def as_object(self) -> dict[str, Any]:
        """Without sound. Absent fields are left out: official parsers refuse their nulls (openai.md, 5.2)."""
        shown: dict[str, Any] = {"id": self.id, "object": "realtime.item", "type": self.type, "status": self.status}
        if self.type == "message":
            return {**shown, "role": self.role, "content": [part.as_object() for part in self.parts]}
        if self.type == "function_call":
            return {**shown, "call_id": self.call_id, "name": self.name, "arguments": self.arguments}
        return {**shown, "call_id": self.call_id, "output": self.output}

    @property
    def sound(self) -> Part | None:
        return next((part for part in self.parts if part.type in ("input_audio", "output_audio")), None)

    def truncate(self, ms: int) -> None:
        """Forget what was not played. The transcript goes; what was heard stays known to the mind alone."""
        part = self.sound
        if part is None:
            return
        self.heard = "".join(text for text, end in self.sentences if end <= ms)
        self.sentences = [(text, end) for text, end in self.sentences if end <= ms]
        part.text, part.ms = None, ms
        part.audio = bytes(part.audio[: size_of(ms)])


def spoken_item(audio: bytes, item_id: str) -> Item:
    """A user's turn of speech, its transcript not yet known."""
    part = Part("input_audio", None, audio, milliseconds(len(audio)))
    return Item("message", item_id, role="user", parts=[part])


def made_item(sent: Sent) -> Item:
    """What a client sent, without its audio, which must be decoded by who knows its format."""
    item = Item(sent.type, sent.id or new_id("item"))
    if isinstance(sent, FunctionCall):
        item.name, item.arguments, item.call_id = sent.name, sent.arguments, sent.call_id
    elif isinstance(sent, FunctionCallOutput):
        item.call_id, item.output = sent.call_id, sent.output
    else:
        item.role = sent.role
        item.parts = [
            Part(part.type, part.transcript if isinstance(part, InputAudio) else part.text) for part in sent.content
        ]
    return item
