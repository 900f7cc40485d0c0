"""Points 15 to 26 of the conformance checklist: how a WebSocket is opened, and what comes over it."""

import asyncio
import json
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from openai import AsyncOpenAI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from engine.settings import Settings
from tests.engine.doors.caller import Caller
from tests.engine.doors.stage import ANSWER, BEARER, KEY, SETTINGS, House, house, until, user


@pytest.fixture
async def at() -> AsyncIterator[House]:
    async with house() as running:
        yield running


async def events(socket: ClientConnection, last: str) -> list[dict[str, Any]]:
    """Up to the first of type `last`."""
    got: list[dict[str, Any]] = []
    while not got or got[-1]["type"] != last:
        async with asyncio.timeout(10):
            got.append(json.loads(await socket.recv()))
    return got


async def refusal(url: str, **options: Any) -> tuple[int, dict[str, Any], Any]:
    """Status, inner error and headers of a handshake that is refused."""
    with pytest.raises(InvalidStatus) as refused:
        await connect(url, **{"additional_headers": BEARER, **options})
    response = refused.value.response
    return response.status_code, json.loads(response.body or b"")["error"], response.headers


@pytest.mark.parametrize(
    ("query", "status", "code", "param"),
    [
        ("", 400, "missing_required_parameter", "model"),
        ("?model=m&call_id=rtc_1", 400, "invalid_value", None),
        ("?model=m&intent=transcription", 400, "invalid_value", None),
        ("?intent=translation", 400, "invalid_value", "intent"),
        ("?call_id=rtc_nothing", 404, "call_id_not_found", None),
    ],
)
async def test_point_15_wrong_addresses_are_refused(
    at: House, query: str, status: int, code: str, param: str | None
) -> None:
    answer, error, headers = await refusal(at.ws + query)
    assert (answer, error["code"], error["param"]) == (status, code, param)
    assert headers["x-request-id"].startswith("req_")
    assert headers["content-type"] == "application/json"


async def test_point_15_by_model_and_by_intent(at: House) -> None:
    async with connect(f"{at.ws}?model=any-name", additional_headers=BEARER) as socket:
        created = json.loads(await socket.recv())
        assert (created["session"]["type"], created["session"]["model"]) == ("realtime", "any-name")
        assert "x-request-id" in (socket.response.headers if socket.response else ())
    async with connect(f"{at.ws}?intent=transcription", additional_headers=BEARER) as socket:
        assert json.loads(await socket.recv())["session"]["type"] == "transcription"


async def test_point_13_no_socket_without_a_key(at: House) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ek_gone"}):
        status, error, _ = await refusal(f"{at.ws}?model=m", additional_headers=headers)
        assert (status, error["code"]) == (401, "invalid_api_key")
    assert at.sessions == 0


@pytest.mark.parametrize("key", [KEY, "ephemeral"])
async def test_point_16_a_browsers_key_comes_among_the_subprotocols(at: House, key: str) -> None:
    if key == "ephemeral":
        async with at.client() as client:
            key = (await client.realtime.client_secrets.create()).value
    offered = ["realtime", f"openai-insecure-api-key.{key}", "openai-agents-sdk.0.20.0"]
    async with connect(f"{at.ws}?model=m", subprotocols=[websockets.Subprotocol(each) for each in offered]) as socket:
        assert json.loads(await socket.recv())["type"] == "session.created"
        assert socket.subprotocol == "realtime"
    offered[1] = "openai-insecure-api-key.wrong"
    status, _, _ = await refusal(
        f"{at.ws}?model=m",
        additional_headers={},
        subprotocols=[websockets.Subprotocol(each) for each in offered],
    )
    assert status == 401


@pytest.mark.parametrize(
    ("offered", "answered"),
    [
        (["realtime", "openai-organization.o", "openai-project.p"], "realtime"),
        (["openai-project.p", "realtime"], "realtime"),
        (None, None),
    ],
)
async def test_points_17_18_19_subprotocols(at: House, offered: list[str] | None, answered: str | None) -> None:
    protocols = [websockets.Subprotocol(each) for each in offered] if offered else None
    async with connect(f"{at.ws}?model=m", additional_headers=BEARER, subprotocols=protocols) as socket:
        assert socket.subprotocol == answered


async def test_point_20_compression_is_declined(at: House) -> None:
    async with connect(f"{at.ws}?model=m", additional_headers=BEARER, compression="deflate") as socket:
        assert socket.response is not None
        assert "Sec-WebSocket-Extensions" not in socket.response.headers
        assert json.loads(await socket.recv())["type"] == "session.created"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[str, str]:
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


async def test_point_21_over_tls(certificate: tuple[str, str]) -> None:
    cert, key = certificate
    trusting = ssl.create_default_context(cafile=cert)
    settings = Settings(port=0, api_keys=(KEY,), tls_cert=cert, tls_key=key)
    settings.check()
    async with house(settings) as at:
        assert at.ws.startswith("wss://")
        async with connect(f"{at.ws}?model=m", additional_headers=BEARER, ssl=trusting) as socket:
            assert json.loads(await socket.recv())["type"] == "session.created"
        with pytest.raises(ssl.SSLCertVerificationError):
            await connect(f"{at.ws}?model=m", additional_headers=BEARER)


