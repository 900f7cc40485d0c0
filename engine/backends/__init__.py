"""Hear, think, speak: the three replaceable parts of a voice session.

Audio is PCM16, little endian, mono, 24 kHz everywhere between these parts; a backend resamples for itself.
Closing a part's stream cancels its work and may be done twice; after it nothing more arrives.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

RATE = 24_000  # samples a second


class BackendError(Exception):
    """A part that could not do its work.

    code     "authentication" | "quota" | "rate_limit" | "timeout" | "unavailable" | "bad_answer" | "unsupported"
    message  for the operator's log; a session tells its client only that the part failed
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Hints:
    """What the session knows about the words to come: `audio.input.transcription` of the Realtime API."""

    language: str = ""  # ISO 639-1, empty: not known
    prompt: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of speech as text; empty text: nothing intelligible was said."""

    text: str
    seconds: float  # of audio that was listened to
    language: str = ""


class Hearing(Protocol):
    """One stretch of speech, recognised while it comes in."""

    async def feed(self, pcm: bytes) -> None:
        """Take audio without waiting for its recognition; waits only where the backend's bound is reached."""

    async def finish(self) -> Heard:
        """No more audio comes: the whole text. BackendError where it failed."""

    async def aclose(self) -> None: ...


class Ear(Protocol):
    async def listen(self, hints: Hints) -> Hearing: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class CallDelta:
    """A piece of a tool call; `id` and `name` come with the first piece of each index, `arguments` is JSON text."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last of a stream. finish_reason: "stop" | "tool_calls" | "length" | "content_filter"."""

    finish_reason: str = "stop"
    usage: Mapping[str, Any] = field(default_factory=dict)


class Mind(Protocol):
    def think(self, body: Mapping[str, Any]) -> AsyncIterator[TextDelta | CallDelta | Finished]:
        """Stream the answer to a chat completions body (`messages`, `tools`, `tool_choice`, …; without `stream`).

        Closing the iterator cancels. BackendError where the answer failed, also in its middle.
        """

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Manner:
    """How to speak: `audio.output` of the Realtime API. `speed` 0.25 to 1.5, 1.0 is normal."""

    voice: str = ""
    speed: float = 1.0
    language: str = ""  # ISO 639-1, empty: the backend's own


class Voice(Protocol):
    def speak(self, text: str, manner: Manner) -> AsyncIterator[bytes]:
        """Stream whole samples of one sentence, the first as soon as they exist. Closing the iterator cancels."""

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Backends:
    ear: Ear
    mind: Mind
    voice: Voice

    async def aclose(self) -> None:
        for part in self.parts():
            await part.aclose()

    def parts(self) -> Sequence[Ear | Mind | Voice]:
        return (self.ear, self.mind, self.voice)
