"""The parts of one session, put together, and who has the floor."""

from __future__ import annotations

from typing import Any, Literal

from engine.backends import BackendError, Heard
from engine.realtime.answering import Answering
from engine.realtime.config import Config, RealtimeConfig, ServerVad
from engine.realtime.conversation import Conversation
from engine.realtime.hearings import Hearings, hints_of
from engine.realtime.items import Item
from engine.realtime.limits import Limits
from engine.realtime.listening import Listening
from engine.realtime.outbox import Outbox, new_id
from engine.realtime.playback import Playback
from engine.realtime.turns import Detector

Medium = Literal["socket", "peer"]


class Core:
    def __init__(
        self, config: Config, medium: Medium, detector: Detector, limits: Limits, now: float, expires_at: int
    ) -> None:
        self.id = new_id("sess")
        self.config = config
        self.medium, self.limits, self.expires_at = medium, limits, expires_at
        self.outbox = Outbox()
        self.conversation = Conversation(self.outbox, limits)
        self.hearings = Hearings(self.outbox)
        self.playback = Playback(self.outbox, self.conversation) if medium == "peer" else None
        self.answering = Answering(self.outbox, self.conversation, limits, self.playback, now)
        self.listening = Listening(
            self.outbox,
            self.hearings,
            self.conversation,
            detector,
            limits,
            self,
            config.audio.input,
            eager=medium == "socket",
        )
        self._quiet_ms = 0  # the input's clock when the last answer had been heard
        self._quiet_since: float | None = None

    def session_object(self) -> dict[str, Any]:
        kind = "realtime.session" if isinstance(self.config, RealtimeConfig) else "realtime.transcription_session"
        return {"id": self.id, "object": kind, "expires_at": self.expires_at, **self.config.model_dump()}

    def add_item(self, item: Item, after: str | None) -> None:
        """A client's item; its sound is listened to where it has no transcript."""
        self.conversation.add(item, after)
        if item.unheard:
            self.listen_to(item)

    def listen_to(self, item: Item) -> None:
        transcription = self.config.audio.input.transcription
        self.hearings.listen(item.id, hints_of(transcription))
        self.hearings.feed(item.id, bytes(item.sound.audio) if item.sound else b"")
        self.hearings.understand(item, told=transcription is not None and item in self.conversation)

    def remove_item(self, item: Item, now: float) -> None:
        self.hearings.forget(item.id)
        self.conversation.remove(item)
        self.answering.gone(item, now)

    def understood(self, item_id: str, result: Heard | BackendError, now: float) -> None:
        if item := self.hearings.take(item_id, result):
            self.answering.understood(item, result, now)

    # The floor: what Listening tells.

    def speech_started(self, now: float) -> None:
        detection = self.config.audio.input.turn_detection
        if detection is not None and detection.interrupt_response:
            self.answering.interrupt(now)
        self.answering.quiet_since = None

    def turn_ended(self, item: Item, now: float) -> None:
        detection = self.config.audio.input.turn_detection
        if isinstance(self.config, RealtimeConfig) and detection is not None and detection.create_response:
            self.answering.answer_turn(self.config, item, now)

    # Silence that lasts too long.

    def idle_deadline(self) -> float | None:
        detection = self.config.audio.input.turn_detection
        since = self.answering.quiet_since
        if since != self._quiet_since:
            self._quiet_since, self._quiet_ms = since, self.listening.clock_ms
        if since is None or not isinstance(detection, ServerVad) or detection.idle_timeout_ms is None:
            return None
        if self.listening.speaking or self.answering.talking:
            return None
        return since + detection.idle_timeout_ms / 1000

    def prompt_the_silent(self, now: float) -> None:
        self.answering.quiet_since = None
        self.turn_ended(self.listening.commit_silence(self._quiet_ms), now)
