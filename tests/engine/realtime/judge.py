"""Who judges every event that the core sends: the official types, and what measured parsers trip over."""

from typing import Any, get_args

from agents.realtime.openai_realtime import get_server_event_type_adapter
from openai.types.realtime import RealtimeServerEvent

Json = dict[str, Any]


def _types() -> dict[str, Any]:
    """By their `type`: the union alone would take a wrong event for an unrelated class."""
    members = get_args(get_args(RealtimeServerEvent)[0])
    return {get_args(member.model_fields["type"].annotation)[0]: member for member in members}


TYPES = _types()
STRICT = get_server_event_type_adapter()  # of openai-agents
NEVER_NULL = {"status", "call_id", "name", "role", "arguments", "object", "text", "audio"}
BETA = {"conversation.item.created"}


def judge(event: Json) -> None:
    kind = event["type"]
    assert isinstance(event["event_id"], str)
    assert kind in TYPES, f"{kind} is no server event"
    assert kind not in BETA
    TYPES[kind].model_validate(event, strict=True)
    before = "" if event.get("previous_item_id", "") is None else event.get("previous_item_id", "")
    STRICT.validate_python({**event, "previous_item_id": before} if "previous_item_id" in event else event)
    for item in _items(event):
        _judge_item(item)
    if "part" in event:
        assert event["part"]["type"] in ("audio", "text")
        assert None not in event["part"].values()
    if kind.startswith("response.") and "response" not in event:
        assert {"response_id", "output_index"} <= event.keys()


def _items(event: Json) -> list[Json]:
    return [event["item"]] if "item" in event else event.get("response", {}).get("output", [])


def _judge_item(item: Json) -> None:
    assert item["id"]
    assert item["object"] == "realtime.item"
    assert not [name for name in NEVER_NULL & item.keys() if item[name] is None]
    for part in item.get("content", []):
        assert part["type"] in ("input_text", "input_audio", "output_text", "output_audio")
        if part["type"] == "input_audio":
            assert "transcript" in part
        assert "text" not in part or isinstance(part["text"], str)
        assert "audio" not in part or isinstance(part["audio"], str)


class Referee:
    """What must hold over a whole session."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.open: dict[str, set[str]] = {}  # responses without their response.done, with their items
        self.done: set[str] = set()

    def see(self, event: Json) -> None:
        judge(event)
        assert event["event_id"] not in self.ids
        self.ids.add(event["event_id"])
        kind = event["type"]
        if kind == "response.created":
            assert event["response"]["status"] == "in_progress"
            assert event["response"]["id"] not in self.open.keys() | self.done
            self.open[event["response"]["id"]] = set()
        elif kind == "response.done":
            assert event["response"]["status"] != "in_progress"
            assert self.open.pop(event["response"]["id"]) == set(), "an item was left open"
            self.done.add(event["response"]["id"])
        elif kind == "response.output_item.added":
            assert event["item"]["status"] == "in_progress"
            assert event["item"].get("content", []) == []
            assert event["item"].get("arguments", "") == ""
            self.open[event["response_id"]].add(event["item"]["id"])
        elif kind == "response.output_item.done":
            self.open[event["response_id"]].remove(event["item"]["id"])
        elif kind.startswith("response."):
            assert event["item_id"] in self.open[event["response_id"]]
