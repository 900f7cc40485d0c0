from types import SimpleNamespace
from typing import Any

import pytest

from chat.provider import Garbage
from chat.rounds import Round


def chunk(content: Any = None, *calls: dict[str, Any]) -> Any:
    calls_made = [
        SimpleNamespace(
            index=call.get("index", 0),
            id=call.get("id"),
            function=SimpleNamespace(name=call.get("name"), arguments=call.get("arguments")),
        )
        for call in calls
    ]
    delta = SimpleNamespace(content=content, tool_calls=calls_made or None)
    return SimpleNamespace(choices=[SimpleNamespace(delta=delta, finish_reason=None)])


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["Three ", "rooms"], ["Three ", "rooms"]),
        (["A house \ud83c", "\udfe1 indeed"], ["A house ", "🏡 indeed"]),
        (["\ud83c", "\udfe1"], ["", "🏡"]),
        (["\udfe1 alone"], ["\ufffd alone"]),
        (["\ud83c", "alone"], ["", "\ufffdalone"]),
        (["no\0thing"], ["nothing"]),
        (["a\n", "\n"], ["a\n", "\n"]),
    ],
)
def test_words_are_whole_characters(pieces, said):
    heard = Round()
    assert [heard.take(chunk(piece)) for piece in pieces] == said
    assert heard.text == "".join(said)
    assert heard.text.encode()


def test_a_call_is_put_together_from_its_pieces():
    heard = Round()
    heard.take(chunk(None, {"id": "c1", "name": "show_room", "arguments": '{"room": '}))
    heard.take(chunk(None, {"arguments": '"kit\0chen"}'}))
    (call,) = heard.calls
    assert (call.call_id, call.name, call.arguments) == ("c1", "show_room", '{"room": "kitchen"}')


def test_calls_are_told_apart_by_their_index():
    heard = Round()
    heard.take(chunk(None, {"index": 1, "id": "b", "name": "y"}, {"index": 0, "id": "a", "name": "x"}))
    assert [(call.call_id, call.name) for call in heard.calls] == [("a", "x"), ("b", "y")]


def test_whole_calls_may_come_without_an_index():
    heard = Round()
    for name in ("x", "y"):
        heard.take(chunk(None, {"index": None, "id": name, "name": name}))
    assert [call.name for call in heard.calls] == ["x", "y"]


@pytest.mark.parametrize(
    "wrong",
    [
        chunk(3),
        chunk(["text"]),
        chunk(None, {"id": 7}),
        chunk(None, {"name": 7}),
        chunk(None, {"arguments": {"room": "kitchen"}}),
        chunk(None, *({"index": index} for index in range(9))),
        SimpleNamespace(choices=[None]),
    ],
)
def test_what_is_not_a_chunk_is_garbage(wrong):
    with pytest.raises(Garbage):
        Round().take(wrong)


def test_calls_that_were_not_allowed_are_garbage():
    assert Round().take(chunk("Three")) == "Three"
    with pytest.raises(Garbage):
        Round(may_call=False).take(chunk(None, {"id": "a", "name": "x"}))
