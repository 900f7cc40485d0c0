"""What one streamed round said: words, or calls of tools put together from their pieces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chat.calls import Asked
from chat.provider import Garbage, StreamBroke

CALLS_AT_ONCE = 8
ARGUMENT_CHARACTERS = 8000


@dataclass(slots=True)
class Round:
    may_call: bool = True
    text: str = ""
    finish_reason: str | None = None
    pieces: dict[int, Asked] = field(default_factory=dict)
    half: str = ""  # of a character that the server cut in two

    @property
    def calls(self) -> list[Asked]:
        return [self.pieces[index] for index in sorted(self.pieces)]

    def take(self, chunk: Any) -> str:
        """Take in a chunk and return its words. Raises Garbage for what is not a chunk."""
        try:
            return self._take(chunk)
        except (AttributeError, TypeError, IndexError) as error:
            raise Garbage from error

    def _take(self, chunk: Any) -> str:
        if not chunk.choices:  # a chunk of usage only
            return ""
        choice = chunk.choices[0]
        self.finish_reason = choice.finish_reason or self.finish_reason
        for delta in choice.delta.tool_calls or []:
            self._take_call(delta)
        piece = self.half + (choice.delta.content or "")
        self.half = piece[-1:] if "\ud800" <= piece[-1:] <= "\udbff" else ""
        piece = _storable(piece.removesuffix(self.half))
        self.text += piece
        return piece

    def _take_call(self, delta: Any) -> None:
        # Pieces belong together by their index; a server that leaves it out sends whole calls.
        index = delta.index if isinstance(delta.index, int) else len(self.pieces)
        if not self.may_call or (index not in self.pieces and len(self.pieces) >= CALLS_AT_ONCE):
            raise Garbage
        call = self.pieces.setdefault(index, Asked())
        call.call_id = _storable(delta.id or "") or call.call_id or f"call_{index}"
        if delta.function:
            call.name = _storable(delta.function.name or "") or call.name
            call.arguments += _storable(delta.function.arguments or "")
        if len(call.arguments) > ARGUMENT_CHARACTERS:
            raise Garbage

    def check_end(self) -> None:
        """A stream without a finish reason was cut, whatever it has said."""
        if self.finish_reason is None:
            raise StreamBroke if self.text or self.pieces else Garbage
        if self.finish_reason == "content_filter":
            raise StreamBroke

    def as_message(self) -> dict[str, Any]:
        return {
            "role": "assistant",
            "content": self.text or None,
            "tool_calls": [
                {
                    "id": call.call_id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments or "{}"},
                }
                for call in self.calls
            ],
        }


def _storable(text: str) -> str:
    """Without NUL, which PostgreSQL does not keep, and with whole characters alone, as UTF-8 wants them."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
