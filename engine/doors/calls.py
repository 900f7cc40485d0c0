"""`/v1/realtime/calls`: WebRTC calls, from an SDP offer to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.doors.bodies import parse_form, parse_json, read_body
from engine.doors.keys import Keys
from engine.doors.live import NORMAL, LiveSession
from engine.doors.offer import Offer, invalid_offer, read_offer
from engine.doors.peer import Peer
from engine.doors.sessions import Sessions
from engine.errors import BadRequest, NotFound, Overloaded
from engine.realtime import check_config
from engine.realtime.errors import invalid, missing, unknown
from engine.settings import Settings

# A negotiation takes milliseconds of the loop at a time: many at once would be heard in every running call.
AT_ONCE = 2
WAIT_SECONDS = 10
HANGUP_SECONDS = 3
JSON_ROOM = 4096  # around the audio of a retrieved item
SDP = "application/sdp"


class Calls:
    def __init__(self, settings: Settings, keys: Keys, sessions: Sessions) -> None:
        self._settings, self._keys, self._sessions = settings, keys, sessions
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def create(self, request: Request) -> Response:
        key = self._keys.caller(request.headers.get("authorization", ""))
        self._sessions.check_room()
        sdp, config = await self._read(request)
        if config is None and key is not None:
            config = key.config
        if config is None:
            config = {"type": "realtime"}
        if config["type"] != "realtime":
            raise invalid("session.type", "a call is a realtime session.")
        offer = read_offer(sdp, self._settings.max_offer_bytes)
        model = config.get("model") or request.query_params.get("model") or self._settings.voice_models[0]
        call_id, answer = await self._answer(offer, config, model)
        return Response(answer, 201, media_type=SDP, headers={"location": f"/v1/realtime/calls/{call_id}"})

    async def hang_up(self, request: Request) -> Response:
        live = self._find(request)
        live.end(NORMAL, "hung up")
        with suppress(TimeoutError):  # it is over for everybody; only its connection still closes
            await asyncio.wait_for(live.ended.wait(), HANGUP_SECONDS)
        return Response(status_code=200)

    async def control(self, request: Request) -> Response:
        """Accept, reject and refer belong to SIP calls, of which there are none here."""
        verb = request.path_params["verb"]
        if verb not in ("accept", "reject", "refer"):
            raise NotFound(f"Unknown route: POST {request.url.path}.", code="unknown_url")
        self._find(request)
        raise BadRequest(f"This call came over WebRTC, and '{verb}' is for SIP calls: only hang it up.", code="not_sip")

    def _find(self, request: Request) -> LiveSession:
        return self._sessions.find(request.path_params["call_id"])

    async def _read(self, request: Request) -> tuple[str, Mapping[str, Any] | None]:
        """The offer, and the session where one came with it."""
        body = await read_body(request, self._settings.max_body_bytes)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == SDP:
            try:
                return body.decode(), None
            except UnicodeDecodeError as error:
                raise invalid_offer("The SDP offer is not text.") from error
        if kind != "multipart/form-data":
            raise BadRequest(f"Send the offer as {SDP}, or as multipart/form-data.", code="unsupported_content_type")
        form = await parse_form(request, body)
        for name in form:
            if name not in ("sdp", "session"):
                raise unknown(name)
        if "sdp" not in form:
            raise missing("sdp")
        return form["sdp"], check_config(parse_json(form["session"])) if "session" in form else None

    async def _answer(self, offer: Offer, config: Mapping[str, Any], model: str) -> tuple[str, str]:
        try:
            await asyncio.wait_for(self._gate.acquire(), WAIT_SECONDS)
        except TimeoutError as error:
            raise Overloaded("Too many calls begin at once: try again in a moment.") from error
        try:
            return await self._begin(offer, config, model)
        finally:
            self._gate.release()

    async def _begin(self, offer: Offer, config: Mapping[str, Any], model: str) -> tuple[str, str]:
        room = offer.message_size * 3 // 4 - JSON_ROOM if offer.message_size else None
        live = await self._sessions.open(config, model=model, medium="peer", retrieved_bytes=room)
        try:
            answer = await Peer(live, self._settings.rtc, self._settings.max_pending_bytes).answer(offer)
        except BaseException:
            live.end(NORMAL, "the offer was refused")
            raise
        return self._sessions.name(live), answer
