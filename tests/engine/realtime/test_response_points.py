"""Points 39 to 47 of the conformance checklist: responses."""

import base64
import json
from typing import Any

import pytest

from engine.backends import BackendError
from engine.realtime import Limits
from engine.realtime.orders import Speak, Stop, Think
from tests.engine.realtime.scene import MS, Scene, error_of, kinds, loud, user

TOOLS = [{"type": "function", "name": "get_fact", "description": "A fact.", "parameters": {"type": "object"}}]
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


def status(scene: Scene) -> dict[str, Any]:
    return dict(scene.last("response.done")["response"])


def test_a_spoken_answer_comes_in_the_documented_order() -> None:
    scene = Scene()
    scene.ask()
    scene.answer("The fee is $450.", 300)
    assert kinds(scene.events[3:]) == SPOKEN
    assert status(scene)["status_details"] == {"type": "completed"}
    assert status(scene)["output"] == [scene.last("conversation.item.done")["item"]]


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
    assert status(scene)["output"][0]["content"][0]["transcript"] == "The fee is $1.5 thousand. It covers water."


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
    assert status(scene)["audio"]["output"]["voice"] == "voice_9"


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
    assert status(scene)["output"][0]["content"] == [{"type": "output_text", "text": "The fee is $450."}]


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
    assert status(scene)["id"] == scene.response_id
    scene.thought("Hello.", response_id=first)
    assert len(scene.items) == 2


def test_point_39_responses_at_once_are_bounded() -> None:
    scene = Scene(limits=Limits(parallel_responses=2))
    for _ in range(2):
        scene.send("response.create", response={"conversation": "none"})
    error = error_of(scene.send("response.create", response={"conversation": "none"}, event_id="e"))
    assert (error["code"], error["event_id"]) == ("rate_limit_exceeded", "e")


def test_responses_a_minute_are_bounded_and_the_bound_is_told() -> None:
    scene = Scene(limits=Limits(responses_per_minute=2))
    for _ in range(2):
        scene.ask()
        scene.answer()
    [told] = scene.last("rate_limits.updated")["rate_limits"]
    assert (told["name"], told["limit"], told["remaining"], told["reset_seconds"]) == ("requests", 2, 0, 60)
    assert error_of(scene.send("response.create"))["code"] == "rate_limit_exceeded"
    scene.now += 30
    assert kinds(scene.send("response.create")) == ["response.created"]


def test_a_response_may_be_thought_from_its_own_input() -> None:
    scene = Scene({"instructions": "Sell."})
    scene.send("conversation.item.create", item=user("Older", id="old"))
    items = [{"type": "item_reference", "id": "old"}, user("Classify this."), {"type": "item_reference", "id": "old"}]
    scene.send("response.create", response={"conversation": "none", "input": items, "instructions": "Classify."})
    assert scene.body["messages"] == [
        {"role": "system", "content": "Classify."},
        {"role": "user", "content": "Older"},
        {"role": "user", "content": "Classify this."},
        {"role": "user", "content": "Older"},
    ]
    assert scene.items == ["old"]
    scene.send("response.create", response={"input": [], "instructions": ""})
    assert scene.body["messages"] == [{"role": "system", "content": ""}]


def test_audio_in_the_input_of_a_response_is_listened_to_first() -> None:
    scene = Scene()
    part = {"type": "input_audio", "audio": base64.b64encode(loud(500)).decode()}
    item = {"type": "message", "role": "user", "content": [part]}
    assert kinds(scene.send("response.create", response={"conversation": "none", "input": [item]})) == [
        "response.created"
    ]
    assert scene.ordered(Think) == []
    assert scene.heard("Hello.") == []
    assert scene.body["messages"] == [{"role": "user", "content": "Hello."}]


