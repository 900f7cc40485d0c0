from threading import Thread
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient

from agencies.scope import agency_scope
from chat.models import Conversation, Message, Question, ToolCall
from tests.chat.asking import Visitor, names, only, text_of
from tests.make import make_agency, make_member
from tests.make_properties import make_property, make_published_property
from tests.provider_server import call, quote_tools, say

pytestmark = pytest.mark.django_db


def test_send_streams_the_answer_and_stores_both(provider, visitor, scope):
    provider.play(say("It has ", "3 bedrooms."))
    events = visitor.ask("How many bedrooms?")
    assert names(events) == ["delta", "delta", "facts", "done"]
    assert [(m.number, m.role, m.text, m.state) for m in Message.objects.order_by("number")] == [
        (1, "visitor", "How many bedrooms?", "said"),
        (2, "agent", "It has 3 bedrooms.", "said"),
    ]


def test_send_shows_the_facts_that_the_answer_rests_on(provider, visitor):
    provider.play(say("It costs $649,000 and has 3 bedrooms."))
    facts = only(visitor.ask("Price and bedrooms?"), "facts")["facts"]
    assert [(fact["key"], fact["written"]) for fact in facts] == [
        ("list_price", "$649,000"),
        ("bedrooms_total", "3"),
    ]


def test_send_runs_tools_and_tells_the_model_their_results(provider, visitor, scope):
    provider.play(call(("get_facts", {"keys": ["tax_annual_amount"]})), quote_tools)
    events = visitor.ask("What are the taxes?")
    assert "$6,120" in text_of(events)
    assert [fact["key"] for fact in only(events, "facts")["facts"]] == ["tax_annual_amount"]
    (tool_call,) = ToolCall.objects.all()
    assert (tool_call.name, tool_call.state) == ("get_facts", "done")


@pytest.mark.django_db(transaction=True)
def test_send_commits_the_message_before_the_provider_is_asked(provider, visitor):
    seen: list[tuple[str, str, str]] = []

    def rows():
        with agency_scope(visitor.home.agency):
            seen.extend(Message.objects.order_by("number").values_list("role", "text", "state"))
        connection.close()

    def look(asked):
        other_connection = Thread(target=rows)
        other_connection.start()
        other_connection.join()
        return say("Yes.")(asked)

    provider.play(look)
    visitor.ask("Is it quiet?")
    assert seen == [("visitor", "Is it quiet?", "said"), ("agent", "", "pending")]


def test_send_sends_briefing_history_and_tools(provider, visitor):
    provider.play(say("Three."), say("Two and a half."))
    visitor.ask("How many bedrooms?")
    visitor.ask("And bathrooms?")
    asked = provider.requests[1]
    assert [message["role"] for message in asked["messages"]] == ["system", "user", "assistant", "user"]
    assert asked["messages"][0]["content"].startswith("You answer for one home, for the agency Harbour.")
    assert {tool["function"]["name"] for tool in asked["tools"]} >= {"get_facts", "get_knowledge", "request_viewing"}
    assert provider.keys == ["Bearer sk-secret"] * 2


def test_history_is_bounded_by_messages_and_characters(provider, visitor, settings):
    settings.CHAT_HISTORY_CHARACTERS = 40
    provider.play(say("a" * 30), say("b" * 30), say("c"))
    for question in ("first", "second", "third"):
        visitor.ask(question)
    sent = [message["content"] for message in provider.requests[2]["messages"][1:]]
    assert sent == ["second", "b" * 30, "third"]


def test_the_same_conversation_goes_on_after_a_reload(provider, visitor, scope):
    provider.play(say("Three."))
    visitor.ask("How many bedrooms?")
    page = visitor.read()
    assert "How many bedrooms?" in page
    visitor.ask("And baths?")
    assert Conversation.objects.count() == 1


def test_another_visitor_sees_another_conversation(provider, visitor, home, scope):
    provider.play(say("Three."))
    visitor.ask("How many bedrooms has the planted question?")
    other = Visitor(home)
    assert "planted question" not in other.read()
    other.ask("Hello?")
    assert Conversation.objects.count() == 2


def test_each_home_has_its_own_conversation(provider, visitor, home, scope):
    provider.play(say("Three."))
    second = make_published_property(home.agency, "Elm house")
    visitor.ask("How many?")
    neighbour = Visitor(second)
    neighbour.client = visitor.client
    neighbour.ask("How many?")
    assert sorted(Conversation.objects.values_list("property__title", flat=True)) == ["Elm house", "Maple house"]


def test_a_forged_cookie_is_a_new_visitor(provider, visitor, home, scope):
    provider.play(say("Three."))
    visitor.ask("How many?")
    visitor.client.cookies["chat_visitor"] = visitor.client.cookies["chat_visitor"].value[:-1] + "x"
    visitor.ask("How many?")
    assert Conversation.objects.count() == 2


