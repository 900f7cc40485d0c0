"""Points 34 to 38, 45 of the conformance checklist: the items of the conversation."""

import base64
from typing import Any

import pytest

from engine.realtime import Limits
from engine.realtime.orders import Forget, Hear, Listen, Understand
from tests.engine.realtime.scene import MS, Scene, error_of, kinds, loud, quiet, user

CALL = {"type": "function_call", "name": "get_fact", "arguments": "{}", "call_id": "call_1"}


def output(call_id: str) -> dict[str, str]:
    return {"type": "function_call_output", "call_id": call_id, "output": "42"}


def create(scene: Scene, item: Any, **fields: Any) -> Any:
    return scene.send("conversation.item.create", item=item, **fields)


def test_point_34_an_item_is_added_then_done_with_its_id_and_place() -> None:
    scene = Scene()
    added, done = create(scene, user("one", id="msg_1"))
    assert [added["type"], done["type"]] == ["conversation.item.added", "conversation.item.done"]
    assert added["item"] == done["item"]
    assert added["item"]["id"] == "msg_1"
    assert added["previous_item_id"] is None
    added, _ = create(scene, user("two"))
    assert added["previous_item_id"] == "msg_1"
    assert added["item"]["id"].startswith("item_")


@pytest.mark.parametrize(
    "item",
    [
        user("text"),
        {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Be kind."}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hello."}]},
        {"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "", "transcript": "Hi."}]},
        CALL,
    ],
)
def test_point_34_every_kind_of_item_that_a_client_may_create(item: Any) -> None:
    scene = Scene()
    _, done = create(scene, {**item, "status": "in_progress", "object": "realtime.item"})
    assert done["item"]["status"] == "completed"
    assert done["item"].items() >= {name: item[name] for name in item if name != "content"}.items()


def test_point_35_root_is_the_front_and_any_item_can_be_followed() -> None:
    scene = Scene()
    for name, after in (("a", None), ("b", "root"), ("c", "b")):
        create(scene, user(name, id=name), **({"previous_item_id": after} if after else {}))
    assert scene.items == ["b", "c", "a"]
    assert [event["previous_item_id"] for event in scene.all("conversation.item.added")] == [None, None, "b"]


@pytest.mark.parametrize(
    ("item", "fields", "param"),
    [
        (user("x"), {"previous_item_id": "nobody"}, "previous_item_id"),
        (user("x", id="taken"), {}, "item.id"),
        (output("nobody"), {}, "item.call_id"),
        ({"type": "message", "role": "user", "content": []}, {}, "item.content"),
        ({"type": "message", "role": "user"}, {}, "item.content"),
        ({"type": "message", "role": "tool", "content": []}, {}, "item.role"),
        ({"type": "message", "role": "assistant", "content": [{"type": "output_audio", "transcript": "x"}]}, {},
         "item.content[0].type"),
        ({"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": "data:"}]}, {},
         "item.content[0].type"),
        ({"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "§"}]}, {},
         "item.content[0].audio"),
        ({"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "AAAA"}]}, {},
         "item.content[0].audio"),
        ({"type": "mcp_approval_response", "approve": True}, {}, "item.type"),
        ({**CALL, "name": "no spaces"}, {}, "item.name"),
        ({**CALL, "extra": 1}, {}, "item.extra"),
        ({**CALL, "call_id": "call_0"}, {}, "item.call_id"),
    ],
)  # fmt: skip
def test_point_35_36_a_wrong_item_is_refused_and_nothing_is_inserted(item: Any, fields: Any, param: str) -> None:
    scene = Scene()
    create(scene, {**CALL, "id": "taken", "call_id": "call_0"})
    error = error_of(create(scene, item, event_id="e", **fields))
    assert (error["param"], error["event_id"]) == (param, "e")
    assert scene.items == ["taken"]


def test_point_36_an_output_finds_its_call() -> None:
    scene = Scene()
    create(scene, CALL)
    assert kinds(create(scene, output("call_1"))) == ["conversation.item.added", "conversation.item.done"]


