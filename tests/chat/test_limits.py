from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from chat import limits
from chat.limits import TooMany, hold_stream, release_stream, spend_lead, spend_message
from chat.models import Allowance, Conversation, Message
from chat.turns import Ask, open_turn
from tests.chat.asking import Visitor, names, only, text_of
from tests.chat.workers import all_at_once
from tests.provider_server import refuse, say

pytestmark = pytest.mark.django_db


def at(monkeypatch, moment):
    monkeypatch.setattr(limits, "now", lambda: moment)


def test_visitor_has_twenty_messages_in_five_minutes(home, scope, monkeypatch):
    begin = timezone.now()
    at(monkeypatch, begin)
    for _ in range(20):
        spend_message(home.agency, home, "ann")
    at(monkeypatch, begin + timedelta(minutes=2))
    with pytest.raises(TooMany) as refused:
        spend_message(home.agency, home, "ann")
    assert (refused.value.status, refused.value.retry_after) == (429, 180)
    spend_message(home.agency, home, "bob")
    at(monkeypatch, begin + timedelta(minutes=5))
    spend_message(home.agency, home, "ann")


def test_window_slides_so_that_no_five_minutes_hold_more_than_twenty(home, scope, monkeypatch):
    """A window that starts anew lets 40 pass around its edge: 20 at its end, and 20 right after it."""
    begin = timezone.now()
    passed = [begin + timedelta(minutes=4, seconds=second) for second in range(20)]
    for moment in passed:
        at(monkeypatch, moment)
        spend_message(home.agency, home, "ann")
    refused = []
    for moment in (passed[-1], begin + timedelta(minutes=5), begin + timedelta(minutes=8, seconds=59)):
        at(monkeypatch, moment)
        with pytest.raises(TooMany) as problem:
            spend_message(home.agency, home, "ann")
        refused.append(problem.value.retry_after)
    assert refused == [281, 240, 1]
    for second in range(3):  # one comes free for each that has grown old
        at(monkeypatch, begin + timedelta(minutes=9, seconds=second))
        spend_message(home.agency, home, "ann")
        with pytest.raises(TooMany) as problem:
            spend_message(home.agency, home, "ann")
        assert problem.value.retry_after == 1


def test_wait_that_was_told_is_long_enough(home, scope, settings, monkeypatch):
    settings.CHAT_VISITOR_MESSAGES = 5
    begin = timezone.now()
    for second in (0, 7, 100, 101, 250):
        at(monkeypatch, begin + timedelta(seconds=second))
        spend_message(home.agency, home, "ann")
    settings.CHAT_VISITOR_MESSAGES = 3  # lowered meanwhile: three of the five have to grow old
    with pytest.raises(TooMany) as problem:
        spend_message(home.agency, home, "ann")
    assert problem.value.retry_after == 150
    at(monkeypatch, begin + timedelta(seconds=400))
    spend_message(home.agency, home, "ann")


def test_no_messages_at_all_is_a_limit_too(home, scope, settings):
    settings.CHAT_VISITOR_MESSAGES = 0
    with pytest.raises(TooMany) as problem:
        spend_message(home.agency, home, "ann")
    assert problem.value.retry_after == 300


def test_visitor_has_ten_requests_in_any_hour(scope, monkeypatch):
    begin = timezone.now()
    for minute in range(10):
        at(monkeypatch, begin + timedelta(minutes=50 + minute))
        spend_lead("ann")
    at(monkeypatch, begin + timedelta(minutes=65))
    with pytest.raises(TooMany) as problem:
        spend_lead("ann")
    assert problem.value.retry_after == 45 * 60
    at(monkeypatch, begin + timedelta(minutes=110))
    spend_lead("ann")


def test_over_the_limit_is_a_sentence_and_retry_after(provider, visitor, settings, scope):
    settings.CHAT_VISITOR_MESSAGES = 1
    provider.play(say("Yes."))
    assert text_of(visitor.ask("Is it quiet?")) == "Yes."
    refused = only(visitor.ask("And warm?"), "refused")
    assert (refused["status"], refused["error"]["type"]) == (429, "rate_limit_error")
    assert refused["error"]["message"] == "That was many questions in a short time: go on in 5 minutes."
    assert 0 < int(refused["headers"]["Retry-After"]) <= 300
    assert Message.objects.filter(role="visitor").count() == 1


def test_a_plain_form_over_the_limit_keeps_the_question(provider, visitor, settings):
    settings.CHAT_VISITOR_MESSAGES = 1
    provider.play(say("Yes."))
    visitor.post("Is it quiet?")
    response = visitor.post("And is it warm?")
    assert response.status_code == 429
    assert "And is it warm?</textarea>" in response.content.decode()
    assert "Retry-After" in response.headers


def test_listing_and_agency_have_daily_limits(home, scope, settings):
    settings.CHAT_PROPERTY_DAILY_MESSAGES = 2
    spend_message(home.agency, home, "ann")
    spend_message(home.agency, home, "bob")
    with pytest.raises(TooMany, match="This home has answered all it can today"):
        spend_message(home.agency, home, "eve")
    settings.CHAT_PROPERTY_DAILY_MESSAGES = 9
    home.agency.daily_message_limit = 2
    with pytest.raises(TooMany, match="come back tomorrow"):
        spend_message(home.agency, home, "eve")