def test_the_cookie_is_the_agencys_own_and_hidden_from_scripts(provider, visitor):
    provider.play(say("Three."))
    visitor.ask("How many?")
    cookie = visitor.client.cookies["chat_visitor"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/harbour/", True, "Lax")


def test_the_same_client_id_replays_the_answer_without_asking_again(provider, visitor, scope):
    provider.play(say("Three."))
    client_id = uuid4()
    first = visitor.ask("How many?", client_id)
    again = visitor.ask("How many?", client_id)
    assert text_of(again) == text_of(first)
    assert only(again, "done") == only(first, "done")
    assert len(provider.requests) == 1
    assert Message.objects.count() == 2


def test_an_admission_becomes_a_question_counted_once_per_asking(provider, visitor, scope):
    provider.play(say("The listing does not say."))
    visitor.ask("Is the attic insulated?")
    visitor.ask("is attic insulated")
    provider.play(say("It has 3 bedrooms."))
    visitor.ask("How many bedrooms?")
    assert [(q.text, q.count, q.status) for q in Question.objects.all()] == [("Is the attic insulated?", 2, "open")]


def test_look_ups_in_vain_become_a_question(provider, visitor, scope):
    provider.play(call(("get_knowledge", {"question": "zebra crossing"})), say("I could not find that."))
    visitor.ask("Is there a zebra crossing?")
    assert Question.objects.get().text == "Is there a zebra crossing?"


def test_a_wish_to_see_it_opens_the_form_with_the_date(provider, visitor):
    provider.play(call(("request_viewing", {"date": "Saturday"})), say("Please send the form."))
    form = only(visitor.ask("I would like to see it on Saturday"), "form")
    assert form["kind"] == "viewing"
    assert form["date"] != ""


def test_a_plain_form_gets_the_page_with_the_whole_answer(provider, visitor):
    provider.play(say("It has 3 bedrooms."))
    response = visitor.post("How many bedrooms?")
    assert (response.status_code, response["Location"]) == (303, "/harbour/maple-house/#chat")
    assert "It has 3 bedrooms." in visitor.read()


def test_a_plain_form_is_led_to_the_prefilled_viewing_form(provider, visitor):
    provider.play(call(("request_viewing", {"date": "tomorrow", "note": "two of us"})), say("Please send the form."))
    location = visitor.post("Can I see it tomorrow?")["Location"]
    path, _, query = location.partition("?")
    assert path == "/harbour/maple-house/"
    assert query.startswith("form=viewing&date=20")
    assert query.endswith("&note=two+of+us#contact")


def test_send_wants_a_csrf_token(home, provider):
    provider.play(say("Three."))
    client = AsyncClient(enforce_csrf_checks=True)
    response = async_to_sync(client.post)("/harbour/maple-house/chat/", {"text": "How many?"})
    assert response.status_code == 403
    assert provider.requests == []


def test_a_draft_is_missing_to_visitors_and_answers_staff(provider, home):
    provider.play(say("Three."))
    draft = make_property(home.agency, "Draft house")
    stranger, staff = Visitor(draft), Visitor(draft)
    staff.client.force_login(make_member(home.agency, "viewer"))
    refused = only(stranger.ask("How many?"), "refused")
    assert (refused["status"], refused["error"]["code"]) == (404, "not_found")
    assert text_of(staff.ask("How many?")) == "Three."


def test_staff_of_another_agency_do_not_reach_a_draft(provider, home):
    draft = make_property(home.agency, "Draft house")
    visitor = Visitor(draft)
    visitor.client.force_login(make_member(make_agency("hill"), "owner"))
    assert only(visitor.ask("How many?"), "refused")["status"] == 404


def test_a_sold_home_answers_no_more(provider, home, visitor):
    with agency_scope(home.agency):
        home.change_status("active_under_contract")
    provider.play(say("Yes."))
    assert text_of(visitor.ask("Is it still shown?")) == "Yes."
    with agency_scope(home.agency):
        home.change_status("closed")
    refused = only(visitor.ask("Is it still shown?"), "refused")
    assert (refused["status"], refused["error"]["code"]) == (409, "chat_closed")


@pytest.mark.parametrize(("text", "code"), [("  ", "message_empty"), ("x" * 2001, "message_too_long")])
def test_send_refuses_nothing_and_too_much(provider, visitor, scope, text, code):
    error = only(visitor.ask(text), "refused")["error"]
    assert (error["code"], error["param"]) == (code, "text")
    assert Message.objects.count() == 0


def test_send_takes_the_longest_message(provider, visitor):
    provider.play(say("Yes."))
    assert text_of(visitor.ask("x" * 2000)) == "Yes."
