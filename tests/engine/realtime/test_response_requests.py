"""What a response is asked to be: its own input and overrides, its bounds, and what it cost."""

import base64
from typing import Any

import pytest

from engine.realtime import Limits
from engine.realtime.orders import Stop, Think
from tests.engine.realtime.scene import TOOLS, Scene, error_of, kinds, loud, user


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


def test_usage_counts_words_and_sound_as_they_were() -> None:
    scene = Scene({"instructions": "Be very brief."})
    scene.say(640)
    scene.heard("What is the fee?")
    scene.answer("It is $450. Really.", 1000)
    usage = scene.done["usage"]
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
    assert scene.done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert scene.orders[-1] == Stop(scene.response_id)


def test_an_endless_thought_is_cut() -> None:
    scene = Scene({"output_modalities": ["text"]}, limits=Limits(answer_characters=100))
    scene.ask()
    scene.thought(*["word " * 10] * 5)
    assert scene.done["status"] == "incomplete"
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
        assert scene.done["status_details"]["error"]["code"] == "context_length_exceeded"
        return
    contents = [message["content"] for message in scene.body["messages"]]
    assert contents == ["Sell.", *(f"number {number}" for number in range(6 - words // 6, 6))]
