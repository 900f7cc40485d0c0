from datetime import date, time

import pytest

from chat.admission import admission, admits
from chat.dates import resolve_date, resolve_time
from chat.words import grouping_key, stems

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-28", date(2026, 11, 28)),
        ("Saturday", date(2026, 11, 28)),
        ("next saturday please", date(2026, 11, 28)),
        ("el sábado", date(2026, 11, 28)),
        ("am Samstag", date(2026, 11, 28)),
        ("Wednesday", date(2026, 12, 2)),
        ("today", WEDNESDAY),
        ("mañana", date(2026, 11, 26)),
        ("übermorgen", date(2026, 11, 27)),
        ("2026-11-24", None),
        ("2026-02-31", None),
        ("2099-01-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_resolve_date_takes_a_coming_day(text, day):
    assert resolve_date(text, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("15:30", time(15, 30)),
        ("3 pm", time(15)),
        ("12 am", time(0)),
        ("15 Uhr", time(15)),
        ("10.30", time(10, 30)),
        ("25:00", None),
        ("13 pm", None),
        ("2", None),
        ("in the afternoon", None),
    ],
)
def test_resolve_time_takes_an_exact_time(text, hour):
    assert resolve_time(text) == hour


def test_grouping_key_ignores_how_it_is_asked():
    assert grouping_key("Is there an HOA fee?", "en-US") == grouping_key("what's the HOA fees", "en-US")
    assert grouping_key("Is there an HOA fee?", "en-US") != grouping_key("Is there a pool?", "en-US")
    assert grouping_key("¿Tiene piscina?", "es") == grouping_key("hay piscinas", "es")
    assert grouping_key("Is it?", "en-US") != ""


def test_stems_leave_out_words_without_a_topic():
    assert stems("How many bedrooms does it have?", "en-GB") == ["bedroom"]


def test_admits_knows_its_sentence_in_every_language():
    assert [admits(f"Sorry. {admission(locale)}") for locale in ("en-US", "en-GB", "es", "de")] == [True] * 4
    assert not admits("The listing says so.")
