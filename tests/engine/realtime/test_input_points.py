"""Points 50 and 51 of the conformance checklist: the input buffer, transcripts, and silence that lasts too long."""

import base64
from typing import Any

import pytest

from engine.backends import Hints
from engine.realtime import Limits
from engine.realtime.orders import Forget, Hear, Listen, Speak, Think
from tests.engine.realtime.scene import MS, TURN, Scene, error_of, kinds, loud, quiet


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
