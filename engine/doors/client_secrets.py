"""`POST /v1/realtime/client_secrets`: an ephemeral key with the session that it will start."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.doors.bodies import parse_object, read_body
from engine.doors.keys import Keys
from engine.realtime import check_config
from engine.realtime.errors import invalid, unknown
from engine.realtime.outbox import new_id
from engine.settings import Settings

DEFAULT_SECONDS, LEAST_SECONDS, MOST_SECONDS = 600, 10, 7200  # openai.md, 2.1


class ClientSecrets:
    def __init__(self, settings: Settings, keys: Keys, epoch: Callable[[], float] = time) -> None:
        self._settings, self._keys, self._epoch = settings, keys, epoch

    async def create(self, request: Request) -> Response:
        body = parse_object(await read_body(request, self._settings.max_body_bytes))
        for name in body:
            if name not in ("expires_after", "session"):
                raise unknown(name)
        seconds = _seconds(body.get("expires_after"))
        given = body.get("session")
        config = check_config({"type": "realtime"} if given is None else given)
        if config["type"] == "realtime" and not config["model"]:
            config["model"] = self._settings.voice_models[0]
        value, expires_at = self._keys.ephemeral.mint(config, len(json.dumps(config)), seconds, self._epoch())
        # The session does not run yet: its own end is told by `session.created`.
        session = {"id": new_id("sess"), "object": f"realtime.{_KINDS[config['type']]}", "expires_at": 0, **config}
        answer = {"value": value, "expires_at": expires_at, "session": session}
        return JSONResponse(answer, headers={"cache-control": "no-store"})


_KINDS = {"realtime": "session", "transcription": "transcription_session"}


def _seconds(expires_after: Any) -> int:
    if expires_after is None:
        return DEFAULT_SECONDS
    if not isinstance(expires_after, dict):
        raise invalid("expires_after", "it must be an object.")
    for name in expires_after:
        if name not in ("anchor", "seconds"):
            raise unknown(f"expires_after.{name}")
    if expires_after.get("anchor", "created_at") != "created_at":
        raise invalid("expires_after.anchor", "it must be 'created_at'.")
    seconds = expires_after.get("seconds", DEFAULT_SECONDS)
    if type(seconds) is not int or not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise invalid("expires_after.seconds", f"it must be a whole number from {LEAST_SECONDS} to {MOST_SECONDS}.")
    return seconds
