import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies import connection
from agencies.keyring import CannotDecrypt, parse_keyring
from agencies.models import ProviderAccount
from agencies.scope import agency_scope
from tests.agencies.staff import desk
from tests.make import make_agency, make_provider

pytestmark = pytest.mark.django_db

KEY = "sk-secret-0123456789"
MODELS = {"object": "list", "data": [{"id": "talker", "object": "model", "created": 0, "owned_by": "us"}]}
CHAT = {
    "id": "c1",
    "object": "chat.completion",
    "created": 0,
    "model": "talker",
    "choices": [{"index": 0, "finish_reason": "length", "message": {"role": "assistant", "content": "ok"}}],
}


@dataclass
class Server:
    """Answers what it is told: path → (status, body); remembers what it was asked."""

    url: str = ""
    answers: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, Any, str]] = field(default_factory=list)
    pause: float = 0

    def take(self, path: str):
        plays = self.answers.get(path.removeprefix("/v1"), [(404, refusal())])
        return plays.pop(0) if len(plays) > 1 else plays[0]


def refusal(code: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": f"their words about {KEY}", "type": "error", "code": code, "param": param}}


@contextmanager
def running(models: Any = (200, MODELS), chat: Any = (200, CHAT), pause: float = 0) -> Iterator[Server]:
    server = Server(pause=pause)
    server.answers = {
        "/models": models if isinstance(models, list) else [models],
        "/chat/completions": chat if isinstance(chat, list) else [chat],
    }

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            server.asked.append((self.path, body, self.headers.get("authorization", "")))
            time.sleep(server.pause)
            status, answer = server.take(self.path)
            data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "text/html" if isinstance(answer, str) else "application/json")
            self.send_header("content-length", str(len(data)))
            self.send_header("location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def account_at(url: str, key: str = KEY, model: str = "talker") -> ProviderAccount:
    return make_provider(make_agency(), key, profile="custom", base_url=url, text_model=model)


def sentences(owner: Any, account: ProviderAccount) -> list[tuple[bool | None, str]]:
    response = owner.post("staff:agencies_provideraccount_do", account.pk, "test_connection")
    assert KEY not in response.content.decode()
    assert "their words" not in response.content.decode()
    return [(finding.ok, finding.sentence) for finding in response.context["findings"]]


def test_connection_that_works_says_what_works():
    with running() as server:
        account = account_at(server.url)
        found = sentences(desk(account.agency), account)
    assert found == [
        (True, "The server answers and takes the key."),
        (True, "The model “talker” is in its list."),
        (True, "The model “talker” answers."),
    ]
    assert [(path, key) for path, _, key in server.asked] == [
        ("/v1/models", f"Bearer {KEY}"),
        ("/v1/chat/completions", f"Bearer {KEY}"),
    ]
    assert server.asked[1][1]["max_tokens"] == 1


@pytest.mark.parametrize(
    ("models", "chat", "last"),
    [
        ((401, refusal("invalid_api_key")), (401, refusal()), "The key is refused"),
        ((403, refusal()), (403, refusal()), "The key may not use the list of models"),
        ((200, MODELS), (404, refusal("model_not_found")), "The server does not know the model “talker”"),
        ((404, refusal()), (404, refusal()), "The server has nothing at this address for a chat"),
        ((200, MODELS), (429, refusal("insufficient_quota")), "The account has no money left or has reached"),
        ((200, MODELS), (402, refusal()), "The account has no money left"),
        ((200, MODELS), (429, refusal()), "The server has too much to do for this key just now (429)"),
        ((200, MODELS), (500, refusal()), "The server answered a chat with the error 500."),
        ((307, {}), (307, {}), "The server sends us on to another address"),
        ((200, "<html>hello</html>"), (200, "<html>hello</html>"), "The server's answer to"),
        ((200, MODELS), (200, {"hello": 1}), "The server's answer to a chat is not in the OpenAI form."),
    ],
)
def test_connection_that_fails_says_why(models, chat, last):
    with running(models, chat) as server:
        account = account_at(server.url)
        ok, sentence = sentences(desk(account.agency), account)[-1]
    assert (ok, sentence.startswith(last)) == (False, True), sentence


def test_connection_to_nobody_says_so():
    account = account_at("http://127.0.0.1:9/v1")
    found = sentences(desk(account.agency), account)
    assert found == [(False, "The address cannot be reached: check its spelling, and that the server is running.")]


def test_connection_to_a_silent_server_is_given_up(monkeypatch):
    monkeypatch.setattr(connection, "STEP_SECONDS", 0.3)
    with running(pause=2) as server:
        account = account_at(server.url)
        found = sentences(desk(account.agency), account)
    assert found == [(False, "The server did not answer in 0 seconds when asked for the list of models.")]


def test_connection_tries_the_newer_name_of_the_limit():
    too_old = (400, refusal("unsupported_parameter", "max_tokens"))
    with running(chat=[too_old, (200, CHAT)]) as server:
        account = account_at(server.url)
        assert sentences(desk(account.agency), account)[-1] == (True, "The model “talker” answers.")
    assert server.asked[-1][1]["max_completion_tokens"] == 16


def test_connection_notes_an_unlisted_model_and_a_missing_key():
    with running() as server:
        account = account_at(server.url, key="", model="walker")
        found = sentences(desk(account.agency), account)
    assert found[0] == (None, "No key is set: the server is asked without one.")
    assert found[2] == (None, "The model “walker” is not in its list of 1: check the spelling.")


def test_connection_test_is_the_owners():
    with running() as server:
        account = account_at(server.url)
        editor = desk(account.agency, "editor")
        response = editor.post("staff:agencies_provideraccount_do", account.pk, "test_connection")
        assert response.status_code in (403, 404)
        assert server.asked == []


# --- The form ---
CUSTOM = {"profile": "custom", "base_url": "https://llm.example.com/v1", "text_model": "talker"}


def stored_key(agency):
    with agency_scope(agency):
        return ProviderAccount.objects.get().api_key()


def test_key_goes_in_and_never_comes_out():
    agency = make_agency()
    owner = desk(agency)
    assert owner.get("staff:agencies_provideraccount_changelist").url.endswith("/add/")
    owner.post("staff:agencies_provideraccount_add", data={**CUSTOM, "new_api_key": KEY})
    assert stored_key(agency) == KEY
    address = owner.get("staff:agencies_provideraccount_changelist").url
    page = owner.client.get(address).content.decode()
    assert ("Key is set" in page, KEY in page) == (True, False)
    with agency_scope(agency):
        account = ProviderAccount.objects.get()
    assert KEY not in account.encrypted_api_key
    assert account.encrypted_api_key not in page
    assert KEY not in " ".join(owner.history())


def test_key_stays_is_replaced_and_is_forgotten():
    account = account_at("https://llm.example.com/v1")
    owner = desk(account.agency)
    name = "staff:agencies_provideraccount_change"
    owner.post(name, account.pk, data=CUSTOM)
    assert stored_key(account.agency) == KEY
    owner.post(name, account.pk, data={**CUSTOM, "new_api_key": "sk-other"})
    assert stored_key(account.agency) == "sk-other"
    owner.post(name, account.pk, data={**CUSTOM, "forget_api_key": "on"})
    assert stored_key(account.agency) == ""
    assert "Key is not set" in owner.text(name, account.pk)


def test_refused_form_does_not_give_the_key_back():
    owner = desk(make_agency())
    data = {**CUSTOM, "text_model": "", "new_api_key": KEY}
    response = owner.post("staff:agencies_provideraccount_add", data=data)
    assert "text_model" in response.context["adminform"].form.errors
    assert KEY not in response.content.decode()


def test_second_account_is_refused():
    account = account_at("https://llm.example.com/v1")
    assert desk(account.agency).get("staff:agencies_provideraccount_add").status_code == 403


# --- Keys at rest ---
def ring(*names: str) -> dict[str, bytes]:
    return parse_keyring(",".join(f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in names))


def test_key_is_bound_to_its_agency(settings):
    mine, other = account_at("https://llm.example.com/v1"), make_agency("birch")
    theirs = make_provider(other, "sk-theirs")
    with agency_scope(other):
        theirs.encrypted_api_key, theirs.profile = mine.encrypted_api_key, "custom"
        with pytest.raises(CannotDecrypt, match="belongs to another agency or field"):
            theirs.api_key()
    assert stored_key(mine.agency) == KEY


def test_rotation_writes_every_key_anew(settings):
    settings.FIELD_KEYRING = ring("a")
    account = account_at("https://llm.example.com/v1")
    make_provider(make_agency("birch"), "")
    settings.FIELD_KEYRING = ring("b", "a")
    call_command("rotate_field_keys")
    settings.FIELD_KEYRING = ring("b")
    assert stored_key(account.agency) == KEY


def test_rotation_twice_changes_nothing(settings, capsys):
    settings.FIELD_KEYRING = ring("a")
    account_at("https://llm.example.com/v1")
    settings.FIELD_KEYRING = ring("b", "a")
    call_command("rotate_field_keys")
    call_command("rotate_field_keys")
    assert capsys.readouterr().out == "1 rotated.\n0 rotated.\n"


def test_rotation_names_the_key_that_is_missing(settings, capsys):
    settings.FIELD_KEYRING = ring("a")
    make_provider(make_agency("alder"), KEY, profile="custom")
    settings.FIELD_KEYRING = ring("b")
    make_provider(make_agency("birch"), KEY, profile="custom")
    settings.FIELD_KEYRING = ring("c", "b")
    with pytest.raises(CommandError, match="1 could not be read"):
        call_command("rotate_field_keys")
    captured = capsys.readouterr()
    assert captured.err == "alder: FIELD_KEYS has no key named 'a'.\n"
    assert captured.out == "1 rotated.\n"
