"""Where everything that a session wants done is collected, in order."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import uuid4

from engine.realtime.orders import Emit, Order


def new_id(prefix: str) -> str:
    return f"{prefix}_{uuid4().hex[:21]}"


class Outbox:
    def __init__(self) -> None:
        self._orders: list[Order] = []
        self._session = uuid4().hex[:12]
        self._numbers = count(1)

    def emit(self, kind: str, /, *, to: str | None = None, **fields: Any) -> None:
        event = {"type": kind, "event_id": f"event_{self._session}{next(self._numbers):x}", **fields}
        self._orders.append(Emit(event, to))

    def order(self, order: Order) -> None:
        self._orders.append(order)

    def take(self) -> list[Order]:
        orders, self._orders = self._orders, []
        return orders
