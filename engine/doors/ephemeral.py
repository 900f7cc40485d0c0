"""Ephemeral keys: each starts Realtime sessions with its own configuration until it expires."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import TooMany

PREFIX = "ek_"
CONFIG_BYTES = 64 * 1024 * 1024  # of all keys' configurations together


@dataclass(frozen=True, slots=True)
class Ephemeral:
    config: Mapping[str, Any]
    expires_at: int  # epoch seconds
    size: int


class EphemeralKeys:
    """Kept in memory: a restart ends them, as it ends the sessions that they would start.

    Times are the wall clock's, since the client is told when its key expires.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._keys: dict[str, Ephemeral] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._keys)

    def mint(self, config: Mapping[str, Any], size: int, seconds: int, now: float) -> tuple[str, int]:
        """The key and when it expires; `size` is what its configuration takes, in bytes of JSON."""
        if len(self._keys) >= self._most or self._size + size > CONFIG_BYTES:
            self._forget_expired(now)
        if len(self._keys) >= self._most or self._size + size > CONFIG_BYTES:
            raise TooMany("Too many ephemeral keys wait to be used: try again later, or let them expire sooner.")
        value = PREFIX + secrets.token_urlsafe(32)
        expires_at = int(now) + seconds
        self._keys[value] = Ephemeral(config, expires_at, size)
        self._size += size
        return value, expires_at

    def find(self, value: str, now: float) -> Ephemeral | None:
        key = self._keys.get(value)
        if key is not None and now >= key.expires_at:
            self._forget(value)
            return None
        return key

    def _forget_expired(self, now: float) -> None:
        for value in [value for value, key in self._keys.items() if now >= key.expires_at]:
            self._forget(value)

    def _forget(self, value: str) -> None:
        self._size -= self._keys.pop(value).size
