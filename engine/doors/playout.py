"""Sound on its way to a peer, frame by frame, and what has left of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from engine.realtime.audio import milliseconds, size_of

FRAME_MS = 20
FRAME_SECONDS = FRAME_MS / 1000
FRAME_BYTES = size_of(FRAME_MS)
SILENCE = bytes(FRAME_BYTES)


@dataclass(frozen=True, slots=True)
class Played:
    """`ms` of this item have left in all."""

    response_id: str
    item_id: str
    ms: int


@dataclass(frozen=True, slots=True)
class PlayedOut:
    response_id: str


@dataclass(slots=True)
class _Piece:
    response_id: str
    item_id: str | None  # None: the response ends here
    pcm: bytes
    taken: int = 0


class Playout:
    """PCM16 24 kHz in, 20 ms frames out: silence where nothing waits."""

    def __init__(self) -> None:
        self._pieces: deque[_Piece] = deque()
        self._left: dict[tuple[str, str], int] = {}  # bytes, by response and item

    def play(self, response_id: str, item_id: str, pcm: bytes) -> None:
        self._pieces.append(_Piece(response_id, item_id, pcm))

    def play_out(self, response_id: str) -> None:
        self._pieces.append(_Piece(response_id, None, b""))

    def flush(self) -> None:
        self._pieces.clear()
        self._left.clear()

    def frame(self) -> tuple[bytes, list[Played | PlayedOut]]:
        """The next 20 ms, and what has happened until they are over.

        A response is played out with the frame after its last sound, which is when that has been heard.
        """
        frame = bytearray()
        told: list[Played | PlayedOut] = []
        while self._pieces and len(frame) < FRAME_BYTES:
            piece = self._pieces[0]
            if piece.item_id is None:
                if frame:
                    break
                told.append(PlayedOut(piece.response_id))
                self._left = {key: size for key, size in self._left.items() if key[0] != piece.response_id}
            else:
                part = piece.pcm[piece.taken : piece.taken + FRAME_BYTES - len(frame)]
                piece.taken += len(part)
                frame += part
                self._tell(told, piece.response_id, piece.item_id, len(part))
                if piece.taken < len(piece.pcm):
                    continue
            self._pieces.popleft()
        return bytes(frame) + SILENCE[len(frame) :], told

    def _tell(self, told: list[Played | PlayedOut], response_id: str, item_id: str, size: int) -> None:
        key = (response_id, item_id)
        left = self._left[key] = self._left.get(key, 0) + size
        if told and isinstance(told[-1], Played) and told[-1].item_id == item_id:
            told.pop()
        told.append(Played(response_id, item_id, milliseconds(left)))


class Pace:
    """When frames leave: by an absolute clock, so that they do not drift; after a stall from now on, without a burst.

    Times are seconds of any steady clock.
    """

    def __init__(self) -> None:
        self._due: float | None = None

    def delay(self, now: float) -> float:
        """How long the next frame must still wait."""
        due = now if self._due is None or now - self._due >= FRAME_SECONDS else self._due
        self._due = due + FRAME_SECONDS
        return max(due - now, 0.0)
