import asyncio
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.errors import (
    BadRequest,
    BodyTooLarge,
    EngineError,
    InvalidApiKey,
    MethodNotAllowed,
    NotFound,
    Overloaded,
)
from engine.requests import read_chat_request
from engine.settings import Settings
from engine.think import think
from engine.wire import Completion, complete

logger = logging.getLogger("engine")
MODELS_CREATED = 1_763_942_400  # the same at every start, as a model's date should be

Endpoint = Callable[[Request], Awaitable[Response]]


class Engine:
    """The routes and what they share: the settings and the number of answers under way."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.active = 0

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "active": self.active})

    async def list_models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [_model(name) for name in self.settings.models]})

    async def show_model(self, request: Request) -> Response:
        name = request.path_params["model"]
        self._check_model(name)
        return JSONResponse(_model(name))

    async def chat(self, request: Request) -> Response:
        asked = read_chat_request(_parse(await self._body(request)))
        self._check_model(asked.model)
        if self.active >= self.settings.max_concurrent:
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
            await asyncio.sleep(self.settings.word_delay_ms / 1000)
        yield "data: [DONE]\n\n"

    async def _body(self, request: Request) -> bytes:
        """The whole body, at most `max_body_bytes` of it: more is never held in memory."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > self.settings.max_body_bytes:
                limit = self.settings.max_body_bytes
                raise BodyTooLarge(f"The body is larger than {limit} bytes: send a shorter conversation.")
        return bytes(body)

    def _check_model(self, name: str) -> None:
        if name not in self.settings.models:
            raise NotFound(f"The model '{name}' does not exist.", param="model", code="model_not_found")

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        async def guard(request: Request) -> Response:
            self._check_key(request.headers.get("authorization", ""))
            return await endpoint(request)

        return guard

    def _check_key(self, header: str) -> None:
        scheme, _, key = header.partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise InvalidApiKey("No API key: send 'Authorization: Bearer <key>'.")
        known = self.settings.api_keys
        # Without keys in the settings the engine is for this machine only and takes any bearer.
        if known and not any(hmac.compare_digest(key.encode(), one.encode()) for one in known):
            raise InvalidApiKey("Incorrect API key provided.")


class _EventStream(StreamingResponse):
    """Server-sent events that tell their end to the engine, however the end comes."""

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


class RequestId:
    """Every answer carries `x-request-id`, which the official clients show in their errors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", f"req_{uuid4().hex}".encode())]
            await send(message)

        await self.app(scope, receive, send_with_id)


def make_app(settings: Settings) -> ASGIApp:
    engine = Engine(settings)
    routes = [
        Route("/healthz", engine.health),
        Route("/v1/models", engine.guarded(engine.list_models), methods=["GET"]),
        Route("/v1/models/{model:path}", engine.guarded(engine.show_model), methods=["GET"]),
        Route("/v1/chat/completions", engine.guarded(engine.chat), methods=["POST"]),
    ]
    handlers = {EngineError: _engine_error, HTTPException: _http_error, Exception: _crash}
    return RequestId(Starlette(routes=routes, exception_handlers=handlers))


def _parse(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.", code="invalid_json") from error


def _model(name: str) -> dict[str, str | int]:
    return {"id": name, "object": "model", "created": MODELS_CREATED, "owned_by": "openhouse"}


def _engine_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, EngineError)
    return error.response({"retry-after": "1"} if error.status == 503 else None)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    route = f"{request.method} {request.url.path}"
    if error.status_code == 405:
        return MethodNotAllowed(f"Not allowed: {route}.").response(error.headers)
    return NotFound(f"Unknown route: {route}.", code="unknown_url").response()


def _crash(request: Request, error: Exception) -> Response:
    logger.error("Answer failed", exc_info=error)
    return EngineError("The engine failed to answer: try again.").response()
