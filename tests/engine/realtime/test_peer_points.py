"""Points 57 to 60 of the conformance checklist, as far as they lie in the core: a call whose sound we play."""

from typing import Any

from engine.realtime import Limits
from engine.realtime.orders import Flush, Forget, Hear, Listen, Play, PlayOut, Speak, Understand
from tests.engine.realtime.scene import MS, Scene, error_of, kinds, loud, quiet

OFF: dict[str, Any] = {"audio": {"input": {"turn_detection": None}}}


def call(config: Any = None, **options: Any) -> Scene:
    return Scene(config, medium="peer", **options)


def hear(scene: Scene, pcm: bytes) -> Any:
    """As a track brings it, in frames of 20 ms."""
    start = len(scene.events)
    for place in range(0, len(pcm), 20 * MS):
        scene.session.hear(pcm[place : place + 20 * MS], scene.now)
        scene.take()
    return scene.events[start:]


def play(scene: Scene, ms: int) -> None:
    scene.session.played(scene.response_id, scene.ordered(Play)[-1].item_id, ms, scene.now)
    scene.take()


def test_point_57_sound_goes_to_the_track_and_its_start_and_end_are_told() -> None:
    scene = call()
    scene.ask()
    scene.answer("The fee is $450. It covers water.")
    assert scene.all("response.output_audio.delta") == []
    assert [kind for kind in kinds(scene.events) if "audio" in kind or "part" in kind][:3] == [
        "response.content_part.added",
        "response.output_audio_transcript.delta",
        "output_audio_buffer.started",
    ]
    assert b"".join(order.pcm for order in scene.ordered(Play)) == loud(2000)
    assert scene.orders[-1] == PlayOut(scene.response_id)
    assert scene.last("response.done")
    scene.session.played_out(scene.response_id, scene.now)
    [stopped] = scene.take()
    assert (stopped["type"], stopped["response_id"]) == ("output_audio_buffer.stopped", scene.response_id)
    scene.session.played_out(scene.response_id, scene.now)
    assert scene.take() == []


def test_point_57_an_answer_without_sound_starts_nothing() -> None:
    scene = call({"output_modalities": ["text"]})
    scene.ask()
    scene.thought("The fee is $450.")
    scene.thinking_done()
    assert scene.ordered(Play) == scene.ordered(PlayOut) == []


def test_point_58_clearing_is_silent_where_nothing_plays() -> None:
    scene = call()
    assert scene.send("output_audio_buffer.clear") == []
    assert scene.ordered(Flush) == []


def test_point_58_clearing_truncates_to_what_was_played() -> None:
    scene = call()
    scene.ask()
    scene.answer("The fee is $450. It covers water.")
    play(scene, 1200)
    events = scene.send("output_audio_buffer.clear")
    assert kinds(events) == ["output_audio_buffer.cleared", "conversation.item.truncated"]
    assert events[1]["audio_end_ms"] == 1200
    assert scene.orders[-1] == Flush()
    scene.session.played_out(scene.response_id, scene.now)
    assert scene.take() == []
    scene.ask("And the tax?")
    assert [message["content"] for message in scene.body["messages"]][1] == "The fee is $450."


def test_point_58_clearing_in_the_middle_mutes_the_rest_of_that_response() -> None:
    scene = call()
    scene.ask()
    scene.thought("One. Two. Three")
    scene.spoke(0)
    scene.send("output_audio_buffer.clear")
    played = len(scene.ordered(Play))
    scene.speaking_done(0)
    scene.spoke(1)
    assert len(scene.ordered(Play)) == played
    assert scene.all("response.done") == []
    scene.send("response.cancel")
    scene.ask()
    scene.answer()
    assert len(scene.ordered(Play)) == played + 1


def test_point_58_a_socket_has_no_output_buffer() -> None:
    assert error_of(Scene().send("output_audio_buffer.clear"))["param"] == "type"


def test_point_59_speech_silences_an_answer_that_is_being_made() -> None:
    scene = call()
    scene.ask()
    scene.thought("The fee is $450. It covers water. And")
    scene.spoke(0)
    scene.speaking_done(0)
    scene.spoke(1)
    play(scene, 1700)
    events = hear(scene, loud(320))
    assert [kind for kind in kinds(events) if not kind.startswith("response.")] == [
        "input_audio_buffer.speech_started",
        "conversation.item.done",
        "rate_limits.updated",
        "output_audio_buffer.cleared",
        "conversation.item.truncated",
    ]
    assert events[-1]["audio_end_ms"] == 1700
    assert scene.last("response.done")["response"]["status_details"]["reason"] == "turn_detected"
    hear(scene, quiet(640))
    scene.heard("Stop.")
    assert [message["content"] for message in scene.body["messages"]][1:] == ["The fee is $450.", "Stop."]


