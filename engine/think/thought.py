from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thought:
    """Either something to say or tools to call first, never both."""

    text: str = ""
    calls: tuple[Call, ...] = ()