def test_every_override_of_a_response_reaches_the_mind() -> None:
    scene = Scene({"instructions": "Sell.", "tools": TOOLS})
    override = {
        "instructions": "Only this once.",
        "tools": [{"type": "function", "name": "other"}],
        "tool_choice": {"type": "function", "name": "other"},
        "parallel_tool_calls": False,
        "reasoning": {"effort": "high"},
        "max_output_tokens": 50,
    }
    scene.ask("Go.", **override)
    assert scene.body == {
        "model": "gpt-realtime-2.1",
        "messages": [{"role": "system", "content": "Only this once."}, {"role": "user", "content": "Go."}],
        "tools": [{"type": "function", "function": {"name": "other"}}],
        "tool_choice": {"type": "function", "function": {"name": "other"}},
        "parallel_tool_calls": False,
        "reasoning_effort": "high",
        "max_completion_tokens": 50,
    }
    scene.answer()
    scene.ask("Again.")
    assert scene.body["messages"][0]["content"] == "Sell."
    assert scene.body["tools"][0]["function"]["name"] == "get_fact"
    assert "max_completion_tokens" not in scene.body


@pytest.mark.parametrize(
    ("response", "param"),
    [
        ({"conversation": "other"}, "response.conversation"),
        ({"input": [{"type": "item_reference", "id": "nobody"}]}, "response.input[0].id"),
        ({"input": [user("x"), {"type": "message"}]}, "response.input[1].role"),
        ({"tool_choice": {"type": "function", "name": "nobody"}}, "response.tool_choice.name"),
        ({"tools": [{"type": "mcp", "server_label": "x"}]}, "response.tools[0].type"),
        ({"metadata": {"k": 5}}, "response.metadata.k"),
        ({"metadata": {str(n): "" for n in range(17)}}, "response.metadata"),
        ({"max_output_tokens": "many"}, "response.max_output_tokens"),
        ({"modalities": ["text"]}, "response.modalities"),
    ],
)
def test_a_wrong_response_create_is_refused_and_creates_nothing(response: Any, param: str) -> None:
    scene = Scene()
    error = error_of(scene.send("response.create", response=response, event_id="e"))
    assert (error["param"], error["event_id"]) == (param, "e")
    assert scene.orders == []


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
    assert status(scene)["status"] == status_
    assert status(scene)["status_details"] == {"type": status_, **details}
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
    message, call = status(scene)["output"]
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


def test_point_43_a_call_is_in_progress_until_its_arguments_are_whole() -> None:
    scene = Scene({"tools": TOOLS})
    scene.ask()
    scene.called(0, "call_1", "get_fact")
    added = scene.last("response.output_item.added")["item"]
    assert (added["status"], added["arguments"], added["call_id"]) == ("in_progress", "", "call_1")
    scene.called(0, arguments='{"key":')
    scene.called(0, arguments='"fee"}')
    scene.thinking_done("tool_calls")
    done = scene.last("response.output_item.done")["item"]
    assert (done["status"], json.loads(done["arguments"])) == ("completed", {"key": "fee"})
    assert scene.last("response.function_call_arguments.done")["name"] == "get_fact"
    assert "".join(event["delta"] for event in scene.all("response.function_call_arguments.delta")) == done["arguments"]


def test_point_43_several_calls_come_in_one_response_and_are_answered_together() -> None:
    scene = Scene({"tools": TOOLS})
    scene.ask()
    scene.called(0, "call_1", "get_fact", '{"key":"fee"}')
    scene.called(1, "call_2", "get_fact", '{"key":"tax"}')
    scene.thinking_done("tool_calls")
    assert [item["call_id"] for item in status(scene)["output"]] == ["call_1", "call_2"]
    for call in ("call_2", "call_1"):
        item = {"type": "function_call_output", "call_id": call, "output": call.upper()}
        scene.send("conversation.item.create", item=item)
    scene.send("response.create")
    assistant, first, second = scene.body["messages"][1:]
    assert [call["id"] for call in assistant["tool_calls"]] == ["call_1", "call_2"]
    assert [(one["tool_call_id"], one["content"]) for one in (first, second)] == [
        ("call_1", "CALL_1"),
        ("call_2", "CALL_2"),
    ]


def test_point_43_a_call_without_arguments_is_an_empty_object() -> None:
    scene = Scene({"tools": TOOLS})
    scene.ask()
    scene.called(0, "call_1", "get_fact")
    scene.thinking_done("tool_calls")
    assert scene.last("response.output_item.done")["item"]["arguments"] == "{}"