def test_point_37_any_item_can_be_retrieved_with_its_sound() -> None:
    scene = Scene()
    scene.say(640)
    asked = scene.items[-1]
    scene.heard("What is the HOA fee?")
    scene.answer("It is $450.", 500)
    [event] = scene.send("conversation.item.retrieve", item_id=asked)
    assert event["type"] == "conversation.item.retrieved"
    [part] = event["item"]["content"]
    assert (part["type"], part["transcript"]) == ("input_audio", "What is the HOA fee?")
    assert base64.b64decode(part["audio"])[: 640 * MS] == loud(640)
    [event] = scene.send("conversation.item.retrieve", item_id=scene.items[-1])
    [part] = event["item"]["content"]
    assert (part["type"], part["transcript"]) == ("output_audio", "It is $450.")
    assert base64.b64decode(part["audio"]) == loud(500)
    assert error_of(scene.send("conversation.item.retrieve", item_id="nobody"))["code"] == "item_not_found"


def test_point_25_a_retrieved_item_stays_below_8_mib() -> None:
    scene = Scene(limits=Limits(retrieved_bytes=1000 * MS))
    scene.turn_detection(None)
    for ms, present in ((1000, True), (1001, False)):
        scene.append(loud(ms))
        scene.send("input_audio_buffer.commit")
        [event] = scene.send("conversation.item.retrieve", item_id=scene.items[-1])
        assert ("audio" in event["item"]["content"][0]) == present
    assert Limits().retrieved_bytes * 4 / 3 + 10_000 < 8 * 1024 * 1024


def spoken(scene: Scene) -> str:
    """An answer of two sentences, a second each; its item."""
    scene.ask()
    scene.answer("The fee is $450. It covers water.")
    return scene.items[-1]


def test_point_38_truncating_drops_the_transcript_and_the_mind_keeps_what_was_heard() -> None:
    scene = Scene()
    item = spoken(scene)
    [event] = scene.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=1500)
    assert (event["type"], event["item_id"], event["audio_end_ms"]) == ("conversation.item.truncated", item, 1500)
    [retrieved] = scene.send("conversation.item.retrieve", item_id=item)
    [part] = retrieved["item"]["content"]
    assert part["transcript"] is None
    assert len(base64.b64decode(part["audio"])) == 1500 * MS
    scene.ask("And then?")
    assert [message["content"] for message in scene.body["messages"]] == [
        "What is the HOA fee?",
        "The fee is $450.",
        "And then?",
    ]


def test_point_38_what_nobody_heard_is_not_told_to_the_mind() -> None:
    scene = Scene()
    scene.send("conversation.item.truncate", item_id=spoken(scene), content_index=0, audio_end_ms=0)
    scene.ask("And then?")
    assert [message["role"] for message in scene.body["messages"]] == ["user", "user"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"audio_end_ms": 2001}, "audio_end_ms"),
        ({"audio_end_ms": -1}, "audio_end_ms"),
        ({"audio_end_ms": 1.5}, "audio_end_ms"),
        ({"content_index": 1}, "content_index"),
        ({"item_id": "nobody"}, "item_id"),
        ({"item_id": "asked"}, "item_id"),
    ],
)
def test_point_38_a_wrong_truncation_is_refused(fields: Any, param: str) -> None:
    scene = Scene()
    create(scene, user("x", id="asked"))
    event = {"item_id": spoken(scene), "content_index": 0, "audio_end_ms": 2000, **fields}
    error = error_of(scene.send("conversation.item.truncate", **event))
    assert error["param"] == param
    if fields == {"audio_end_ms": 2001}:
        assert error["message"] == "Audio content of 2000ms is already shorter than 2001ms"


def test_point_38_a_deleted_item_is_gone() -> None:
    scene = Scene()
    create(scene, user("x", id="gone"))
    assert kinds(scene.send("conversation.item.delete", item_id="gone")) == ["conversation.item.deleted"]
    assert scene.items == []
    assert error_of(scene.send("conversation.item.delete", item_id="gone"))["param"] == "item_id"
    assert kinds(create(scene, user("x", id="gone"))) == ["conversation.item.added", "conversation.item.done"]


