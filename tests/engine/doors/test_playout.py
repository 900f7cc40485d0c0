"""What leaves for a peer, and what is told of it."""

import pytest

from engine.doors.playout import FRAME_BYTES, Pace, Played, PlayedOut, Playout
from tests.engine.doors.stage import tone

SILENT = bytes(FRAME_BYTES)


def test_nothing_to_say_is_silence() -> None:
    assert Playout().frame() == (SILENT, [])


def test_sound_leaves_in_frames_and_is_counted() -> None:
    playout = Playout()
    sound = tone(50)
    playout.play("r", "i", sound)
    frames = [playout.frame() for _ in range(4)]
    assert b"".join(frame for frame, _ in frames)[: len(sound)] == sound
    assert [told for _, told in frames] == [
        [Played("r", "i", 20)],
        [Played("r", "i", 40)],
        [Played("r", "i", 50)],
        [],
    ]
    assert all(len(frame) == FRAME_BYTES for frame, _ in frames)


def test_pieces_of_any_length_make_whole_frames() -> None:
    playout = Playout()
    sound = tone(100)
    for place in range(0, len(sound), 14):
        playout.play("r", "i", sound[place : place + 14])
    assert b"".join(playout.frame()[0] for _ in range(5)) == sound
    assert playout.frame() == (SILENT, [])


def test_a_response_is_played_out_after_its_last_frame() -> None:
    playout = Playout()
    playout.play("r", "i", tone(30))
    playout.play_out("r")
    told = [playout.frame()[1] for _ in range(3)]
    assert told == [[Played("r", "i", 20)], [Played("r", "i", 30)], [PlayedOut("r")]]


def test_a_response_that_waits_for_more_is_not_played_out() -> None:
    playout = Playout()
    playout.play("r", "i", tone(20))
    assert [playout.frame()[1] for _ in range(3)] == [[Played("r", "i", 20)], [], []]
    playout.play("r", "i", tone(20))
    playout.play_out("r")
    assert [playout.frame()[1] for _ in range(2)] == [[Played("r", "i", 40)], [PlayedOut("r")]]


def test_the_next_response_follows_in_a_frame_of_its_own() -> None:
    playout = Playout()
    playout.play("r1", "i1", tone(10))
    playout.play_out("r1")
    playout.play("r2", "i2", tone(20))
    playout.play_out("r2")
    told = [playout.frame()[1] for _ in range(3)]
    assert told == [[Played("r1", "i1", 10)], [PlayedOut("r1"), Played("r2", "i2", 20)], [PlayedOut("r2")]]


def test_flush_drops_everything_at_once() -> None:
    playout = Playout()
    playout.play("r", "i", tone(500))
    playout.play_out("r")
    assert playout.frame()[0] != SILENT
    playout.flush()
    assert [playout.frame() for _ in range(3)] == [(SILENT, [])] * 3


def test_frames_leave_by_the_clock_and_do_not_drift() -> None:
    pace, now, left = Pace(), 100.0, []
    for lateness in (0.0, 0.004, 0.0, 0.009, 0.001):
        now += pace.delay(now)
        left.append(round(now - 100.0, 6))
        now += lateness
    assert left == [0.0, 0.02, 0.04, 0.06, 0.08]


@pytest.mark.parametrize("stall", [0.041, 0.5, 30.0])
def test_after_a_stall_nothing_bursts(stall: float) -> None:
    pace, now = Pace(), 100.0
    now += pace.delay(now)
    now += stall
    left = []
    for _ in range(4):
        now += pace.delay(now)
        left.append(round(now - 100.0 - stall, 6))
    assert left == [0.0, 0.02, 0.04, 0.06]
