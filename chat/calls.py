"""Running the tools that a model asks for: every call ends in time and in exactly one outcome."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from chat.known import Record
from chat.models import Message, ToolCall
from chat.tools import TOOLS, Outcome, Tool

logger = logging.getLogger(__name__)
State = ToolCall.State
CALL_ID_CHARACTERS = 120  # leaves room for a mark behind it


@dataclass(slots=True)
class Asked:
    """A call as the model wrote it: the arguments are text, valid or not."""

    call_id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Finished:
    asked: Asked
    state: str
    outcome: Outcome
    duration_ms: int

    def as_message(self) -> dict[str, Any]:
        content = json.dumps(self.outcome.output, ensure_ascii=False)
        return {"role": "tool", "tool_call_id": self.asked.call_id, "content": content}

    def as_row(self, message: Message, call_id: str) -> ToolCall:
        return ToolCall(
            message=message,
            call_id=call_id,
            name=self.asked.name[:64],
            arguments=self.asked.arguments[:4000],
            result=self.outcome.output,
            state=self.state,
            duration_ms=self.duration_ms,
        )


@dataclass(slots=True)
class ToolDesk:
    """The calls of one answer."""

    record: Record
    tools: dict[str, Tool] = field(default_factory=lambda: TOOLS)
    finished: dict[str, Finished] = field(default_factory=dict)

    async def run(self, asked: Asked) -> Finished:
        """The outcome of this call; the same call again has the same outcome and does nothing anew."""
        call_id = self._own_id(asked)
        if call_id not in self.finished:
            begun = monotonic()
            state, outcome = await self._attempt(asked)
            self.finished[call_id] = Finished(asked, state, outcome, round((monotonic() - begun) * 1000))
        return self.finished[call_id]

    def rows(self, message: Message) -> list[ToolCall]:
        return [finished.as_row(message, call_id) for call_id, finished in self.finished.items()]

    def fact_keys(self) -> list[str]:
        return [key for finished in self.finished.values() for key in finished.outcome.fact_keys]

    def form(self) -> dict[str, Any] | None:
        forms = [finished.outcome.form for finished in self.finished.values() if finished.outcome.form]
        return forms[-1] if forms else None

    def looked_in_vain(self) -> bool:
        """There were look-ups, and not one found anything."""
        found = [finished.outcome.found for finished in self.finished.values()]
        return False in found and True not in found

    def _own_id(self, asked: Asked) -> str:
        # Some servers number the calls of every round from one: an old number with new words is a new call.
        call_id, turn = asked.call_id[:CALL_ID_CHARACTERS], 1
        while call_id in self.finished and self.finished[call_id].asked != asked:
            turn += 1
            call_id = f"{asked.call_id[:CALL_ID_CHARACTERS]}~{turn}"
        return call_id

    async def _attempt(self, asked: Asked) -> tuple[str, Outcome]:
        tool = self.tools.get(asked.name)
        if tool is None:
            return _refusal("unknown_tool", f"There is no such tool. Use one of: {', '.join(self.tools)}.")
        try:
            arguments = tool.arguments.model_validate(json.loads(asked.arguments or "{}"))
        except ValidationError as error:
            return _refusal("invalid_arguments", _complaint(error))
        except (ValueError, RecursionError):
            return _refusal("invalid_json", "The arguments are not valid JSON: write one JSON object.")
        return await self._in_time(tool, asked.name, arguments)

    async def _in_time(self, tool: Tool, name: str, arguments: Any) -> tuple[str, Outcome]:
        try:
            async with asyncio.timeout(settings.CHAT_TOOL_SECONDS):
                return State.DONE, await tool.run(self.record, arguments)
        except TimeoutError:
            logger.warning("tool %s took too long", name)
            return State.TIMED_OUT, _error("timeout", "The look-up took too long: answer without it.")
        except Exception:
            # A tool's fault is no reason to leave the visitor without an answer; the trace is in the log.
            logger.exception("tool %s failed", name)
            return State.FAILED, _error("tool_failed", "The look-up failed: answer without it.")


def _refusal(code: str, message: str) -> tuple[str, Outcome]:
    return State.REFUSED, _error(code, message)


def _error(code: str, message: str) -> Outcome:
    return Outcome({"error": {"code": code, "message": message}})


def _complaint(error: ValidationError) -> str:
    places = [".".join(map(str, issue["loc"])) or "arguments" for issue in error.errors()]
    return f"Check these arguments and call again: {', '.join(dict.fromkeys(places))}."
