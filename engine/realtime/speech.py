"""A spoken message: sentences are spoken while the next ones are still being thought."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from engine.backends import Manner
from engine.realtime.audio import milliseconds
from engine.realtime.conversation import Conversation
from engine.realtime.items import Item, Part, Status
from engine.realtime.orders import Speak
from engine.realtime.outbox import Outbox
from engine.realtime.output import OutputItem
from engine.realtime.playback import Sound
from engine.realtime.sentences import Sentences

AT_ONCE = 2  # sentences ordered: one is spoken, the next is ready to be


class Speaking(OutputItem):
    """The transcript keeps to the sound: a sentence is told when its first sound is there."""

    def __init__(
        self,
        outbox: Outbox,
        conversation: Conversation | None,
        response_id: str,
        output_index: int,
        manner: Manner,
        sound: Callable[[OutputItem], Sound],
        ahead_ms: float,
    ) -> None:
        super().__init__(outbox, conversation, response_id, output_index, Item("message", role="assistant"))
        self._part = Part("output_audio", "", bytearray())
        self.item.parts.append(self._part)
        self._manner, self._sound, self._ahead_ms = manner, sound(self), ahead_ms
        self._sentences, self._ready = Sentences(), deque[str]()
        self._ordered: dict[int, str] = {}  # by number of their Speak
        self._told: set[int] = set()
        self._next = 0
        self._made = 0  # bytes of sound
        self._whole = False
        self.emit("content_part.added", content_index=0, part={"type": "audio", "transcript": ""})

    @property
    def ms(self) -> int:
        return milliseconds(self._made)

    @property
    def complete(self) -> bool:
        return self._whole and not self._ready and not self._ordered

    def write(self, text: str) -> None:
        self._ready += self._sentences.add(text)
        self.order_more()

    def end_of_text(self) -> None:
        self._whole = True
        self._ready += [rest for rest in self._sentences.rest() if rest.strip()]
        self.order_more()

    def order_more(self) -> None:
        while self._ready and len(self._ordered) < AT_ONCE and self._sound.ahead_ms < self._ahead_ms:
            text = self._ready.popleft()
            self._ordered[self._next] = text
            self._outbox.order(Speak(self.response_id, self._next, text.strip(), self._manner))
            self._next += 1

    def spoke(self, part: int, pcm: bytes) -> None:
        if part not in self._ordered or not pcm:
            return
        self._tell(part)
        self._made += len(pcm)
        if self.item.heard is None:
            self._part.ms = self.ms
            if isinstance(self._part.audio, bytearray):  # else it was let go to keep memory flat
                self._part.audio += pcm
        self._sound.add(pcm)

    def part_done(self, part: int) -> None:
        if part not in self._ordered:
            return
        self._tell(part)
        self._sound.rest()
        text = self._ordered.pop(part)
        self._told.discard(part)
        if self.item.heard is None:
            self.item.sentences.append((text, self.ms))
        self.order_more()

    def close(self, status: Status) -> None:
        self._sound.rest()
        transcript = self._part.text or ""
        self._part.audio = bytes(self._part.audio)
        self.emit("output_audio.done", content_index=0)
        self.emit("output_audio_transcript.done", content_index=0, transcript=transcript)
        self.emit("content_part.done", content_index=0, part={"type": "audio", "transcript": transcript})
        super().close(status)

    def _tell(self, part: int) -> None:
        if part in self._told:
            return
        self._told.add(part)
        text = self._ordered[part]
        if self.item.heard is None:
            self._part.text = (self._part.text or "") + text
        self.emit("output_audio_transcript.delta", content_index=0, delta=text)
