from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from agencies.scope import agency_scope
from chat.models import Conversation, Message
from tests.chat.asking import names, only, parse, text_of
from tests.make import make_agency, make_api_key
from tests.make_properties import make_property, make_published_property
from tests.provider_server import refuse, say

pytestmark = pytest.mark.django_db


class Program:
    def __init__(self, token: str) -> None:
        self.headers = {"authorization": f"Bearer {token}"}

    def ask(self, body: object, path: str = "/api/v1/chat/", **headers: str):
        return Client().post(path, body, "application/json", headers={**self.headers, **headers})


@pytest.fixture
def program(home):
    return Program(make_api_key(home.agency, "chat:write"))


def body(home, text: str = "How many bedrooms?", **fields: object) -> dict[str, object]:
    return {"property_id": str(home.public_id), "text": text, **fields}


def test_chat_answers_with_conversation_message_and_facts(provider, program, home, scope):
    provider.play(say("It has 3 bedrooms."))
    response = program.ask(body(home))
    answer = response.json()
    assert response.status_code == 200
    assert set(answer) == {"conversation_id", "message"}
    assert (answer["message"]["text"], answer["message"]["state"]) == ("It has 3 bedrooms.", "said")
    assert [fact["key"] for fact in answer["message"]["facts"]] == ["bedrooms_total"]
    conversation = Conversation.objects.get()
    assert (str(conversation.public_id), conversation.source) == (answer["conversation_id"], "api")


def test_chat_has_an_alias_with_other_names(provider, program, home):
    provider.play(say("Three."))
    response = program.ask({"propertyId": str(home.public_id), "message": "How many?"}, "/api/chat/openai")
    assert response.json()["message"]["text"] == "Three."


def test_chat_goes_on_with_its_conversation(provider, program, home):
    provider.play(say("Three."))
    conversation_id = program.ask(body(home)).json()["conversation_id"]
    second = program.ask(body(home, "And baths?", conversation_id=conversation_id)).json()
    assert second["conversation_id"] == conversation_id
    assert [m["content"] for m in provider.requests[1]["messages"][1:]] == [
        "How many bedrooms?",
        "Three.",
        "And baths?",
    ]


def test_chat_streams_when_asked(provider, program, home):
    provider.play(say("It has ", "3 bedrooms."))
    events = async_to_sync(_streamed)(program, body(home, stream=True))
    assert names(events) == ["conversation", "delta", "delta", "facts", "done"]
    assert text_of(events) == "It has 3 bedrooms."
    assert set(only(events, "conversation")) == {"conversation_id"}


async def _streamed(program, asked):
    headers = {**program.headers, "accept": "text/event-stream"}
    response: Any = await AsyncClient().post("/api/v1/chat/", asked, "application/json", headers=headers)
    assert response["Content-Type"].startswith("text/event-stream")
    text = b"".join([part async for part in response]).decode()
    return [parse(block) for block in text.split("\n\n") if block]


def test_chat_asks_once_for_one_client_id(provider, program, home, scope):
    provider.play(say("Three."))
    client_id = str(uuid4())
    first = program.ask(body(home, client_id=client_id)).json()
    again = program.ask(body(home, client_id=client_id, conversation_id=first["conversation_id"])).json()
    assert again == first
    assert (len(provider.requests), Message.objects.count()) == (1, 2)


def test_chat_finds_a_first_message_that_is_sent_again(provider, program, home, scope):
    """The program never saw the first response, so it knows no conversation yet."""
    provider.play(say("Three."))
    client_id = str(uuid4())
    first, again = (program.ask(body(home, client_id=client_id)).json() for _ in range(2))
    assert again == first
    assert (len(provider.requests), Conversation.objects.count()) == (1, 1)
    other = program.ask(body(home, client_id=str(uuid4()))).json()
    assert other["conversation_id"] != first["conversation_id"]


def test_chat_wants_the_scope(home):
    error = Program(make_api_key(home.agency, "properties:read")).ask(body(home))
    assert (error.status_code, error.json()["error"]["code"]) == (403, "scope_missing")


def test_chat_wants_a_key(home):
    assert Program("oh_no_key").ask(body(home)).status_code == 401


def test_chat_names_what_is_wrong(program, home):
    for wrong, param in [({"text": "Hi"}, "property_id"), ({"property_id": str(home.public_id)}, "text")]:
        response = program.ask(wrong)
        assert (response.status_code, response.json()["error"]["param"]) == (400, param)
    assert program.ask(body(home, "x" * 2001)).json()["error"]["code"] == "message_too_long"
    assert program.ask([1]).status_code == 400


def test_chat_does_not_know_drafts_or_other_agencies_homes(provider, program, home):
    draft = make_property(home.agency, "Draft house")
    other = make_published_property(make_agency("hill"), "Maple house")
    missing = program.ask({"property_id": str(uuid4()), "text": "Hi"})
    assert missing.status_code == 404
    for hidden in (draft, other):
        response = program.ask(body(hidden))
        assert response.status_code == 404
        assert response.json()["error"]["message"] == missing.json()["error"]["message"]


def test_chat_does_not_continue_a_visitors_or_another_homes_conversation(provider, program, home, visitor):
    provider.play(say("Three."))
    visitor.ask("How many?")
    with agency_scope(home.agency):
        of_visitor = str(Conversation.objects.get().public_id)
    elm = make_published_property(home.agency, "Elm house")
    of_elm = program.ask(body(elm)).json()["conversation_id"]
    for conversation_id in (of_visitor, of_elm):
        assert program.ask(body(home, conversation_id=conversation_id)).status_code == 404


def test_chat_tells_a_failure_in_our_words(provider, program, home):
    provider.play(refuse(429, "insufficient_quota"))
    response = program.ask(body(home))
    assert (response.status_code, response.json()["error"]["code"]) == (503, "budget_reached")


def test_chat_says_when_a_busy_provider_may_be_asked_again(provider, program, home):
    provider.play(refuse(429, "rate_limit_exceeded", retry_after="7"))
    response = program.ask(body(home))
    assert (response.json()["error"]["code"], response["Retry-After"]) == ("chat_busy", "7")


def test_chat_over_the_limit_says_when_to_come_back(provider, program, home, settings):
    settings.CHAT_PROPERTY_DAILY_MESSAGES = 1
    provider.play(say("Three."))
    assert program.ask(body(home)).status_code == 200
    refused = program.ask(body(home))
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
