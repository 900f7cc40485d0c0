"""Points 54 to 60 of the conformance checklist: calls over WebRTC, and how they end."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import openai
import pytest
from websockets.asyncio.client import connect

from engine.settings import Rtc
from tests.engine.doors.caller import Caller
from tests.engine.doors.stage import ANSWER, BEARER, House, house, until, user


@pytest.fixture
async def at() -> AsyncIterator[House]:
    async with house() as running:
        yield running


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    caller = Caller()
    yield caller
    await caller.hang_up()


def free_ports() -> int:
    """The first of two free ports, one after the other."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            with suppress(OSError, OverflowError):
                two.bind(("127.0.0.1", port + 1))
                return port


def ask(caller: Caller, text: str = "What is the fee?") -> None:
    caller.send("conversation.item.create", item=user(text))
    caller.send("response.create")


@pytest.mark.parametrize("data_first", [False, True])
@pytest.mark.parametrize("candidates", [False, True])
async def test_point_54_offers_without_candidates_and_with_them(at: House, data_first: bool, candidates: bool) -> None:
    caller = Caller(data_first=data_first)
    offer = await caller.offer(candidates=candidates)
    assert ("a=candidate" in offer) == candidates
    assert (offer.index("m=application") < offer.index("m=audio")) == data_first
    async with at.client() as client:
        answer = (await client.realtime.calls.create(sdp=offer)).text
    assert "a=candidate" in answer
    assert "a=end-of-candidates" in answer
    await caller.accept(answer)
    await caller.event("session.created")
    await caller.hang_up()


async def test_point_55_the_only_channel_is_the_callers(at: House, caller: Caller) -> None:
    opened: list[Any] = []
    caller.connection.on("datachannel", opened.append)
    other = caller.connection.createDataChannel("another")
    async with at.client() as client:
        await caller.call(client)
    await until(lambda: other.readyState == "closed")
    ask(caller)
    await caller.event("response.done")
    assert opened == []
    assert caller.channel.readyState == "open"


async def test_point_56_one_track_of_opus_in_a_stream(at: House, caller: Caller) -> None:
    async with at.client() as client:
        answer = (await client.realtime.calls.create(sdp=await caller.offer())).text
    audio = answer[answer.index("m=audio") : answer.index("m=application")]
    assert [line.split(" ")[1] for line in audio.splitlines() if line.startswith("a=rtpmap")] == ["opus/48000/2"]
    assert "a=sendrecv" in audio
    stream, track = audio[audio.index("a=msid:") + 7 :].splitlines()[0].split(" ")
    await caller.accept(answer)
    assert [each.id for each in caller.tracks] == [track]
    assert stream != "-"
    await until(lambda: caller.frames > 5)
    assert caller.loud == []


async def test_point_57_the_buffer_tells_when_it_plays(at: House, caller: Caller) -> None:
    async with at.client() as client:
        await caller.call(client)
    ask(caller)
    stopped = await caller.event("output_audio_buffer.stopped")
    started, done = await caller.event("output_audio_buffer.started"), await caller.event("response.done")
    assert started["response_id"] == stopped["response_id"] == done["response"]["id"]
    kinds = [event["type"] for event in caller.events]
    assert kinds.index("response.content_part.added") < kinds.index("output_audio_buffer.started")
    assert kinds.index("response.done") < kinds.index("output_audio_buffer.stopped")
    assert done["response"]["output"][0]["content"][0]["transcript"] == ANSWER
    await until(lambda: len(caller.loud) >= 48)  # of 50: a second of sound, less what the edges blur
    assert len(caller.loud) <= 51
    assert not caller.all("response.output_audio.delta")


async def test_point_58_clearing_an_empty_buffer_is_no_error(at: House, caller: Caller) -> None:
    async with at.client() as client:
        await caller.call(client)
    caller.send("output_audio_buffer.clear")
    caller.send("session.update", session={"type": "realtime"})
    await caller.event("session.updated")
    assert caller.all("error") == []


async def test_point_59_an_interrupted_item_ends_where_the_sound_ended(at: House, caller: Caller) -> None:
    at.voice.ms = 10_000
    async with at.client() as client:
        await caller.call(client)
    ask(caller)
    await until(lambda: len(caller.loud) > 20)
    caller.microphone.say(700)
    cleared = await caller.event("output_audio_buffer.cleared")
    loud = len(caller.loud)
    truncated, done = await caller.event("conversation.item.truncated"), await caller.event("response.done")
    assert cleared["response_id"] == done["response"]["id"]
    assert truncated["item_id"] == done["response"]["output"][0]["id"]
    await until(lambda: caller.frames > 200 or len(at.mind.bodies) == 2)
    heard_ms = len(caller.loud) * 20
    assert 0 < truncated["audio_end_ms"] < 10_000
    assert abs(truncated["audio_end_ms"] - heard_ms) <= 120  # the jitter buffer of the caller holds a few frames
    assert len(caller.loud) - loud < 15


async def test_point_60_a_closed_channel_ends_the_session_and_its_sidebands(at: House, caller: Caller) -> None:
    async with at.client() as client:
        call_id = await caller.call(client)
        async with client.realtime.connect(call_id=call_id) as sideband:
            caller.channel.close()
            assert [event.type async for event in sideband] == ["session.created"]
        await until(lambda: at.sessions == 0)


async def test_point_60_a_peer_that_hangs_up_ends_the_session(at: House, caller: Caller) -> None:
    async with at.client() as client:
        call_id = await caller.call(client)
        async with client.realtime.connect(call_id=call_id) as sideband:
            await caller.hang_up()
            assert [event.type async for event in sideband] == ["session.created"]
        await until(lambda: at.sessions == 0)


