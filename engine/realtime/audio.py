"""PCM16 at 24 kHz inside, the session's formats outside, and the arithmetic between bytes and time."""

from __future__ import annotations

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

from engine.backends import RATE
from engine.realtime.config import Format

BYTES_PER_SECOND = RATE * 2
BYTES_PER_MS = BYTES_PER_SECOND // 1000
DELTA_BYTES = 100 * BYTES_PER_MS  # an audio delta waits for so much, after the first, which waits for nothing
LONGEST_DELTA_BYTES = 200 * BYTES_PER_MS
TELEPHONE_STEP = 3  # 24 kHz to 8 kHz

Samples = NDArray[np.int16]


def milliseconds(size: int) -> int:
    return size // BYTES_PER_MS


def size_of(ms: float) -> int:
    """Bytes of whole samples."""
    return int(ms * RATE / 1000) * 2


def base64_size(text: str) -> int:
    """Bytes in it, without decoding."""
    return len(text) * 3 // 4


def decode_base64(text: str) -> bytes:
    """ValueError where it is not base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("it is not base64") from error


def encode_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _expand_ulaw() -> Samples:
    """G.711 μ-law to linear, ITU-T G.711 table 2."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _expand_alaw() -> Samples:
    """G.711 A-law to linear, ITU-T G.711 table 1."""
    code = np.arange(256, dtype=np.int32) ^ 0x55
    segment, mantissa = (code & 0x70) >> 4, (code & 0x0F) << 4
    magnitude = np.where(segment == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


EXPANDED = {"audio/pcmu": _expand_ulaw(), "audio/pcma": _expand_alaw()}


def _compression(expanded: Samples) -> NDArray[np.uint8]:
    """The nearest code for each of the 65,536 sample values."""
    order = np.argsort(expanded, kind="stable")
    levels = expanded[order].astype(np.int32)
    middles = (levels[1:] + levels[:-1]) // 2
    return order[np.searchsorted(middles, np.arange(-32768, 32768), side="left")].astype(np.uint8)


COMPRESSED = {name: _compression(expanded) for name, expanded in EXPANDED.items()}


def _low_pass(taps: int = 31) -> NDArray[np.float32]:
    """Windowed sinc below 3.6 kHz, so that nothing folds back at 8 kHz."""
    place = np.arange(taps) - (taps - 1) / 2
    kernel = np.sinc(place * 2 * 3600 / RATE) * np.hamming(taps)
    return np.asarray(kernel / kernel.sum(), np.float32)


LOW_PASS = _low_pass()


class Decoder:
    """A client's audio to PCM16 24 kHz, chunk by chunk."""

    def __init__(self, audio_format: Format) -> None:
        self.format = audio_format
        self._before = np.int16(0)

    def decode(self, data: bytes) -> bytes:
        """ValueError where `data` is not whole samples."""
        if self.format.type == "audio/pcm":
            if len(data) % 2:
                raise ValueError("PCM16 comes in whole samples of two bytes")
            return data
        samples = EXPANDED[self.format.type][np.frombuffer(data, np.uint8)]
        if not samples.size:
            return b""
        known = np.concatenate(([self._before], samples)).astype(np.float32)
        self._before = samples[-1]
        steps = np.arange(1, samples.size * TELEPHONE_STEP + 1) / TELEPHONE_STEP
        return np.interp(steps, np.arange(known.size), known).astype(np.int16).tobytes()


class Encoder:
    """PCM16 24 kHz to a client's audio, chunk by chunk; whole samples in, whole samples out."""

    def __init__(self, audio_format: Format) -> None:
        self.format = audio_format
        self._history = np.zeros(LOW_PASS.size - 1, np.float32)
        self._phase = 0

    def encode(self, pcm: bytes) -> bytes:
        if self.format.type == "audio/pcm":
            return pcm
        samples = np.frombuffer(pcm, np.int16).astype(np.float32)
        known = np.concatenate((self._history, samples))
        smooth = np.convolve(known, LOW_PASS, mode="valid")[self._phase :: TELEPHONE_STEP]
        self._history = known[known.size - (LOW_PASS.size - 1) :]
        self._phase = (self._phase - samples.size) % TELEPHONE_STEP
        whole = np.clip(np.rint(smooth), -32768, 32767).astype(np.int32)
        return COMPRESSED[self.format.type][whole + 32768].tobytes()


class Chunks:
    """Sound in pieces of 100 to 200 ms; the very first at once, because somebody waits for it."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._begun = False

    def add(self, pcm: bytes) -> list[bytes]:
        self._waiting += pcm
        return self._cut(DELTA_BYTES if self._begun else 2)

    def rest(self) -> list[bytes]:
        """All that waits; half a sample is let go, since it would turn what follows into noise."""
        pieces = self._cut(2)
        self._waiting.clear()
        return pieces

    def _cut(self, least: int) -> list[bytes]:
        pieces = []
        while len(self._waiting) >= least:
            piece = bytes(self._waiting[:LONGEST_DELTA_BYTES])
            piece = piece[: len(piece) & ~1]
            del self._waiting[: len(piece)]
            pieces.append(piece)
            self._begun = True
        return pieces