def test_point_59_speech_silences_an_answer_that_only_plays_on() -> None:
    scene = call()
    scene.ask()
    scene.answer("The fee is $450. It covers water.")
    play(scene, 300)
    done = len(scene.all("response.done"))
    assert kinds(hear(scene, loud(320))) == [
        "input_audio_buffer.speech_started",
        "output_audio_buffer.cleared",
        "conversation.item.truncated",
    ]
    assert len(scene.all("response.done")) == done


def test_point_59_what_was_played_to_its_end_is_not_truncated() -> None:
    scene = call()
    scene.ask()
    scene.answer("The fee is $450.")
    play(scene, 1000)
    assert kinds(hear(scene, loud(320))) == ["input_audio_buffer.speech_started", "output_audio_buffer.cleared"]


def test_point_59_without_interrupt_response_it_plays_on() -> None:
    scene = call({"audio": {"input": {"turn_detection": {"type": "semantic_vad", "interrupt_response": False}}}})
    scene.ask()
    scene.answer()
    assert kinds(hear(scene, loud(320))) == ["input_audio_buffer.speech_started"]
    assert scene.ordered(Flush) == []


def test_cancelling_leaves_what_is_queued_to_be_heard_until_it_is_cleared() -> None:
    scene = call()
    scene.ask()
    scene.thought("One. Two. Three")
    scene.spoke(0)
    scene.send("response.cancel")
    assert scene.ordered(Flush) == []
    assert scene.orders[-1] == PlayOut(scene.response_id)
    assert kinds(scene.send("output_audio_buffer.clear"))[0] == "output_audio_buffer.cleared"


def test_a_long_answer_is_not_made_far_ahead_of_its_playing() -> None:
    scene = call(limits=Limits(ahead_seconds=3))
    scene.ask()
    scene.thought("One. Two. Three. Four. Five. Six.")
    scene.thinking_done()
    scene.speak(2000)
    assert len(scene.ordered(Speak)) == 3
    assert scene.all("response.done") == []
    for ms in range(0, 13_000, 500):
        play(scene, ms)
        scene.speak(2000)
    assert len(scene.ordered(Speak)) == 6
    assert len(scene.all("response.done")) == 1


def test_a_calls_sound_comes_from_its_track() -> None:
    scene = call()
    error = error_of(scene.send("input_audio_buffer.append", audio="AAAA", event_id="e"))
    assert (error["code"], error["param"], error["event_id"]) == ("invalid_value", "type", "e")


def test_half_a_sample_is_let_go() -> None:
    scene = call()
    scene.session.hear(b"\x10\x10\x10", scene.now)
    assert scene.session._core.listening._waiting == b"\x10\x10"


def test_push_to_talk_on_a_call_is_heard_from_clear_to_commit() -> None:
    scene = call(OFF, limits=Limits(input_seconds=2))
    hear(scene, quiet(5000))
    assert scene.ordered(Listen) == []
    scene.send("input_audio_buffer.clear")
    hear(scene, loud(500))
    assert len(scene.ordered(Listen)) == 1
    scene.send("input_audio_buffer.commit")
    assert b"".join(order.pcm for order in scene.ordered(Hear)) == loud(500)
    hear(scene, quiet(5000))
    assert len(scene.ordered(Listen)) == 1
    assert scene.ordered(Forget) == []


def test_a_commit_without_a_clear_takes_the_last_of_the_track() -> None:
    scene = call(OFF, limits=Limits(input_seconds=2))
    hear(scene, quiet(5000) + loud(500))
    scene.send("input_audio_buffer.commit")
    assert b"".join(order.pcm for order in scene.ordered(Hear)) == quiet(1500) + loud(500)
    assert len(scene.ordered(Understand)) == 1


def test_a_visitor_who_mutes_in_the_middle_of_a_word_is_answered() -> None:
    scene = call()
    hear(scene, loud(640))
    assert scene.session.next_deadline() == scene.now + 1.0
    assert scene.tick(0.9) == []
    assert kinds(scene.tick(0.1))[0] == "input_audio_buffer.speech_stopped"
    assert scene.session.next_deadline() == 3700.0


def test_a_silent_visitor_is_prompted_after_the_track_has_played() -> None:
    scene = call({"audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 5000}}}})
    scene.ask()
    scene.answer()
    assert scene.session.next_deadline() == 3700.0
    scene.now += 2
    scene.session.played_out(scene.response_id, scene.now)
    assert scene.session.next_deadline() == scene.now + 5
    assert kinds(scene.tick(5))[1] == "input_audio_buffer.timeout_triggered"


def test_point_60_the_end_of_a_call_ends_everything() -> None:
    scene = call()
    scene.session.attach("sideband", scene.now)
    scene.ask()
    hear(scene, loud(320))
    scene.ask("Again?")
    scene.session.end(1000, "hangup", scene.now)
    scene.take()
    assert scene.referee.open == {}
    assert scene.ordered(Forget) != []
    scene.session.hear(loud(640), scene.now)
    scene.session.tick(scene.now + 9999)
    assert scene.update(instructions="x") == []
