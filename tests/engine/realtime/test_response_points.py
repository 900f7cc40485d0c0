"""Points 39 to 42, 44, 46 and 47 of the conformance checklist: responses."""

import base64
from typing import Any

import pytest

from engine.backends import BackendError
from engine.realtime import Limits
from engine.realtime.orders import Speak, Stop
from tests.engine.realtime.scene import MS, TOOLS, Scene, error_of, kinds

SPOKEN = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio_transcript.delta",
    "response.output_audio.delta",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "response.output_item.done",
    "conversation.item.done",
    "response.done",
    "rate_limits.updated",
]


def test_a_spoken_answer_comes_in_the_documented_order() -> None:
    scene = Scene()
    scene.ask()
    scene.answer("The fee is $450.", 300)
    assert kinds(scene.events[3:]) == SPOKEN
    assert scene.done["status_details"] == {"type": "completed"}
    assert scene.done["output"] == [scene.last("conversation.item.done")["item"]]


def test_first_words_leave_before_the_thought_is_whole() -> None:
    scene = Scene()
    scene.ask()
    scene.thought("The", " fee", " is", " $1.5", " thousand.", " It")
    assert [order.text for order in scene.ordered(Speak)] == ["The fee is $1.5 thousand."]
    assert scene.all("response.output_audio_transcript.delta") == []
    scene.spoke(0, 20)
    assert kinds(scene.events[-2:]) == ["response.output_audio_transcript.delta", "response.output_audio.delta"]
    scene.thought(" covers water.")
    scene.thinking_done()
    assert scene.ordered(Speak)[-1].text == "It covers water."
    assert len(scene.all("response.output_audio_transcript.delta")) == 1
    scene.speaking_done(0)
    scene.spoke(1)
    scene.speaking_done(1)
    assert scene.done["output"][0]["content"][0]["transcript"] == "The fee is $1.5 thousand. It covers water."


def test_no_more_than_two_sentences_are_ordered_ahead() -> None:
    scene = Scene()
    scene.ask()
    scene.thought("One. Two. Three. Four. ")
    scene.thinking_done()
    assert len(scene.ordered(Speak)) == 2
    scene.speaking_done(0)
    assert [order.part for order in scene.ordered(Speak)] == [0, 1, 2]
    scene.speak()
    assert [order.text for order in scene.ordered(Speak)] == ["One.", "Two.", "Three.", "Four."]


def test_how_to_speak_follows_the_session_the_response_and_the_visitor() -> None:
    scene = Scene({"audio": {"output": {"voice": {"id": "voice_9"}, "speed": 1.25}}})
    scene.say()
    scene.heard("Was kostet das?", language="de")
    scene.answer()
    assert vars_of(scene.ordered(Speak)[0].manner) == ("voice_9", 1.25, "de")
    assert scene.done["audio"]["output"]["voice"] == "voice_9"


def vars_of(manner: Any) -> tuple[str, float, str]:
    return manner.voice, manner.speed, manner.language


def test_text_modality_writes_and_speaks_nothing() -> None:
    scene = Scene({"output_modalities": ["text"]})
    scene.ask()
    scene.thought("The fee ", "is $450.")
    scene.thinking_done()
    assert scene.ordered(Speak) == []
    assert [event["delta"] for event in scene.all("response.output_text.delta")] == ["The fee ", "is $450."]
    assert scene.last("response.content_part.done")["part"] == {"type": "text", "text": "The fee is $450."}
    assert scene.done["output"][0]["content"] == [{"type": "output_text", "text": "The fee is $450."}]


def test_point_39_one_at_a_time_in_the_conversation_any_number_beside_it() -> None:
    scene = Scene()
    scene.ask()
    first = scene.response_id
    error = error_of(scene.send("response.create", event_id="second"))
    assert (error["code"], error["event_id"]) == ("conversation_already_has_active_response", "second")
    assert first in error["message"]
    beside = {"conversation": "none", "metadata": {"topic": "mood"}, "output_modalities": ["text"]}
    for _ in range(2):
        [created] = scene.send("response.create", response=beside)
        assert created["response"]["conversation_id"] is None
        assert created["response"]["metadata"] == {"topic": "mood"}
        scene.thought("Curious.")
    assert len(scene.items) == 1
    scene.thinking_done()
    assert scene.done["id"] == scene.response_id
    scene.thought("Hello.", response_id=first)
    assert len(scene.items) == 2


def test_point_39_responses_at_once_are_bounded() -> None:
    scene = Scene(limits=Limits(parallel_responses=2))
    for _ in range(2):
        scene.send("response.create", response={"conversation": "none"})
    error = error_of(scene.send("response.create", response={"conversation": "none"}, event_id="e"))
    assert (error["code"], error["event_id"]) == ("rate_limit_exceeded", "e")


def ended(scene: Scene, how: str) -> None:
    match how:
        case "completed":
            scene.answer()
        case "empty":
            scene.thinking_done()
        case "cancelled":
            scene.thought("One. Two.")
            scene.send("response.cancel")
        case "thinking":
            scene.session.thinking_failed(scene.response_id, BackendError("quota", "key 123"), scene.now)
        case "speaking":
            scene.thought("One. Two.")
            scene.session.speaking_failed(scene.response_id, 0, BackendError("timeout", "x"), scene.now)
        case "length":
            scene.thought("One. Two.")
            scene.thinking_done("length")
            scene.speak()
        case "filtered":
            scene.thinking_done("content_filter")
    scene.take()


