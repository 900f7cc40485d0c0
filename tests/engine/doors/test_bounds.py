"""What rude clients cost: nothing that lasts, and nobody else anything."""

import asyncio
import gc
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import openai
import pytest
from aiortc import RTCPeerConnection
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from engine.doors import live, server
from engine.doors import socket as door
from engine.settings import Rtc
from tests.engine.doors.caller import Caller
from tests.engine.doors.stage import BEARER, KEY, House, ask, house, until, user


async def deaf_socket(at: House, query: str) -> socket.socket:
    """A WebSocket client that was let in and never reads again; its kernel takes next to nothing for it."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, ("127.0.0.1", int(at.url.split(":")[2].split("/")[0])))
    lines = [
        f"GET /v1/realtime?{query} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Authorization: Bearer {KEY}",
    ]
    await loop.sock_sendall(raw, "\r\n".join([*lines, "", ""]).encode())
    assert (await loop.sock_recv(raw, 12)).endswith(b" 101")
    return raw


async def send(raw: socket.socket, *events: str) -> None:
    for event in events:
        await asyncio.get_running_loop().sock_sendall(raw, frame(event))


def frame(text: str) -> bytes:
    """A masked text frame; the mask is zero."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + data


async def test_sound_waits_for_a_reader_and_memory_with_it() -> None:
    async with house(max_pending_bytes=2_000_000) as at:
        at.voice.ms = 600_000  # ten minutes: 38 MB as events
        raw = await deaf_socket(at, "model=m")
        await send(raw, *ask())
        await until(lambda: at.voice.chunks > 50)
        before = -1
        while before != at.voice.chunks:
            before = at.voice.chunks
            await asyncio.sleep(0.3)
        assert before * 6400 < live.CROWDED_BYTES + 3_000_000  # waiting, and what the two kernels took
        async with connect(f"{at.ws}?model=m", additional_headers=BEARER) as other:
            at.voice.ms = 1000
            for event in ask():
                await other.send(event)
            while '"response.done"' not in str(await other.recv()):
                pass
        assert at.voice.chunks - before <= 12
        raw.close()
        await until(lambda: at.sessions == 0 and at.voice.speaking == 0)


async def test_a_client_that_reads_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "STALLED_SECONDS", 0.5)
    monkeypatch.setattr(server, "LINGER_SECONDS", 0.5)
    async with house() as at:
        at.voice.ms = 600_000
        raw = await deaf_socket(at, "model=m")
        await send(raw, *ask())
        await until(lambda: at.sessions == 1)
        await until(lambda: at.sessions == 0)
        await until(lambda: not at.server.server_state.connections)
        assert at.voice.speaking == 0
        raw.close()


async def test_a_deaf_sideband_is_dropped_and_the_call_goes_on() -> None:
    async with house(max_pending_bytes=400_000) as at, at.client() as client:
        caller = Caller()
        call_id = await caller.call(client)
        call = at.engine.sessions.find(call_id)  # type: ignore[union-attr]
        sideband = await deaf_socket(at, f"call_id={call_id}")
        await until(lambda: call.clients == 2)
        item = {**user("x" * 60_000), "id": "item_long"}
        await send(sideband, json.dumps({"type": "conversation.item.create", "item": item}))
        await caller.event("conversation.item.done")
        for _ in range(200):  # each answered to its asker alone
            await send(sideband, json.dumps({"type": "conversation.item.retrieve", "item_id": "item_long"}))
        await until(lambda: call.clients == 1)
        caller.send("session.update", session={"type": "realtime"})
        await caller.event("session.updated")
        sideband.close()
        await caller.hang_up()


async def test_full_engines_say_when_to_come_back() -> None:
    async with house(max_sessions=1) as at, at.client() as client:
        async with client.realtime.connect(model="m") as first:
            await first.recv()
            with pytest.raises(InvalidStatus) as full:
                await client.realtime.connect(model="m").enter()
            assert full.value.response.status_code == 503
            assert full.value.response.headers["retry-after"] == "1"
            caller = Caller()
            with pytest.raises(openai.InternalServerError) as busy:
                await client.realtime.calls.create(sdp=await caller.offer())
            assert busy.value.code == "server_is_overloaded"
            await caller.hang_up()
        await until(lambda: at.sessions == 0)
        async with client.realtime.connect(model="m") as again:
            assert (await again.recv()).type == "session.created"


async def test_secrets_are_bounded_until_they_expire() -> None:
    async with house(max_secrets=2) as at, at.client() as client:
        for _ in range(2):
            secret = await client.realtime.client_secrets.create()
        with pytest.raises(openai.RateLimitError) as refused:
            await client.realtime.client_secrets.create()
        assert refused.value.response.headers["retry-after"] == "1"
        keys = at.engine.keys.ephemeral
        keys._forget_expired(secret.expires_at + 1.0)
        assert len(keys) == 0
        assert (await client.realtime.client_secrets.create()).value