def test_a_refusal_costs_nothing(home, scope):
    home.agency.daily_message_limit = 0
    with pytest.raises(TooMany):
        spend_message(home.agency, home, "ann")
    assert list(Allowance.objects.values_list("used", flat=True)) == []


def test_the_day_ends_at_the_agencys_midnight(home, scope, monkeypatch):
    home.agency.daily_message_limit = 1
    evening = datetime(2026, 11, 25, 23, 50, tzinfo=ZoneInfo("America/Los_Angeles"))
    at(monkeypatch, evening)
    spend_message(home.agency, home, "ann")
    with pytest.raises(TooMany) as refused:
        spend_message(home.agency, home, "bob")
    assert refused.value.retry_after == 600
    at(monkeypatch, evening + timedelta(minutes=10))
    spend_message(home.agency, home, "bob")


def test_one_answer_at_a_time_until_it_ends_or_its_lease_does(scope, monkeypatch):
    begin = timezone.now()
    at(monkeypatch, begin)
    hold_stream("ann", "first")
    hold_stream("bob", "his")
    with pytest.raises(TooMany) as refused:
        hold_stream("ann", "second")
    assert refused.value.code == "answer_running"
    release_stream("ann", "not the holder")
    with pytest.raises(TooMany):
        hold_stream("ann", "second")
    release_stream("ann", "first")
    hold_stream("ann", "second")
    at(monkeypatch, begin + timedelta(seconds=76))
    hold_stream("ann", "third")


def test_a_failed_answer_gives_the_stream_back(provider, visitor):
    provider.play(refuse(401), say("Yes."))
    assert names(visitor.ask("Is it quiet?")) == ["error"]
    assert names(visitor.ask("Is it quiet?"))[-1] == "done"


def test_a_replay_costs_nothing(provider, visitor, settings):
    settings.CHAT_VISITOR_MESSAGES = 1
    provider.play(say("Yes."))
    client_id = uuid4()
    visitor.ask("Is it quiet?", client_id)
    assert text_of(visitor.ask("Is it quiet?", client_id)) == "Yes."


def test_limits_of_one_agency_are_not_anothers(provider, visitor, home, settings):
    from tests.make import make_agency, make_provider
    from tests.make_properties import make_published_property

    hill = make_agency("hill", daily_message_limit=0)
    make_provider(hill, "sk", profile="custom", base_url=provider.base_url, text_model="scripted")
    other = Visitor(make_published_property(hill, "Maple house"))
    provider.play(say("Yes."))
    assert only(other.ask("Is it quiet?"), "refused")["status"] == 429
    assert text_of(visitor.ask("Is it quiet?")) == "Yes."


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_take_more_than_there_is(home, tmp_path):
    """Eight connections want twelve each of fifty units."""
    taken = []

    def work(number):
        for _ in range(12):
            now = timezone.now()
            taken.append(Allowance.objects.take("agency_messages", "", 50, now, now - timedelta(days=1)))

    all_at_once(8, home.agency, tmp_path, work)
    assert (len(taken), taken.count(True)) == (96, 50)


@pytest.mark.django_db(transaction=True)
def test_workers_who_are_first_at_once_all_get_theirs(home, tmp_path):
    """None of these rows exists yet: whoever comes second must not take the new row for a used up one."""
    taken = []

    def work(number):
        for key in range(20):
            now = timezone.now()
            taken.append(Allowance.objects.take("visitor_messages", f"{key}", 8, now, now - timedelta(days=1)))

    all_at_once(8, home.agency, tmp_path, work)
    assert (len(taken), taken.count(True)) == (160, 160)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [True, False])
def test_exactly_twenty_of_forty_at_once_pass(home, tmp_path, monkeypatch, is_known):
    """The visitor's row may be there before, or be made by whoever comes first."""
    at(monkeypatch, timezone.now())
    if is_known:
        with agency_scope(home.agency):
            Allowance.objects.create(kind="visitor_messages", key="ann", window_start=timezone.now())
    passed, refused, stored = [], [], []

    def work(number):
        try:
            spend_message(home.agency, home, "ann")
            passed.append(number)
        except TooMany as problem:
            refused.append(problem.retry_after)
        stored.append(Allowance.objects.get(kind="visitor_messages", key="ann").used)

    all_at_once(40, home.agency, tmp_path, work)
    assert (len(passed), len(refused), max(stored)) == (20, 20, 20)
    assert set(refused) == {300}


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_share_one_lease(home, tmp_path):
    held = []

    def work(number):
        now = timezone.now()
        held.append(Allowance.objects.hold("stream", "ann", f"worker {number}", now, now + timedelta(minutes=1)))

    all_at_once(8, home.agency, tmp_path, work)
    assert (len(held), held.count(True)) == (8, 1)


@pytest.mark.django_db(transaction=True)
def test_one_visitor_who_asks_from_many_tabs_has_one_turn(home, tmp_path):
    """Whole turns: the refused ones store nothing and count nothing."""
    opened, refused, seen = [], [], []

    def work(number):
        try:
            opened.append(open_turn(Ask(home.agency, home, "ann", f"Question {number}")))
        except TooMany as problem:
            refused.append(problem.code)
        seen.append((Message.objects.filter(role="visitor").count(), Conversation.objects.count()))

    all_at_once(6, home.agency, tmp_path, work)
    assert (len(opened), refused) == (1, ["answer_running"] * 5)
    assert max(seen) == (1, 1)
