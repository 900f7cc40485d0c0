"""`wss /v1/realtime`: a session of its own by `model` or `intent`, or a sideband of a call by `call_id`."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.doors.ephemeral import Ephemeral
from engine.doors.keys import Keys
from engine.doors.live import NORMAL, LiveSession
from engine.doors.outbox import Farewell, Outbox
from engine.doors.sessions import Sessions
from engine.errors import BadRequest, EngineError, NotFound, TooMany
from engine.realtime.errors import error_object, invalid, missing, refused
from engine.settings import Settings

PROTOCOL = "realtime"
BETA_PROTOCOL = "openai-beta.realtime-v1"
BETA_CLOSE = 4000
STALLED_SECONDS = 20  # for one event to be taken by a client, before it counts as gone
WAYS = ("model", "call_id", "intent")


class Socket:
    def __init__(self, settings: Settings, keys: Keys, sessions: Sessions) -> None:
        self._settings, self._keys, self._sessions = settings, keys, sessions
        self._numbers = count(1)

    async def connect(self, websocket: WebSocket) -> None:
        protocols = websocket.scope["subprotocols"]
        try:
            self._keys.check_origin(websocket.headers.get("origin"))
            key = self._keys.caller(websocket.headers.get("authorization", ""), protocols)
            beta = _asks_for_beta(websocket)
            live = None if beta else await self._session(websocket, key)
        except EngineError as error:
            await websocket.send_denial_response(error.response())
            return
        outbox = Outbox(f"client_{next(self._numbers)}", self._settings.max_pending_bytes)
        try:
            await websocket.accept(subprotocol=PROTOCOL if PROTOCOL in protocols else None)
            if live is None:
                await _refuse_beta(websocket)
                return
            live.attach(outbox)
            await _serve(websocket, live, outbox)
        except WebSocketDisconnect:
            pass
        finally:
            if live is not None:
                live.detach(outbox)
                if "call_id" not in websocket.query_params:  # also where it ended before anybody was told of it
                    live.end(NORMAL, "")

    async def _session(self, websocket: WebSocket, key: Ephemeral | None) -> LiveSession:
        """Raises EngineError."""
        asked = {name: websocket.query_params[name] for name in WAYS if name in websocket.query_params}
        if len(asked) > 1:
            raise BadRequest("Send only one of 'model', 'call_id' and 'intent'.", code="invalid_value")
        if "call_id" in asked:
            return self._call(asked["call_id"], key)
        if asked.get("intent", "transcription") != "transcription":
            raise invalid("intent", "it must be 'transcription'.")
        if not asked and key is None:
            raise missing("model")
        kind = "transcription" if "intent" in asked else "realtime"
        config = {"type": kind} if key is None else key.config
        if kind == "transcription" and config["type"] != kind:
            raise invalid("intent", "the ephemeral key is for a realtime session.")
        model = config.get("model") or asked.get("model") or self._settings.voice_models[0]
        return await self._sessions.open(config, model=model, medium="socket")

    def _call(self, call_id: str, key: Ephemeral | None) -> LiveSession:
        if key is not None:
            # A key that was given to a page must not listen to calls; the hosted service answers so too.
            raise NotFound("No such call for an ephemeral key: use a standard API key.", code="call_id_not_found")
        live = self._sessions.find(call_id)
        if live.clients >= self._settings.max_clients:
            raise TooMany(f"The call has {live.clients} clients already: close one of them.")
        return live


async def _serve(websocket: WebSocket, live: LiveSession, outbox: Outbox) -> None:
    """Until one of the two sides ends it."""
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(_read(websocket, live, outbox))
        writing = group.create_task(_write(websocket, live, outbox))
        await outbox.over.wait()
        reading.cancel()
        writing.cancel()


async def _read(websocket: WebSocket, live: LiveSession, outbox: Outbox) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            outbox.lose()
            return
        text = message.get("text")
        live.receive(text if text is not None else message["bytes"], outbox)


async def _write(websocket: WebSocket, live: LiveSession, outbox: Outbox) -> None:
    try:
        while True:
            what = await outbox.next()
            async with asyncio.timeout(STALLED_SECONDS):
                if isinstance(what, Farewell):
                    await websocket.close(what.code, what.reason)
                    break
                await websocket.send_text(what)
            outbox.sent(what)
            live.make_room()
    except (WebSocketDisconnect, TimeoutError):
        pass
    outbox.lose()


def _asks_for_beta(websocket: WebSocket) -> bool:
    header = websocket.headers.get("openai-beta", "")
    return "realtime=" in header or BETA_PROTOCOL in websocket.scope["subprotocols"]


async def _refuse_beta(websocket: WebSocket) -> None:
    error = refused("beta_api_shape_disabled", "The beta Realtime API is gone: leave out the header 'OpenAI-Beta'.")
    event = {"type": "error", "event_id": f"event_{uuid4().hex}", "error": error_object(error, None)}
    await websocket.send_text(json.dumps(event))
    await websocket.close(BETA_CLOSE, f"{error.type}.{error.code}")
