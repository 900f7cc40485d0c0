"""Points 1 to 14 of the conformance checklist, over HTTP with the official client."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from openai.types.realtime import ClientSecretCreateResponse, RealtimeSessionCreateResponse
from websockets.exceptions import InvalidStatus

from tests.engine.doors.caller import Caller
from tests.engine.doors.stage import BEARER, SETTINGS, House, house, until

SECRETS = "/realtime/client_secrets"
CALLS = "/realtime/calls"
SDP = {"Content-Type": "application/sdp"}
NO_HEADERS: dict[str, str] = {}


@pytest.fixture
async def at() -> AsyncIterator[House]:
    async with house() as running:
        yield running


def http(at: House, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=at.url, **{"headers": BEARER, **options})


def assert_error(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The error body of the contract; its inner object."""
    assert answer.status_code == status, answer.text
    error = dict(answer.json()["error"])
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    assert error["code"] == code
    assert answer.headers["x-request-id"].startswith("req_")
    return error


async def test_point_01_a_secret_for_an_empty_body(at: House) -> None:
    async with http(at) as client:
        answer = (await client.post(SECRETS, json={})).json()
    assert answer["value"].startswith("ek_")
    assert type(answer["expires_at"]) is int
    session = answer["session"]
    assert (session["id"][:5], session["object"], session["type"]) == ("sess_", "realtime.session", "realtime")
    ClientSecretCreateResponse.model_validate(answer, strict=True)


async def test_point_01_a_secret_of_a_transcription_session(at: House) -> None:
    async with at.client() as client:
        answer = await client.realtime.client_secrets.create(session={"type": "transcription"})
    assert answer.session.object == "realtime.transcription_session"


@pytest.mark.parametrize("seconds", [9, 7201, 60.5, "60", True, None, -1])
async def test_point_02_seconds_out_of_bounds_are_refused(at: House, seconds: Any) -> None:
    async with http(at) as client:
        answer = await client.post(SECRETS, json={"expires_after": {"anchor": "created_at", "seconds": seconds}})
    assert assert_error(answer, 400, "invalid_value")["param"] == "expires_after.seconds"


@pytest.mark.parametrize("seconds", [10, 7200])
async def test_point_02_the_bounds_themselves_are_taken(at: House, seconds: int) -> None:
    async with at.client() as client:
        secret = await client.realtime.client_secrets.create(expires_after={"anchor": "created_at", "seconds": seconds})
    assert abs(secret.expires_at - time.time() - seconds) < 3


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"expires_after": {"anchor": "now", "seconds": 60}}, "invalid_value", "expires_after.anchor"),
        ({"expires_after": {"after": 60}}, "unknown_parameter", "expires_after.after"),
        ({"expires_after": 60}, "invalid_value", "expires_after"),
        ({"seconds": 60}, "unknown_parameter", "seconds"),
        ({"session": {}}, "missing_required_parameter", "session.type"),
        ({"session": {"type": "realtime", "voice": "marin"}}, "unknown_parameter", "session.voice"),
        ({"session": []}, "invalid_value", "session"),
        ([], "invalid_type", None),
    ],
)
async def test_point_02_wrong_bodies_are_refused(at: House, body: Any, code: str, param: str | None) -> None:
    async with http(at) as client:
        assert assert_error(await client.post(SECRETS, json=body), 400, code)["param"] == param


async def test_point_03_ten_minutes_unless_told_otherwise(at: House) -> None:
    async with at.client() as client:
        for expires_after in (openai.omit, {"anchor": "created_at"}):
            secret = await client.realtime.client_secrets.create(expires_after=expires_after)  # type: ignore[arg-type]
            assert abs(secret.expires_at - time.time() - 600) < 3


async def test_point_04_a_secret_opens_several_sessions_until_it_expires(at: House) -> None:
    async with at.client() as client:
        secret = await client.realtime.client_secrets.create()
    page = at.client(secret.value)
    async with page.realtime.connect(model="m") as first, page.realtime.connect(model="m") as second:
        assert (await first.recv()).type == (await second.recv()).type == "session.created"
        at.engine.keys._epoch = lambda: secret.expires_at + 1.0
        with pytest.raises(InvalidStatus) as expired:
            await page.realtime.connect(model="m").enter()
        await first.session.update(session={"type": "realtime", "instructions": "Still here."})
        assert (await first.recv()).type == "session.updated"
    assert expired.value.response.status_code == 401


