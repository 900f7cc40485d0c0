"""A session on a stage: a client that sends, a detector that hears loudness, a mind and a voice that obey the test."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from engine.backends import BackendError, CallDelta, Finished, Heard, TextDelta
from engine.realtime import Limits, Session
from engine.realtime.orders import Emit, Order, Speak, Think, Understand
from engine.requests import read_chat_request
from tests.engine.realtime.judge import Json, Referee

EPOCH = 1_780_000_000.0
TOOLS = [{"type": "function", "name": "get_fact", "description": "A fact.", "parameters": {"type": "object"}}]
TURN = [  # the events of one spoken turn
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
]
LOUD = b"\x10\x10"
MS = 48  # bytes of PCM16 24 kHz


class Loudness:
    """Speech is whatever is not zero."""

    def __init__(self) -> None:
        self.frames = 0

    def probability(self, frame: bytes) -> float:
        assert len(frame) == 1536
        self.frames += 1
        return 1.0 if any(frame) else 0.0

    def reset(self) -> None:
        pass


def loud(ms: int) -> bytes:
    return LOUD * (ms * 24)


def quiet(ms: int) -> bytes:
    return bytes(ms * MS)


def user(text: str, **fields: Any) -> Json:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}], **fields}


class Scene:
    """Every event is judged as it comes; `orders` are the others, `now` is the time of everything."""

    def __init__(
        self, config: Mapping[str, Any] | None = None, *, medium: Any = "socket", limits: Limits | None = None
    ) -> None:
        self.now = 100.0
        self.detector = Loudness()
        self.session = Session(
            config or {},
            model="gpt-realtime-2.1",
            medium=medium,
            detector=self.detector,
            limits=limits or Limits(),
            now=self.now,
            epoch=EPOCH,
        )
        self.referee = Referee()
        self.events: list[Json] = []
        self.orders: list[Order] = []
        self.addressed: list[str | None] = []
        self.session.attach("page", self.now)
        self.take()

    # What the session does

    def take(self) -> list[Json]:
        """The events since the last time."""
        new: list[Json] = []
        for order in self.session.take_orders():
            if isinstance(order, Emit):
                event = json.loads(json.dumps(order.event))
                self.referee.see(event)
                self.addressed.append(order.to)
                new.append(event)
            else:
                self.orders.append(order)
                if isinstance(order, Think):
                    read_chat_request(dict(order.body))  # refuses calls without answers, answers without calls, …
        self.events += new
        return new

    def ordered(self, kind: type) -> list[Any]:
        return [order for order in self.orders if isinstance(order, kind)]

    def last(self, kind: str) -> Json:
        return next(event for event in reversed(self.events) if event["type"] == kind)

    def all(self, kind: str) -> list[Json]:
        return [event for event in self.events if event["type"] == kind]

    @property
    def items(self) -> list[str]:
        return [item.id for item in self.session._core.conversation]

    @property
    def response_id(self) -> str:
        return str(self.last("response.created")["response"]["id"])

    @property
    def done(self) -> Json:
        """The response that ended last."""
        return dict(self.last("response.done")["response"])

    @property
    def body(self) -> Json:
        """What the mind was asked last."""
        return dict(self.ordered(Think)[-1].body)

    # What the client does

    def send(self, kind: str, client: str = "page", **fields: Any) -> list[Json]:
        return self.raw(json.dumps({"type": kind, **fields}), client)

    def raw(self, frame: str | bytes, client: str = "page") -> list[Json]:
        self.session.receive(frame, client, self.now)
        return self.take()

    def update(self, **session: Any) -> list[Json]:
        return self.send("session.update", session={"type": "realtime", **session})

    def turn_detection(self, detection: Json | None) -> list[Json]:
        return self.update(audio={"input": {"turn_detection": detection}})

    def append(self, pcm: bytes) -> list[Json]:
        return self.send("input_audio_buffer.append", audio=base64.b64encode(pcm).decode())

    def say(self, ms: int = 640, silence: int = 640) -> list[Json]:
        return self.append(loud(ms)) + self.append(quiet(silence))

    def ask(self, text: str = "What is the HOA fee?", **response: Any) -> list[Json]:
        return self.send("conversation.item.create", item=user(text)) + self.send("response.create", response=response)

    # What the parts report

    def heard(self, text: str, item_id: str | None = None, language: str = "") -> list[Json]:
        item_id = item_id or self.ordered(Understand)[-1].item_id
        self.session.heard(item_id, Heard(text, 1.5, language), self.now)
        return self.take()

    def deaf(self, code: str = "timeout") -> list[Json]:
        self.session.hearing_failed(self.ordered(Understand)[-1].item_id, BackendError(code, "x"), self.now)
        return self.take()

    def thought(self, *texts: str, response_id: str | None = None) -> list[Json]:
        for text in texts:
            self.session.thought(response_id or self.response_id, TextDelta(text), self.now)
        return self.take()

    def called(self, index: int = 0, call_id: str = "", name: str = "", arguments: str = "") -> list[Json]:
        self.session.called(self.response_id, CallDelta(index, call_id, name, arguments), self.now)
        return self.take()

    def thinking_done(self, reason: str = "stop", response_id: str | None = None) -> list[Json]:
        self.session.thinking_done(response_id or self.response_id, Finished(reason), self.now)
        return self.take()

    def spoke(self, part: int, ms: int = 1000, response_id: str | None = None) -> list[Json]:
        self.session.spoke(response_id or self.response_id, part, loud(ms), self.now)
        return self.take()

    def speaking_done(self, part: int, response_id: str | None = None) -> list[Json]:
        self.session.speaking_done(response_id or self.response_id, part, self.now)
        return self.take()

    def speak(self, ms: int = 1000) -> None:
        """Every sentence ordered and not yet said, each of that length."""
        said = getattr(self, "_said", 0)
        while len(self.ordered(Speak)) > said:
            order = self.ordered(Speak)[said]
            said += 1
            self.spoke(order.part, ms, order.response_id)
            self.speaking_done(order.part, order.response_id)
        self._said = said

    def answer(self, text: str = "The fee is $450 a month.", ms: int = 1000) -> list[Json]:
        """The whole of an answer, thought and said."""
        start = len(self.events)
        self.thought(text)
        self.thinking_done()
        self.speak(ms)
        return self.events[start:]

    def tick(self, seconds: float = 0.0) -> list[Json]:
        self.now += seconds
        self.session.tick(self.now)
        return self.take()


def kinds(events: list[Json]) -> list[str]:
    return [event["type"] for event in events]


def error_of(events: list[Json]) -> Json:
    """The one error among them, and nothing else."""
    assert kinds(events) == ["error"], events
    return dict(events[0]["error"])
