"""An answer that broke off, that was asked for twice, or that could not be stored."""

from threading import Thread
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, connection

from agencies.scope import agency_scope
from chat.models import Allowance, Message, Question, ToolCall
from tests.chat.asking import names, only, parse, text_of
from tests.provider_server import call, cut, fail_midway, quote_tools, say, watched

pytestmark = pytest.mark.django_db


def rows():
    return list(Message.objects.order_by("number").values_list("role", "text", "state"))


@pytest.mark.django_db(transaction=True)
def test_done_is_told_once_another_connection_reads_the_answer(provider, visitor):
    provider.play(say("Three."))
    stored: list[str] = []

    def look():
        with agency_scope(visitor.home.agency):
            stored.append(Message.objects.get(number=2).state)
        connection.close()

    async def listen():
        response = await visitor.apost("How many?", accept="text/event-stream")
        async for part in response:
            if parse(part.decode().strip())[0] == "done":
                other_connection = Thread(target=look)
                other_connection.start()
                other_connection.join()

    async_to_sync(listen)()
    assert stored == ["said"]


def test_an_answer_that_cannot_be_stored_is_not_acknowledged(provider, visitor, scope, monkeypatch):
    def fail(*args):
        raise DatabaseError("the disk is full")

    provider.play(say("It has 3 bedrooms."))
    client_id = uuid4()
    with monkeypatch.context() as broken:
        broken.setattr(Message, "finish", fail)
        events = visitor.ask("How many?", client_id)
    assert names(events) == ["delta", "error"]
    assert "disk" not in str(events)
    assert names(visitor.ask("How many?", client_id))[-1] == "done"
    assert rows() == [("visitor", "How many?", "said"), ("agent", "It has 3 bedrooms.", "said")]


def test_a_failure_is_told_even_if_it_cannot_be_stored(provider, visitor, monkeypatch):
    def fail(*args):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Message, "break_off", fail)
    provider.play(cut("Three "))
    assert names(visitor.ask("How many?")) == ["delta", "error"]


def test_a_second_question_waits_for_the_first_answer(provider, visitor):
    provider.play(watched(provider, "Three "), say("Two."))

    async def ask_twice():
        async with visitor.listening("How many bedrooms?"):
            refused = await visitor.aask("And baths?")
            plain = await visitor.apost("And baths?")
        return refused, plain, await visitor.aask("And baths?")

    refused, plain, afterwards = async_to_sync(ask_twice)()
    refusal = only(refused, "refused")
    assert (refusal["status"], refusal["error"]["code"]) == (429, "answer_running")
    assert int(refusal["headers"]["Retry-After"]) > 0
    assert (plain.status_code, plain["Location"]) == (303, "/harbour/maple-house/#chat")
    assert text_of(afterwards) == "Two."


def test_a_stopped_answer_is_written_again_in_its_place(provider, visitor, scope):
    provider.play(watched(provider, "Three "), say("It has 3 bedrooms."))
    client_id = uuid4()

    async def stop():
        async with visitor.listening("How many?", client_id):
            pass

    async_to_sync(stop)()
    assert rows()[1] == ("agent", "Three", "interrupted")
    assert text_of(visitor.ask("How many?", client_id)) == "It has 3 bedrooms."
    assert rows() == [("visitor", "How many?", "said"), ("agent", "It has 3 bedrooms.", "said")]
    assert Allowance.objects.get(kind="stream").held_until is None


def test_another_try_by_a_plain_form_stores_the_question_once(provider, visitor, scope):
    provider.play(fail_midway("Thr"), say("It has 3 bedrooms."))
    client_id = uuid4()
    for _ in range(3):
        assert visitor.post("How many?", client_id).status_code == 303
    assert rows() == [("visitor", "How many?", "said"), ("agent", "It has 3 bedrooms.", "said")]
    assert len(provider.requests) == 2
    assert "Try again" not in visitor.read().split("<template")[0]


def test_a_replay_tells_facts_and_form_again(provider, visitor):
    provider.play(
        call(("get_facts", {"keys": ["heating"]}), ("request_viewing", {"date": "tomorrow"})),
        quote_tools,
    )
    client_id = uuid4()
    first, again = visitor.ask("How is it heated?", client_id), visitor.ask("How is it heated?", client_id)
    for name in ("form", "facts", "done"):
        assert only(again, name) == only(first, name)
    assert len(only(again, "facts")["facts"]) == 1


def test_a_broken_answer_keeps_its_look_ups_for_staff(provider, visitor, scope):
    provider.play(call(("get_facts", {"keys": ["heating"]})), cut("It "))
    visitor.ask("How is it heated?")
    assert [(row.name, row.state) for row in ToolCall.objects.all()] == [("get_facts", "done")]


def test_a_broken_admission_is_counted_once_it_is_whole(provider, visitor, scope):
    provider.play(cut("The listing does not say."), say("The listing does not say."))
    client_id = uuid4()
    visitor.ask("Is the attic insulated?", client_id)
    assert Question.objects.count() == 0
    for _ in range(2):
        visitor.ask("Is the attic insulated?", client_id)
    assert Question.objects.get().count == 1
