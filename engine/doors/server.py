"""Uvicorn, told how a voice server stops and how it lets go of those who do not read."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from time import monotonic

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from engine.settings import Settings

LINGER_SECONDS = 5.0  # for the last bytes of a connection that is given up
PING_SECONDS = 20.0
LEAST_GRACE_SECONDS = 0.5


class PatientSocket(WebSocketsSansIOProtocol):
    """A connection that is closed with unread bytes in it would stay as long as its client keeps still."""

    async def run_asgi(self) -> None:
        try:
            await super().run_asgi()
        finally:
            self._let_go()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._let_go()

    def _let_go(self) -> None:
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)


class Server(uvicorn.Server):
    """Drains before it closes: sessions are told, and have their seconds to end."""

    def __init__(
        self, settings: Settings, app: ASGIApp, drain: Callable[[float], Awaitable[None]] | None = None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                server_header=False,
                ws=PatientSocket,
                ws_max_size=settings.max_frame_bytes,
                ws_per_message_deflate=False,
                ws_ping_interval=PING_SECONDS,
                ws_ping_timeout=PING_SECONDS,
                ssl_certfile=settings.tls_cert or None,
                ssl_keyfile=settings.tls_key or None,
                timeout_graceful_shutdown=settings.drain_seconds,
            )
        )
        self._drain, self._seconds = drain, settings.drain_seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        began = monotonic()
        if self._drain is not None:
            await self._drain(self._seconds)
        left = self._seconds - (monotonic() - began)
        self.config.timeout_graceful_shutdown = max(left, LEAST_GRACE_SECONDS)  # type: ignore[assignment]
        await super().shutdown(sockets)
