"""`/v1/chat/completions`: the thinker, whole or as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from engine.doors.bodies import parse_json, read_body
from engine.errors import NotFound, Overloaded
from engine.requests import read_chat_request
from engine.settings import Settings
from engine.think import think
from engine.wire import Completion, complete


class Chat:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.active = 0  # answers under way

    async def complete(self, request: Request) -> Response:
        asked = read_chat_request(parse_json(await read_body(request, self._settings.max_body_bytes)))
        if asked.model not in self._settings.models:
            raise NotFound(f"The model '{asked.model}' does not exist.", param="model", code="model_not_found")
        if self.active >= self._settings.max_concurrent:
            raise Overloaded("The engine is busy: try again in a second.")
        self.active += 1
        try:
            completion = complete(asked, await asyncio.to_thread(think, asked))
        except BaseException:
            self.active -= 1
            raise
        if not asked.stream:
            self.active -= 1
            return JSONResponse(completion.as_object())
        events = self._events(completion, include_usage=asked.wants_usage)
        return _EventStream(events, self._release)

    def _release(self) -> None:
        self.active -= 1

    async def _events(self, completion: Completion, *, include_usage: bool) -> AsyncIterator[str]:
        for chunk in completion.chunks(include_usage=include_usage):
            yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
            await asyncio.sleep(self._settings.word_delay_ms / 1000)
        yield "data: [DONE]\n\n"


class _EventStream(StreamingResponse):
    """Server-sent events that tell their end, however the end comes."""

    def __init__(self, events: AsyncIterator[str], release: Callable[[], None]) -> None:
        super().__init__(events, media_type="text/event-stream", headers={"cache-control": "no-cache"})
        self._release = release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except ClientDisconnect:
            pass
        finally:
            self._release()
