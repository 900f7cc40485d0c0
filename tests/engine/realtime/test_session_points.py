"""Points 26 to 33, 52 and 53 of the conformance checklist: the session itself."""

import json
from typing import Any

import pytest

from engine.errors import BadRequest
from engine.realtime import Limits, check_config
from engine.realtime.orders import Close
from tests.engine.realtime.scene import EPOCH, Scene, error_of, kinds, user


def test_point_26_every_client_first_gets_session_created() -> None:
    scene = Scene(medium="peer")
    scene.session.attach("sideband", scene.now)
    assert kinds(scene.take()) == ["session.created"]
    assert scene.addressed == ["page", "sideband"]
    assert scene.events[0]["session"]["id"] == scene.events[1]["session"]["id"] == scene.session.id


def test_point_27_frames_sent_at_once_are_done_in_order() -> None:
    scene = Scene()
    for text in ("one", "two"):
        scene.session.receive(json.dumps({"type": "conversation.item.create", "item": user(text)}), "page", 100)
    scene.session.receive('{"type":"response.create"}', "page", 100)
    assert kinds(scene.take())[::2] == ["conversation.item.added", "conversation.item.added", "response.created"]
    assert [message["content"] for message in scene.body["messages"]] == ["one", "two"]


def test_point_28_an_update_merges_deeply_and_answers_with_the_whole_session() -> None:
    scene = Scene({"instructions": "Be brief."})
    [event] = scene.update(audio={"input": {"turn_detection": {"threshold": 0.7}}, "output": {"speed": 1.2}})
    session = event["session"]
    assert event["type"] == "session.updated"
    assert session == scene.session.config
    assert session["instructions"] == "Be brief."
    assert session["audio"]["output"] == {
        "format": {"type": "audio/pcm", "rate": 24000},
        "voice": "marin",
        "speed": 1.2,
    }
    assert session["audio"]["input"]["turn_detection"] == {
        "type": "server_vad",
        "threshold": 0.7,
        "prefix_padding_ms": 300,
        "silence_duration_ms": 500,
        "idle_timeout_ms": None,
        "create_response": True,
        "interrupt_response": True,
    }


def test_point_28_null_clears_and_another_type_takes_the_place() -> None:
    scene = Scene()
    scene.update(
        audio={"input": {"transcription": {"model": "a", "language": "en"}, "noise_reduction": {"type": "near_field"}}}
    )
    scene.update(audio={"input": {"transcription": {"prompt": "HOA"}, "noise_reduction": None, "turn_detection": None}})
    heard = scene.session.config["audio"]["input"]
    assert heard["transcription"] == {"model": "a", "language": "en", "prompt": "HOA"}
    assert heard["noise_reduction"] is None
    assert heard["turn_detection"] is None
    scene.update(audio={"input": {"format": {"type": "audio/pcmu"}, "turn_detection": {"type": "semantic_vad"}}})
    heard = scene.session.config["audio"]["input"]
    assert heard["format"] == {"type": "audio/pcmu"}
    assert heard["turn_detection"] == {
        "type": "semantic_vad", "eagerness": "auto", "create_response": True, "interrupt_response": True,
    }  # fmt: skip


def test_point_29_an_update_on_a_call_is_answered_at_once() -> None:
    scene = Scene(medium="peer")
    scene.session.hear(b"\1\1" * 24_000, scene.now)
    assert kinds(scene.update(instructions="Now."))[-1] == "session.updated"


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "gpt-realtime-2.1"},
        {"tracing": "auto"},
        {"tracing": None},
        {"tracing": {"workflow_name": "x", "metadata": {"a": 1}}},
        {"audio": {"input": {"noise_reduction": None}}},
        {"audio": {"output": {"speed": 1}}},
        {"audio": {"output": {"voice": {"id": "voice_1"}}}},
        {"prompt": {"id": "pmpt_1", "variables": {"a": "b"}}},
        {"include": ["item.input_audio_transcription.logprobs"]},
        {"truncation": {"type": "retention_ratio", "retention_ratio": 0.8, "token_limits": {"post_instructions": 9}}},
        {"reasoning": {"effort": "low"}, "parallel_tool_calls": True},
        {"tools": [{"type": "function", "name": "f", "parameters": {"$schema": "x", "additionalProperties": False}}]},
    ],
)  # fmt: skip
def test_point_30_fields_that_official_clients_send_are_taken(fields: dict[str, Any]) -> None:
    assert kinds(Scene().update(**fields)) == ["session.updated"]


def test_point_31_a_second_update_of_one_field_resets_no_other() -> None:
    scene = Scene()
    scene.update(instructions="Sell.", tools=[{"type": "function", "name": "f", "parameters": {"default": None}}])
    before = scene.session.config
    scene.update(tracing="auto")
    assert scene.session.config == {**before, "tracing": "auto"}
    assert scene.session.config["tools"][0]["parameters"] == {"default": None}


