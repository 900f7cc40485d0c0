"""Shapes of chat completions on the wire, and the words they are streamed in."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from engine.requests import ChatRequest
from engine.think.thought import Thought

Json = dict[str, Any]


def pieces(text: str) -> list[str]:
    """Words with the space before them: the engine's tokens."""
    return re.findall(r"\s*\S+|\s+$", text)


@dataclass(slots=True)
class Completion:
    """One finished thought, cut to what the request allows."""

    model: str
    words: list[str]
    calls: list[Json]
    finish_reason: str
    prompt_tokens: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def usage(self) -> Json:
        spoken = len(self.words) + sum(len(pieces(call["function"]["arguments"])) + 1 for call in self.calls)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": spoken,
            "total_tokens": self.prompt_tokens + spoken,
        }

    def as_object(self) -> Json:
        message: Json = {"role": "assistant", "content": "".join(self.words) or None, "refusal": None}
        if self.calls:
            message["tool_calls"] = self.calls
        elif message["content"] is None:
            message["content"] = ""
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model,
            "choices": [choice],
            "usage": self.usage,
        }

    def chunks(self, *, include_usage: bool) -> Iterator[Json]:
        yield self._chunk({"role": "assistant", "content": None if self.calls else ""})
        for word in self.words:
            yield self._chunk({"content": word})
        for index, call in enumerate(self.calls):
            yield from self._call_chunks(index, call)
        yield self._chunk({}, self.finish_reason)
        if include_usage:
            yield {**self._chunk({}), "choices": [], "usage": self.usage}

    def _call_chunks(self, index: int, call: Json) -> Iterator[Json]:
        opening = {**call, "index": index, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield self._chunk({"tool_calls": [opening]})
        for piece in pieces(call["function"]["arguments"]):
            yield self._chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})

    def _chunk(self, delta: Json, finish_reason: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": [choice],
            "usage": None,
        }


def complete(request: ChatRequest, thought: Thought) -> Completion:
    calls = [
        {
            "id": f"call_{uuid4().hex[:24]}",
            "type": "function",
            "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
        }
        for call in thought.calls
    ]
    words = pieces(_cut(thought.text, request.stops))
    reason = "tool_calls" if calls else "stop"
    if request.token_limit is not None and len(words) > request.token_limit:
        words, reason = words[: request.token_limit], "length"
    prompt = sum(len(pieces(message.text)) + 4 for message in request.messages)
    return Completion(request.model, words, calls, reason, prompt)


def _cut(text: str, stops: list[str]) -> str:
    ends = [text.index(stop) for stop in stops if stop and stop in text]
    return text[: min(ends)] if ends else text
