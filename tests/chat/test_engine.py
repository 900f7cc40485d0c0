"""The typed conversation with the house's own engine, in a process of its own: no account, no network."""

import os
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from agencies.scope import agency_scope
from chat.models import Message, Question, ToolCall
from properties.models import Property, Room
from tests.chat.asking import Visitor, names, only, text_of
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_published_property

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def engine():
    env = os.environ | {"ENGINE_API_KEY": "engine-key"}
    command = [sys.executable, "-m", "engine", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        wait_until_up(url)
        yield url
        process.terminate()


def wait_until_up(url: str) -> None:
    request = urllib.request.Request(f"{url}/models", headers={"Authorization": "Bearer engine-key"})
    for _ in range(100):
        try:
            urllib.request.urlopen(request, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The engine did not answer.")


@pytest.fixture
def buyer(engine, settings):
    settings.ENGINE_URL, settings.ENGINE_API_KEY = engine, "engine-key"
    agency = make_agency("quay", time_zone="America/Los_Angeles")
    home = make_published_property(
        agency,
        has_association=True,
        association_fee=Decimal("148.00"),
        association_fee_frequency="monthly",
    )
    make_knowledge(home, "How old is the roof?", "It was replaced in 2019.")
    with agency_scope(agency):
        Room.objects.create(property=home, room_type="kitchen", room_name="Kitchen and dining")
        yield Visitor(home)


def test_engine_gives_the_exact_figures_with_their_facts(buyer):
    events = buyer.ask("How many bedrooms does it have, and what is the HOA fee?")
    text = text_of(events)
    assert "3" in text
    assert "$148" in text
    assert {fact["key"] for fact in only(events, "facts")["facts"]} == {"bedrooms_total", "association_fee"}


def test_engine_says_the_new_price_once_it_is_changed(buyer):
    assert "$649,000" in text_of(buyer.ask("What does it cost?"))
    buyer.home.list_price = Decimal("625000.00")
    buyer.home.save()
    answer = text_of(buyer.ask("What does it cost?"))
    assert "$625,000" in answer
    assert "649" not in answer


def test_engine_looks_up_a_fact_by_tool(buyer):
    events = buyer.ask("What are the property taxes?")
    assert "$6,120" in text_of(events)
    assert "get_facts" in ToolCall.objects.values_list("name", flat=True)


def test_engine_says_the_day_of_an_old_fact(buyer):
    Property.objects.update(verified_at=datetime(2026, 1, 2, 20, tzinfo=UTC))
    Room.objects.update(room_level="main")
    day = "(as of January 2, 2026)"
    assert text_of(buyer.ask("How many bedrooms does it have?")) == f"It has 3 bedrooms {day}."
    assert day in text_of(buyer.ask("In which city is it?"))  # by a tool
    assert f"main level {day}." in text_of(buyer.ask("Can you show me the kitchen?"))
    assert day not in text_of(buyer.ask("What does it cost?"))  # set today


def test_engine_answers_from_the_knowledge(buyer):
    assert "2019" in text_of(buyer.ask("How old is the roof?"))
    assert Question.objects.count() == 0


def test_engine_admits_and_a_question_is_kept(buyer):
    assert "The listing does not say." in text_of(buyer.ask("Is there a swimming pool heater?"))
    assert Question.objects.get().text == "Is there a swimming pool heater?"


def test_engine_opens_the_viewing_form(buyer):
    events = buyer.ask("I would like to see it on Saturday")
    form = only(events, "form")
    assert form["kind"] == "viewing"
    assert form["date"] != ""
    assert names(events)[-1] == "done"


def test_engine_shows_a_room(buyer):
    buyer.ask("Can you show me the kitchen?")
    assert list(ToolCall.objects.values_list("name", "state")) == [("show_room", "done")]


def test_engine_follows_up(buyer):
    buyer.ask("How many bedrooms does it have?")
    assert "2 full" in text_of(buyer.ask("and bathrooms?"))
    assert Message.objects.count() == 4
