"""A call's two audio tracks, between PCM16 24 kHz and Opus."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import AudioCodecContext, AudioFrame, AudioResampler, AudioStream, CodecContext, Packet

from engine.backends import RATE
from engine.doors.playout import FRAME_MS, Pace, Played, PlayedOut, Playout

FRAME_SAMPLES = RATE * FRAME_MS // 1000
BIT_RATE = 40_000  # well above what speech of 12 kHz bandwidth needs, so that loss is what is heard, not coding
GAP_SECONDS = 2.0  # of lost sound, at most, that is made up for with silence


class Speaker(MediaStreamTrack):
    """What the peer hears."""

    kind = "audio"

    def __init__(self, report: Callable[[Played | PlayedOut], None]) -> None:
        super().__init__()
        self.playout = Playout()
        self._report = report
        self._encoder = _opus_encoder()
        self._frames = 0
        self._pace = Pace()

    async def recv(self) -> Packet[AudioStream]:
        """The next 20 ms as an Opus packet, when they are due: aiortc sends it at once."""
        await asyncio.sleep(self._pace.delay(asyncio.get_running_loop().time()))
        if self.readyState != "live":
            raise MediaStreamError
        pcm, told = self.playout.frame()
        packet = self._encode(pcm)
        for each in told:
            self._report(each)
        return packet

    def _encode(self, pcm: bytes) -> Packet[AudioStream]:
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME_SAMPLES)
        frame.planes[0].update(pcm)
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._frames * FRAME_SAMPLES
        (packet,) = self._encoder.encode(frame)
        # The encoder's own count begins before zero, with the sound that it looks ahead.
        packet.pts = self._frames * FRAME_SAMPLES
        packet.time_base = Fraction(1, RATE)
        self._frames += 1
        return packet


def _opus_encoder() -> AudioCodecContext:
    encoder = CodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate = RATE
    encoder.layout = "mono"
    encoder.format = "s16"
    encoder.bit_rate = BIT_RATE
    encoder.time_base = Fraction(1, RATE)
    encoder.options = {
        "application": "voip",
        "frame_duration": str(FRAME_MS),
        "fec": "1",
        "packet_loss": "10",
        "compression_level": "5",  # three quarters of the default's CPU, which every call pays 50 times a second
    }
    return encoder


class Resampler:
    """Frames of a peer's track to PCM16 24 kHz, mono. Lost frames become silence: the sound keeps its length."""

    def __init__(self) -> None:
        self._resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        self._next: Fraction | None = None  # seconds, where the next frame should begin

    def pcm(self, frame: AudioFrame) -> bytes:
        lost = self._lost(frame)
        frame.pts = None  # a jump in time is made up for here, not by the resampler
        sound = b"".join(bytes(each.planes[0])[: each.samples * 2] for each in self._resampler.resample(frame))
        return bytes(int(lost * RATE) * 2) + sound

    def _lost(self, frame: AudioFrame) -> float:
        """Seconds missing before this frame."""
        if frame.pts is None or frame.time_base is None:
            return 0.0
        begin = Fraction(frame.pts * frame.time_base.numerator, frame.time_base.denominator)
        gap = float(begin - self._next) if self._next is not None else 0.0
        self._next = begin + Fraction(frame.samples, frame.sample_rate)
        return min(gap, GAP_SECONDS) if gap > 0 else 0.0
