"""A caller over WebRTC: one audio track each way and the data channel `oai-events`."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from time import monotonic
from uuid import uuid4

from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.jitterbuffer import JitterBuffer
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from engine.doors.ice import gather
from engine.doors.live import CROWDED_BYTES, NORMAL, LiveSession
from engine.doors.offer import Offer, invalid_offer
from engine.doors.outbox import TOO_SLOW
from engine.doors.playout import Played, PlayedOut
from engine.doors.tracks import Resampler, Speaker
from engine.errors import EngineError
from engine.settings import Rtc

logger = logging.getLogger("engine")

CHANNEL = "oai-events"
NEGOTIATION_SECONDS = 10
GOODBYE_SECONDS = 1.0  # for the last events, before the connection goes
CLOSE_SECONDS = 5.0
WATCH_SECONDS = 1.0
TOO_LARGE = 1009
# aiortc holds a packet back until four whole ones follow, and after the first loss sixteen, for good: 320 ms more
# before a turn is heard to end. We play nothing, so that only packets out of order must be waited for.
REORDERED_PACKETS = 4


class Peer:
    """It is also the session's client behind the data channel, and its player."""

    name = "peer"

    def __init__(self, live: LiveSession, rtc: Rtc, pending_bytes: int) -> None:
        self._live, self._rtc, self._pending_bytes = live, rtc, pending_bytes
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))  # else it asks a public STUN server
        self._speaker = Speaker(self._left)
        self._channel: RTCDataChannel | None = None
        self._message_size = 0
        self._sends = True
        self._last_sign = monotonic()
        live.player = self._speaker.playout
        live.finally_(self._close)

    async def answer(self, offer: Offer) -> str:
        """The answer to it, with all our candidates. Raises BadRequest where it cannot be used, and Overloaded."""
        self._message_size, self._sends = offer.message_size, offer.sends
        transceiver = self._connection.addTransceiver(self._speaker, direction="sendrecv")
        opus = [each for each in RTCRtpSender.getCapabilities("audio").codecs if each.mimeType == "audio/opus"]
        transceiver.setCodecPreferences(opus)
        vars(transceiver.receiver)["_RTCRtpReceiver__jitter_buffer"] = JitterBuffer(REORDERED_PACKETS)
        self._connection.on("track", self._listen_to)
        self._connection.on("datachannel", self._open)
        self._connection.on("connectionstatechange", self._look)
        try:
            async with asyncio.timeout(NEGOTIATION_SECONDS):
                await self._connection.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
                await gather(transceiver.receiver.transport.transport.iceGatherer._connection, self._rtc)
                await self._connection.setLocalDescription()
        except EngineError:
            raise
        except Exception as error:  # aiortc meets odd SDP with whatever it stumbles over
            logger.info("An offer could not be used: %r", error)
            raise invalid_offer("The SDP offer cannot be used: a line of it is malformed or unsupported.") from error
        self._live.accompany(self._watch())
        return self._connection.localDescription.sdp

    # The session's client

    @property
    def pending(self) -> int:
        return self._channel.bufferedAmount if self._channel is not None else 0

    def tell(self, event: str) -> bool:
        if self._channel is None or self._channel.readyState != "open":
            return False
        if self.pending + len(event) > self._pending_bytes:
            # Not now: the core is in the middle of something.
            asyncio.get_running_loop().call_soon(self._live.end, TOO_SLOW, "too slow: events were not read")
            return False
        if self._message_size and len(event) > self._message_size:
            event = _too_large(event)
        self._channel.send(event)
        return True

    def close(self, code: int, reason: str) -> None:
        """A data channel has no codes: it closes with the connection, after what was told."""

    # What the connection brings

    def _listen_to(self, track: MediaStreamTrack) -> None:
        self._live.accompany(self._hear(track))

    async def _hear(self, track: MediaStreamTrack) -> None:
        resampler = Resampler()
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self._last_sign = monotonic()
            if isinstance(frame, AudioFrame):
                self._live.hear(resampler.pcm(frame))

    def _open(self, channel: RTCDataChannel) -> None:
        if self._channel is not None or channel.label != CHANNEL:
            channel.close()
            return
        self._channel = channel
        channel.bufferedAmountLowThreshold = CROWDED_BYTES
        channel.on("bufferedamountlow", self._live.make_room)
        channel.on("message", self._take)
        channel.on("close", self._gone)
        self._live.attach(self)

    def _take(self, message: str | bytes) -> None:
        self._last_sign = monotonic()
        self._live.receive(message, self)

    def _gone(self) -> None:
        self._live.end(NORMAL, "the peer has left")

    def _look(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self._gone()

    def _left(self, what: Played | PlayedOut) -> None:
        if isinstance(what, Played):
            self._live.played(what.response_id, what.item_id, what.ms)
        else:
            self._live.played_out(what.response_id)

    async def _watch(self) -> None:
        """A peer that vanishes says nothing: silence on the line is how it is noticed.

        One that only listens is silent by nature; ICE notices its end, after half a minute.
        """
        while True:
            silent = monotonic() - self._last_sign >= self._rtc.silence_seconds
            if silent and (self._sends or self._connection.connectionState != "connected"):
                self._live.end(NORMAL, "no sign of the peer")
                return
            if self._is_overfull():
                self._live.end(TOO_LARGE, "a message without end")
                return
            await asyncio.sleep(WATCH_SECONDS)

    def _is_overfull(self) -> bool:
        """aiortc keeps the pieces of a message until it is whole, however long it gets."""
        sctp = self._connection.sctp
        return sctp is not None and sctp._advertised_rwnd <= 0

    async def _close(self) -> None:
        self._speaker.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._all_sent()
        self._connection.remove_all_listeners()
        async with asyncio.timeout(CLOSE_SECONDS):
            await self._connection.close()

    async def _all_sent(self) -> None:
        if self._channel is None or not self.pending:
            return
        sent = asyncio.Event()
        self._channel.bufferedAmountLowThreshold = 0
        self._channel.on("bufferedamountlow", sent.set)
        await sent.wait()


def _too_large(event: str) -> str:
    kind = json.loads(event)["type"]
    message = f"An event of type '{kind}' is larger than the data channel takes: it was not sent."
    error = {"type": "server_error", "code": "event_too_large", "message": message, "param": None, "event_id": None}
    return json.dumps({"type": "error", "event_id": f"event_{uuid4().hex}", "error": error})
