"""Whatever comes in whatever order: nothing raises or stays open, a refusal changes nothing, memory is bounded."""

import base64
import json
import random
from typing import Any

import pytest

from engine.backends import BackendError, CallDelta, Finished, Heard, TextDelta
from engine.realtime import Limits
from engine.realtime.orders import Close, Play, Speak, Think, Understand
from tests.engine.realtime.judge import Json
from tests.engine.realtime.scene import Scene, loud, quiet, user

ROUNDS = 400
LIMITS = Limits(items=20, kept_audio_bytes=300_000, input_seconds=5, turn_seconds=4, parallel_responses=3)
JUNK: list[Any] = [None, "", "x", 0, -1, 1.5, True, [], {}, "root", "audio", [None], {"type": "x"}, "é\u2028", 10**30]


class Chaos:
    """A client, a mind, a voice and a track that do anything at any time."""

    def __init__(self, seed: int, medium: str) -> None:
        self.chance = random.Random(seed)
        self.scene = Scene(medium=medium, limits=LIMITS)
        self.deeds = [self.legal] * 6 + [self.illegal] * 3 + [self.report] * 24 + [self.hear] * 3 + [self.wait]

    def step(self) -> None:
        self.scene.now += self.chance.random() / 4
        self.chance.choice(self.deeds)()
        self.scene.take()

    def some_id(self) -> str:
        return self.chance.choice([*self.scene.items, "nobody", "root"])

    def legal(self) -> None:
        self.send(json.dumps(self.event()))

    def event(self) -> Json:
        pick = self.chance.choice
        sound = base64.b64encode(pick([loud, quiet])(pick([20, 100, 700]))).decode()
        call = {"type": "function_call", "name": "f", "arguments": "{}", "call_id": pick(["c1", "c2"])}
        item = pick([
            user(pick(["Hello.", ""])),
            call,
            {"type": "function_call_output", "call_id": pick(["c1", "c2", "c3"]), "output": "1"},
            {"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": sound}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi."}]},
        ])  # fmt: skip
        detection = pick([None, {"type": "server_vad", "idle_timeout_ms": 5000}, {"type": "semantic_vad"},
                          {"type": "server_vad", "interrupt_response": False}])  # fmt: skip
        audio = {"input": {"turn_detection": detection, "transcription": pick([None, {"model": "t"}]),
                           "format": {"type": pick(["audio/pcm", "audio/pcmu"])}}}  # fmt: skip
        own_input = pick([[item], [], [{"type": "item_reference", "id": self.some_id()}]])
        response = pick([{}, {"conversation": "none"}, {"input": own_input}, {"output_modalities": ["text"]},
                         {"max_output_tokens": 5}])  # fmt: skip
        events: list[tuple[str, Json]] = [
            ("session.update", {"session": {"type": "realtime", "audio": audio}}),
            ("input_audio_buffer.append", {"audio": sound}),
            ("input_audio_buffer.commit", {}),
            ("input_audio_buffer.clear", {}),
            ("output_audio_buffer.clear", {}),
            ("conversation.item.create", {"item": item}),
            ("conversation.item.create", {"item": item, "previous_item_id": self.some_id()}),
            ("conversation.item.retrieve", {"item_id": self.some_id()}),
            ("conversation.item.delete", {"item_id": self.some_id()}),
            ("conversation.item.truncate",
             {"item_id": self.some_id(), "content_index": 0, "audio_end_ms": pick([0, 50, 9999])}),
            ("response.create", {"response": response}),
            ("response.create", {}),
            ("response.cancel", {}),
        ]  # fmt: skip
        kind, fields = pick(events)
        return {"type": kind, "event_id": "mine", **fields}

    def illegal(self) -> None:
        """One of the legal events with something in it replaced, taken away or put in."""
        event = self.event()
        place = event
        while self.chance.random() < 0.5 and (inner := [v for v in place.values() if isinstance(v, dict)]):
            place = self.chance.choice(inner)
        name = self.chance.choice([*(key for key in place if key != "event_id"), "extra"])
        place[name] = self.chance.choice(JUNK)
        if self.chance.random() < 0.2:
            del place[name]
        frame = json.dumps(event)
        if self.chance.random() < 0.1:
            frame = frame[: self.chance.randrange(len(frame) + 1)]
        self.send(frame)

    def send(self, event: str) -> None:
        before = self.state()
        answers = self.scene.raw(event)
        if [answer["type"] for answer in answers] == ["error"]:
            assert self.state() == before
            assert answers[0]["error"]["event_id"] in ("mine", None)

    def state(self) -> Any:
        session = self.scene.session
        return session.config, self.scene.items, session._core.listening.clock_ms, len(self.scene.orders)

    def report(self) -> None:
        session, pick, now = self.scene.session, self.chance.choice, self.scene.now
        thinks, speaks = self.scene.ordered(Think)[-3:], self.scene.ordered(Speak)[-3:]
        plays, understood = self.scene.ordered(Play)[-3:], self.scene.ordered(Understand)[-3:]
        failure = BackendError(pick(["timeout", "quota"]), "x")
        failing = self.chance.random() < 0.05
        deeds: list[Any] = []
        for order in thinks:
            deeds += [
                lambda o=order: session.thought(o.response_id, TextDelta(pick(["One. Two. T", " ", "", "w"])), now)
            ] * 4
            deeds += [lambda o=order: session.called(o.response_id, self.call(), now)]
            deeds += [lambda o=order: session.thinking_done(o.response_id, Finished(pick(["stop", "length"])), now)]
            deeds += [lambda o=order: session.thinking_failed(o.response_id, failure, now)] * failing
        for order in speaks:
            deeds += [lambda o=order: session.spoke(o.response_id, o.part, loud(pick([0, 7, 300])), now)] * 4
            deeds += [lambda o=order: session.speaking_done(o.response_id, o.part, now)] * 2
            deeds += [lambda o=order: session.speaking_failed(o.response_id, o.part, failure, now)] * failing
        for order in plays:
            deeds += [lambda o=order: session.played(o.response_id, o.item_id, pick([0, 100, 99_999]), now)]
            deeds += [lambda o=order: session.played_out(o.response_id, now)]
        for order in understood:
            deeds += [lambda o=order: session.heard(o.item_id, Heard(pick(["", "Hello."]), 1.0), now)] * 2
            deeds += [lambda o=order: session.hearing_failed(o.item_id, failure, now)] * failing
        if deeds:
            pick(deeds)()

    def call(self) -> CallDelta:
        pick = self.chance.choice
        return CallDelta(pick([0, 1]), pick(["", "c1"]), pick(["f", "f", ""]), pick(["{", "}", "{}", ""]))

    def hear(self) -> None:
        if self.scene.session._core.medium == "peer":
            sound = self.chance.choice([loud, quiet])(self.chance.choice([20, 400, 700]))
            self.scene.session.hear(sound + b"x" * self.chance.randrange(2), self.scene.now)

    def wait(self) -> None:
        deadline = self.scene.session.next_deadline()
        assert deadline is not None
        if deadline < self.scene.now + 30:
            self.scene.now = max(self.scene.now, deadline)
        self.scene.session.tick(self.scene.now)


@pytest.mark.parametrize("medium", ["socket", "peer"])
@pytest.mark.parametrize("seed", range(25))
def test_anything_in_any_order_is_survived(seed: int, medium: str) -> None:
    chaos = Chaos(seed, medium)
    for _ in range(ROUNDS):
        chaos.step()
    scene, core = chaos.scene, chaos.scene.session._core
    assert not scene.session.closed
    assert len(scene.items) <= LIMITS.items + LIMITS.parallel_responses + LIMITS.pending_hearings
    newest = 5 * 48_000  # the newest sound is never let go
    assert sum(len(item.sound.audio) for item in core.conversation if item.sound) <= LIMITS.kept_audio_bytes + newest
    assert len(core.listening._buffer) <= 48_000 * 8
    scene.session.end(1000, "over", scene.now)
    scene.take()
    assert scene.referee.open == {}
    assert isinstance(scene.orders[-1], Close)
    assert core.hearings._pending == {}
    assert core.hearings._open == set()
    assert core.answering._responses == {}
