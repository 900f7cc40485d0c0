"""A budget that refills with time."""

from __future__ import annotations

from typing import Any


class Budget:
    def __init__(self, size: float, per_second: float, now: float) -> None:
        self._size, self._per_second = size, per_second
        self._left, self._at = size, now

    def spend(self, now: float) -> bool:
        self._refill(now)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def as_rate_limit(self, name: str, now: float) -> dict[str, Any]:
        """One entry of `rate_limits.updated`."""
        self._refill(now)
        return {
            "name": name,
            "limit": int(self._size),
            "remaining": int(self._left),
            "reset_seconds": round((self._size - self._left) / self._per_second, 3),
        }

    def _refill(self, now: float) -> None:
        self._left = min(self._size, self._left + max(now - self._at, 0) * self._per_second)
        self._at = now