async def test_point_05_the_secrets_session_is_how_the_session_begins(at: House) -> None:
    async with at.client() as client:
        secret = await client.realtime.client_secrets.create(
            session={
                "type": "realtime",
                "model": "named-by-the-site",
                "instructions": "Answer for Maple House.",
                "audio": {"output": {"voice": "cedar"}, "input": {"turn_detection": None}},
            }
        )
    assert isinstance(secret.session, RealtimeSessionCreateResponse)
    assert secret.session.instructions == "Answer for Maple House."
    async with at.client(secret.value) as page, page.realtime.connect(model="the-clients-default") as connection:
        created: Any = await connection.recv()
    assert created.type == "session.created"
    assert created.session.model == "named-by-the-site"
    assert created.session.instructions == "Answer for Maple House."
    assert created.session.audio.output.voice == "cedar"
    assert created.session.audio.input.turn_detection is None


async def test_point_06_an_offer_with_an_ephemeral_key_is_answered(at: House) -> None:
    async with at.client() as client:
        secret = await client.realtime.client_secrets.create(
            session={"type": "realtime", "instructions": "Maple House."}
        )
    caller = Caller()
    headers = {"Authorization": f"Bearer {secret.value}", "X-OpenAI-Agents-SDK": "js", **SDP}
    async with http(at, headers=headers) as page:
        answer = await page.post(CALLS, content=await caller.offer())
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/sdp"
    assert answer.headers["location"].split("/")[-1].startswith("rtc_")
    assert answer.text.startswith("v=0\r\n")
    assert answer.text.endswith("\r\n")
    await caller.accept(answer.text)
    created = await caller.event("session.created")
    assert created["session"]["instructions"] == "Maple House."
    await caller.hang_up()


async def test_point_07_an_offer_with_its_session_as_form_fields(at: House) -> None:
    caller = Caller()
    async with at.client() as client:
        answer = await client.realtime.calls.create(
            sdp=await caller.offer(), session={"type": "realtime", "model": "m-1", "instructions": "Pier Nine."}
        )
        await caller.accept(answer.text)
    session = (await caller.event("session.created"))["session"]
    assert (session["model"], session["instructions"]) == ("m-1", "Pier Nine.")
    await caller.hang_up()


async def test_point_08_an_offer_alone_with_a_standard_key(at: House) -> None:
    caller = Caller()
    async with at.client() as client:
        answer = await client.realtime.calls.create(sdp=await caller.offer())
        await caller.accept(answer.text)
    assert answer.response.status_code == 201
    assert (await caller.event("session.created"))["session"]["model"] == SETTINGS.voice_models[0]
    await caller.hang_up()


async def test_point_09_pages_may_ask_and_read_the_location(at: House) -> None:
    asked = {
        "Origin": "http://localhost:8000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-openai-agents-sdk",
    }
    caller = Caller()
    async with http(at) as client:
        preflight = await client.options(CALLS, headers=asked)
        answer = await client.post(
            CALLS, content=await caller.offer(), headers={"Origin": asked["Origin"], **BEARER, **SDP}
        )
        refused = await client.post(CALLS, content="", headers={"Origin": asked["Origin"], **BEARER, **SDP})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == asked["Origin"]
    assert "POST" in preflight.headers["access-control-allow-methods"]
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "x-openai-agents-sdk"))
    assert "location" in answer.headers["access-control-expose-headers"].lower()
    assert answer.headers["access-control-allow-origin"] == asked["Origin"]
    assert refused.headers["access-control-allow-origin"] == asked["Origin"]
    await caller.hang_up()


async def test_point_09_origins_are_a_setting() -> None:
    asked = {"Access-Control-Request-Method": "POST"}
    async with house(cors_origins=("https://homes.example.com",)) as at, http(at) as client:
        mine = await client.options(CALLS, headers={"Origin": "https://homes.example.com", **asked})
        others = await client.options(CALLS, headers={"Origin": "http://localhost:8000", **asked})
    assert mine.headers["access-control-allow-origin"] == "https://homes.example.com"
    assert "access-control-allow-origin" not in others.headers