def test_point_38_an_item_may_be_deleted_while_it_is_being_said() -> None:
    scene = Scene()
    scene.ask()
    scene.thought("One. Two.")
    scene.send("conversation.item.delete", item_id=scene.items[-1])
    scene.thinking_done()
    scene.speak()
    assert scene.last("response.done")["response"]["status"] == "completed"
    assert len(scene.items) == 1


def test_an_answer_waits_no_more_for_speech_that_was_deleted() -> None:
    scene = Scene()
    scene.ask("Hello?")
    scene.answer()
    scene.say()
    assert len(scene.ordered(Understand)) == 1
    scene.send("conversation.item.delete", item_id=scene.items[-1])
    assert isinstance(scene.ordered(Forget)[-1], Forget)
    assert scene.last("response.done")["response"]["id"] == scene.response_id
    assert scene.heard("Too late.") == []


def test_a_created_audio_item_is_listened_to_in_the_sessions_format() -> None:
    scene = Scene()
    scene.update(audio={"input": {"format": {"type": "audio/pcmu"}, "transcription": {"keywords": ["HOA"]}}})
    part = {"type": "input_audio", "audio": base64.b64encode(b"\xff" * 8000).decode()}
    create(scene, {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hear:"}, part]})
    assert scene.ordered(Listen)[0].hints.keywords == ("HOA",)
    assert scene.ordered(Hear)[0].pcm == quiet(1000)
    delta, completed = scene.heard("What is the fee?")
    assert delta["content_index"] == completed["content_index"] == 1
    scene.send("response.create")
    assert scene.body["messages"] == [{"role": "user", "content": "Hear:\nWhat is the fee?"}]


def test_a_given_transcript_is_believed() -> None:
    scene = Scene()
    part = {"type": "input_audio", "audio": base64.b64encode(loud(500)).decode(), "transcript": "The fee?"}
    create(scene, {"type": "message", "role": "user", "content": [part]})
    assert scene.ordered(Listen) == []
    scene.send("response.create")
    assert scene.body["messages"] == [{"role": "user", "content": "The fee?"}]


def test_the_conversation_stays_bounded_and_the_oldest_leave() -> None:
    scene = Scene(limits=Limits(items=5, kept_audio_bytes=3000 * MS))
    scene.turn_detection(None)
    for _ in range(8):
        scene.append(loud(1000))
        scene.send("input_audio_buffer.commit")
        scene.heard("Words.")
    assert len(scene.items) == 5
    assert [event["item_id"] for event in scene.all("conversation.item.deleted")] == [
        event["item"]["id"] for event in scene.all("conversation.item.added")[:3]
    ]
    kept = []
    for item_id in scene.items:
        [event] = scene.send("conversation.item.retrieve", item_id=item_id)
        kept.append("audio" in event["item"]["content"][0])
    assert kept == [False, False, True, True, True]


def test_more_audio_than_anybody_could_listen_to_is_refused() -> None:
    scene = Scene(limits=Limits(pending_hearings=2))
    part = {"type": "input_audio", "audio": base64.b64encode(loud(100)).decode()}
    item = {"type": "message", "role": "user", "content": [part]}
    assert [kinds(create(scene, item))[-1] for _ in range(3)][1:] == ["conversation.item.done", "error"]
    scene.heard("One.")
    assert kinds(create(scene, item))[-1] == "conversation.item.done"


def test_point_45_input_audio_always_has_its_transcript_key() -> None:
    scene = Scene()
    scene.say()
    assert scene.last("conversation.item.done")["item"]["content"] == [{"type": "input_audio", "transcript": None}]
    scene.heard("Hello.")
    [event] = scene.send("conversation.item.retrieve", item_id=scene.items[0])
    assert event["item"]["content"][0]["transcript"] == "Hello."
