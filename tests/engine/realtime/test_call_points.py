"""Point 43 of the conformance checklist: function calls."""

import json

import pytest

from tests.engine.realtime.scene import TOOLS, Scene


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
    assert [item["call_id"] for item in scene.done["output"]] == ["call_1", "call_2"]
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
    assert scene.done["status"] == status_
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
