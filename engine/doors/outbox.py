"""What a session tells a client, on its way: bounded, so that whoever does not read costs nothing without end."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Protocol

TOO_SLOW = 1008  # policy violation: the client would have to read faster


class Client(Protocol):
    """Somebody who is told a session's events, by any transport."""

    name: str

    @property
    def pending(self) -> int:
        """Bytes told and not yet sent."""

    def tell(self, event: str) -> bool:
        """One event as JSON, without waiting; False: the client is lost, for it does not read."""

    def close(self, code: int, reason: str) -> None:
        """After what was told before."""


@dataclass(frozen=True, slots=True)
class Farewell:
    code: int
    reason: str


class Outbox:
    """A WebSocket's client. `over` is set when it is to be let go: said farewell, too slow, or gone."""

    def __init__(self, name: str, budget: int) -> None:
        self.name = name
        self.over = asyncio.Event()
        self._budget = budget
        self._waiting: deque[str | Farewell] = deque()
        self._some = asyncio.Event()
        self._size = 0

    @property
    def pending(self) -> int:
        return self._size

    def tell(self, event: str) -> bool:
        if self.over.is_set():
            return False
        if self._size + len(event) > self._budget:
            self.lose()
            return False
        self._size += len(event)
        self._put(event)
        return True

    def close(self, code: int, reason: str) -> None:
        if not self.over.is_set():
            self._put(Farewell(code, reason))

    def lose(self) -> None:
        """Nothing more can be sent."""
        self._waiting.clear()
        self._size = 0
        self.over.set()

    async def next(self) -> str | Farewell:
        """What is to be sent now; it counts as pending until `sent`."""
        while not self._waiting:
            self._some.clear()
            await self._some.wait()
        return self._waiting.popleft()

    def sent(self, event: str) -> None:
        self._size = max(self._size - len(event), 0)

    def _put(self, what: str | Farewell) -> None:
        self._waiting.append(what)
        self._some.set()