async def test_point_60_a_peer_that_vanishes_is_missed() -> None:
    caller = Caller()
    rtc = Rtc(hosts=("127.0.0.1",), silence_seconds=2)
    async with house(rtc=rtc) as at, at.client() as client:
        call_id = await caller.call(client)
        async with client.realtime.connect(call_id=call_id) as sideband:
            caller.vanish()
            assert [event.type async for event in sideband] == ["session.created"]
        await until(lambda: at.sessions == 0)
        await caller.hang_up()


async def test_point_60_a_peer_that_never_comes_is_given_up() -> None:
    caller = Caller()
    rtc = Rtc(hosts=("127.0.0.1",), silence_seconds=2)
    async with house(rtc=rtc) as at, at.client() as client:
        await client.realtime.calls.create(sdp=await caller.offer())
        assert at.sessions == 1
        await until(lambda: at.sessions == 0)
        await caller.hang_up()


async def test_a_spoken_turn_with_a_tool_call(at: House, caller: Caller) -> None:
    tool = {"type": "function", "name": "get_fact", "description": "A fact.", "parameters": {"type": "object"}}
    async with at.client() as client:
        await caller.call(client, session={"type": "realtime", "tools": [tool]})
    caller.microphone.say(800)
    done = await caller.event("response.output_item.done")
    item = done["item"]
    assert (item["type"], item["status"], item["name"]) == ("function_call", "completed", "get_fact")
    assert json.loads(item["arguments"]) == {"key": "fee"}
    await caller.event("response.done")
    output = {"type": "function_call_output", "call_id": item["call_id"], "output": "$450"}
    caller.send("conversation.item.create", item=output)
    caller.send("response.create")
    await caller.event("output_audio_buffer.stopped")
    assert at.mind.bodies[1]["messages"][-1]["content"] == "$450"
    assert at.voice.said == [ANSWER]
    assert [round(seconds, 1) for seconds in at.ear.heard] == [pytest.approx(1.6, abs=0.4)]
    assert at.ear.open == 0


async def test_lost_packets_cost_sound_and_nothing_else(at: House, caller: Caller) -> None:
    """Every sixth packet of the caller's sound is lost; the turn keeps its length."""
    async with at.client() as client:
        await caller.call(client)
    transport = caller.connection.getTransceivers()[0].sender.transport
    send, count = transport._send_rtp, iter(range(1_000_000))

    async def lossy(data: bytes) -> None:
        if next(count) % 6:
            await send(data)

    transport._send_rtp = lossy  # type: ignore[method-assign]
    caller.microphone.say(1500)
    await caller.event("input_audio_buffer.committed")
    await until(lambda: at.ear.heard)
    assert at.ear.heard == [pytest.approx(2.3, abs=0.4)]  # with the padding before it and the silence after it
    assert len(caller.all("input_audio_buffer.speech_started")) == 1
    await caller.event("output_audio_buffer.started")


async def test_ports_and_addresses_are_settings() -> None:
    first = free_ports()
    rtc = Rtc(hosts=("127.0.0.1",), ports=(first, first + 1), address="203.0.113.9")
    async with house(rtc=rtc) as at, at.client() as client:
        callers = [Caller() for _ in range(3)]
        answers = [(await client.realtime.calls.create(sdp=await each.offer())).text for each in callers[:2]]
        candidates = {line for answer in answers for line in answer.splitlines() if line.startswith("a=candidate")}
        assert {(line.split()[4], line.split()[5]) for line in candidates} == {
            ("203.0.113.9", str(first)),
            ("203.0.113.9", str(first + 1)),
        }
        with pytest.raises(openai.InternalServerError) as full:
            await client.realtime.calls.create(sdp=await callers[2].offer())
        assert (full.value.status_code, full.value.code) == (503, "server_is_overloaded")
        assert full.value.response.headers["retry-after"] == "1"
        await until(lambda: at.sessions == 2)
        for each in callers:
            await each.hang_up()


async def test_events_larger_than_the_channel_takes_are_named(at: House, caller: Caller) -> None:
    """A sideband may give instructions that the data channel cannot carry."""
    async with at.client() as client:
        url = f"{at.ws}?call_id={await caller.call(client)}"
    async with connect(url, additional_headers=BEARER) as sideband:
        await sideband.recv()
        update = {"type": "session.update", "session": {"type": "realtime", "instructions": "x" * 300_000}}
        await sideband.send(json.dumps(update))
        async with asyncio.timeout(5):
            assert json.loads(await sideband.recv())["type"] == "session.updated"
    error = await caller.event("error")
    assert error["error"]["code"] == "event_too_large"
    assert "session.updated" in error["error"]["message"]


async def test_a_message_without_end_ends_the_call(at: House, caller: Caller) -> None:
    async with at.client() as client:
        await caller.call(client)
    assert caller.connection.sctp is not None
    caller.connection.sctp._remote_max_message_size = 0  # this caller does not care what it was told
    caller.channel.send("x" * 3_000_000)
    await until(lambda: at.sessions == 0)


async def test_a_caller_that_only_listens_is_not_missed(caller: Caller) -> None:
    caller.connection.getTransceivers()[0].direction = "recvonly"
    async with house(rtc=Rtc(hosts=("127.0.0.1",), silence_seconds=2)) as at, at.client() as client:
        await caller.call(client)
        before = caller.frames
        await until(lambda: caller.frames >= before + 150)  # three seconds
        ask(caller)
        await caller.event("output_audio_buffer.stopped")
        assert at.sessions == 1