async def test_points_22_and_26_text_frames_and_the_session_first(at: House) -> None:
    async with connect(f"{at.ws}?model=m", additional_headers=BEARER) as socket:
        await socket.send(json.dumps({"type": "conversation.item.create", "item": user("What is the fee?")}))
        await socket.send(json.dumps({"type": "response.create"}))
        frames: list[str | bytes] = []
        while not frames or '"response.done"' not in str(frames[-1]):
            frames.append(await socket.recv())
    assert all(isinstance(frame, str) for frame in frames)
    assert json.loads(frames[0])["type"] == "session.created"
    assert json.loads(frames[1])["type"] == "conversation.item.added"


async def test_point_22_a_binary_frame_is_an_error_and_not_the_end(at: House) -> None:
    async with connect(f"{at.ws}?model=m", additional_headers=BEARER) as socket:
        await events(socket, "session.created")
        await socket.send(b"\x00\xff")
        (error,) = await events(socket, "error")
        assert error["error"]["type"] == "invalid_request_error"
        await socket.send(json.dumps({"type": "session.update", "session": {"type": "realtime"}}))
        assert await events(socket, "session.updated")


async def test_point_23_pings_are_answered(at: House) -> None:
    async with connect(f"{at.ws}?model=m", additional_headers=BEARER, ping_interval=None) as socket:
        async with asyncio.timeout(5):
            await (await socket.ping())


async def test_point_25_a_frame_too_large_closes_only_its_own_socket() -> None:
    async with house(max_frame_bytes=100_000) as at, connect(f"{at.ws}?model=m", additional_headers=BEARER) as good:
        async with connect(f"{at.ws}?model=m", additional_headers=BEARER) as bad:
            await bad.send("x" * 100_001)
            with pytest.raises(ConnectionClosed) as closed:
                await events(bad, "never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        await good.send(json.dumps({"type": "session.update", "session": {"type": "realtime"}}))
        assert await events(good, "session.updated")
        await until(lambda: at.sessions == 1)


@pytest.mark.parametrize("way", ["header", "subprotocol"])
async def test_beta_clients_are_told_and_closed(at: House, way: str) -> None:
    options: dict[str, Any] = {"additional_headers": BEARER}
    if way == "header":
        options = {"additional_headers": {**BEARER, "OpenAI-Beta": "realtime=v1"}}
    else:
        options["subprotocols"] = [websockets.Subprotocol(name) for name in ("realtime", "openai-beta.realtime-v1")]
    async with connect(f"{at.ws}?model=m", **options) as socket:
        (error,) = await events(socket, "error")
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert error["error"]["code"] == "beta_api_shape_disabled"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4000
    assert closed.value.rcvd.reason == "invalid_request_error.beta_api_shape_disabled"
    assert at.sessions == 0


async def test_pages_of_other_origins_may_not_open_sockets(at: House) -> None:
    status, error, _ = await refusal(f"{at.ws}?model=m", origin=websockets.Origin("https://elsewhere.example"))
    assert (status, error["code"]) == (403, "origin_not_allowed")
    async with connect(
        f"{at.ws}?model=m", additional_headers=BEARER, origin=websockets.Origin("http://127.0.0.1:8000")
    ) as socket:
        assert await events(socket, "session.created")


async def test_sidebands_see_the_call_and_leave_it_running(at: House) -> None:
    caller = Caller()
    async with at.client() as client:
        call_id = await caller.call(client)
        async with client.realtime.connect(call_id=call_id) as one:
            async with client.realtime.connect(call_id=call_id) as two:
                assert (await one.recv()).type == (await two.recv()).type == "session.created"
                caller.send("conversation.item.create", item=user("What is the fee?"))
                for sideband in (one, two):
                    assert (await sideband.recv()).type == "conversation.item.added"
                    assert (await sideband.recv()).type == "conversation.item.done"
            await until(lambda: at.engine.sessions.find(call_id).clients == 2)  # type: ignore[union-attr]
            await one.response.create()
            kinds: list[str] = []
            while kinds[-1:] != ["output_audio_buffer.stopped"]:
                kinds.append((await one.recv()).type)
        assert "response.output_audio_transcript.done" in kinds
        said = await caller.event("response.output_audio_transcript.done")
        assert said["transcript"] == ANSWER
        assert at.sessions == 1
    await caller.hang_up()
    await until(lambda: at.sessions == 0)


async def test_sidebands_are_bounded_and_not_for_ephemeral_keys() -> None:
    caller = Caller()
    async with house(max_clients=2) as at, at.client() as client:
        secret = await client.realtime.client_secrets.create()
        url = f"{at.ws}?call_id={await caller.call(client)}"
        status, error, _ = await refusal(url, additional_headers={"Authorization": f"Bearer {secret.value}"})
        assert (status, error["code"]) == (404, "call_id_not_found")
        async with connect(url, additional_headers=BEARER) as sideband:
            await events(sideband, "session.created")
            status, error, headers = await refusal(url)
            assert (status, error["code"], headers["retry-after"]) == (429, "rate_limit_exceeded", "1")
        await caller.hang_up()


async def test_a_keyless_engine_takes_any_bearer_but_no_unknown_ephemeral_key() -> None:
    async with house(Settings(port=0, rtc=SETTINGS.rtc)) as at:
        client = AsyncOpenAI(base_url=at.url, api_key="anything")
        async with client.realtime.connect(model="m") as connection:
            assert (await connection.recv()).type == "session.created"
        status, _, _ = await refusal(f"{at.ws}?model=m", additional_headers={"Authorization": "Bearer ek_unknown"})
        assert status == 401
