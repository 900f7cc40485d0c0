"""The engine put together: every route, who may use it, and what all answers have in common."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.doors.calls import Calls
from engine.doors.chat import Chat
from engine.doors.client_secrets import ClientSecrets
from engine.doors.keys import Keys
from engine.doors.models import Models
from engine.doors.sessions import Parts, Sessions
from engine.doors.socket import Socket
from engine.errors import BadRequest, EngineError, MethodNotAllowed, NotFound
from engine.settings import LOOPBACK_ORIGINS, Settings

logger = logging.getLogger("engine")
PREFLIGHT_SECONDS = 600


class Engine:
    """`app` is served; `drain` is awaited before it stops."""

    def __init__(self, settings: Settings, parts: Parts | None = None, routes: Sequence[BaseRoute] = ()) -> None:
        self.keys = Keys(settings)
        self.sessions = Sessions(settings, parts) if parts else None
        self._parts = parts
        self._chat = Chat(settings)
        handlers = {EngineError: _engine_error, HTTPException: _http_error, Exception: _crash}
        inner = Starlette(
            routes=[*self._routes(settings), *routes], exception_handlers=handlers, lifespan=self._lifespan
        )
        self.app: ASGIApp = RequestId(_with_cors(inner, settings))

    async def drain(self, seconds: float) -> None:
        if self.sessions is not None:
            await self.sessions.drain(seconds)

    def _routes(self, settings: Settings) -> list[BaseRoute]:
        guarded = self.keys.guarded
        models = Models(settings)
        return [
            Route("/healthz", self._health),
            Route("/v1/models", guarded(models.index), methods=["GET"]),
            Route("/v1/models/{model:path}", guarded(models.show), methods=["GET"]),
            Route("/v1/chat/completions", guarded(self._chat.complete), methods=["POST"]),
            *self._realtime_routes(settings),
        ]

    def _realtime_routes(self, settings: Settings) -> list[BaseRoute]:
        if self.sessions is None:
            return []
        guarded = self.keys.guarded
        secrets = ClientSecrets(settings, self.keys)
        calls = Calls(settings, self.keys, self.sessions)
        socket = Socket(settings, self.keys, self.sessions)
        return [
            Route("/v1/realtime/client_secrets", guarded(secrets.create), methods=["POST"]),
            Route("/v1/realtime/calls", calls.create, methods=["POST"]),
            Route("/v1/realtime/calls/{call_id}/hangup", guarded(calls.hang_up), methods=["POST"]),
            Route("/v1/realtime/calls/{call_id}/{verb}", guarded(calls.control), methods=["POST"]),
            *(
                Route(path, guarded(_beta), methods=["POST"])
                for path in ("/v1/realtime", "/v1/realtime/sessions", "/v1/realtime/transcription_sessions")
            ),
            WebSocketRoute("/v1/realtime", socket.connect),
        ]

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "active": self._chat.active, "sessions": len(self.sessions or ())})

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            if self.sessions is not None and self._parts is not None:
                await self.sessions.aclose()
                await self._parts.backends.aclose()


async def _beta(request: Request) -> Response:
    raise BadRequest(
        "The beta Realtime API is gone: use /v1/realtime/client_secrets and /v1/realtime/calls.",
        code="beta_api_shape_disabled",
    )


class RequestId:
    """Every answer carries `x-request-id`, which the official clients show in their errors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_id(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start", "websocket.accept"):
                headers = message.get("headers", [])
                message["headers"] = [*headers, (b"x-request-id", f"req_{uuid4().hex}".encode())]
            await send(message)

        await self.app(scope, receive, send_with_id)


def _with_cors(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Browsers start calls with ephemeral keys of their own; no cookie is ever involved."""
    return CORSMiddleware(
        app,
        allow_origins=settings.cors_origins,
        allow_origin_regex=None if settings.cors_origins else LOOPBACK_ORIGINS,
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["Location", "x-request-id"],
        max_age=PREFLIGHT_SECONDS,
    )


def _engine_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, EngineError)
    return error.response()


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    route = f"{request.method} {request.url.path}"
    if error.status_code == 405:
        return MethodNotAllowed(f"Not allowed: {route}.").response(error.headers)
    return NotFound(f"Unknown route: {route}.", code="unknown_url").response()


def _crash(request: Request, error: Exception) -> Response:
    logger.error("Answer failed", exc_info=error)
    return EngineError("The engine failed to answer: try again.").response()
