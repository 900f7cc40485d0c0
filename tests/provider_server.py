"""A provider that does as it is told: an OpenAI-like server on a real socket, for what real ones do on bad days.

`server.plays` is a list of plays, one for each request; the last is repeated. A play is a function of the request's
JSON that returns a Starlette response; `say`, `call`, `refuse` and the others below make them.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import sleep
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Json = dict[str, Any]
Play = Callable[[Json], Response]


class Cut(Exception):
    """The server drops the connection in the middle of its answer."""


@dataclass
class ProviderServer:
    base_url: str = ""
    plays: list[Play] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def play(self, *plays: Play) -> None:
        """From now on, answer with these."""
        self.plays = list(plays)
        self.requests, self.keys = [], []
        self.gone.clear()

    async def answer(self, request: Request) -> Response:
        asked = await request.json()
        self.requests.append(asked)
        self.keys.append(request.headers.get("authorization", ""))
        play = self.plays.pop(0) if len(self.plays) > 1 else self.plays[0]
        return play(asked)


@contextmanager
def running_provider() -> Iterator[ProviderServer]:
    provider = ProviderServer()
    app = Starlette(routes=[Route("/v1/chat/completions", provider.answer, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.base_url = f"http://127.0.0.1:{port}/v1"
    try:
        yield provider
    finally:
        server.force_exit = server.should_exit = True
        thread.join(timeout=5)


# --- Plays ---
def say(*pieces: str, finish: str | None = "stop", pause: float = 0) -> Play:
    """The pieces as deltas; without `finish` the stream just ends."""

    async def events() -> AsyncIterator[str]:
        for piece in pieces:
            yield event(chunk({"content": piece}))
            await asyncio.sleep(pause)
        if finish:
            yield event(chunk({}, finish))
            yield "data: [DONE]\n\n"

    return lambda asked: stream(events())


def call(*calls: tuple[str, Any], before: str = "", ids: str = "call") -> Play:
    """Ask for tools; arguments that are text go out as they are, in two pieces each."""

    async def events() -> AsyncIterator[str]:
        if before:
            yield event(chunk({"content": before}))
        for index, (name, arguments) in enumerate(calls):
            text = arguments if isinstance(arguments, str) else json.dumps(arguments)
            head = {"index": index, "id": f"{ids}_{index}", "type": "function"}
            yield event(chunk({"tool_calls": [{**head, "function": {"name": name, "arguments": text[:3]}}]}))
            yield event(chunk({"tool_calls": [{"index": index, "function": {"arguments": text[3:]}}]}))
        yield event(chunk({}, "tool_calls"))
        yield "data: [DONE]\n\n"

    return lambda asked: stream(events())


def quote_tools(asked: Json) -> Response:
    """Say the written form of every fact and the answer of the best entry that the tools returned."""
    results = [json.loads(message["content"]) for message in asked["messages"] if message["role"] == "tool"]
    facts = [f"{fact['label']}: {fact['written']}." for result in results for fact in result.get("facts", [])]
    entries = [result["entries"][0]["answer"] for result in results if result.get("entries")]
    return say(" ".join([*facts, *entries]) or "The listing does not say.")(asked)


def refuse(status: int, code: str | None = None, type: str = "invalid_request_error", **headers: str) -> Play:
    secret = "the provider's own words about sk-secret"
    error = {"message": secret, "type": type, "param": None, "code": code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked: JSONResponse({"error": error}, status, headers=named)


def garbage(body: str, content_type: str = "text/html") -> Play:
    return lambda asked: Response(body, media_type=content_type)


def hang(seconds: float, *pieces: str) -> Play:
    """Say the pieces, then nothing for a long time."""

    async def events() -> AsyncIterator[str]:
        for piece in pieces:
            yield event(chunk({"content": piece}))
        await asyncio.sleep(seconds)

    return lambda asked: stream(events())


def fail_midway(*pieces: str, code: str | None = "server_error") -> Play:
    """An error object in the middle of a stream."""

    async def events() -> AsyncIterator[str]:
        for piece in pieces:
            yield event(chunk({"content": piece}))
        yield event({"error": {"message": "the provider's own words", "type": "server_error", "code": code}})

    return lambda asked: stream(events())


def cut(*pieces: str) -> Play:
    async def events() -> AsyncIterator[str]:
        for piece in pieces:
            yield event(chunk({"content": piece}))
            await asyncio.sleep(0.01)
        raise Cut

    return lambda asked: stream(events())


def watched(server: ProviderServer, *pieces: str) -> Play:
    """Say the pieces, then wait; `server.gone` is set when the client has hung up."""

    async def events() -> AsyncIterator[str]:
        try:
            for piece in pieces:
                yield event(chunk({"content": piece}))
            await asyncio.sleep(30)
        finally:
            server.gone.set()

    return lambda asked: stream(events())


def stream(events: AsyncIterator[str]) -> Response:
    return StreamingResponse(events, media_type="text/event-stream")


def event(data: Json) -> str:
    return f"data: {json.dumps(data)}\n\n"


def chunk(delta: Json, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    return {**head, "choices": [choice]}
