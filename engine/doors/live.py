"""One live session: the plain core, joined to clients, parts and a clock. Whatever it starts ends with it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any, Protocol

from engine.backends import Backends
from engine.doors.outbox import Client
from engine.doors.work import Work
from engine.realtime import Session
from engine.realtime.orders import (
    Close,
    Emit,
    Flush,
    Forget,
    Hear,
    Listen,
    Order,
    Play,
    PlayOut,
    Speak,
    Stop,
    Think,
    Understand,
)
from engine.settings import Patience

logger = logging.getLogger("engine")

NORMAL, BROKEN, RESTARTING = 1000, 1011, 1012
CROWDED_BYTES = 512 * 1024  # that wait for the fastest reader: then the voice waits too


class Player(Protocol):
    """Plays to a peer at the pace of real time."""

    def play(self, response_id: str, item_id: str, pcm: bytes) -> None: ...

    def play_out(self, response_id: str) -> None: ...

    def flush(self) -> None: ...


class LiveSession:
    """`run` is its life; every other method may be called while it runs, from the same loop, and never waits.

    clock: monotonic seconds, the one that the core was made with.
    """

    def __init__(
        self, session: Session, backends: Backends, patience: Patience, clock: Callable[[], float] = monotonic
    ) -> None:
        self._session, self._backends, self._patience, self._clock = session, backends, patience, clock
        self._clients: dict[str, Client] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._alarm = 0.0  # when the timer will go off, by the clock
        self._over = asyncio.Event()
        self._room = asyncio.Event()
        self._companions: set[asyncio.Task[None]] = set()
        self._cleanup = AsyncExitStack()
        self.player: Player | None = None
        self.started = asyncio.Event()
        self.ended = asyncio.Event()

    @property
    def id(self) -> str:
        return self._session.id

    @property
    def clients(self) -> int:
        return len(self._clients)

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    async def run(self) -> None:
        try:
            async with self._cleanup, asyncio.TaskGroup() as group:
                self._group = group
                self._work = Work(
                    group, self._session, self._backends, self._patience, self._do, self._until_there_is_room
                )
                self._set_alarm()
                self.started.set()
                await self._over.wait()
                self._work.cancel()
                for task in self._companions:
                    task.cancel()
        except Exception:
            self._finish(BROKEN, "internal error")
            raise
        finally:
            self._finish(RESTARTING, "")
            self.started.set()
            self.ended.set()

    def accompany(self, task: Coroutine[Any, Any, None]) -> None:
        """Run this as long as the session at most; if it breaks, so does the session."""
        if self.is_over:
            task.close()
            return
        running = self._group.create_task(task)
        self._companions.add(running)
        running.add_done_callback(self._companions.discard)

    def finally_(self, farewell: Callable[[], Awaitable[None]]) -> None:
        """Await this when the session has ended, however it ends."""
        self._cleanup.push_async_callback(farewell)

    # Clients

    def attach(self, client: Client) -> None:
        if self.is_over:
            client.close(NORMAL, "the session has ended")
            return
        self._clients[client.name] = client
        self._do(self._session.attach, client.name)

    def detach(self, client: Client) -> None:
        if self._clients.pop(client.name, None) is not None:
            self.make_room()
            self._do(self._session.detach, client.name)

    def make_room(self) -> None:
        """A client has read something."""
        self._room.set()

    def receive(self, frame: str | bytes, client: Client) -> None:
        self._do(self._session.receive, frame, client.name)

    def hear(self, pcm: bytes) -> None:
        self._do(self._session.hear, pcm)

    def played(self, response_id: str, item_id: str, ms: int) -> None:
        self._do(self._session.played, response_id, item_id, ms)

    def played_out(self, response_id: str) -> None:
        self._do(self._session.played_out, response_id)

    def end(self, code: int, reason: str) -> None:
        self._do(self._session.end, code, reason)

    # The one way into the core

    def _do(self, change: Callable[..., None], *what: Any) -> None:
        """Tell the core, and carry out what it orders."""
        if self.is_over:
            return
        try:
            change(*what, self._clock())
            for order in self._session.take_orders():
                self._carry_out(order)
        except Exception:  # a fault of ours ends this session, and no other
            logger.exception("A session broke")
            self._finish(BROKEN, "internal error")
        if not self.is_over:
            self._set_alarm()

    def _carry_out(self, order: Order) -> None:
        match order:
            case Emit():
                self._emit(order)
            case Listen():
                self._work.listen(order)
            case Hear():
                self._work.hear(order)
            case Understand():
                self._work.understand(order.item_id)
            case Forget():
                self._work.forget(order.item_id)
            case Think():
                self._work.think(order)
            case Speak():
                self._work.speak(order)
            case Stop():
                self._work.stop(order.response_id)
            case Play() | PlayOut() | Flush():
                self._play(order)
            case Close():
                self._finish(order.code, order.reason)

    def _emit(self, order: Emit) -> None:
        told = [client for client in self._clients.values() if order.to in (None, client.name)]
        event = json.dumps(order.event, separators=(",", ":")) if told else ""
        for client in told:
            if not client.tell(event):
                # Not now: the core is in the middle of something.
                asyncio.get_running_loop().call_soon(self.detach, client)

    def _play(self, order: Play | PlayOut | Flush) -> None:
        if self.player is None:
            return
        match order:
            case Play():
                self.player.play(order.response_id, order.item_id, order.pcm)
            case PlayOut():
                self.player.play_out(order.response_id)
            case Flush():
                self.player.flush()

    def _finish(self, code: int, reason: str) -> None:
        if self.is_over:
            return
        self._over.set()
        if self._timer is not None:
            self._timer.cancel()
        for client in self._clients.values():
            client.close(code, reason)
        self._clients.clear()

    async def _until_there_is_room(self) -> None:
        """Sound is made faster than it is heard: wait until somebody has read most of it. Whoever lags is dropped."""
        while self._clients and min(each.pending for each in self._clients.values()) > CROWDED_BYTES:
            self._room.clear()
            await self._room.wait()

    # Time

    def _set_alarm(self) -> None:
        """An alarm that comes too early does no harm, so that it is only ever moved forward."""
        deadline = self._session.next_deadline()
        if deadline is None or (self._timer is not None and self._alarm <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._alarm = deadline
        delay = max(deadline - self._clock(), 0.0)
        self._timer = asyncio.get_running_loop().call_later(delay, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._do(self._session.tick)
