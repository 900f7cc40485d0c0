"""One thing that a visitor's message asks for."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["fact", "open", "room", "show", "rooms", "viewing", "message", "fair", "order", "talk"]


@dataclass(frozen=True, slots=True)
class Ask:
    """`fact` is answered by the record's keys, `open` needs look-ups, `talk` is about the talk itself.

    `words` are the content of the question as roots; `thing` is a thing asked for by its own name
    ("dishwasher") within a fact that lists many: roots too, but each standing only for itself.
    Of the words in `either` one is enough ("gas or electric").
    """

    kind: Kind
    text: str
    name: str = ""
    type: str = "any"
    keys: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    thing: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    either: tuple[str, ...] = ()
