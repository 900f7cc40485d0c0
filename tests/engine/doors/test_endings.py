"""What ends an answer or a session early: a part that fails, a client that cancels, the cap, the server's stop."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from engine.backends import BackendError, TextDelta
from engine.settings import Patience
from tests.engine.doors.caller import Caller
from tests.engine.doors.stage import ANSWER, BEARER, ask, house, until


async def test_a_part_that_breaks_fails_its_response_and_not_the_session() -> None:
    async with house() as at, connect(f"{at.ws}?model=m", additional_headers=BEARER) as one:
        for error in (BackendError("quota", "no money"), ValueError("a bug"), TimeoutError()):
            at.voice.error = error  # type: ignore[assignment]
            for event in ask():
                await one.send(event)
            assert (await done(one))["status"] == "failed"
        at.voice.error = None
        await one.send(ask()[1])
        assert (await done(one))["status"] == "completed"


async def done(one: Any) -> dict[str, Any]:
    while True:
        async with asyncio.timeout(10):
            event = json.loads(await one.recv())
        if event["type"] == "response.done":
            return dict(event["response"])


async def test_a_mind_that_is_silent_is_not_waited_for_without_end() -> None:
    async with (
        house(patience=Patience(think=1)) as at,
        connect(f"{at.ws}?model=m", additional_headers=BEARER) as one,
    ):
        at.mind.hold = asyncio.Event()
        await one.send(ask()[1])
        response = await done(one)
        assert (response["status"], at.mind.cancelled) == ("failed", 1)
        at.mind.hold.set()
        at.mind.answer = lambda body: [TextDelta(ANSWER)]  # and no end
        await one.send(ask()[1])
        assert (await done(one))["status"] == "failed"


async def test_cancelling_stops_the_parts() -> None:
    async with house() as at, connect(f"{at.ws}?model=m", additional_headers=BEARER) as one:
        at.mind.hold = asyncio.Event()
        await one.send(ask()[1])
        await until(lambda: at.mind.bodies)
        await one.send(json.dumps({"type": "response.cancel"}))
        response = await done(one)
        assert (response["status"], response["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        await until(lambda: at.mind.cancelled == 1)


async def test_a_session_ends_at_its_cap() -> None:
    async with house() as at:
        at.engine.sessions._limits = at.engine.sessions._limits.__class__(session_seconds=1)  # type: ignore[union-attr]
        async with connect(f"{at.ws}?model=m", additional_headers=BEARER) as one:
            events = [json.loads(event) async for event in one]  # which a normal close ends
        assert [event["type"] for event in events] == ["session.created", "error"]
        assert events[1]["error"]["code"] == "session_expired"
        await until(lambda: at.sessions == 0)


async def test_stopping_tells_sockets_and_calls() -> None:
    caller = Caller()
    async with house() as at, at.client() as client:
        call_id = await caller.call(client)
        sideband = await connect(f"{at.ws}?call_id={call_id}", additional_headers=BEARER)
        own = await connect(f"{at.ws}?model=m", additional_headers=BEARER)
        for each in (sideband, own):
            await each.recv()
        at.server.should_exit = True
        for each in (sideband, own):
            with pytest.raises(ConnectionClosed) as closed:
                await each.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        await until(lambda: caller.channel.readyState == "closed")
    assert at.sessions == 0
    await caller.hang_up()