async def test_bodies_are_bounded() -> None:
    async with house(max_body_bytes=10_000) as at, httpx.AsyncClient(base_url=at.url, headers=BEARER) as client:
        for path, kind in (("/realtime/client_secrets", "application/json"), ("/realtime/calls", "application/sdp")):
            answer = await client.post(path, content="x" * 10_001, headers={"Content-Type": kind})
            assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")
        form = await client.post("/realtime/calls", files={"sdp": (None, "v=0"), "session": (None, "{")})
        assert (form.status_code, form.json()["error"]["code"]) == (400, "invalid_json")
        broken = await client.post("/realtime/calls", content="x", headers={"Content-Type": "multipart/form-data"})
        assert (broken.status_code, broken.json()["error"]["code"]) == (400, "invalid_form")


async def test_two_hundred_at_once_leave_a_running_call_alone() -> None:
    """Every one is answered, as many as fit come in, and the call that was there hears its answer to the end."""
    async with house(max_sessions=20) as at, at.client() as client:
        at.voice.ms = 3000
        caller = Caller()
        await caller.call(client)
        caller.send("conversation.item.create", item=user("What is the fee?"))
        caller.send("response.create")
        await caller.event("output_audio_buffer.started")

        async def come() -> int:
            try:
                async with connect(f"{at.ws}?model=m", additional_headers=BEARER, open_timeout=20) as one:
                    await one.recv()
                    await asyncio.sleep(0.5)
                    return 101
            except InvalidStatus as refused:
                return refused.response.status_code

        answers = await asyncio.gather(*(come() for _ in range(200)))
        assert set(answers) == {101, 503}
        assert answers.count(101) >= 19
        done = await caller.event("response.done")
        assert done["response"]["status"] == "completed"
        await caller.event("output_audio_buffer.stopped")
        assert len(caller.loud) >= 145  # of 150
        await caller.hang_up()
        await until(lambda: at.sessions == 0)


def udp_sockets() -> int:
    """Of this process alone: the system's table lists those of tests beside this one too."""
    mine = {str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink()}
    table = Path("/proc/self/net/udp").read_text().splitlines()[1:]
    return sum(f"socket:[{row.split()[9]}]" in mine for row in table)


def standing() -> dict[str, int]:
    """What a leak would add to."""
    gc.collect()
    return {
        "tasks": len(asyncio.all_tasks()),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "udp": udp_sockets(),
        "threads": threading.active_count(),
        "peers": sum(it.connectionState != "closed" for it in gc.get_objects() if type(it) is RTCPeerConnection),
    }


async def rude_socket(at: House, number: int) -> None:
    socket_ = await connect(f"{at.ws}?model=m", additional_headers=BEARER)
    if number % 2:
        for event in ask():
            await socket_.send(event)
        await socket_.recv()
    socket_.transport.abort()


async def rude_call(at: House, client: openai.AsyncOpenAI, number: int) -> None:
    caller = Caller()
    if number % 4 == 0:  # never comes
        await client.realtime.calls.create(sdp=await caller.offer())
    else:
        await caller.call(client)
        caller.send("response.create")
        if number % 4 == 1:
            caller.vanish()
        elif number % 4 == 2:
            caller.channel.close()
    await caller.hang_up()


async def fill_the_pool(size: int) -> None:
    """The loop's threads are made when first needed: all of them now, so that none of them looks like a leak."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(size))
    together = threading.Barrier(size)
    await asyncio.gather(*(asyncio.to_thread(together.wait) for _ in range(size)))


async def test_rude_comings_and_goings_leave_nothing_behind() -> None:
    await fill_the_pool(4)
    rtc = Rtc(hosts=("127.0.0.1",), silence_seconds=2)
    async with house(rtc=rtc, max_sessions=100) as at, at.client() as client:

        async def come_and_go(times: int) -> dict[str, int]:
            for start in range(0, times, 5):
                together = range(start, start + 5)
                await asyncio.gather(*(rude_call(at, client, number) for number in together))
                await asyncio.gather(*(rude_socket(at, number) for number in together))
            await until(lambda: at.sessions == 0 and not at.voice.speaking, 20)
            await until(lambda: len(at.server.server_state.connections) <= 5)  # those of the HTTP client's pool
            return standing()

        before = await come_and_go(10)  # the first ones fill the pool of connections
        after = await come_and_go(25)
    assert {name: after[name] - before[name] for name in before if after[name] > before[name]} == {}
    assert at.ear.open == 0
