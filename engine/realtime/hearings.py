"""Speech on its way to text: what is being listened to, and the transcripts in the order of their items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.backends import BackendError, Heard, Hints
from engine.realtime.config import Transcription
from engine.realtime.items import Item
from engine.realtime.orders import Forget, Hear, Listen, Understand
from engine.realtime.outbox import Outbox


def hints_of(transcription: Transcription | None) -> Hints:
    if transcription is None:
        return Hints()
    languages = transcription.languages or [""]
    return Hints(
        transcription.language or languages[0], transcription.prompt or "", tuple(transcription.keywords or ())
    )


@dataclass(slots=True)
class Pending:
    item: Item
    told: bool  # whether the client asked for transcripts
    result: Heard | BackendError | None = None


class Hearings:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._open: set[str] = set()
        self._pending: dict[str, Pending] = {}

    def __len__(self) -> int:
        """How many are still to be understood."""
        return sum(pending.result is None for pending in self._pending.values())

    def listen(self, item_id: str, hints: Hints) -> None:
        self._open.add(item_id)
        self._outbox.order(Listen(item_id, hints))

    def feed(self, item_id: str, pcm: bytes) -> None:
        if pcm:
            self._outbox.order(Hear(item_id, pcm))

    def understand(self, item: Item, *, told: bool) -> None:
        """No more sound comes for it; `told`: its transcript is also told as events."""
        item.unheard = True
        self._open.discard(item.id)
        self._pending[item.id] = Pending(item, told)
        self._outbox.order(Understand(item.id))

    def forget(self, item_id: str) -> None:
        if item_id not in self._open and item_id not in self._pending:
            return
        self._open.discard(item_id)
        if pending := self._pending.pop(item_id, None):
            pending.item.unheard = False
        self._outbox.order(Forget(item_id))
        self._tell()

    def forget_all(self) -> None:
        for item_id in [*self._open, *self._pending]:
            self.forget(item_id)

    def take(self, item_id: str, result: Heard | BackendError) -> Item | None:
        """The item that is now understood, or not; None where nobody waits for it any more."""
        pending = self._pending.get(item_id)
        if pending is None or pending.result is not None:
            return None
        pending.result = result
        pending.item.unheard = False
        if isinstance(result, Heard) and pending.item.sound:
            pending.item.sound.text = result.text.strip()
        self._tell()
        return pending.item

    def _tell(self) -> None:
        """In the order of the items: a short turn is often understood before the long one before it."""
        for item_id, pending in list(self._pending.items()):
            if pending.result is None:
                return
            del self._pending[item_id]
            if pending.told:
                self._tell_one(pending.item, pending.result)

    def _tell_one(self, item: Item, result: Heard | BackendError) -> None:
        place = item.parts.index(item.sound) if item.sound else 0
        of_item: dict[str, Any] = {"item_id": item.id, "content_index": place}
        kind = "conversation.item.input_audio_transcription"
        if isinstance(result, BackendError):
            error = {
                "type": "transcription_error",
                "code": "audio_unintelligible" if result.code == "bad_answer" else result.code,
                "message": "The audio could not be transcribed.",
            }
            self._outbox.emit(f"{kind}.failed", **of_item, error=error)
            return
        text = result.text.strip()
        if text:
            self._outbox.emit(f"{kind}.delta", **of_item, delta=text)
        usage = {"type": "duration", "seconds": round(result.seconds, 3)}
        self._outbox.emit(f"{kind}.completed", **of_item, transcript=text, usage=usage)
