"""A caller over WebRTC: aiortc as the browser of these tests."""

import asyncio
import fractions
import json
from collections import deque
from contextlib import suppress
from typing import Any

import numpy as np
from aioice import Connection
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcconfiguration import RTCBundlePolicy
from av import AudioFrame
from openai import AsyncOpenAI

from engine.doors.ice import gather
from engine.settings import Rtc
from tests.engine.doors.stage import Json, until

RATE = 48_000
SAMPLES = RATE // 50


class Microphone(MediaStreamTrack):
    """Silence, and whatever is said into it; PCM16 48 kHz."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.waiting = deque[bytes]()
        self._start: float | None = None
        self._count = 0

    def say(self, ms: int, loudness: int = 8000) -> None:
        sound = (np.sin(np.arange(ms * RATE // 1000) * 2 * np.pi * 440 / RATE) * loudness).astype(np.int16).tobytes()
        size = SAMPLES * 2
        self.waiting.extend(sound[place : place + size] for place in range(0, len(sound) // size * size, size))

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self._start = loop.time() if self._start is None else self._start
        await asyncio.sleep(max(self._start + self._count * 0.02 - loop.time(), 0))
        frame = AudioFrame(format="s16", layout="mono", samples=SAMPLES)
        frame.planes[0].update(self.waiting.popleft() if self.waiting else bytes(SAMPLES * 2))
        frame.pts, frame.sample_rate, frame.time_base = self._count * SAMPLES, RATE, fractions.Fraction(1, RATE)
        self._count += 1
        return frame


class Caller:
    """`events` are what came over the data channel, `loud` the times at which a loud frame was heard."""

    def __init__(self, *, data_first: bool = False) -> None:
        bundle = RTCBundlePolicy.BALANCED if data_first else RTCBundlePolicy.MAX_BUNDLE
        self.connection = RTCPeerConnection(
            RTCConfiguration(iceServers=[], bundlePolicy=bundle, alwaysNegotiateDataChannels=data_first)
        )
        self.microphone = Microphone()
        self.connection.addTrack(self.microphone)
        self._data_first = data_first
        self.events: list[Json] = []
        self.frames = 0
        self.loud: list[float] = []
        self.tracks: list[MediaStreamTrack] = []
        self._listening: asyncio.Task[None] | None = None
        self.connection.on("track", self._hear)

    def _hear(self, track: MediaStreamTrack) -> None:
        self.tracks.append(track)
        self._listening = asyncio.ensure_future(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                self.frames += 1
                if np.abs(frame.to_ndarray().astype(np.int32)).mean() > 500:
                    self.loud.append(asyncio.get_running_loop().time())

    @property
    def ice(self) -> Connection:
        """Of the section that comes first: the other one is bundled with it."""
        sctp = self.connection.sctp
        first = sctp if self._data_first and sctp else self.connection.getTransceivers()[0].receiver
        return first.transport.transport.iceGatherer._connection

    async def offer(self, *, candidates: bool = False) -> str:
        description = None
        if self._data_first:  # aiortc puts the section there only where there is no channel yet
            description = await self.connection.createOffer()
        self.channel = self.connection.createDataChannel("oai-events")
        self.channel.on("message", lambda message: self.events.append(json.loads(message)))
        await gather(self.ice, Rtc(hosts=("127.0.0.1",)))
        await self.connection.setLocalDescription(description)
        lines = self.connection.localDescription.sdp.splitlines()
        gathered = ("a=candidate:", "a=end-of-candidates")
        return "".join(f"{line}\r\n" for line in lines if candidates or not line.startswith(gathered))

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def send(self, kind: str, **fields: Any) -> None:
        self.channel.send(json.dumps({"type": kind, **fields}))

    def all(self, kind: str) -> list[Json]:
        return [event for event in self.events if event["type"] == kind]

    async def event(self, kind: str, seconds: float = 10.0) -> Json:
        """The last of this kind, waited for."""
        await until(lambda: self.all(kind), seconds)
        return self.all(kind)[-1]

    def vanish(self) -> None:
        """As a laptop that is shut: no packet more, and no farewell."""
        for protocol in self.ice._protocols:
            protocol.transport.abort()

    async def call(self, client: AsyncOpenAI, **options: Any) -> str:
        """The id of the call that has begun."""
        answer = await client.realtime.calls.create(sdp=await self.offer(), **options)
        await self.accept(answer.text)
        await self.event("session.created")
        return answer.response.headers["location"].split("/")[-1]

    async def hang_up(self) -> None:
        await self.connection.close()
        if self._listening is not None:
            self._listening.cancel()
