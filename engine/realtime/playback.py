"""Where the sound of an answer goes: as events to a socket, or to be played to a peer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.realtime.audio import Chunks, Encoder, encode_base64, milliseconds
from engine.realtime.config import Format
from engine.realtime.conversation import Conversation
from engine.realtime.items import Item
from engine.realtime.orders import Flush, Play, PlayOut
from engine.realtime.outbox import Outbox
from engine.realtime.output import OutputItem


class Sound(Protocol):
    def add(self, pcm: bytes) -> None: ...

    def rest(self) -> None:
        """A sentence is over: hold nothing back."""

    @property
    def ahead_ms(self) -> int:
        """Of sound made but not yet played, where that can be known."""


class SocketSound:
    """Audio deltas; how much of them was played only the client knows."""

    ahead_ms = 0

    def __init__(self, output: OutputItem, audio_format: Format) -> None:
        self._output = output
        self._chunks, self._encoder = Chunks(), Encoder(audio_format)

    def add(self, pcm: bytes) -> None:
        self._emit(self._chunks.add(pcm))

    def rest(self) -> None:
        self._emit(self._chunks.rest())

    def _emit(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            if encoded := self._encoder.encode(piece):
                self._output.emit("output_audio.delta", content_index=0, delta=encode_base64(encoded))


@dataclass(slots=True)
class Playing:
    item: Item
    made: int = 0  # bytes
    played_ms: int = 0


class Playback:
    """What a peer hears, by response."""

    def __init__(self, outbox: Outbox, conversation: Conversation) -> None:
        self._outbox, self._conversation = outbox, conversation
        self._playing: dict[str, Playing] = {}
        self._muted: set[str] = set()  # cleared while still being made

    def __bool__(self) -> bool:
        return bool(self._playing)

    def play(self, response_id: str, item: Item, pcm: bytes) -> None:
        if response_id in self._muted:
            return
        if response_id not in self._playing:
            self._playing[response_id] = Playing(item)
            self._outbox.emit("output_audio_buffer.started", response_id=response_id)
        self._playing[response_id].made += len(pcm)
        self._outbox.order(Play(response_id, item.id, pcm))

    def ahead_ms(self, response_id: str) -> int:
        playing = self._playing.get(response_id)
        return milliseconds(playing.made) - playing.played_ms if playing else 0

    def end(self, response_id: str) -> None:
        """Nothing more is made for it."""
        self._muted.discard(response_id)
        if response_id in self._playing:
            self._outbox.order(PlayOut(response_id))

    def played(self, response_id: str, item_id: str, ms: int) -> None:
        playing = self._playing.get(response_id)
        if playing and playing.item.id == item_id:
            playing.played_ms = max(playing.played_ms, min(ms, milliseconds(playing.made)))

    def played_out(self, response_id: str) -> bool:
        if self._playing.pop(response_id, None) is None:
            return False
        self._outbox.emit("output_audio_buffer.stopped", response_id=response_id)
        return True

    def clear(self, still_made: set[str]) -> None:
        """Silence, now: what was not played is also taken out of the conversation."""
        if not self._playing:
            return
        self._outbox.order(Flush())
        cleared, self._playing = self._playing, {}
        self._muted |= still_made & set(cleared)
        for response_id, playing in cleared.items():
            self._outbox.emit("output_audio_buffer.cleared", response_id=response_id)
            sound = playing.item.sound
            if playing.item in self._conversation and sound and playing.played_ms < sound.ms:
                playing.item.truncate(playing.played_ms)
                self._outbox.emit(
                    "conversation.item.truncated",
                    item_id=playing.item.id,
                    content_index=0,
                    audio_end_ms=playing.played_ms,
                )


class PeerSound:
    def __init__(self, playback: Playback, output: OutputItem) -> None:
        self._playback, self._output = playback, output
        self._odd = b""

    def add(self, pcm: bytes) -> None:
        pcm = self._odd + pcm
        self._odd = pcm[len(pcm) & ~1 :]
        if whole := pcm[: len(pcm) & ~1]:
            self._playback.play(self._output.response_id, self._output.item, whole)

    def rest(self) -> None:
        self._odd = b""

    @property
    def ahead_ms(self) -> int:
        return self._playback.ahead_ms(self._output.response_id)
