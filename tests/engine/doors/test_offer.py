"""Offers that cannot be served are refused in a sentence, before and within the WebRTC code."""

import random
from collections.abc import AsyncIterator

import httpx
import pytest

from engine.doors.offer import read_offer
from engine.errors import BadRequest
from tests.engine.doors.caller import Caller
from tests.engine.doors.stage import BEARER, House, house, until

LIMIT = 65_536
HEADERS = {**BEARER, "Content-Type": "application/sdp"}


@pytest.fixture
async def good() -> AsyncIterator[str]:
    caller = Caller()
    yield await caller.offer(candidates=True)
    await caller.hang_up()


@pytest.fixture
async def at() -> AsyncIterator[House]:
    async with house(max_sessions=200) as running:
        yield running


def audio_of(sdp: str) -> str:
    return sdp[sdp.index("m=audio") : sdp.index("m=application")]


def data_of(sdp: str) -> str:
    return sdp[sdp.index("m=application") :]


BROKEN = {
    "nothing": lambda sdp: " ",
    "garbage": lambda sdp: "Good morning.\r\nHow are you?\r\n",
    "no media": lambda sdp: sdp[: sdp.index("m=audio")],
    "only video": lambda sdp: sdp.replace(audio_of(sdp), audio_of(sdp).replace("m=audio", "m=video")),
    "video too": lambda sdp: sdp + audio_of(sdp).replace("m=audio", "m=video"),
    "three audio sections": lambda sdp: sdp + audio_of(sdp) * 2,
    "no audio": lambda sdp: sdp.replace(audio_of(sdp), ""),
    "no data channel": lambda sdp: sdp.replace(data_of(sdp), ""),
    "two data channels": lambda sdp: sdp + data_of(sdp),
    "audio switched off": lambda sdp: sdp.replace(
        audio_of(sdp), audio_of(sdp).replace(audio_of(sdp).split()[1], "0", 1)
    ),
    "no Opus": lambda sdp: sdp.replace("opus/48000/2", "speex/16000"),
    "other data": lambda sdp: sdp.replace("webrtc-datachannel", "carrier-pigeon"),
    "no rtcp-mux": lambda sdp: sdp.replace("a=rtcp-mux\r\n", ""),
    "no password": lambda sdp: sdp.replace("a=ice-pwd:", "a=x-pwd:"),
    "no fingerprint": lambda sdp: sdp.replace("a=fingerprint:", "a=x-print:"),
    "not bundled": lambda sdp: sdp.replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0"),
    "huge": lambda sdp: sdp + "a=x:" + "y" * LIMIT,
    "thousands of lines": lambda sdp: sdp + "a=x\r\n" * 3000,
    "a zero byte": lambda sdp: sdp.replace("a=mid:0", "a=mid:0\0"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_an_offer_that_cannot_be_served_is_refused(good: str, name: str) -> None:
    assert read_offer(good, LIMIT).sends
    with pytest.raises(BadRequest) as refused:
        read_offer(BROKEN[name](good), LIMIT)
    assert (refused.value.code, refused.value.param) == ("invalid_offer", "sdp")


async def test_names_and_ends_of_candidates_are_dropped(good: str) -> None:
    named = "a=candidate:1 1 udp 2113937151 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 54596 typ host"
    tcp = "a=candidate:2 1 tcp 1518280447 127.0.0.1 9 typ host tcptype active"
    many = [f"a=candidate:{n} 1 udp 1 192.0.2.{n} 5000 typ host" for n in range(10, 200)]
    offer = read_offer(good + "\r\n".join([named, tcp, *many, "a=end-of-candidates", ""]), LIMIT)
    kept = [line for line in offer.sdp.splitlines() if line.startswith("a=candidate")]
    assert all(" udp " in line and ".local" not in line for line in kept)
    assert 10 < len(kept) <= 40
    assert "end-of-candidates" not in offer.sdp


async def test_what_the_caller_takes_and_sends_is_read(good: str) -> None:
    assert read_offer(good, LIMIT).message_size == 262_144
    assert read_offer(good.replace("a=max-message-size:262144\r\n", ""), LIMIT).message_size == 65_536
    assert not read_offer(good.replace("a=sendrecv", "a=recvonly"), LIMIT).sends


async def test_refused_offers_leave_nothing_behind(at: House, good: str) -> None:
    unusable = {
        "a wrong role": good.replace("a=setup:actpass", "a=setup:sideways"),
        "an odd payload": good.replace("a=rtpmap:96 opus/48000/2", "a=rtpmap:96 opus/48000/2\r\na=fmtp:77 x=1"),
        "a short password": good.replace("a=fingerprint:sha-256", "a=fingerprint:"),
        "no protocol": good.replace("UDP/TLS/RTP/SAVPF", "udp tls"),
    }
    async with httpx.AsyncClient(base_url=at.url, headers=HEADERS) as client:
        for name, sdp in (unusable | {name: broken(good) for name, broken in BROKEN.items()}).items():
            answer = await client.post("/realtime/calls", content=sdp)
            assert answer.status_code == 400, name
            assert answer.json()["error"]["code"] == "invalid_offer"
        await until(lambda: at.sessions == 0)
        assert (await client.post("/realtime/calls", content=good)).status_code == 201


async def test_bent_offers_are_answered_or_refused_and_never_break(at: House, good: str) -> None:
    bent = random.Random(7)
    seen = set()
    async with httpx.AsyncClient(base_url=at.url, headers=HEADERS) as client:
        for _ in range(60):
            lines = good.splitlines()
            for _ in range(bent.randint(1, 3)):
                place = bent.randrange(1, len(lines))
                line = lines[place]
                lines[place : place + 1] = bent.choice(
                    [[], [line, line], [line[: len(line) // 2]], [line.replace(":", " ")], [line + "\u2028x=é"]]
                )
            answer = await client.post("/realtime/calls", content="\r\n".join(lines) + "\r\n")
            seen.add(answer.status_code)
            assert answer.status_code == 201 or answer.json()["error"]["code"] == "invalid_offer", answer.text
    assert seen == {201, 400}
