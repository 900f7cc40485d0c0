"""The items of an answer while they are made: what is written, and what is called."""

from __future__ import annotations

import json
from typing import Any

from engine.backends import CallDelta
from engine.realtime.conversation import Conversation
from engine.realtime.items import Item, Part, Status
from engine.realtime.outbox import Outbox


class OutputItem:
    """One item of a response, from `added` to `done`; `conversation` is None out of band."""

    def __init__(
        self, outbox: Outbox, conversation: Conversation | None, response_id: str, output_index: int, item: Item
    ) -> None:
        self._outbox, self._conversation = outbox, conversation
        self.response_id, self.output_index, self.item = response_id, output_index, item
        self.closed = False
        item.status = "in_progress"
        self._emit_item("added")
        if conversation is not None:
            conversation.add(item)

    def emit(self, kind: str, **fields: Any) -> None:
        self._outbox.emit(
            f"response.{kind}",
            response_id=self.response_id,
            item_id=self.item.id,
            output_index=self.output_index,
            **fields,
        )

    def close(self, status: Status) -> None:
        self.closed = True
        self.item.status = status
        self._emit_item("done")
        if self._conversation is not None:
            self._conversation.finish(self.item)

    def _emit_item(self, what: str) -> None:
        self._outbox.emit(
            f"response.output_item.{what}",
            response_id=self.response_id,
            output_index=self.output_index,
            item=self.item.as_object(),
        )


class Writing(OutputItem):
    """A message in text."""

    def __init__(self, outbox: Outbox, conversation: Conversation | None, response_id: str, output_index: int) -> None:
        super().__init__(outbox, conversation, response_id, output_index, Item("message", role="assistant"))
        self._part = Part("output_text", "")
        self.item.parts.append(self._part)
        self.emit("content_part.added", content_index=0, part={"type": "text", "text": ""})

    def write(self, text: str) -> None:
        self._part.text = (self._part.text or "") + text
        self.emit("output_text.delta", content_index=0, delta=text)

    def close(self, status: Status) -> None:
        text = self._part.text or ""
        self.emit("output_text.done", content_index=0, text=text)
        self.emit("content_part.done", content_index=0, part={"type": "text", "text": text})
        super().close(status)


class Calling(OutputItem):
    """A function call. It is `in_progress` until its arguments are whole: clients run it by its status."""

    def __init__(
        self,
        outbox: Outbox,
        conversation: Conversation | None,
        response_id: str,
        output_index: int,
        name: str,
        call_id: str,
    ) -> None:
        item = Item("function_call", name=name, call_id=call_id)
        super().__init__(outbox, conversation, response_id, output_index, item)

    def write(self, delta: CallDelta) -> None:
        if delta.arguments:
            self.item.arguments += delta.arguments
            self.emit("function_call_arguments.delta", call_id=self.item.call_id, delta=delta.arguments)

    def complete(self) -> bool:
        """Close it as callable; False where its arguments are no JSON object, so that nobody should call it."""
        if not self.item.arguments.strip():
            self.write(CallDelta(0, arguments="{}"))
        try:
            whole = isinstance(json.loads(self.item.arguments), dict)
        except (ValueError, RecursionError):
            whole = False
        if not whole:
            self.close("incomplete")
            return False
        self.emit(
            "function_call_arguments.done",
            call_id=self.item.call_id,
            name=self.item.name,
            arguments=self.item.arguments,
        )
        self.close("completed")
        return True
