"""What a session core wants done. It performs nothing itself: whoever runs it carries these out, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.backends import Hints, Manner


@dataclass(frozen=True, slots=True)
class Emit:
    """Send one server event to every client of the session, or to one.

    To one go `session.created`, the answer to a retrieve, and errors about an event of that client.
    """

    event: Mapping[str, Any]
    to: str | None = None  # the name the client was attached by


@dataclass(frozen=True, slots=True)
class Listen:
    """Open a hearing for this user item; audio for it follows as Hear, in one piece or in many."""

    item_id: str
    hints: Hints


@dataclass(frozen=True, slots=True)
class Hear:
    """More audio of a hearing, PCM16 24 kHz."""

    item_id: str
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Understand:
    """No more audio for this item: finish the hearing, then report `heard` or `hearing_failed`, after a timeout too.

    An answer waits for that report. An item without any Hear was silent.
    """

    item_id: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Close the hearing of this item unheard."""

    item_id: str


@dataclass(frozen=True, slots=True)
class Think:
    """Answer a chat completions body; report `thought`, `called`, then `thinking_done` or `thinking_failed`."""

    response_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Speak:
    """Say one sentence; sentences of a response are said one after the other, in the order of these orders.

    Report `spoke` per chunk, then `speaking_done` or `speaking_failed`, each with this response and part number.
    """

    response_id: str
    part: int
    text: str
    manner: Manner


@dataclass(frozen=True, slots=True)
class Stop:
    """Cancel all thinking and speaking of this response; whatever of it is still reported is ignored.

    Sound that was queued by Play goes on: Flush drops it.
    """

    response_id: str


@dataclass(frozen=True, slots=True)
class Play:
    """Peer media only: queue sound of an item for sending at real-time pace; report `played` as it leaves."""

    response_id: str
    item_id: str
    pcm: bytes


@dataclass(frozen=True, slots=True)
class PlayOut:
    """Peer media only: nothing more comes for this response; report `played_out` when its queue is empty."""

    response_id: str


@dataclass(frozen=True, slots=True)
class Flush:
    """Peer media only: drop all queued sound now."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the session: WebSockets of it close with this code, a peer closes, sidebands too.

    It is the last order; events before it are still sent. Whatever is at work is cancelled.
    """

    code: int
    reason: str


Order = Emit | Listen | Hear | Understand | Forget | Think | Speak | Stop | Play | PlayOut | Flush | Close