REFUSED: list[tuple[Any, str, str]] = [
    (None, "missing_required_parameter", "session"),
    ([], "invalid_value", "session"),
    ({}, "missing_required_parameter", "session.type"),
    ({"type": "video"}, "invalid_value", "session.type"),
    ({"type": "transcription"}, "invalid_value", "session.type"),
    ({"type": "realtime", "modalities": ["text"]}, "unknown_parameter", "session.modalities"),
    ({"type": "realtime", "output_modalities": ["text", "audio"]}, "invalid_value", "session.output_modalities"),
    ({"type": "realtime", "instructions": None}, "invalid_value", "session.instructions"),
    ({"type": "realtime", "max_output_tokens": 5000}, "invalid_value", "session.max_output_tokens"),
    ({"type": "realtime", "tools": [{"type": "function"}]}, "missing_required_parameter", "session.tools[0].name"),
    ({"type": "realtime", "tools": [{"type": "mcp"}]}, "invalid_value", "session.tools[0].type"),
    ({"type": "realtime", "tool_choice": {"type": "function"}}, "missing_required_parameter",
     "session.tool_choice.name"),
    ({"type": "realtime", "audio": {"output": {"speed": 2}}}, "invalid_value", "session.audio.output.speed"),
    ({"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcm", "rate": 16000}}}}, "invalid_value",
     "session.audio.input.format.rate"),
    ({"type": "realtime", "audio": {"input": {"turn_detection": {"type": "guess"}}}}, "invalid_value",
     "session.audio.input.turn_detection.type"),
    ({"type": "realtime", "audio": {"input": {"turn_detection": {"idle_timeout_ms": 1}}}}, "invalid_value",
     "session.audio.input.turn_detection.idle_timeout_ms"),
    ({"type": "realtime", "audio": {"input": {"turn_detection": {"type": "semantic_vad", "threshold": 1}}}},
     "unknown_parameter", "session.audio.input.turn_detection.threshold"),
]  # fmt: skip


@pytest.mark.parametrize(("session", "code", "param"), REFUSED)
def test_point_32_a_wrong_session_is_refused_and_changes_nothing(session: Any, code: str, param: str) -> None:
    scene = Scene()
    before = scene.session.config
    error = error_of(scene.send("session.update", session=session, event_id="mine"))
    assert (error["code"], error["param"], error["event_id"]) == (code, param, "mine")
    assert scene.session.config == before
    assert kinds(scene.update(instructions="Still here.")) == ["session.updated"]


def test_point_32_the_voice_is_fixed_after_sound() -> None:
    scene = Scene()
    assert kinds(scene.update(audio={"output": {"voice": "cedar"}})) == ["session.updated"]
    scene.ask()
    scene.answer()
    for events in (
        scene.update(audio={"output": {"voice": "ash"}}),
        scene.send("response.create", response={"audio": {"output": {"voice": "ash"}}}),
    ):
        assert error_of(events)["code"] == "cannot_update_voice"
    assert kinds(scene.update(audio={"output": {"voice": "cedar"}})) == ["session.updated"]


def test_the_model_is_fixed_with_the_first_answer() -> None:
    scene = Scene()
    assert kinds(scene.update(model="another")) == ["session.updated"]
    scene.ask()
    assert scene.body["model"] == "another"
    assert error_of(scene.update(model="gpt-realtime-2.1"))["param"] == "session.model"
    assert kinds(scene.update(model="another")) == ["session.updated"]


def test_speed_changes_only_between_responses() -> None:
    scene = Scene()
    scene.ask()
    assert error_of(scene.update(audio={"output": {"speed": 1.5}}))["param"] == "session.audio.output.speed"
    scene.answer()
    assert kinds(scene.update(audio={"output": {"speed": 1.5}})) == ["session.updated"]


@pytest.mark.parametrize(
    ("frame", "code", "event_id"),
    [
        ("nonsense", "invalid_json", None),
        ("[]", "invalid_event", None),
        ('{"type": "response.create", "x": NaN}', "invalid_json", None),
        ('{"type": "response.create", "x": 1e999}', "invalid_json", None),
        ('{"type": "x", "event_id": "\\ud800"}', "invalid_json", None),
        (b"\xff\xfe", "invalid_json", None),
        ("[" * 100_000, "invalid_json", None),
        ('{"type": "session.update", "session": ' + '{"a":' * 80 + "1" + "}" * 81, "invalid_event", None),
        ('{"event_id": "e1"}', "invalid_event", "e1"),
        ('{"event_id": "e2", "type": []}', "invalid_value", "e2"),
        ('{"event_id": "e3", "type": "response.create", "response": {"modalities": []}}', "unknown_parameter", "e3"),
        ('{"event_id": "e4", "type": "response.create", "response": []}', "invalid_value", "e4"),
        ('{"event_id": "e5", "type": "conversation.item.delete"}', "missing_required_parameter", "e5"),
        ('{"event_id": 5, "type": "response.create"}', "invalid_value", None),
        ('{"event_id": "e6", "type": "input_audio_buffer.append", "audio": "' + "A" * 25_000_000 + '"}',
         "event_too_large", "e6"),
        ('{"event_id": "e7", "type": "session.update", "session": "' + "A" * 5_000_000 + '"}', "event_too_large", "e7"),
    ],
)  # fmt: skip
def test_point_33_every_error_names_the_event_that_caused_it(frame: str, code: str, event_id: str | None) -> None:
    scene = Scene()
    error = error_of(scene.raw(frame))
    assert (error["code"], error["event_id"], error["type"]) == (code, event_id, "invalid_request_error")
    assert kinds(scene.ask())[-1] == "response.created"


