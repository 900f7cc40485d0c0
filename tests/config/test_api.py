"""Who may call, and the one shape of an error."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError as DjangoValidationError
from django.test import Client
from django.utils import timezone
from rest_framework import exceptions, serializers

from agencies.errors import Problem
from agencies.models import ApiKey
from agencies.scope import agency_scope
from config.api import as_problem
from tests.make import make_agency, make_api_key
from tests.properties.api_scene import caller, show_property

pytestmark = pytest.mark.django_db
LIST = "/api/v1/properties/"
SHAPE = {"type", "code", "message", "param", "request_id"}


@pytest.fixture
def agency():
    return make_agency("harbour")


def refusal(response):
    """(status, type, code) of an answer that is an error in every way."""
    error = response.json()["error"]
    assert set(error) == SHAPE
    assert error["request_id"] == response["X-Request-ID"]
    assert response["Content-Type"] == "application/json"
    return response.status_code, error["type"], error["code"]


def bearer(token):
    return Client(headers={"authorization": f"Bearer {token}"})


def test_living_key_is_let_in(agency):
    assert bearer(make_api_key(agency)).get(LIST).status_code == 200


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer ", "oh_12345678_secret"])
def test_request_without_a_key_is_told_how_to_send_one(header):
    answer = Client(headers={"authorization": header} if header else {}).get(LIST)
    assert refusal(answer)[:2] == (401, "authentication_error")
    assert "Authorization: Bearer oh_" in answer.json()["error"]["message"]
    assert answer["WWW-Authenticate"] == 'Bearer realm="openhouse"'


@pytest.mark.parametrize("token", ["nonsense", "oh_00000000_unknown", "oh_é_x", "a" * 5000])
def test_unknown_key_is_refused(token):
    assert refusal(bearer(token).get(LIST)) == (401, "authentication_error", "api_key_unknown")


def test_expired_revoked_and_altered_keys_are_refused_each_with_its_reason(agency):
    yesterday = timezone.now() - timedelta(days=1)
    expired = make_api_key(agency, expires_at=yesterday)
    revoked = make_api_key(agency, revoked_at=yesterday)
    codes = [refusal(bearer(token).get(LIST))[2] for token in (expired, revoked, expired[:-1] + "-")]
    assert codes == ["api_key_expired", "api_key_revoked", "api_key_unknown"]


def test_key_of_a_closed_agency_is_unknown(agency):
    api = bearer(make_api_key(agency))
    assert api.get(LIST).status_code == 200
    agency.is_active = False
    agency.save()
    assert refusal(api.get(LIST))[2] == "api_key_unknown"


@pytest.mark.parametrize(
    ("held", "below", "lacking"),
    [
        ("knowledge:read", "", "properties:read"),
        ("knowledge:read", "{id}/", "properties:read"),
        ("knowledge:read", "{id}/facts/", "properties:read"),
        ("properties:read", "{id}/knowledge/", "knowledge:read"),
    ],
)
def test_missing_scope_is_named(agency, held, below, lacking):
    address = LIST + below.format(id=show_property(agency).public_id)
    answer = caller(agency, held).get(address)
    assert refusal(answer) == (403, "permission_error", "scope_missing")
    assert lacking in answer.json()["error"]["message"]
    assert caller(agency, lacking).get(address).status_code == 200


def test_chat_needs_its_scope(agency):
    question = {"property_id": str(show_property(agency).public_id), "text": "Hello?"}
    for address in ("/api/v1/chat/", "/api/chat/openai"):
        answer = caller(agency, "properties:read").post(address, question, content_type="application/json")
        assert refusal(answer) == (403, "permission_error", "scope_missing")


def test_key_is_noted_as_used_once_a_minute(agency, django_assert_num_queries):
    api = caller(agency)
    api.get(LIST)
    with agency_scope(agency):
        used = ApiKey.objects.get().last_used_at
    with django_assert_num_queries(2):  # the key, the homes
        api.get(LIST)
    with agency_scope(agency):
        assert ApiKey.objects.get().last_used_at == used


def test_wrong_method_accept_and_body_are_told_in_one_shape(agency):
    api = caller(agency)
    posted = api.post(LIST, {}, content_type="application/json")
    assert refusal(posted) == (405, "invalid_request_error", "method_not_allowed")
    assert "GET" in posted["Allow"]
    assert refusal(api.get(LIST, headers={"accept": "text/html"}))[::2] == (406, "not_acceptable")
    assert refusal(api.post("/api/v1/chat/", "<a/>", content_type="text/xml"))[::2] == (415, "unsupported_media_type")
    assert refusal(api.post("/api/v1/chat/", "{", content_type="application/json"))[::2] == (400, "body_not_json")
    missing = api.post("/api/v1/chat/", "{}", content_type="application/json")
    assert refusal(missing) == (400, "invalid_request_error", "required")
    assert missing.json()["error"]["param"] == "property_id"


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v2/properties/", "/api/v1/properties", "/api/admin/"])
def test_address_that_does_not_exist_is_told_in_one_shape(address):
    assert refusal(Client().get(address)) == (404, "invalid_request_error", "not_found")
    assert refusal(Client(enforce_csrf_checks=True).post(address))[0] == 404


def test_failure_of_ours_tells_nothing_and_is_logged(agency, monkeypatch, caplog):
    def fail(request):
        raise RuntimeError("the secret of the machine room")

    monkeypatch.setattr("properties.filters.PropertyQuery.read", fail)
    answer = caller(agency).get(LIST)
    assert refusal(answer) == (500, "api_error", "internal_error")
    assert "secret" not in answer.content.decode()
    assert "the secret of the machine room" in caplog.text


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (Problem("Ask less.", code="busy", status=503, retry_after=3), (503, "busy", None, "Ask less.")),
        (exceptions.Throttled(wait=30), (429, "rate_limited", None, "Too many requests: try again in 30 seconds.")),
        (DjangoValidationError("Add a price.", code="no_price"), (400, "no_price", None, "Add a price.")),
        (DjangoValidationError({"city": ["Name it."]}), (400, "invalid", "city", "city: Name it.")),
        (
            serializers.ValidationError({"rooms": [{}, {"key": ["Is taken."]}]}),
            (400, "invalid", "rooms.1.key", "rooms.1.key: Is taken."),
        ),
        (serializers.ValidationError("Send one."), (400, "invalid", None, "Send one.")),
    ],
)
def test_refusal_becomes_a_problem(raised, told):
    problem = as_problem(raised)
    assert problem is not None
    assert (problem.status, problem.code, problem.param, problem.message) == told