@pytest.mark.parametrize(
    ("how", "status_", "details"),
    [
        ("completed", "completed", {}),
        ("empty", "completed", {}),
        ("cancelled", "cancelled", {"reason": "client_cancelled"}),
        ("thinking", "failed", {"error": {"type": "server_error", "code": "quota", "message": "Thinking failed."}}),
        ("speaking", "failed", {"error": {"type": "server_error", "code": "timeout", "message": "Speaking failed."}}),
        ("length", "incomplete", {"reason": "max_output_tokens"}),
        ("filtered", "incomplete", {"reason": "content_filter"}),
    ],
)
def test_point_40_every_response_ends_once_whatever_happens(how: str, status_: str, details: Any) -> None:
    scene = Scene()
    scene.ask()
    ended(scene, how)
    assert scene.done["status"] == status_
    assert scene.done["status_details"] == {"type": status_, **details}
    assert len(scene.all("response.done")) == 1
    before = len(scene.events)
    late = scene.response_id
    scene.thought("Late.")
    scene.spoke(0)
    scene.speaking_done(0)
    scene.thinking_done()
    scene.session.thinking_failed(late, BackendError("timeout", "x"), scene.now)
    assert scene.take() == []
    assert len(scene.events) == before
    assert kinds(scene.ask())[-1] == "response.created"


def test_point_41_every_delta_names_its_response_item_and_place() -> None:
    scene = Scene({"tools": TOOLS})
    scene.ask()
    scene.thought("Let me see. ")
    scene.called(0, "call_1", "get_fact", '{"key":')
    scene.called(0, arguments=' "fee"}')
    scene.thinking_done("tool_calls")
    scene.speak()
    message, call = scene.done["output"]
    for event in scene.events:
        if not event["type"].startswith("response.") or "response" in event:
            continue
        item_id = event.get("item_id") or event["item"]["id"]
        assert event["response_id"] == scene.response_id
        assert (item_id, event["output_index"]) in ((message["id"], 0), (call["id"], 1))
        if "function_call" not in event["type"] and "item" not in event:
            assert event["content_index"] == 0


def test_point_42_a_message_begins_empty_and_ends_with_its_transcript() -> None:
    scene = Scene()
    scene.ask()
    scene.answer("The fee is $450.")
    assert scene.last("response.output_item.added")["item"]["content"] == []
    item = scene.last("response.output_item.done")["item"]
    assert (item["status"], item["role"]) == ("completed", "assistant")
    assert item["content"] == [{"type": "output_audio", "transcript": "The fee is $450."}]


def test_point_42_a_cancelled_message_is_incomplete_and_has_what_was_said() -> None:
    scene = Scene()
    scene.ask()
    scene.thought("The fee is $450. It covers water. ")
    scene.spoke(0)
    scene.send("response.cancel")
    item = scene.last("response.output_item.done")["item"]
    assert item["status"] == "incomplete"
    assert item["content"][0]["transcript"] == "The fee is $450."


def test_point_46_audio_deltas_are_whole_samples_of_100_to_200_ms() -> None:
    scene = Scene()
    scene.ask()
    scene.thought("One sentence. ")
    scene.thinking_done()
    sound = bytes(range(256)) * 200
    for place in range(0, len(sound), 333):
        scene.session.spoke(scene.response_id, 0, sound[place : place + 333], scene.now)
    scene.take()
    scene.speaking_done(0)
    deltas = [base64.b64decode(event["delta"]) for event in scene.all("response.output_audio.delta")]
    assert b"".join(deltas) == sound
    assert all(len(delta) % 2 == 0 for delta in deltas)
    assert all(100 * MS <= len(delta) <= 200 * MS for delta in deltas[1:-1])
    assert len(scene.all("response.output_audio.done")) == 1


@pytest.mark.parametrize("name", ["audio/pcmu", "audio/pcma"])
def test_point_46_telephone_formats_are_one_byte_a_sample(name: str) -> None:
    scene = Scene({"audio": {"output": {"format": {"type": name}}}})
    scene.ask()
    scene.answer("One.", 1000)
    deltas = [base64.b64decode(event["delta"]) for event in scene.all("response.output_audio.delta")]
    assert sum(len(delta) for delta in deltas) == 8000
    assert scene.done["audio"]["output"]["format"] == {"type": name}


def test_point_47_cancelling_silences_the_active_response_and_nothing_else() -> None:
    scene = Scene()
    error = error_of(scene.send("response.cancel", event_id="e"))
    assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "e")
    scene.ask()
    scene.thought("One. Two. ")
    scene.spoke(0)
    events = scene.send("response.cancel", response_id=scene.response_id)
    assert not [kind for kind in kinds(events) if kind.endswith("delta")]
    assert scene.done["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
    assert scene.orders[-1] == Stop(scene.response_id)
    assert scene.spoke(0) == []
    assert error_of(scene.send("response.cancel"))["code"] == "response_cancel_not_active"


def test_point_44_parts_are_audio_or_text_and_nothing_in_them_is_null() -> None:
    scene = Scene()
    for modality, key in (("audio", "transcript"), ("text", "text")):
        scene.ask(output_modalities=[modality])
        scene.answer("One.")
        assert scene.last("response.content_part.added")["part"] == {"type": modality, key: ""}
        assert scene.last("response.content_part.done")["part"] == {"type": modality, key: "One."}
