"""The input audio buffer, with turn detection or without."""

from __future__ import annotations

from typing import Protocol

from engine.realtime.audio import BYTES_PER_SECOND, milliseconds, size_of
from engine.realtime.config import AudioInput
from engine.realtime.conversation import Conversation
from engine.realtime.errors import refused
from engine.realtime.hearings import Hearings, hints_of
from engine.realtime.items import Item, spoken_item
from engine.realtime.limits import Limits
from engine.realtime.outbox import Outbox, new_id
from engine.realtime.turns import FRAME_BYTES, Detector, Rules, Turns

LEAST_BYTES = size_of(100)  # that can be committed (openai.md, 3.8)
LOST_SECONDS = 0.5  # without any sound from a peer, beyond the silence that ends a turn


class Floor(Protocol):
    """Who must know when somebody takes the floor and leaves it."""

    def speech_started(self, now: float) -> None: ...

    def turn_ended(self, item: Item, now: float) -> None: ...


class Listening:
    """Offsets are bytes of PCM16 since the session began, so that they are also its clock.

    `eager` sessions recognise while sound comes in, also without turn detection. On a peer, whose track never ends,
    that would recognise every silence: there only a client's `clear` (a key pressed to talk) begins it.
    """

    def __init__(
        self,
        outbox: Outbox,
        hearings: Hearings,
        conversation: Conversation,
        detector: Detector,
        limits: Limits,
        floor: Floor,
        config: AudioInput,
        *,
        eager: bool,
    ) -> None:
        self._outbox, self._hearings, self._conversation = outbox, hearings, conversation
        self._turns = Turns(detector)
        self._limits, self._floor, self._eager = limits, floor, eager
        self._config = config
        self._rules = Rules.of(config.turn_detection) if config.turn_detection else None
        self._armed = eager
        self._waiting = bytearray()  # not yet looked at
        self._buffer = bytearray()
        self._start = 0  # offset of the buffer's first byte
        self._fed = 0  # of the buffer, to the hearing
        self._item_id: str | None = None
        self._hearing = False
        self._last_sound = 0.0

    @property
    def speaking(self) -> bool:
        return self._turns.speaking

    @property
    def behind(self) -> bool:
        """More sound waits than could be looked at without keeping others waiting."""
        return self._rules is not None and len(self._waiting) >= FRAME_BYTES

    @property
    def clock_ms(self) -> int:
        return milliseconds(self._start + len(self._buffer) + len(self._waiting))

    def configure(self, config: AudioInput) -> None:
        was_on, self._config = self._rules is not None, config
        self._rules = Rules.of(config.turn_detection) if config.turn_detection else None
        if was_on and self._rules is None:
            self._turns.reset()
        elif not was_on and self._rules is not None:
            self._drop_hearing()

    def check_room(self, size: int) -> None:
        """Raises BadRequest where a client must commit or clear first."""
        held = len(self._buffer) + len(self._waiting) + size
        if self._rules is None and held > self._limits.input_seconds * BYTES_PER_SECOND:
            message = f"The input audio buffer holds at most {self._limits.input_seconds:g} seconds."
            raise refused("input_audio_buffer_full", message, "audio")

    def hear(self, pcm: bytes, now: float) -> None:
        self._last_sound = now
        self._waiting += pcm
        self.work(now)

    def work(self, now: float) -> None:
        """Look at what waits, for a slice of it at most."""
        if self._rules is None:
            self._absorb()
            return
        end = min(len(self._waiting), size_of(self._limits.slice_seconds * 1000)) // FRAME_BYTES * FRAME_BYTES
        frames = bytes(self._waiting[:end])
        del self._waiting[:end]
        for place in range(0, end, FRAME_BYTES):
            self._look(frames[place : place + FRAME_BYTES], self._rules, now)
        self._feed()

    def _absorb(self) -> None:
        self._buffer += self._waiting
        self._waiting.clear()
        excess = len(self._buffer) - size_of(self._limits.input_seconds * 1000)
        if excess > 0:  # a peer's track goes on whether or not anybody commits
            self._advance(excess)
        if self._armed and not self._hearing and len(self._buffer) >= LEAST_BYTES:
            self._listen()
        self._feed()

    def _look(self, frame: bytes, rules: Rules, now: float) -> None:
        self._buffer += frame
        mark = self._turns.look(frame, rules)
        if mark == "started":
            self._begin(rules, now)
        elif mark == "stopped":
            self._end(now)
        elif self._turns.speaking and len(self._buffer) >= size_of(self._limits.turn_seconds * 1000):
            self._turns.rest()
            self._end(now)
        elif not self._turns.speaking:
            kept = max(size_of(self._limits.quiet_seconds * 1000), rules.padding_bytes + 4 * FRAME_BYTES)
            if len(self._buffer) > kept + BYTES_PER_SECOND:
                self._advance(len(self._buffer) - kept)

    def _begin(self, rules: Rules, now: float) -> None:
        back = self._turns.onset_frames * FRAME_BYTES + rules.padding_bytes
        self._advance(max(len(self._buffer) - back, 0))
        self._item_id = new_id("item")
        self._outbox.emit(
            "input_audio_buffer.speech_started", item_id=self._item_id, audio_start_ms=milliseconds(self._start)
        )
        self._listen()
        self._floor.speech_started(now)

    def _end(self, now: float) -> None:
        self._outbox.emit(
            "input_audio_buffer.speech_stopped",
            item_id=self._item_id,
            audio_end_ms=milliseconds(self._start + len(self._buffer)),
        )
        self._floor.turn_ended(self._commit(), now)

    def lost_deadline(self) -> float | None:
        """When a peer that stopped sending in the middle of its speech counts as silent."""
        if self._eager or not self._turns.speaking or self._rules is None:
            return None
        return self._last_sound + self._rules.silence_ms / 1000 + LOST_SECONDS

    def end_lost_turn(self, now: float) -> None:
        self._turns.rest()
        self._end(now)

    def commit(self) -> Item:
        """At the client's wish. Raises BadRequest where there is less than 100 ms."""
        held = len(self._buffer) + len(self._waiting)
        if held < LEAST_BYTES:
            message = (
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, "
                f"but buffer only has {held / BYTES_PER_SECOND * 1000:.2f}ms of audio."
            )
            raise refused("input_audio_buffer_commit_empty", message)
        self._buffer += self._waiting
        self._waiting.clear()
        self._turns.rest()
        return self._commit()

    def commit_silence(self, since_ms: int) -> Item:
        """The idle timeout: an empty turn, so that the conversation shows why the next answer comes."""
        item = spoken_item(b"", new_id("item"))
        item.silent = True
        item.parts[0].text = ""
        self._outbox.emit(
            "input_audio_buffer.timeout_triggered",
            item_id=item.id,
            audio_start_ms=since_ms,
            audio_end_ms=self.clock_ms,
        )
        self._outbox.emit("input_audio_buffer.committed", item_id=item.id, previous_item_id=self._conversation.last_id)
        self._conversation.add(item)
        return item

    def clear(self) -> None:
        self._drop_hearing()
        self._turns.reset()
        self._waiting.clear()
        self._advance(len(self._buffer))
        self._armed = True
        self._outbox.emit("input_audio_buffer.cleared")

    def _commit(self) -> Item:
        item_id = self._item_id or new_id("item")
        self._item_id = item_id
        if not self._hearing:
            self._listen()
        self._feed()
        self._outbox.emit("input_audio_buffer.committed", item_id=item_id, previous_item_id=self._conversation.last_id)
        item = spoken_item(bytes(self._buffer), item_id)
        self._hearings.understand(item, told=self._config.transcription is not None)
        self._item_id, self._hearing, self._armed = None, False, self._eager
        self._advance(len(self._buffer))
        self._conversation.add(item)
        return item

    def _listen(self) -> None:
        self._item_id = self._item_id or new_id("item")
        self._hearing, self._fed = True, 0
        self._hearings.listen(self._item_id, hints_of(self._config.transcription))

    def _feed(self) -> None:
        if self._hearing and self._item_id:
            self._hearings.feed(self._item_id, bytes(self._buffer[self._fed :]))
            self._fed = len(self._buffer)

    def _drop_hearing(self) -> None:
        if self._hearing and self._item_id:
            self._hearings.forget(self._item_id)
        self._item_id, self._hearing, self._fed = None, False, 0

    def _advance(self, size: int) -> None:
        """Let go of the oldest bytes of the buffer."""
        del self._buffer[:size]
        self._start += size
        self._fed = max(self._fed - size, 0)
