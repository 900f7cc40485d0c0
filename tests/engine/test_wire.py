"""The wire of the engine, judged by the official client over a real socket."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

ROOT = Path(__file__).parents[2]
MODEL = "openhouse-thinker"
BRIEFING = "Answer in: en-US\n\nFacts (key | label | value):\n- bedrooms_total | Bedrooms | 3\n"
ROOMS = BRIEFING + "Rooms (key | name | details):\n" + "".join(f"- r{n} | Study {n} | main floor\n" for n in range(300))
ASK: list[Any] = [{"role": "system", "content": BRIEFING}, {"role": "user", "content": "How many bedrooms are there?"}]
UNKNOWN: list[Any] = [{"role": "system", "content": BRIEFING}, {"role": "user", "content": "Is there a sauna?"}]
KNOWLEDGE: Any = {
    "type": "function",
    "function": {
        "name": "get_knowledge",
        "description": "What the agency knows.",
        "parameters": {
            "type": "object",
            "properties": {"question": {"type": "string"}},
            "required": ["question"],
        },
    },
}


def start(**environ: str) -> tuple[subprocess.Popen[str], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ENGINE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "engine"],
        cwd=ROOT,
        env=clean | {"ENGINE_PORT": str(port)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline().startswith("The engine answers at ")
    return process, port


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process, port = start(
        ENGINE_API_KEYS="one,two", ENGINE_MAX_BODY_BYTES="100000", ENGINE_WORD_DELAY_MS="20", ENGINE_MAX_CONCURRENT="2"
    )
    yield port
    process.terminate()
    assert process.wait(10) == 0


@pytest.fixture
async def client(port: int) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="one", max_retries=0) as client:
        yield client


def post(port: int, body: Any, key: str = "two") -> httpx.Response:
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.post(f"http://127.0.0.1:{port}/v1/chat/completions", content=content, headers=headers)


async def test_models_are_listed_and_shown(client: openai.AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == [MODEL, "openhouse-voice"]
    assert (await client.models.retrieve(MODEL)).object == "model"


async def test_answer_quotes_the_fact_and_counts_its_words(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model=MODEL, messages=ASK)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("It has 3 bedrooms.", "stop")
    assert answer.usage
    assert answer.usage.completion_tokens == 4
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 4


async def test_stream_comes_in_words_and_ends_with_usage(client: openai.AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model=MODEL, messages=ASK, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    words = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert words == ["It", " has", " 3", " bedrooms."]
    assert [chunk.usage is not None for chunk in chunks] == [False] * (len(chunks) - 1) + [True]
    assert chunks[-1].choices == []
    assert [chunk.choices[0].finish_reason for chunk in chunks[:-1]][-1] == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


async def test_stream_without_options_has_no_usage_chunk(client: openai.AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(model=MODEL, messages=ASK, stream=True)
    assert all(chunk.choices and chunk.usage is None for chunk in [chunk async for chunk in stream])


async def test_stream_helper_collects_tool_calls(client: openai.AsyncOpenAI) -> None:
    async with client.chat.completions.stream(model=MODEL, messages=UNKNOWN, tools=[KNOWLEDGE]) as stream:
        async for _ in stream:
            pass
        choice = (await stream.get_final_completion()).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls
    assert choice.message.tool_calls[0].type == "function"
    call = choice.message.tool_calls[0].function
    assert (call.name, json.loads(call.arguments)) == ("get_knowledge", {"question": "Is there a sauna"})


async def test_tool_result_is_answered_and_not_called_for_again(client: openai.AsyncOpenAI) -> None:
    first = await client.chat.completions.create(model=MODEL, messages=UNKNOWN, tools=[KNOWLEDGE])
    message = first.choices[0].message
    assert message.tool_calls
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": '{"entries": []}'}
    history: list[Any] = [*UNKNOWN, message.model_dump(exclude_none=True), result]
    second = await client.chat.completions.create(model=MODEL, messages=history, tools=[KNOWLEDGE])
    assert second.choices[0].finish_reason == "stop"
    assert (second.choices[0].message.content or "").startswith("The listing does not say.")


async def test_tool_choice_is_obeyed(client: openai.AsyncOpenAI) -> None:
    async def reason(**options: Any) -> str:
        answer = await client.chat.completions.create(model=MODEL, messages=ASK, tools=[KNOWLEDGE], **options)
        return str(answer.choices[0].finish_reason)

    named: Any = {"type": "function", "function": {"name": "get_knowledge"}}
    assert await reason(tool_choice="auto") == "stop"
    assert await reason(tool_choice="none") == "stop"
    assert await reason(tool_choice="required") == "tool_calls"
    assert await reason(tool_choice=named) == "tool_calls"


async def test_answer_is_cut_at_the_token_limit(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(model=MODEL, messages=ASK, max_completion_tokens=3)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("It has 3", "length")


async def test_wrong_key_and_unknown_model_raise_their_own_errors(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.AuthenticationError) as wrong_key:
        await client.with_options(api_key="three").models.list()
    assert wrong_key.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError) as unknown:
        await client.chat.completions.create(model="other", messages=ASK)
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
    assert unknown.value.request_id


def _with(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": list(messages), **more}


USER = {"role": "user", "content": "hi"}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "get_knowledge", "arguments": "{}"}}],
}


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ("{", 400, "invalid_json", None),
        ("[]", 400, "invalid_type", None),
        ({"model": MODEL}, 400, "missing_required_parameter", "messages"),
        ({"messages": [USER]}, 400, "missing_required_parameter", "model"),
        (_with(), 400, "invalid_value", "messages"),
        (_with({"role": "judge", "content": "hi"}), 400, "invalid_value", "messages[0].role"),
        (_with(USER, {"role": "tool", "tool_call_id": "c", "content": "{}"}), 400, "invalid_value", "messages[1].role"),
        (_with(USER, CALLED, USER), 400, "invalid_value", "messages[1].tool_calls"),
        (_with(USER, tool_choice="required"), 400, "invalid_value", "tool_choice"),
        (_with(USER, max_completion_tokens=0), 400, "invalid_value", "max_completion_tokens"),
        (_with({"role": "user", "content": "x" * 100_000}), 413, "request_too_large", None),
    ],
)
def test_bad_body_is_refused_in_the_shape_of_openai(
    port: int, body: Any, status: int, code: str, param: str | None
) -> None:
    answer = post(port, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param)
    assert sorted(error) == ["code", "message", "param", "type"]


def test_good_body_is_answered(port: int) -> None:
    assert post(port, _with(*ASK)).status_code == 200


def test_missing_key_wrong_method_and_unknown_route(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    key = {"Authorization": "Bearer one"}
    assert httpx.get(f"{base}/v1/models").status_code == 401
    assert httpx.get(f"{base}/v1/models", headers=key).status_code == 200
    assert httpx.get(f"{base}/v1/chat/completions", headers=key).status_code == 405
    assert httpx.get(f"{base}/v1/nothing", headers=key).json()["error"]["code"] == "unknown_url"
    assert httpx.get(f"{base}/healthz").json()["status"] == "ok"


def test_answer_ends_with_the_client_and_the_place_is_free(port: int) -> None:
    def active() -> int:
        return int(httpx.get(f"http://127.0.0.1:{port}/healthz").json()["active"])

    def opened() -> Any:
        question = {"role": "user", "content": "Which rooms are there?"}
        body = _with({"role": "system", "content": ROOMS}, question, stream=True)
        headers = {"Authorization": "Bearer one"}
        return httpx.stream("POST", f"http://127.0.0.1:{port}/v1/chat/completions", json=body, headers=headers)

    with opened() as first, opened() as second:
        streams = [first.iter_bytes(), second.iter_bytes()]
        assert [next(stream)[:5] for stream in streams] == [b"data:", b"data:"]
        assert active() == 2
        full = post(port, _with(*ASK))
        assert (full.status_code, full.headers["retry-after"]) == (503, "1")
    deadline = time.monotonic() + 5
    while active() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert active() == 0
    assert post(port, _with(*ASK)).status_code == 200


def _refusal(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine"],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_taken_port_is_one_sentence(port: int) -> None:
    refused = _refusal(ENGINE_PORT=str(port))
    assert refused.returncode == 2
    assert refused.stderr == f"Port {port} is taken: stop what uses it, or set ENGINE_PORT to a free port.\n"


def test_wrong_settings_are_named() -> None:
    assert _refusal(ENGINE_PORT="many").stderr == "ENGINE_PORT='many': use a whole number from 0 to 65535.\n"
    assert "set ENGINE_API_KEYS" in _refusal(ENGINE_HOST="::", ENGINE_API_KEYS="", ENGINE_PORT="0").stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_engine_without_keys_takes_any_bearer_and_ends_cleanly(how: signal.Signals) -> None:
    process, port = start()
    assert post(port, _with(*ASK), key="anything").status_code == 200
    assert httpx.get(f"http://127.0.0.1:{port}/v1/models").status_code == 401
    process.send_signal(how)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, "")
