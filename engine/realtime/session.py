"""One Realtime session as plain state: events, sound and reports in, orders out. It does no I/O and knows no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from engine.backends import BackendError, CallDelta, Finished, Heard, TextDelta
from engine.errors import BadRequest
from engine.realtime.budget import Budget
from engine.realtime.config_patch import default_config, patched
from engine.realtime.core import Core, Medium
from engine.realtime.desk import Desk
from engine.realtime.errors import error_object, refused
from engine.realtime.events import Unreadable, read_event
from engine.realtime.limits import Limits
from engine.realtime.orders import Close, Order
from engine.realtime.turns import Detector

NORMAL_CLOSE = 1000


class Session:
    """Times: `now` is monotonic seconds, the same clock in every call; `epoch` is the wall clock at the first.

    After any call the runner carries out `take_orders()`, and calls `tick` when `next_deadline()` has come. A deadline
    in the past means that sound still waits to be looked at: let others run, then tick at once.

    Events go to every client. An error, and a retrieved item, go to the one that asked.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        *,
        model: str,
        medium: Medium,
        detector: Detector,
        limits: Limits,
        now: float,
        epoch: float,
    ) -> None:
        kind = str(config.get("type", "realtime"))
        given = {**config, "type": kind}
        if kind == "realtime" and model:
            given["model"] = model
        self._core = Core(
            patched(default_config(kind), given), medium, detector, limits, now, int(epoch) + limits.session_seconds
        )
        self._desk = Desk(self._core)
        self._limits, self._outbox = limits, self._core.outbox
        self._expiry = now + limits.session_seconds
        self._clients: list[str] = []
        self._budget = Budget(limits.events_per_second, limits.events_per_second, now)
        self._complained_at: float | None = None
        self._frames: deque[tuple[str | bytes, str]] = deque()  # behind sound that is still being looked at
        self._frames_size = 0
        self.closed = False

    @property
    def id(self) -> str:
        return self._core.id

    @property
    def expires_at(self) -> int:
        return self._core.expires_at

    @property
    def config(self) -> dict[str, Any]:
        return self._core.session_object()

    def take_orders(self) -> list[Order]:
        return self._outbox.take()

    # Clients

    def attach(self, client: str, now: float) -> None:
        if not self.closed and client not in self._clients:
            self._clients.append(client)
            self._outbox.emit("session.created", to=client, session=self.config)

    def detach(self, client: str, now: float) -> None:
        """A socket's session ends with its last client; a call lives as long as its peer."""
        if client in self._clients:
            self._clients.remove(client)
        if not self._clients and self._core.medium == "socket":
            self.end(NORMAL_CLOSE, "", now)

    def receive(self, frame: str | bytes, client: str, now: float) -> None:
        """One client event as it came: done, or answered with an error event."""
        if self.closed or client not in self._clients:
            return
        if not self._budget.spend(now) or self._frames_size > self._limits.append_bytes * 3:
            self._complain(client, now)
            return
        self._frames.append((frame, client))
        self._frames_size += len(frame)
        self._work(now)

    def hear(self, pcm: bytes, now: float) -> None:
        """A peer's sound: PCM16 24 kHz, half a sample at its end is let go."""
        if not self.closed:
            self._core.listening.hear(pcm[: len(pcm) & ~1], now)

    # Reports of what was ordered. A late one, of something stopped or forgotten, is ignored.

    def heard(self, item_id: str, heard: Heard, now: float) -> None:
        self._core.understood(item_id, heard, now)

    def hearing_failed(self, item_id: str, error: BackendError, now: float) -> None:
        self._core.understood(item_id, error, now)

    def thought(self, response_id: str, delta: TextDelta, now: float) -> None:
        self._core.answering.thought(response_id, delta.text, now)

    def called(self, response_id: str, delta: CallDelta, now: float) -> None:
        self._core.answering.called(response_id, delta, now)

    def thinking_done(self, response_id: str, finished: Finished, now: float) -> None:
        self._core.answering.thinking_done(response_id, finished, now)

    def thinking_failed(self, response_id: str, error: BackendError, now: float) -> None:
        self._core.answering.failed(response_id, "Thinking", error, now)

    def spoke(self, response_id: str, part: int, pcm: bytes, now: float) -> None:
        self._core.answering.spoke(response_id, part, pcm, now)

    def speaking_done(self, response_id: str, part: int, now: float) -> None:
        self._core.answering.speaking_done(response_id, part, now)

    def speaking_failed(self, response_id: str, part: int, error: BackendError, now: float) -> None:
        self._core.answering.failed(response_id, "Speaking", error, now)

    def played(self, response_id: str, item_id: str, ms: int, now: float) -> None:
        """Peer media: `ms` of this item were sent in all."""
        self._core.answering.played(response_id, item_id, ms)

    def played_out(self, response_id: str, now: float) -> None:
        self._core.answering.played_out(response_id, now)

    # Time

    def next_deadline(self) -> float | None:
        if self.closed:
            return None
        if self._frames or self._core.listening.behind:
            return 0.0
        others = (self._core.idle_deadline(), self._core.listening.lost_deadline())
        return min([self._expiry, *(each for each in others if each is not None)])

    def tick(self, now: float) -> None:
        if self.closed:
            return
        if now >= self._expiry:
            self._expire(now)
            return
        lost, idle = self._core.listening.lost_deadline(), self._core.idle_deadline()
        if lost is not None and now >= lost:
            self._core.listening.end_lost_turn(now)
        elif idle is not None and now >= idle:
            self._core.prompt_the_silent(now)
        self._core.listening.work(now)
        self._work(now)

    def end(self, code: int, reason: str, now: float) -> None:
        """For the doors: the peer failed, the call was hung up, the server stops."""
        self._end("session_ended", "The session has ended.", code, reason, now)

    def _expire(self, now: float) -> None:
        minutes = self._limits.session_seconds / 60
        message = f"Your session hit the maximum duration of {minutes:g} minutes."
        self._end("session_expired", message, NORMAL_CLOSE, "session_expired", now)

    def _end(self, code: str, message: str, close: int, reason: str, now: float) -> None:
        if self.closed:
            return
        self.closed = True
        self._frames.clear()
        self._core.answering.end_all(code, message, now)
        self._core.hearings.forget_all()
        if code == "session_expired":
            self._outbox.emit("error", error=error_object(refused(code, message), None))
        self._outbox.order(Close(close, reason))

    def _work(self, now: float) -> None:
        """Events in their order, as far as sound before them has been looked at."""
        while self._frames and not self._core.listening.behind and not self.closed:
            frame, client = self._frames.popleft()
            self._frames_size -= len(frame)
            self._do(frame, client, now)

    def _do(self, frame: str | bytes, client: str, now: float) -> None:
        try:
            event = read_event(frame, self._limits)
        except Unreadable as unreadable:
            self._outbox.emit("error", to=client, error=error_object(unreadable.error, unreadable.event_id))
            return
        try:
            self._desk.do(event, client, now)
        except BadRequest as error:
            self._outbox.emit("error", to=client, error=error_object(error, event.event_id))

    def _complain(self, client: str, now: float) -> None:
        """About a flood, once a second: what is over the budget is not even read."""
        if self._complained_at is None or now - self._complained_at >= 1:
            self._complained_at = now
            error = refused("rate_limit_exceeded", "Too many events, or too large: some were not read.")
            self._outbox.emit("error", to=client, error=error_object(error, None))
