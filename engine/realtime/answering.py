"""Who may answer, and when: the responses of one session."""

from __future__ import annotations

from engine.backends import BackendError, CallDelta, Finished, Heard
from engine.errors import BadRequest
from engine.realtime.budget import Budget
from engine.realtime.config import RealtimeConfig
from engine.realtime.conversation import Conversation
from engine.realtime.errors import error_object, refused
from engine.realtime.history import standing_question
from engine.realtime.items import Item
from engine.realtime.limits import Limits
from engine.realtime.outbox import Outbox, new_id
from engine.realtime.output import OutputItem
from engine.realtime.playback import PeerSound, Playback, SocketSound, Sound
from engine.realtime.response import Request, Response


class Answering:
    """`playback` is None on a socket, where the client plays for itself."""

    def __init__(
        self, outbox: Outbox, conversation: Conversation, limits: Limits, playback: Playback | None, now: float
    ) -> None:
        self.begun = False  # with the first response the model is fixed
        self.spoken = False  # and with the first sound the voice
        self._outbox, self._conversation, self._limits, self._playback = outbox, conversation, limits, playback
        self._responses: dict[str, Response] = {}
        self._budget = Budget(limits.responses_per_minute, limits.responses_per_minute / 60, now)
        self._owed: tuple[RealtimeConfig, Item] | None = None
        self._language = ""  # last heard
        self.quiet_since: float | None = None  # when the last answer was, or will have been, played to its end
        self._began = 0.0

    @property
    def active(self) -> Response | None:
        """The one that writes to the default conversation."""
        return next((each for each in self._responses.values() if each.request.conversation is not None), None)

    @property
    def talking(self) -> bool:
        """An answer is being made, or still heard by a peer."""
        return self.active is not None or bool(self._playback)

    def create(self, request: Request, now: float) -> None:
        """Raises BadRequest where it may not be, before anything changes."""
        active = self.active
        if request.conversation is not None and active is not None:
            raise refused(
                "conversation_already_has_active_response",
                f"Conversation already has an active response in progress: {active.id}. "
                "Wait until the response is finished before creating a new one.",
            )
        if len(self._responses) >= self._limits.parallel_responses:
            raise refused("rate_limit_exceeded", "Too many responses at once: wait for a response.done.")
        if not self._budget.spend(now):
            raise refused("rate_limit_exceeded", "Too many responses a minute: response.create refused.")
        if request.conversation is not None:
            self.quiet_since, self._owed, self._began = None, None, now
        self.begun = True
        response = Response(self._outbox, request, self._limits, self._sound_of)
        self._responses[response.id] = response
        self._go_on(response, now)

    def answer_turn(self, config: RealtimeConfig, turn: Item, now: float) -> None:
        """By itself, after somebody spoke. While another answer goes on uninterrupted, it follows that one."""
        if self.active is not None:
            self._owed = (config, turn)
            return
        request = Request(config, list(self._conversation), self._conversation, turn=turn)
        try:
            self.create(request, now)
        except BadRequest as error:
            self._outbox.emit("error", error=error_object(error, None))

    def cancel(self, response_id: str | None, now: float) -> None:
        """Raises BadRequest where there is nothing to cancel."""
        response = self.active if response_id is None else self._responses.get(response_id)
        if response is None:
            raise refused("response_cancel_not_active", "Cancellation failed: no active response found.")
        response.cancel("client_cancelled")
        self._settle(response, now)

    def interrupt(self, now: float) -> None:
        """Somebody speaks: fall silent."""
        self._owed = None
        if active := self.active:
            active.cancel("turn_detected")
            self._settle(active, now)
        self.clear_sound(now)

    def clear_sound(self, now: float) -> None:
        if self._playback:
            self._playback.clear(set(self._responses))
            self.quiet_since = None if self.active else now

    def end_all(self, code: str, message: str, now: float) -> None:
        self._owed = None
        for response in list(self._responses.values()):
            response.fail(code, message)
            self._settle(response, now)

    # What the parts report. A late word about a response that is done finds nobody.

    def understood(self, item: Item, result: Heard | BackendError, now: float) -> None:
        if isinstance(result, Heard) and result.language:
            self._language = result.language
        for response in list(self._responses.values()):
            if not response.waits_for(item):
                continue
            if isinstance(result, BackendError) and item is response.request.context[-1]:
                response.failed("Hearing", result)
                self._settle(response, now)
            else:
                self._go_on(response, now)

    def gone(self, item: Item, now: float) -> None:
        """Deleted: nobody waits for it any more."""
        for response in list(self._responses.values()):
            if response.waits_for(item):
                response.request.context = [each for each in response.request.context if each is not item]
                self._go_on(response, now)

    def thought(self, response_id: str, text: str, now: float) -> None:
        if response := self._responses.get(response_id):
            response.thought(text)
            self._settle(response, now)

    def called(self, response_id: str, delta: CallDelta, now: float) -> None:
        if response := self._responses.get(response_id):
            call_id = "" if response.knows_call(delta.index) else self._call_id(delta.id)
            response.called(delta, call_id)
            self._settle(response, now)

    def thinking_done(self, response_id: str, finished: Finished, now: float) -> None:
        if response := self._responses.get(response_id):
            response.thinking_done(finished)
            self._settle(response, now)

    def failed(self, response_id: str, what: str, error: BackendError, now: float) -> None:
        if response := self._responses.get(response_id):
            response.failed(what, error)
            self._settle(response, now)

    def spoke(self, response_id: str, part: int, pcm: bytes, now: float) -> None:
        if response := self._responses.get(response_id):
            if response.speech is not None and not response.speech.ms:
                self._began = now
            response.spoke(part, pcm)
            self.spoken = self.spoken or bool(pcm)
            self._settle(response, now)

    def speaking_done(self, response_id: str, part: int, now: float) -> None:
        if response := self._responses.get(response_id):
            response.speaking_done(part)
            self._settle(response, now)

    def played(self, response_id: str, item_id: str, ms: int) -> None:
        if self._playback is not None:
            self._playback.played(response_id, item_id, ms)
            if response := self._responses.get(response_id):
                response.order_more()

    def played_out(self, response_id: str, now: float) -> None:
        if self._playback is not None and self._playback.played_out(response_id) and not self.talking:
            self.quiet_since = now

    def _call_id(self, wished: str) -> str:
        """The mind's own id, unless it repeats itself: clients answer calls by their id."""
        taken = self._conversation.call_ids()
        return wished if wished and len(wished) <= 64 and wished not in taken else new_id("call")

    def _go_on(self, response: Response, now: float) -> None:
        if not response.ready:
            return
        turn = response.request.turn
        if turn is not None and not turn.silent and not (turn.sound and turn.sound.text):
            context = standing_question(response.request.context)
            if context is None:
                response.finish_unsaid()
                self._settle(response, now)
                return
            response.request.context = context
        response.request.language = self._language or response.request.language
        response.think()
        self._settle(response, now)

    def _settle(self, response: Response, now: float) -> None:
        """After anything that may have ended it."""
        if not response.done or self._responses.pop(response.id, None) is None:
            return
        self._outbox.emit("rate_limits.updated", rate_limits=[self._budget.as_rate_limit("requests", now)])
        if self._playback is not None:
            self._playback.end(response.id)
        if response.request.conversation is None:
            return
        self.quiet_since = self._quiet_from(response, now)
        owed, self._owed = self._owed, None
        if owed and not response.has_calls and owed[1] in self._conversation:
            self.answer_turn(*owed, now)

    def _quiet_from(self, response: Response, now: float) -> float | None:
        """When the visitor can have heard it all; not yet known while a peer plays or a tool is at work."""
        if response.has_calls or self._playback:
            return None
        seconds = response.speech.ms / 1000 if response.speech and self._playback is None else 0.0
        return max(now, self._began + seconds)

    def _sound_of(self, response: Response, output: OutputItem) -> Sound:
        if self._playback is not None:
            return PeerSound(self._playback, output)
        return SocketSound(output, response.request.config.audio.output.format)