async def test_point_10_what_is_wrong_with_an_offer_is_said(at: House) -> None:
    async with http(at) as client:
        empty = await client.post(CALLS, content="", headers={**BEARER, **SDP})
        unknown = await client.post(CALLS, content="v=0", headers={**BEARER, "Content-Type": "text/plain"})
        form = await client.post(CALLS, files={"session": (None, "{}")})
        beta = await client.post("/realtime?model=m", content="v=0", headers={**BEARER, **SDP})
    assert_error(empty, 400, "invalid_offer")
    assert_error(unknown, 400, "unsupported_content_type")
    assert assert_error(form, 400, "missing_required_parameter")["param"] == "sdp"
    assert_error(beta, 400, "beta_api_shape_disabled")


async def test_point_11_hanging_up_closes_the_peer_and_its_sidebands(at: House) -> None:
    caller = Caller()
    async with at.client() as client:
        call_id = await caller.call(client)
        async with client.realtime.connect(call_id=call_id) as sideband:
            assert (await sideband.recv()).type == "session.created"
            await client.realtime.calls.hangup(call_id)
            assert [event async for event in sideband] == []
        await until(lambda: caller.channel.readyState == "closed")
        with pytest.raises(openai.NotFoundError) as gone:
            await client.realtime.calls.hangup(call_id)
    assert gone.value.code == "call_id_not_found"
    await until(lambda: at.sessions == 0)
    await caller.hang_up()


@pytest.mark.parametrize("verb", ["hangup", "accept", "reject", "refer"])
async def test_point_11_unknown_calls_are_not_found(at: House, verb: str) -> None:
    async with http(at, headers={**BEARER, "Content-Type": "application/json"}) as client:
        assert_error(await client.post(f"{CALLS}/rtc_nothing/{verb}"), 404, "call_id_not_found")
        assert_error(await client.post(f"{CALLS}/rtc_nothing/dance"), 404, "unknown_url")


async def test_point_11_sip_control_of_a_webrtc_call_is_refused(at: House) -> None:
    caller = Caller()
    async with at.client() as client:
        call_id = await caller.call(client)
        with pytest.raises(openai.BadRequestError) as refused:
            await client.realtime.calls.reject(call_id)
    assert refused.value.code == "not_sip"
    await caller.hang_up()


async def test_point_12_what_a_client_accepts_changes_nothing(at: House) -> None:
    asked = {"model": SETTINGS.models[0], "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    async with http(at, headers={**BEARER, "Accept": "application/json"}) as client:
        answer = await client.post("/chat/completions", json=asked)
        secret = await client.post(SECRETS, headers={"Accept": "application/octet-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert json.loads(secret.text)["value"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/models"),
        ("GET", "/models/openhouse-thinker"),
        ("POST", "/chat/completions"),
        ("POST", SECRETS),
        ("POST", CALLS),
        ("POST", f"{CALLS}/rtc_1/hangup"),
        ("POST", f"{CALLS}/rtc_1/accept"),
        ("POST", "/realtime/sessions"),
    ],
)
async def test_point_13_no_route_without_a_key(at: House, method: str, path: str) -> None:
    async with http(at, headers=NO_HEADERS) as client:
        for headers in (NO_HEADERS, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ek_unknown"}):
            assert_error(await client.request(method, path, headers=headers), 401, "invalid_api_key")
        right = await client.request(method, path, headers=BEARER)
    assert right.status_code != 401


async def test_point_13_an_ephemeral_key_only_starts_sessions(at: House) -> None:
    async with at.client() as client:
        secret = await client.realtime.client_secrets.create()
    async with http(at, headers={"Authorization": f"Bearer {secret.value}"}) as page:
        for path in (SECRETS, "/chat/completions", f"{CALLS}/rtc_1/hangup"):
            assert_error(await page.post(path, json={}), 401, "invalid_api_key")
        assert_error(await page.post(CALLS, content="", headers=SDP), 400, "invalid_offer")


async def test_point_14_models_are_listed(at: House) -> None:
    async with http(at) as client:
        answer = (await client.get("/models")).json()
    assert answer["object"] == "list"
    assert {model["id"] for model in answer["data"]} == {*SETTINGS.models, *SETTINGS.voice_models}
    assert all(model.keys() == {"id", "object", "created", "owned_by"} for model in answer["data"])
