"""The live sessions of this engine: how many there may be, where they are found, and their end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic, time
from typing import Any

from engine.backends import Backends
from engine.doors.live import RESTARTING, LiveSession
from engine.errors import NotFound, Overloaded
from engine.realtime import Detector, Limits, Session
from engine.realtime.core import Medium
from engine.realtime.outbox import new_id
from engine.settings import Settings

logger = logging.getLogger("engine")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a session needs beside its doors."""

    backends: Backends
    detector: Callable[[], Detector]  # a new one for each session


class Sessions:
    def __init__(
        self,
        settings: Settings,
        parts: Parts,
        clock: Callable[[], float] = monotonic,
        epoch: Callable[[], float] = time,
    ) -> None:
        self._settings, self._parts, self._clock, self._epoch = settings, parts, clock, epoch
        self._limits = Limits(session_seconds=settings.session_seconds, pending_output_bytes=settings.max_pending_bytes)
        self._running: dict[LiveSession, asyncio.Task[None]] = {}
        self._calls: dict[str, LiveSession] = {}
        self._draining = False

    def __len__(self) -> int:
        return len(self._running)

    def check_room(self) -> None:
        """Raises Overloaded."""
        if self._draining:
            raise Overloaded("The engine is about to stop: try again later.")
        if len(self._running) >= self._settings.max_sessions:
            raise Overloaded("All voice sessions are taken: try again in a moment.")

    async def open(
        self, config: Mapping[str, Any], *, model: str, medium: Medium, retrieved_bytes: int | None = None
    ) -> LiveSession:
        """A session that runs. Raises Overloaded, and BadRequest for a wrong configuration."""
        self.check_room()
        limits = self._limits
        if retrieved_bytes is not None:
            limits = replace(limits, retrieved_bytes=min(limits.retrieved_bytes, retrieved_bytes))
        session = Session(
            config,
            model=model,
            medium=medium,
            detector=self._parts.detector(),
            limits=limits,
            now=self._clock(),
            epoch=self._epoch(),
        )
        live = LiveSession(session, self._parts.backends, self._settings.patience, self._clock)
        task = asyncio.create_task(live.run(), name=f"session {live.id}")
        self._running[live] = task
        task.add_done_callback(lambda done: self._ended(live, done))
        try:
            await live.started.wait()
        except BaseException:
            task.cancel()
            raise
        return live

    def _ended(self, live: LiveSession, task: asyncio.Task[None]) -> None:
        del self._running[live]
        if not task.cancelled() and (error := task.exception()):
            logger.error("A session broke", exc_info=error)

    # Calls: sessions that have a name outside

    def name(self, live: LiveSession) -> str:
        """The id of its call, until it ends."""
        call_id = new_id("rtc")
        self._calls[call_id] = live
        self._running[live].add_done_callback(lambda _: self._calls.pop(call_id))
        return call_id

    def find(self, call_id: str) -> LiveSession:
        live = self._calls.get(call_id)
        if live is None or live.is_over:
            raise NotFound(f"No call with the id '{call_id[:100]}' is running.", code="call_id_not_found")
        return live

    # The end

    async def drain(self, seconds: float) -> None:
        """Take nobody in any more, tell everybody, and wait so long for them to be gone."""
        self._draining = True
        for live in list(self._running):
            live.end(RESTARTING, "the server stops")
        await self._gone(seconds)

    async def aclose(self) -> None:
        self._draining = True
        for task in list(self._running.values()):
            task.cancel()
        await self._gone(None)

    async def _gone(self, seconds: float | None) -> None:
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=seconds)
