"""Points 48 and 49 of the conformance checklist: turns of speech, and who answers them."""

import pytest

from engine.realtime import Limits
from engine.realtime.orders import Hear, Listen, Stop, Think, Understand
from tests.engine.realtime.scene import TURN, Scene, kinds, loud, quiet


def test_point_48_a_turn_goes_by_one_item_id_from_its_start() -> None:
    scene = Scene()
    scene.append(quiet(1984))
    events = scene.say(640)
    assert kinds(events) == TURN
    assert len({event["item_id"] if "item_id" in event else event["item"]["id"] for event in events[:-1]}) == 1
    assert events[0]["audio_start_ms"] == 1984 - 300
    assert events[1]["audio_end_ms"] == 1984 + 640 + 512


def test_point_48_the_hearing_gets_the_padding_and_every_sound_once() -> None:
    scene = Scene({"audio": {"input": {"turn_detection": {"type": "server_vad", "prefix_padding_ms": 96}}}})
    scene.append(quiet(320) + loud(320))
    scene.append(loud(320))
    scene.append(quiet(640))
    [listen] = scene.ordered(Listen)
    heard = b"".join(order.pcm for order in scene.ordered(Hear))
    assert heard == quiet(96) + loud(640) + quiet(512)
    assert {order.item_id for order in scene.ordered(Hear)} == {listen.item_id}
    assert scene.ordered(Understand) == [Understand(listen.item_id)]


def test_point_48_one_loud_frame_is_a_click_and_two_are_speech() -> None:
    scene = Scene()
    assert scene.append(quiet(320) + loud(32) + quiet(320)) == []
    assert kinds(scene.append(loud(64))) == ["input_audio_buffer.speech_started"]


def test_point_48_threshold_and_silence_are_the_sessions() -> None:
    scene = Scene({"audio": {"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 1000}}}})
    assert kinds(scene.append(loud(320) + quiet(960))) == ["input_audio_buffer.speech_started"]
    assert kinds(scene.append(quiet(64)))[0] == "input_audio_buffer.speech_stopped"


@pytest.mark.parametrize(("eagerness", "silence"), [("high", 352), ("medium", 608), ("auto", 608), ("low", 1216)])
def test_semantic_vad_waits_in_silence_by_its_eagerness(eagerness: str, silence: int) -> None:
    scene = Scene({"audio": {"input": {"turn_detection": {"type": "semantic_vad", "eagerness": eagerness}}}})
    scene.append(loud(320))
    assert scene.append(quiet(silence - 32)) == []
    assert kinds(scene.append(quiet(32)))[0] == "input_audio_buffer.speech_stopped"


def test_a_turn_that_never_falls_silent_is_ended() -> None:
    scene = Scene(limits=Limits(turn_seconds=2))
    scene.append(loud(1500))
    scene.append(loud(1500))
    assert len(scene.all("input_audio_buffer.speech_stopped")) == 1
    assert len(scene.all("input_audio_buffer.speech_started")) == 2


def speaking(scene: Scene) -> None:
    scene.ask()
    scene.thought("The fee is $450. It covers water. And ")
    scene.spoke(0)


def test_point_49_speech_cancels_the_active_response() -> None:
    scene = Scene()
    speaking(scene)
    events = scene.append(loud(320))
    assert kinds(events)[0] == "input_audio_buffer.speech_started"
    assert events[-2]["response"]["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert Stop(scene.response_id) in scene.orders
    assert scene.spoke(0) == []
    assert kinds(scene.append(quiet(640)))[-1] == "response.created"


def test_point_49_without_interrupt_response_it_goes_on_and_the_turn_is_answered_after_it() -> None:
    scene = Scene({"audio": {"input": {"turn_detection": {"type": "server_vad", "interrupt_response": False}}}})
    speaking(scene)
    scene.say()
    assert scene.all("response.done") == []
    scene.thinking_done()
    scene.heard("And the tax?")
    scene.speak()
    assert kinds(scene.events)[-3:] == ["response.done", "rate_limits.updated", "response.created"]
    assert scene.body["messages"][-1]["content"] == "And the tax?"


def test_point_49_a_turn_does_not_take_the_place_of_a_tools_answer() -> None:
    scene = Scene({"audio": {"input": {"turn_detection": {"type": "server_vad", "interrupt_response": False}}}})
    scene.ask()
    scene.called(0, "call_1", "get_fact", "{}")
    scene.say()
    scene.thinking_done("tool_calls")
    assert kinds(scene.events)[-1] == "rate_limits.updated"


def test_point_49_without_create_response_nobody_answers() -> None:
    scene = Scene({"audio": {"input": {"turn_detection": {"type": "server_vad", "create_response": False}}}})
    assert kinds(scene.say()) == TURN[:-1]
    scene.heard("What is the fee?")
    assert scene.ordered(Think) == []
    scene.send("response.create")
    assert scene.body["messages"][-1]["content"] == "What is the fee?"


def test_an_answer_waits_for_what_was_said() -> None:
    scene = Scene({"instructions": "Sell."})
    scene.say()
    assert scene.ordered(Think) == []
    assert scene.heard(" What is the fee? ") == []
    assert scene.body["messages"][-1] == {"role": "user", "content": "What is the fee?"}


def test_two_turns_before_an_answer_are_both_answered() -> None:
    scene = Scene()
    scene.say()
    first = scene.items[0]
    scene.say()
    scene.heard("And the tax?")
    assert scene.ordered(Think) == []
    scene.heard("What is the fee?", first)
    assert [message["content"] for message in scene.body["messages"]] == ["What is the fee?", "And the tax?"]
    assert [event["response"]["status"] for event in scene.all("response.done")] == ["cancelled"]


def test_a_cough_is_not_answered() -> None:
    scene = Scene()
    scene.ask()
    scene.answer()
    scene.say()
    assert kinds(scene.heard("  ")) == ["response.done", "rate_limits.updated"]
    done = scene.last("response.done")["response"]
    assert (done["status"], done["output"]) == ("completed", [])
    assert len(scene.ordered(Think)) == 1


def test_a_question_that_a_cough_cut_off_is_answered_after_all() -> None:
    scene = Scene()
    scene.say()
    question = scene.items[-1]
    scene.heard("What is the fee?", question)
    scene.thought("The fee ")
    scene.say()
    scene.heard("")
    assert scene.body["messages"] == [{"role": "user", "content": "What is the fee?"}]
    assert scene.last("response.created")["response"]["id"] == scene.ordered(Think)[-1].response_id


def test_after_half_an_answer_a_cough_makes_the_mind_ask_back() -> None:
    scene = Scene()
    speaking(scene)
    scene.say()
    scene.heard("")
    assert [message["content"] for message in scene.body["messages"]][1:] == ["The fee is $450.", "(inaudible)"]


def test_what_was_not_understood_is_asked_back_where_an_answer_is_wanted() -> None:
    scene = Scene()
    scene.turn_detection(None)
    scene.append(loud(500))
    scene.send("input_audio_buffer.commit")
    scene.send("response.create")
    scene.heard("")
    assert scene.body["messages"] == [{"role": "user", "content": "(inaudible)"}]


def test_a_failed_hearing_fails_the_response_that_waits_for_it() -> None:
    scene = Scene()
    scene.say()
    assert kinds(scene.deaf("unavailable")) == ["response.done", "rate_limits.updated"]
    error = scene.last("response.done")["response"]["status_details"]["error"]
    assert error == {"type": "server_error", "code": "unavailable", "message": "Hearing failed."}
