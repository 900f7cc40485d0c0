"""Points 48 to 51 of the conformance checklist: turns of speech, and what is heard in them."""

import base64
from typing import Any

import pytest

from engine.backends import Hints
from engine.realtime import Limits
from engine.realtime.orders import Forget, Hear, Listen, Speak, Stop, Think, Understand
from tests.engine.realtime.scene import MS, Scene, error_of, kinds, loud, quiet

TURN = [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
]


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


def test_point_50_append_is_silent_and_a_short_commit_is_refused() -> None:
    scene = Scene()
    scene.turn_detection(None)
    assert scene.append(loud(99)) == []
    error = error_of(scene.send("input_audio_buffer.commit", event_id="e"))
    assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", "e")
    assert "99.00ms" in error["message"]
    assert scene.append(loud(1)) == []
    assert kinds(scene.send("input_audio_buffer.commit")) == TURN[2:-1]
    assert error_of(scene.send("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


def test_point_50_after_the_turn_was_committed_by_itself_there_is_nothing_left_to_commit() -> None:
    scene = Scene()
    scene.append(loud(640) + quiet(512))
    assert error_of(scene.send("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


@pytest.mark.parametrize("audio", ["not base64!", "AAA", "AAAA", "é"])
def test_point_50_sound_that_is_none_is_refused(audio: str) -> None:
    scene = Scene()
    error = error_of(scene.send("input_audio_buffer.append", audio=audio, event_id="e"))
    assert (error["code"], error["param"], error["event_id"]) == ("invalid_value", "audio", "e")
    assert scene.session._core.listening.clock_ms == 0


def test_push_to_talk_recognises_while_the_key_is_down() -> None:
    scene = Scene()
    scene.turn_detection(None)
    scene.append(loud(80))
    assert scene.ordered(Listen) == []
    scene.append(loud(80))
    assert b"".join(order.pcm for order in scene.ordered(Hear)) == loud(160)
    [committed, added, _] = scene.send("input_audio_buffer.commit")
    assert committed["item_id"] == added["item"]["id"] == scene.ordered(Listen)[0].item_id
    assert scene.send("response.create") != []
    scene.heard("Hello.")
    assert len(scene.ordered(Think)) == 1


def test_a_client_may_commit_in_the_middle_of_a_turn() -> None:
    scene = Scene()
    scene.append(loud(640))
    assert kinds(scene.send("input_audio_buffer.commit")) == TURN[2:-1]
    assert kinds(scene.append(loud(64))) == ["input_audio_buffer.speech_started"]
    assert scene.items[0] != scene.last("input_audio_buffer.speech_started")["item_id"]


def test_clearing_forgets_what_was_said() -> None:
    scene = Scene()
    scene.append(loud(640))
    assert kinds(scene.send("input_audio_buffer.clear")) == ["input_audio_buffer.cleared"]
    assert scene.ordered(Forget) == [Forget(scene.ordered(Listen)[0].item_id)]
    assert scene.append(quiet(1000)) == []
    assert scene.items == []


def test_the_input_buffer_is_bounded() -> None:
    scene = Scene(limits=Limits(input_seconds=2))
    scene.turn_detection(None)
    assert scene.append(loud(2000)) == []
    assert error_of(scene.append(loud(1)))["code"] == "input_audio_buffer_full"
    scene.send("input_audio_buffer.commit")
    assert scene.append(loud(1)) == []


def test_silence_takes_no_memory() -> None:
    scene = Scene()
    for _ in range(60):
        scene.append(quiet(1000))
    assert len(scene.session._core.listening._buffer) <= 6100 * MS
    assert scene.append(quiet(8) + loud(64))[0]["audio_start_ms"] > 59_000


def test_turn_detection_may_be_switched_at_any_time() -> None:
    scene = Scene()
    scene.append(loud(640))
    scene.turn_detection(None)
    scene.append(loud(320))
    scene.send("input_audio_buffer.commit")
    assert scene.items == [scene.all("input_audio_buffer.speech_started")[0]["item_id"]]
    scene.append(loud(320))
    scene.turn_detection({"type": "server_vad"})
    assert scene.ordered(Forget) != []
    assert kinds(scene.append(loud(320)))[0] == "input_audio_buffer.speech_started"


def test_much_sound_at_once_lets_others_run_between() -> None:
    scene = Scene(limits=Limits(slice_seconds=1))
    scene.append(quiet(5000) + loud(640) + quiet(640))
    assert scene.detector.frames == 1000 // 32
    scene.session.receive('{"type":"input_audio_buffer.clear"}', "page", scene.now)
    assert scene.take() == []
    ticks = 0
    while scene.session.next_deadline() == 0.0:
        scene.tick()
        ticks += 1
    assert ticks == 6
    assert kinds(scene.events)[1:] == [*TURN, "input_audio_buffer.cleared"]


def test_telephone_sound_is_heard_at_24_khz() -> None:
    scene = Scene({"audio": {"input": {"format": {"type": "audio/pcma"}, "turn_detection": None}}})
    scene.send("input_audio_buffer.append", audio=base64.b64encode(b"\xd5" * 800).decode())
    scene.send("input_audio_buffer.commit")
    assert len(scene.ordered(Hear)[0].pcm) == 100 * MS


TRANSCRIBED: dict[str, Any] = {"audio": {"input": {"transcription": {"model": "t", "language": "en", "prompt": "HOA"}}}}


def test_point_51_transcripts_come_with_usage_and_their_place() -> None:
    scene = Scene(TRANSCRIBED)
    scene.say()
    assert scene.ordered(Listen)[0].hints == Hints("en", "HOA")
    delta, completed = scene.heard("What is the HOA fee?")
    assert delta["delta"] == completed["transcript"] == "What is the HOA fee?"
    assert delta["content_index"] == completed["content_index"] == 0
    assert completed["usage"] == {"type": "duration", "seconds": 1.5}
    assert delta["item_id"] == completed["item_id"] == scene.items[0]


def test_point_51_transcripts_come_in_the_order_of_their_items() -> None:
    scene = Scene(TRANSCRIBED)
    scene.say()
    scene.say()
    first, second = scene.items
    assert "completed" not in " ".join(kinds(scene.heard("Two.", second)))
    scene.heard("One.", first)
    done = scene.all("conversation.item.input_audio_transcription.completed")
    assert [event["item_id"] for event in done] == [first, second]


def test_point_51_a_failed_transcript_says_so_and_holds_up_no_other() -> None:
    scene = Scene(TRANSCRIBED)
    scene.say()
    scene.deaf("bad_answer")
    failed = scene.last("conversation.item.input_audio_transcription.failed")
    assert (failed["content_index"], failed["error"]["code"]) == (0, "audio_unintelligible")
    scene.say()
    assert kinds(scene.heard("Two."))[-1].endswith(".completed")


def test_point_51_without_transcription_speech_is_heard_but_not_told() -> None:
    scene = Scene()
    scene.say()
    assert scene.heard("What is the fee?") == []
    assert len(scene.ordered(Think)) == 1


IDLE: dict[str, Any] = {"audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 5000}}}}


def test_a_silent_visitor_is_prompted_after_the_answer_was_played() -> None:
    scene = Scene(IDLE)
    assert scene.session.next_deadline() == 3700.0
    scene.ask()
    scene.answer("The fee is $450.", 3000)
    assert scene.session.next_deadline() == scene.now + 3 + 5
    scene.append(quiet(2000))
    assert scene.tick(7.9) == []
    events = scene.tick(0.1)
    assert kinds(events) == ["input_audio_buffer.timeout_triggered", *TURN[2:]]
    assert (events[0]["audio_start_ms"], events[0]["audio_end_ms"]) == (0, 2000)
    assert scene.body["messages"][-1] == {"role": "user", "content": "…"}
    scene.answer("Are you still there?")
    assert scene.session.next_deadline() == scene.now + 1 + 5


def test_nobody_is_prompted_while_speaking_or_while_a_tool_works() -> None:
    scene = Scene(IDLE)
    scene.ask()
    scene.answer()
    scene.append(loud(320))
    assert scene.session.next_deadline() == 3700.0
    scene.append(quiet(640))
    scene.heard("Any news?")
    scene.called(0, "call_1", "get_fact", "{}")
    scene.thinking_done("tool_calls")
    assert scene.session.next_deadline() == 3700.0
    assert scene.ordered(Speak) != []
