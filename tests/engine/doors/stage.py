"""A real engine on a real socket, whose parts hear, think and say what the test wants."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from openai import AsyncOpenAI

from engine.app import Engine
from engine.backends import RATE, BackendError, Backends, CallDelta, Finished, Heard, Hints, Manner, TextDelta
from engine.doors.server import Server
from engine.doors.sessions import Parts
from engine.settings import Rtc, Settings

KEY = "sk-test"
BEARER = {"Authorization": f"Bearer {KEY}"}
Json = dict[str, Any]
Thought = TextDelta | CallDelta | Finished
SETTINGS = Settings(port=0, api_keys=(KEY,), rtc=Rtc(hosts=("127.0.0.1",)))
ANSWER = "The fee is $450 a month."


def tone(ms: int, loudness: int = 8000) -> bytes:
    """PCM16 24 kHz."""
    return (np.sin(np.arange(ms * RATE // 1000) * 2 * np.pi * 440 / RATE) * loudness).astype(np.int16).tobytes()


class Loudness:
    """Speech is what is loud."""

    def probability(self, frame: bytes) -> float:
        return 1.0 if np.abs(np.frombuffer(frame, np.int16).astype(np.int32)).mean() > 500 else 0.0

    def reset(self) -> None:
        pass


@dataclass
class Ear:
    """Understands everything as the same words; `heard` holds the seconds of each hearing."""

    text: str = "What is the fee?"
    heard: list[float] = field(default_factory=list)
    open: int = 0

    async def listen(self, hints: Hints) -> "Hearing":
        self.open += 1
        return Hearing(self)

    async def aclose(self) -> None:
        pass


class Hearing:
    def __init__(self, ear: Ear) -> None:
        self._ear, self._size, self._closed = ear, 0, False

    async def feed(self, pcm: bytes) -> None:
        self._size += len(pcm)

    async def finish(self) -> Heard:
        self._ear.heard.append(self._size / (RATE * 2))
        return Heard(self._ear.text, self._size / (RATE * 2))

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            self._ear.open -= 1


def answers(body: Mapping[str, Any]) -> list[Thought]:
    """Calls the first tool once, then answers."""
    last = body["messages"][-1]["role"]
    if body.get("tools") and last != "tool":
        name = body["tools"][0]["function"]["name"]
        return [CallDelta(0, "call_1", name, '{"key":'), CallDelta(0, arguments='"fee"}'), Finished("tool_calls")]
    return [TextDelta(ANSWER), Finished()]


@dataclass
class Mind:
    answer: Callable[[Mapping[str, Any]], list[Thought]] = answers
    bodies: list[Json] = field(default_factory=list)
    hold: asyncio.Event | None = None  # waits for it before it answers
    cancelled: int = 0

    async def think(self, body: Mapping[str, Any]) -> AsyncIterator[Thought]:
        self.bodies.append(dict(body))
        try:
            if self.hold is not None:
                await self.hold.wait()
            for piece in self.answer(body):
                yield piece
                await asyncio.sleep(0)
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += 1
            raise

    async def aclose(self) -> None:
        pass


@dataclass
class Voice:
    """A tone for each sentence, in pieces of 100 ms."""

    ms: int = 1000
    said: list[str] = field(default_factory=list)
    speaking: int = 0
    chunks: int = 0
    error: BackendError | None = None

    async def speak(self, text: str, manner: Manner) -> AsyncIterator[bytes]:
        self.said.append(text)
        self.speaking += 1
        try:
            if self.error is not None:
                raise self.error
            for _ in range(self.ms // 100):
                self.chunks += 1
                yield tone(100)
                await asyncio.sleep(0)
        finally:
            self.speaking -= 1

    async def aclose(self) -> None:
        pass


@dataclass
class House:
    """The engine that is being tested, and the way to it."""

    engine: Engine
    server: Server
    url: str  # ends with /v1
    ear: Ear
    mind: Mind
    voice: Voice

    @property
    def sessions(self) -> int:
        assert self.engine.sessions is not None
        return len(self.engine.sessions)

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws", 1) + "/realtime"

    def client(self, key: str = KEY, **options: Any) -> AsyncOpenAI:
        return AsyncOpenAI(base_url=self.url, api_key=key, max_retries=0, **options)


@asynccontextmanager
async def house(settings: Settings = SETTINGS, **changes: Any) -> AsyncIterator[House]:
    settings = replace(settings, **changes)
    ear, mind, voice = Ear(), Mind(), Voice()
    engine = Engine(settings, Parts(Backends(ear, mind, voice), Loudness))
    server = Server(settings, engine.app, engine.drain)
    listener = socket.create_server(("127.0.0.1", settings.port))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await until(lambda: server.started or serving.done())
    scheme = "https" if settings.tls_cert else "http"
    try:
        yield House(engine, server, f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/v1", ear, mind, voice)
    finally:
        server.should_exit = True
        await serving


async def until(what: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait for something that is nobody's event."""
    async with asyncio.timeout(seconds):
        while not what():  # noqa: ASYNC110 - that is what this is for
            await asyncio.sleep(0.01)


def user(text: str) -> Json:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def ask(text: str = "What is the fee?") -> list[str]:
    """The client's events of a typed question."""
    created = {"type": "conversation.item.create", "item": user(text)}
    return [json.dumps(created), json.dumps({"type": "response.create"})]
