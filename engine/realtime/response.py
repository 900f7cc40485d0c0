"""One answer, from `response.created` to its one `response.done`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.backends import BackendError, CallDelta, Finished, Manner
from engine.errors import BadRequest
from engine.realtime.config import RealtimeConfig, voice_name
from engine.realtime.conversation import Conversation
from engine.realtime.history import body, fit
from engine.realtime.items import Item, Status
from engine.realtime.limits import Limits
from engine.realtime.orders import Stop, Think
from engine.realtime.outbox import Outbox, new_id
from engine.realtime.output import Calling, OutputItem, Writing
from engine.realtime.playback import Sound
from engine.realtime.speech import Speaking
from engine.realtime.usage import input_tokens, output_tokens, usage

Ending = Literal["completed", "cancelled", "incomplete", "failed"]
Json = dict[str, Any]


@dataclass(slots=True)
class Request:
    """What an answer is made from. `config` is the session's with the overrides of `response.create` in it."""

    config: RealtimeConfig
    context: list[Item]
    conversation: Conversation | None  # None: out of band
    metadata: dict[str, str] | None = None
    language: str = ""
    turn: Item | None = None  # the spoken turn that it answers by itself, without a `response.create`


class Response:
    def __init__(
        self, outbox: Outbox, request: Request, limits: Limits, sound: Callable[[Response, OutputItem], Sound]
    ) -> None:
        self.id = new_id("resp")
        self.request = request
        self.done = False
        self._outbox, self._limits, self._sound = outbox, limits, sound
        self._status: Ending | Literal["in_progress"] = "in_progress"
        self._details: Json | None = None
        self._outputs: list[OutputItem] = []
        self._message: Writing | Speaking | None = None
        self._calls: dict[int, Calling] = {}
        self._finished: Finished | None = None
        self._thinking = False
        self._characters = 0
        self._taken = (0, 0)
        outbox.emit("response.created", response=self.as_object())

    @property
    def has_calls(self) -> bool:
        return bool(self._calls)

    @property
    def speech(self) -> Speaking | None:
        return self._message if isinstance(self._message, Speaking) else None

    @property
    def waiting(self) -> bool:
        """For speech that is not yet understood."""
        return not self._thinking and not self.done

    def waits_for(self, item: Item) -> bool:
        return self.waiting and any(item is each for each in self.request.context)

    @property
    def ready(self) -> bool:
        return self.waiting and not any(item.unheard for item in self.request.context)

    def think(self) -> None:
        config, limits = self.request.config, self._limits
        limit = None if config.max_output_tokens == "inf" else config.max_output_tokens
        try:
            context = fit(self.request.context, config.truncation, limits.context_tokens)
        except BadRequest as error:
            self.fail(error.code or "invalid_value", error.message, kind=error.type)
            return
        self._thinking = True
        self._taken = input_tokens(config, context)
        self._outbox.order(Think(self.id, body(config, context, limit)))

    def thought(self, text: str) -> None:
        if not text or self._finished:
            return
        if self._message is None:
            self._message = self._open_message()
        self._characters += len(text)
        self._message.write(text)
        if self._characters > self._limits.answer_characters:
            self.cut()

    def _open_message(self) -> Writing | Speaking:
        config, place = self.request.config, (self._outbox, self.request.conversation, self.id, len(self._outputs))
        message: Writing | Speaking
        if config.output_modalities == ["text"]:
            message = Writing(*place)
        else:
            output = config.audio.output
            manner = Manner(voice_name(output.voice), output.speed, self.request.language)
            message = Speaking(*place, manner, lambda item: self._sound(self, item), self._limits.ahead_seconds * 1000)
        self._outputs.append(message)
        return message

    def called(self, delta: CallDelta, call_id: str) -> None:
        """`call_id` names a call whose first piece this is."""
        if self._finished:
            return
        call = self._calls.get(delta.index)
        if call is None and not delta.name:
            self.fail("bad_answer", "A function was called without its name.")
            return
        if call is None:
            place = (self._outbox, self.request.conversation, self.id, len(self._outputs))
            call = self._calls[delta.index] = Calling(*place, delta.name, call_id)
            self._outputs.append(call)
        self._characters += len(delta.arguments)
        call.write(delta)
        if self._characters > self._limits.answer_characters:
            self.cut()

    def knows_call(self, index: int) -> bool:
        return index in self._calls

    def thinking_done(self, finished: Finished) -> None:
        if self._finished:
            return
        self._finished = finished
        if finished.finish_reason not in ("length", "content_filter"):
            callable_ = [call.complete() for call in self._calls.values()]
            if not all(callable_):
                self.fail("bad_answer", "A function was called with arguments that are not JSON.")
                return
        if isinstance(self._message, Speaking):
            self._message.end_of_text()
        self._settle()

    def spoke(self, part: int, pcm: bytes) -> None:
        if self.speech is None:
            return
        self.speech.spoke(part, pcm)
        limit = self.request.config.max_output_tokens
        if limit != "inf" and sum(self._made()) >= limit:
            self.cut()

    def speaking_done(self, part: int) -> None:
        if self.speech is not None:
            self.speech.part_done(part)
            self._settle()

    def order_more(self) -> None:
        """A peer has heard some of it: there may be room for the next sentence."""
        if self.speech is not None:
            self.speech.order_more()

    def _settle(self) -> None:
        if self._finished is None or (self.speech is not None and not self.speech.complete):
            return
        reason = self._finished.finish_reason
        if reason == "length":
            self._end("incomplete", {"reason": "max_output_tokens"})
        elif reason == "content_filter":
            self._end("incomplete", {"reason": "content_filter"})
        else:
            self._end("completed", {})

    def finish_unsaid(self) -> None:
        """Nothing was asked that could be answered."""
        self._end("completed", {})

    def cancel(self, reason: Literal["turn_detected", "client_cancelled"]) -> None:
        self._stop()
        self._end("cancelled", {"reason": reason})

    def cut(self) -> None:
        """It has become as long as it may."""
        self._stop()
        self._end("incomplete", {"reason": "max_output_tokens"})

    def fail(self, code: str, message: str, *, kind: str = "server_error") -> None:
        self._stop()
        self._end("failed", {"error": {"type": kind, "code": code, "message": message}})

    def failed(self, what: str, error: BackendError) -> None:
        """The operator's log has the rest: a client is told only which part failed, and how."""
        self.fail(error.code, f"{what} failed.")

    def _stop(self) -> None:
        if self._thinking:
            self._outbox.order(Stop(self.id))

    def _end(self, status: Ending, details: Json) -> None:
        closing: Status = "completed" if status == "completed" else "incomplete"
        for output in self._outputs:
            if not output.closed:
                output.close(closing)
        self.done = True
        self._status, self._details = status, {"type": status, **details}
        self._outbox.emit("response.done", response=self.as_object())

    def _made(self) -> tuple[int, int]:
        return output_tokens([output.item for output in self._outputs], self.speech.ms if self.speech else 0)

    def as_object(self) -> Json:
        config = self.request.config
        output = config.audio.output
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": self._status,
            "status_details": self._details,
            "output": [output.item.as_object() for output in self._outputs],
            "conversation_id": self.request.conversation.id if self.request.conversation else None,
            "output_modalities": config.output_modalities,
            "max_output_tokens": config.max_output_tokens,
            "audio": {"output": {"format": output.format.model_dump(), "voice": voice_name(output.voice)}},
            "usage": usage(self._taken, self._made()) if self.done else None,
            "metadata": self.request.metadata,
        }