def test_point_33_an_error_goes_to_its_author_alone() -> None:
    scene = Scene(medium="peer")
    scene.session.attach("sideband", scene.now)
    scene.take()
    scene.send("response.cancel", client="sideband", event_id="s1")
    assert scene.last("error")["error"]["event_id"] == "s1"
    assert scene.addressed[-1] == "sideband"
    scene.update(instructions="For all.")
    assert scene.addressed[-1] is None


def test_point_52_an_unknown_event_is_refused_and_the_session_goes_on() -> None:
    scene = Scene()
    error = error_of(scene.send("response.invent", event_id="e"))
    assert (error["code"], error["param"], error["event_id"]) == ("invalid_value", "type", "e")
    assert not scene.session.closed


def test_point_53_the_session_ends_at_its_cap_which_it_told_from_the_start() -> None:
    scene = Scene()
    assert scene.session.expires_at == scene.events[0]["session"]["expires_at"] == int(EPOCH) + 3600
    assert scene.session.next_deadline() == 100.0 + 3600
    scene.ask()
    assert scene.tick(3599.9) == []
    events = scene.tick(0.1)
    assert kinds(events) == ["response.done", "rate_limits.updated", "error"]
    assert events[-1]["error"]["code"] == "session_expired"
    assert scene.orders[-1] == Close(1000, "session_expired")
    assert scene.session.closed
    assert scene.session.next_deadline() is None
    assert scene.update(instructions="Too late.") == []


def test_the_last_client_of_a_socket_takes_its_session_along() -> None:
    scene = Scene()
    scene.ask()
    scene.session.detach("page", scene.now)
    assert kinds(scene.take()) == ["response.done", "rate_limits.updated"]
    assert isinstance(scene.orders[-1], Close)


def test_a_call_outlives_its_sidebands() -> None:
    scene = Scene(medium="peer")
    scene.session.detach("page", scene.now)
    assert scene.take() == []
    assert not scene.session.closed
    scene.session.end(1001, "peer failed", scene.now)
    scene.take()
    assert scene.orders[-1] == Close(1001, "peer failed")


def test_check_config_fills_in_the_defaults_and_refuses_like_an_update() -> None:
    checked = check_config({"type": "realtime", "audio": {"output": {"voice": "ash"}}})
    assert Scene(checked).session.config["audio"]["output"]["voice"] == "ash"
    with pytest.raises(BadRequest) as refusal:
        check_config({"type": "realtime", "voice": "ash"})
    assert (refusal.value.code, refusal.value.param, refusal.value.status) == (
        "unknown_parameter",
        "session.voice",
        400,
    )


def test_a_transcription_session_hears_and_never_answers() -> None:
    scene = Scene({"type": "transcription", "audio": {"input": {"transcription": {"model": "t", "language": "en"}}}})
    assert scene.events[0]["session"]["object"] == "realtime.transcription_session"
    assert "model" not in scene.events[0]["session"]
    scene.say()
    assert kinds(scene.heard("Two bedrooms."))[-1].endswith("transcription.completed")
    assert scene.all("response.created") == []
    for kind in ("response.create", "response.cancel", "output_audio_buffer.clear"):
        assert error_of(scene.send(kind))["param"] == "type"
    update = {"type": "transcription", "audio": {"input": {"turn_detection": None}}}
    assert kinds(scene.send("session.update", session=update)) == ["session.updated"]
    assert error_of(scene.send("session.update", session={**update, "instructions": ""}))["code"] == "unknown_parameter"


def test_a_flood_of_bad_events_is_answered_and_beyond_its_budget_not_even_read() -> None:
    scene = Scene(limits=Limits(events_per_second=100))
    for _ in range(1000):
        scene.session.receive('{"type": "nonsense"}', "page", scene.now)
    errors = [event["error"]["code"] for event in scene.take()]
    assert errors == ["invalid_value"] * 100 + ["rate_limit_exceeded"]
    scene.now += 1
    assert kinds(scene.ask())[-1] == "response.created"
