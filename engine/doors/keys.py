"""Who may come in: a standard key opens every door, an ephemeral one only starts Realtime sessions."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from time import time

from starlette.requests import Request
from starlette.responses import Response

from engine.doors.ephemeral import PREFIX, Ephemeral, EphemeralKeys
from engine.errors import InvalidApiKey, OriginRefused
from engine.settings import LOOPBACK_ORIGINS, Settings

KEY_PROTOCOL = "openai-insecure-api-key."

Endpoint = Callable[[Request], Awaitable[Response]]


class Keys:
    def __init__(self, settings: Settings, epoch: Callable[[], float] = time) -> None:
        self._settings, self._epoch = settings, epoch
        self.ephemeral = EphemeralKeys(settings.max_secrets)

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """For standard keys only."""

        async def guard(request: Request) -> Response:
            if self.caller(request.headers.get("authorization", "")) is not None:
                raise InvalidApiKey("An ephemeral key only starts Realtime sessions: use a standard API key here.")
            return await endpoint(request)

        return guard

    def caller(self, authorization: str, protocols: Sequence[str] = ()) -> Ephemeral | None:
        """What an ephemeral key brings along, None for a standard key; InvalidApiKey for anything else.

        A browser cannot set headers on a WebSocket, so its key comes among the subprotocols.
        """
        key = _bearer(authorization) or _offered(protocols)
        if not key:
            raise InvalidApiKey("No API key: send 'Authorization: Bearer <key>'.")
        if key.startswith(PREFIX):
            found = self.ephemeral.find(key, self._epoch())
            if found is None:
                raise InvalidApiKey("The ephemeral key is unknown or has expired: ask for a new one.")
            return found
        known = self._settings.api_keys
        # Without keys in the settings the engine is for this machine only and takes any bearer.
        if known and not any(hmac.compare_digest(key.encode(), one.encode()) for one in known):
            raise InvalidApiKey("Incorrect API key provided.")
        return None

    def check_origin(self, origin: str | None) -> None:
        """No browser asks before it opens a WebSocket to another origin: what CORS is to HTTP is here."""
        allowed = self._settings.cors_origins
        if origin is None or "*" in allowed or origin in allowed:
            return
        if not allowed and re.fullmatch(LOOPBACK_ORIGINS, origin):
            return
        raise OriginRefused(f"Pages of {origin} may not come in: add the origin to ENGINE_CORS_ORIGINS.")


def _bearer(authorization: str) -> str:
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _offered(protocols: Sequence[str]) -> str:
    return next((each.removeprefix(KEY_PROTOCOL) for each in protocols if each.startswith(KEY_PROTOCOL)), "")
