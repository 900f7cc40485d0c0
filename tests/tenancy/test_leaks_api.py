"""With alder's key, every API address with birch's ids: no trace of birch, and its homes are missing homes."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agencies.models import ApiKey, ProviderAccount
from agencies.scope import agency_scope
from chat.models import Conversation
from tests.make import make_agency, make_api_key
from tests.provider_server import running_provider, say
from tests.tenancy.canaries import found
from tests.tenancy.routes import API
from tests.tenancy.walk import MISSING_ID, Visitor, comparable, public_ids, traces
from tests.tenancy.world import World

DETAILS = ["", "facts/", "knowledge/", "knowledge/?category=building"]
CHATS = ["/api/v1/chat/", "/api/chat/openai"]
METHODS = ["get", "head", "options", "post", "put", "patch", "delete"]


def program(world: World, **headers: str) -> Visitor:
    return Visitor("", None, Authorization=f"Bearer {world.token}", **headers)


def ask(home: Any, **more: Any) -> dict[str, Any]:
    body = {"property_id": str(home), "text": "How many bedrooms?", **more}
    return {"data": json.dumps(body), "content_type": "application/json"}


@pytest.mark.parametrize("tail", DETAILS)
@pytest.mark.parametrize("method", METHODS)
def test_home_of_another_agency_is_like_a_missing_one(a: World, b: World, tail: str, method: str) -> None:
    caller = program(a)
    for theirs in (b.twin, b.only, b.draft):
        answer = caller.read(f"/api/v1/properties/{theirs.public_id}/{tail}", method)
        missing = caller.read(f"/api/v1/properties/{MISSING_ID}/{tail}", method)
        assert comparable(answer, theirs.public_id) == comparable(missing, MISSING_ID)
        assert traces(answer[1], b) == set()


@pytest.mark.parametrize("tail", DETAILS)
def test_own_home_is_read_with_the_own_key(a: World, b: World, tail: str) -> None:
    status, text = program(a).read(f"/api/v1/properties/{a.only.public_id}/{tail}")
    assert (status, traces(text, b)) == (200, set())
    assert found(text, a.agency)
    assert not any("private" in word for word in found(text, a.agency))


@pytest.mark.parametrize("query", ["", "?q=cnry", "?q=cnry-b", "?page_size=100", "?updated_after=2020-01-01T00:00:00Z"])
def test_list_has_own_homes_alone(a: World, b: World, query: str) -> None:
    status, text = program(a).read(f"/api/v1/properties/{query}")
    assert status == 200
    assert traces(text, b, echoed=("q=cnry-b",)) == set()
    if "cnry-b" not in query:
        assert str(a.only.public_id) in text


@pytest.mark.parametrize("query", ["agency", "agency_id", "agency__slug", "agency__name__startswith", "tenant"])
def test_agency_is_not_chosen_by_the_caller(a: World, b: World, query: str) -> None:
    plain = program(a).read("/api/v1/properties/")
    status, text = program(a).read(f"/api/v1/properties/?{query}={b.agency.pk}")
    assert status == 400
    named = program(a, **{"X-Agency": "birch", "X-Tenant": "birch"}).read("/api/v1/properties/")
    assert comparable(named) == comparable(plain)
    assert traces(text, b) == set()


def test_key_is_of_its_agency_on_every_host(a: World, b: World) -> None:
    plain = program(a).read(f"/api/v1/properties/{a.only.public_id}/")
    caller = program(a)
    caller.client = Client(SERVER_NAME="birch.example")
    there = caller.read(f"/api/v1/properties/{a.only.public_id}/")
    assert (there[0], traces(there[1], b, echoed=("birch.example",))) == (plain[0], set())
    assert caller.read(f"/api/v1/properties/{b.only.public_id}/")[0] == 404


def test_key_opens_nothing_below_another_agencys_path(a: World, b: World) -> None:
    caller = program(a)
    assert caller.read("/api/v1/properties/")[0] == 200
    for path in ("/birch/api/v1/properties/", f"/birch/api/v1/properties/{a.only.public_id}/", "/birch/api/"):
        assert caller.read(path)[0] == 404
    assert caller.read("/birch/admin/")[0] == 302  # a key is no login


def test_cursor_of_another_agency_shows_own_homes_alone(a: World, b: World) -> None:
    page = json.loads(Client().get("/api/v1/properties/?page_size=1", headers=program(b).headers).content)
    following = page.get("next") or ""
    assert "cursor=" in following
    status, text = program(a).read("/api/v1/properties/?" + following.partition("?")[2])
    assert status in (200, 400)
    assert traces(text, b, echoed=(following.partition("?")[2],)) == set()


def test_etag_of_another_agencys_home_is_not_confirmed(a: World, b: World) -> None:
    path = f"/api/v1/properties/{b.only.public_id}/"
    etag = Client().get(path, headers=program(b).headers)["ETag"]
    assert Client().get(path, headers={**program(b).headers, "If-None-Match": etag}).status_code == 304
    assert Client().get(path, headers={**program(a).headers, "If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize("path", CHATS)
def test_question_to_another_agencys_home_is_like_to_a_missing_one(a: World, b: World, path: str) -> None:
    caller = program(a)
    for theirs in (b.twin, b.only, b.draft):
        answer = caller.read(path, "post", **ask(theirs.public_id))
        assert comparable(answer) == comparable(caller.read(path, "post", **ask(MISSING_ID)))
        assert (answer[0], traces(answer[1], b)) == (404, set())


@pytest.mark.parametrize("path", CHATS)
def test_conversation_of_another_agency_is_not_continued(a: World, b: World, path: str) -> None:
    with agency_scope(b.agency):
        theirs = Conversation.objects.create(property=b.only, visitor="api-1", source="api").public_id
    with running_provider() as provider:
        provider.play(say("Three."))
        with agency_scope(a.agency):
            ProviderAccount.objects.update(base_url=provider.base_url, text_model="any")
        caller = program(a)
        answer = caller.read(path, "post", **ask(a.only.public_id, conversation_id=str(theirs)))
        missing = caller.read(path, "post", **ask(a.only.public_id, conversation_id=str(uuid4())))
        assert (answer[0], comparable(answer)) == (404, comparable(missing))
        own = caller.read(path, "post", **ask(a.only.public_id))
        assert (own[0], traces(own[1], b)) == (200, set())
        assert traces(json.dumps(provider.requests), b) == set()


def test_nothing_is_read_without_a_living_key(a: World, b: World) -> None:
    for token in ("", "oh_00000000_x", a.token[:-1], f"{a.token}x", "oh_\x00_x"):
        for tail in ("", f"{a.only.public_id}/", f"{b.only.public_id}/"):
            status, text = Visitor("", Authorization=f"Bearer {token}").read(f"/api/v1/properties/{tail}")
            assert (status, found(text, a.agency) | found(text, b.agency)) == (401, set())


def test_key_of_a_suspended_agency_is_unknown(a: World) -> None:
    cedar = make_agency("cedar")
    token = make_api_key(cedar)
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/properties/", headers=headers).status_code == 200
    cedar.is_active = False
    cedar.save()
    assert Client().get("/api/v1/properties/", headers=headers).status_code == 401


def test_revoked_key_is_refused_at_once(a: World) -> None:
    assert program(a).read("/api/v1/properties/")[0] == 200
    with agency_scope(a.agency):
        ApiKey.objects.get().revoke()
    assert program(a).read("/api/v1/properties/")[0] == 401


def test_schema_and_docs_name_no_agency(a: World, b: World) -> None:
    for caller in (program(a), Visitor("")):
        for path in ("/api/schema/", "/api/docs/", "/api/", "/api/v0/"):
            _, text = caller.read(path)
            assert found(text, b.agency) | {each for each in public_ids(b) if each in text} == set()


def test_walk_calls_every_api_route() -> None:
    names = {"property-list", "property-detail", "property-facts", "property-knowledge"}
    names |= {"api-chat", "api-chat-alias", "api-schema", "api-docs", "nothing_here"}
    assert names == set(API.values())
