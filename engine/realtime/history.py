"""From a conversation to the body of chat completions, as the mind takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.errors import BadRequest
from engine.realtime.config import NamedChoice, RealtimeConfig, RetentionRatio, ToolChoice, Truncation
from engine.realtime.errors import refused
from engine.realtime.items import Item
from engine.wire import pieces

Message = dict[str, Any]

# What a silent or unintelligible turn reads as, only where it is the last thing said: the mind then asks back
# instead of answering an older question again. Earlier ones are left out.
INAUDIBLE = "(inaudible)"
SILENCE = "…"
# A tool that has not answered yet while the visitor goes on talking: without this the mind would call it again.
PENDING = '{"error": "pending", "message": "The result has not arrived yet. Do not call this again."}'


def messages(instructions: str, items: Sequence[Item]) -> list[Message]:
    """System text, then the items; a tool's answer stands right after its call, wherever it arrived."""
    said: list[Message] = [{"role": "system", "content": instructions}] if instructions else []
    outputs = {item.call_id: item.output for item in items if item.type == "function_call_output"}
    calls: list[Item] = []
    known: set[str] = set()  # the `input` of a response may name a call twice
    for item in items:
        if item.type == "function_call":
            if item.status == "completed" and item.call_id not in known:
                known.add(item.call_id)
                calls.append(item)
            continue
        if item.type == "message":
            said += _called(calls, outputs)
            calls = []
            if content := _text(item, last=item is items[-1]):
                said.append({"role": item.role, "content": content})
    # An empty context is allowed (`input: []`), an empty list of messages is not.
    return said + _called(calls, outputs) or [{"role": "system", "content": ""}]


def _called(calls: Sequence[Item], outputs: dict[str, str]) -> list[Message]:
    if not calls:
        return []
    asked = [
        {"id": call.call_id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in calls
    ]
    answers = [
        {"role": "tool", "tool_call_id": call.call_id, "content": outputs.get(call.call_id, PENDING)} for call in calls
    ]
    return [{"role": "assistant", "content": None, "tool_calls": asked}, *answers]


def _text(item: Item, *, last: bool = False) -> str:
    if item.heard is not None:
        return item.heard.strip()
    text = "\n".join(part.text for part in item.parts if part.text and part.text.strip())
    if not text and last and item.role == "user":
        return SILENCE if item.silent else INAUDIBLE
    return text


def fit(items: Sequence[Item], truncation: Truncation, limit: int) -> list[Item]:
    """Leave out the oldest where there are more words than `limit`, as `session.truncation` wishes.

    Raises BadRequest where truncation is disabled.
    """
    aim = limit
    if isinstance(truncation, RetentionRatio):
        if truncation.token_limits and truncation.token_limits.post_instructions is not None:
            limit = min(limit, truncation.token_limits.post_instructions)
        aim = int(limit * truncation.retention_ratio)
    sizes = [item_words(item) for item in items]
    total = sum(sizes)
    if total <= limit:
        return list(items)
    if truncation == "disabled":
        raise _too_long(total, limit)
    first = 0
    while first < len(sizes) - 1 and total > aim:
        total -= sizes[first]
        first += 1
    return list(items[first:])


def standing_question(items: Sequence[Item]) -> list[Item] | None:
    """What to answer after a turn in which nothing intelligible was said, a cough perhaps: None for nothing.

    A cough needs no answer. But it may have cut one short: a question of which no answer was heard is answered
    after all, and after half an answer the mind is shown the inaudible turn, so that it asks back.
    """
    end = len(items)
    while end and items[end - 1].type == "message" and items[end - 1].role != "system" and not _text(items[end - 1]):
        end -= 1
    before = items[end - 1] if end else None
    if before is None:
        return None
    if before.type == "function_call_output" or (before.type == "message" and before.role == "user"):
        return list(items[:end])
    cut = before.role == "assistant" and (before.status == "incomplete" or before.heard is not None)
    return list(items) if cut else None


def _too_long(total: int, limit: int) -> BadRequest:
    return refused(
        "context_length_exceeded", f"The conversation has {total} tokens, {limit} are possible.", "session.truncation"
    )


def words(text: str) -> int:
    return len(pieces(text))


def item_words(item: Item) -> int:
    """Of one item as the mind reads it, with four for its frame as engine.wire counts them."""
    return words(_text(item)) + words(item.arguments) + words(item.name) + words(item.output) + 4


def body(config: RealtimeConfig, items: Sequence[Item], limit: int | None) -> dict[str, Any]:
    """`config` as it holds for this one answer; `limit` is the most words that may come back."""
    made: dict[str, Any] = {"model": config.model, "messages": messages(config.instructions, items)}
    if offered := [tool.as_chat_tool() for tool in config.tools]:
        made["tools"] = offered
        made["tool_choice"] = _chat_choice(config.tool_choice)
        if config.parallel_tool_calls is not None:
            made["parallel_tool_calls"] = config.parallel_tool_calls
    if config.reasoning and config.reasoning.effort:
        made["reasoning_effort"] = config.reasoning.effort
    if limit is not None:
        made["max_completion_tokens"] = limit
    return made


def _chat_choice(choice: ToolChoice) -> str | dict[str, Any]:
    if isinstance(choice, NamedChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return choice