@pytest.mark.parametrize(
    ("arguments", "reason", "status_"), [("{bad", "tool_calls", "failed"), ("{", "length", "incomplete")]
)
def test_point_43_a_broken_call_is_never_completed(arguments: str, reason: str, status_: str) -> None:
    scene = Scene({"tools": TOOLS})
    scene.ask()
    scene.called(0, "call_1", "get_fact", arguments)
    scene.thinking_done(reason)
    assert status(scene)["status"] == status_
    assert scene.last("response.output_item.done")["item"]["status"] == "incomplete"
    assert scene.all("response.function_call_arguments.done") == []
    scene.ask("Go on.")
    assert [message["role"] for message in scene.body["messages"]] == ["user", "user"]


def test_point_43_a_repeated_call_id_gets_one_of_our_own() -> None:
    scene = Scene({"tools": TOOLS})
    for _ in range(2):
        scene.ask()
        scene.called(0, "call_1", "get_fact", "{}")
        scene.thinking_done("tool_calls")
    first, second = (event["item"]["call_id"] for event in scene.all("response.output_item.done"))
    assert first == "call_1"
    assert second.startswith("call_")
    assert second != first


def test_a_call_that_is_not_answered_yet_is_shown_as_pending() -> None:
    scene = Scene({"tools": TOOLS})
    scene.ask()
    scene.called(0, "call_1", "get_fact", "{}")
    scene.thinking_done("tool_calls")
    scene.ask("Are you there?")
    assert json.loads(scene.body["messages"][2]["content"])["error"] == "pending"


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
    assert status(scene)["audio"]["output"]["format"] == {"type": name}


def test_point_47_cancelling_silences_the_active_response_and_nothing_else() -> None:
    scene = Scene()
    error = error_of(scene.send("response.cancel", event_id="e"))
    assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "e")
    scene.ask()
    scene.thought("One. Two. ")
    scene.spoke(0)
    events = scene.send("response.cancel", response_id=scene.response_id)
    assert not [kind for kind in kinds(events) if kind.endswith("delta")]
    assert status(scene)["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
    assert scene.orders[-1] == Stop(scene.response_id)
    assert scene.spoke(0) == []
    assert error_of(scene.send("response.cancel"))["code"] == "response_cancel_not_active"


def test_usage_counts_words_and_sound_as_they_were() -> None:
    scene = Scene({"instructions": "Be very brief."})
    scene.say(640)
    scene.heard("What is the fee?")
    scene.answer("It is $450. Really.", 1000)
    usage = status(scene)["usage"]
    spoken_ms = 640 + 512  # with the silence that ended the turn, in frames of 32 ms
    assert usage["input_token_details"]["audio_tokens"] == -(-spoken_ms // 100)
    assert usage["input_token_details"]["text_tokens"] == 3
    assert usage["output_token_details"] == {"text_tokens": 4, "audio_tokens": 40}
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] == 12 + 3 + 44


def test_an_answer_ends_where_it_has_used_its_tokens() -> None:
    scene = Scene({"max_output_tokens": 30})
    scene.ask()
    scene.thought("One. Two. Three.")
    scene.spoke(0, 1000)
    scene.speaking_done(0)
    scene.spoke(1, 400)
    assert status(scene)["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert scene.orders[-1] == Stop(scene.response_id)


def test_an_endless_thought_is_cut() -> None:
    scene = Scene({"output_modalities": ["text"]}, limits=Limits(answer_characters=100))
    scene.ask()
    scene.thought(*["word " * 10] * 5)
    assert status(scene)["status"] == "incomplete"
    assert len(scene.all("response.output_text.delta")) == 3


@pytest.mark.parametrize(
    ("truncation", "words"),
    [("auto", 20), ({"type": "retention_ratio", "retention_ratio": 0.5}, 10), ("disabled", None)],
)
def test_a_long_conversation_is_cut_as_the_session_wishes(truncation: Any, words: int | None) -> None:
    scene = Scene({"truncation": truncation, "instructions": "Sell."}, limits=Limits(context_tokens=20))
    for number in range(6):
        scene.send("conversation.item.create", item=user(f"number {number}"))
    scene.send("response.create")
    if words is None:
        assert status(scene)["status_details"]["error"]["code"] == "context_length_exceeded"
        return
    contents = [message["content"] for message in scene.body["messages"]]
    assert contents == ["Sell.", *(f"number {number}" for number in range(6 - words // 6, 6))]
