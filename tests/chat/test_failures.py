"""What a provider does on bad days: one of our codes, a sentence, nothing of the provider's, and another try."""

import asyncio
import logging
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler

from agencies.models import ProviderAccount
from agencies.scope import agency_scope
from chat.models import Allowance, Message, ToolCall
from chat.tools import TOOLS, Knowledge, Tool
from tests.chat.asking import names, only, text_of
from tests.provider_server import call, cut, fail_midway, garbage, hang, quote_tools, refuse, say, watched

pytestmark = pytest.mark.django_db

FAILURES = {
    "401": (refuse(401, "invalid_api_key"), "chat_not_enabled"),
    "403": (refuse(403, "unsupported_country"), "chat_not_enabled"),
    "404": (refuse(404, "model_not_found"), "chat_not_enabled"),
    "400": (refuse(400, "unsupported_parameter"), "chat_unavailable"),
    "400 of an unknown model": (refuse(400, "model_not_found"), "chat_not_enabled"),
    "402": (refuse(402), "budget_reached"),
    "403 quota": (refuse(403, "insufficient_quota"), "budget_reached"),
    "408": (refuse(408), "chat_timeout"),
    "429": (refuse(429, "rate_limit_exceeded", "requests"), "chat_busy"),
    "429 ramp-up": (refuse(429, "slow_down", "rate_limit_error"), "chat_busy"),
    "429 quota": (refuse(429, "insufficient_quota", "insufficient_quota"), "budget_reached"),
    "429 quota in type": (refuse(429, None, "insufficient_quota"), "budget_reached"),
    "429 hard limit": (refuse(429, "billing_hard_limit_reached"), "budget_reached"),
    "500": (refuse(500), "chat_unavailable"),
    "503": (refuse(503, "server_is_overloaded"), "chat_unavailable"),
    "a web page": (garbage("<html>It works!</html>"), "chat_unavailable"),
    "broken JSON": (garbage('data: {"choi\n\n', "text/event-stream"), "chat_unavailable"),
    "JSON of another shape": (garbage('data: {"choices": 3}\n\n', "text/event-stream"), "chat_unavailable"),
    "a call with a number for an id": (
        garbage('data: {"choices": [{"delta": {"tool_calls": [{"index": 0, "id": 7}]}}]}\n\n', "text/event-stream"),
        "chat_unavailable",
    ),
    "endless arguments": (call(("get_facts", "x" * 9000)), "chat_unavailable"),
    "a list": (garbage("data: [1, 2]\n\n", "text/event-stream"), "chat_unavailable"),
    "a choice without a delta": (garbage('data: {"choices": [{}]}\n\n', "text/event-stream"), "chat_unavailable"),
    "nothing": (garbage("", "text/event-stream"), "chat_unavailable"),
    "an empty answer": (say(), "chat_unavailable"),
    "an error at once": (fail_midway(), "chat_unavailable"),
    "an error about money": (fail_midway(code="insufficient_quota"), "budget_reached"),
    "an end before the end": (say("Thr", finish=None), "chat_interrupted"),
    "a filtered answer": (say("Thr", finish="content_filter"), "chat_interrupted"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failure_becomes_a_code_and_a_sentence(provider, visitor, scope, name, caplog):
    play, code = FAILURES[name]
    provider.play(play)
    error = only(visitor.ask("How many bedrooms?"), "error")["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    told = str(error) + caplog.text
    assert "sk-secret" not in told
    assert "own words" not in told
    assert Message.objects.get(number=1).text == "How many bedrooms?"


def test_failure_tells_the_operator_in_the_log(provider, visitor, caplog):
    provider.play(refuse(401, "invalid_api_key", x_request_id="req_1"))
    with caplog.at_level(logging.WARNING, "chat.provider"):
        visitor.ask("How many?")
    assert "AuthenticationError → chat_not_enabled; status=401 code=invalid_api_key request_id=req_1" in caplog.text


@pytest.mark.parametrize(
    "play", [fail_midway("Three ", "bed"), cut("Three ", "bed"), say("Three ", "bed", finish=None)]
)
def test_a_broken_stream_leaves_the_partial_answer_interrupted(provider, visitor, scope, play):
    provider.play(play)
    events = visitor.ask("How many?")
    assert names(events) == ["delta", "delta", "error"]
    assert only(events, "error")["error"]["code"] == "chat_interrupted"
    answer = Message.objects.get(number=2)
    assert (answer.text, answer.state) == ("Three bed", "interrupted")


def test_another_try_is_one_message_and_one_answer(provider, visitor, scope):
    provider.play(cut("Three "), say("It has 3 bedrooms."))
    client_id = uuid4()
    visitor.ask("How many bedrooms?", client_id)
    assert text_of(visitor.ask("How many bedrooms?", client_id)) == "It has 3 bedrooms."
    assert list(Message.objects.order_by("number").values_list("role", "text", "state")) == [
        ("visitor", "How many bedrooms?", "said"),
        ("agent", "It has 3 bedrooms.", "said"),
    ]
    assert [m["content"] for m in provider.requests[1]["messages"][1:]] == ["How many bedrooms?"]


def test_another_try_starts_its_tools_anew(provider, visitor, scope):
    provider.play(
        call(("get_facts", {"keys": ["heating"]})),
        cut("It "),
        call(("get_facts", {"keys": ["heating"]})),
        quote_tools,
    )
    client_id = uuid4()
    visitor.ask("How is it heated?", client_id)
    visitor.ask("How is it heated?", client_id)
    assert ToolCall.objects.count() == 1


def test_the_page_keeps_a_failed_question_and_offers_the_form(provider, visitor):
    provider.play(refuse(500))
    client_id = uuid4()
    visitor.post("How many bedrooms?", client_id)
    page = visitor.read()
    assert f'value="{client_id}"' in page
    assert 'name="text" value="How many bedrooms?"' in page
    assert "Try again" in page
    assert "The assistant cannot answer just now" in page


def test_a_stumble_before_the_first_word_is_tried_once_more(provider, visitor):
    provider.play(refuse(503), say("Yes."))
    assert text_of(visitor.ask("Is it quiet?")) == "Yes."


def test_a_refusal_is_not_tried_again(provider, visitor):
    provider.play(refuse(429, "insufficient_quota"), say("Yes."))
    visitor.ask("Is it quiet?")
    assert len(provider.requests) == 1


def test_a_silent_provider_times_out(provider, visitor, scope, settings):
    settings.CHAT_ROUND_SECONDS = 0.3
    provider.play(hang(20, "Three "))
    events = visitor.ask("How many?")
    assert (text_of(events), only(events, "error")["error"]["code"]) == ("Three ", "chat_timeout")
    assert Message.objects.get(number=2).state == "interrupted"


def test_rounds_together_have_a_deadline(provider, visitor, settings):
    settings.CHAT_TOTAL_SECONDS = 0.4
    provider.play(say(*["on and on "] * 100, pause=0.05))
    assert only(visitor.ask("How many?"), "error")["error"]["code"] == "chat_timeout"


def test_nobody_listening_at_the_providers_address(provider, visitor, home):
    with agency_scope(home.agency):
        ProviderAccount.objects.update(base_url="http://127.0.0.1:9/v1")
    assert only(visitor.ask("How many?"), "error")["error"]["code"] == "chat_unavailable"


def test_a_key_that_cannot_be_read_is_not_sent(provider, visitor, home):
    with agency_scope(home.agency):
        ProviderAccount.objects.update(encrypted_api_key="gone:AAAA")
    assert only(visitor.ask("How many?"), "error")["error"]["code"] == "chat_not_enabled"
    assert provider.requests == []


def test_a_model_that_only_calls_tools_is_stopped_after_four_rounds(provider, visitor):
    provider.play(call(("get_facts", {"keys": ["heating"]})))
    assert only(visitor.ask("How is it heated?"), "error")["error"]["code"] == "chat_unavailable"
    assert [request["tool_choice"] for request in provider.requests] == ["auto"] * 4 + ["none"]


def test_a_slow_tool_is_ended_and_the_answer_goes_on(provider, visitor, scope, settings, monkeypatch):
    async def sleep(record, asked):
        await asyncio.sleep(20)

    settings.CHAT_TOOL_SECONDS = 0.1
    monkeypatch.setitem(TOOLS, "get_knowledge", Tool("Sleeps.", Knowledge, sleep))
    provider.play(call(("get_knowledge", {"question": "roof"})), say("I cannot look it up just now."))
    assert names(visitor.ask("How old is the roof?"))[-1] == "done"
    (row,) = ToolCall.objects.all()
    assert (row.state, row.result["error"]["code"]) == ("timed_out", "timeout")


def test_a_failing_tool_is_told_to_the_model_without_its_trace(provider, visitor, scope, monkeypatch):
    async def fail(record, asked):
        raise RuntimeError("a secret of ours")

    monkeypatch.setitem(TOOLS, "get_knowledge", Tool("Fails.", Knowledge, fail))
    provider.play(call(("get_knowledge", {"question": "roof"})), say("I cannot look it up just now."))
    assert names(visitor.ask("How old is the roof?"))[-1] == "done"
    assert "a secret" not in provider.requests[1]["messages"][-1]["content"]
    assert ToolCall.objects.get().state == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_visitor_who_leaves_ends_the_work_and_keeps_what_was_said(provider, visitor):
    provider.play(watched(provider, "Three "))

    async def leave_early():
        async with visitor.listening("How many?"):
            pass

    async_to_sync(leave_early)()
    assert provider.gone.wait(5)
    with agency_scope(visitor.home.agency):
        answer = Message.objects.get(number=2)
        assert (answer.text, answer.state, answer.error_code) == ("Three", "interrupted", "visitor_left")
        assert Allowance.objects.get(kind="stream").held_until is None


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_is_noticed_by_the_server(provider, visitor):
    provider.play(watched(provider, "Three "))
    async_to_sync(_ask_and_vanish)(visitor.page)
    assert provider.gone.wait(5)
    with agency_scope(visitor.home.agency):
        assert Message.objects.get(number=2).state == "interrupted"


async def _ask_and_vanish(page):
    """Speak ASGI as a server does whose client has gone."""
    body = urlencode({"text": "How many?"}).encode()
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"accept", b"text/event-stream")]
    headers += [(b"host", b"testserver"), (b"content-length", str(len(body)).encode())]
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": f"{page}chat/",
        "headers": headers,
    }
    scope |= {"query_string": b"", "scheme": "http", "server": ("testserver", 80), "root_path": ""}
    handler = WithoutCsrf()
    server = ApplicationCommunicator(handler, scope)
    await server.send_input({"type": "http.request", "body": body})
    assert (await server.receive_output(5))["status"] == 200
    assert b"Three" in (await server.receive_output(5))["body"]
    await server.send_input({"type": "http.disconnect"})
    await server.wait(5)


class WithoutCsrf(ASGIHandler):
    def __init__(self):
        super().__init__()
        self.load_middleware(is_async=True)

    def create_request(self, scope, body_file):
        request, error = super().create_request(scope, body_file)
        setattr(request, "_dont_enforce_csrf_checks", True)  # noqa: B010
        return request, error


def test_a_failure_is_told_in_the_agencys_language(provider, visitor, home):
    home.agency.locale = "de"
    home.agency.save()
    provider.play(cut("Drei "))
    error = only(visitor.ask("Wie viele Schlafzimmer?"), "error")["error"]
    assert error["message"] == "Die Antwort ist abgebrochen: Versuchen Sie es noch einmal."
    assert "Die Antwort ist abgebrochen" in visitor.read()
