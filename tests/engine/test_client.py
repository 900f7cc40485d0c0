"""What the official client can ask of the engine beside the plain question, over a real socket."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest

MODEL = "openhouse-thinker"
BRIEFING = """You answer for one home.
Answer in: en-US
Today is: 2026-11-25

Rules:
1. Where nothing is known write exactly: "The listing does not say."

Facts (key | label | value):
- list_price | Price | $649,000
- bedrooms_total | Bedrooms | 3
Rooms (key | name | details):
- kitchen | Kitchen | Main level, 18 ft × 17 ft
More facts by get_facts (key | label):
- tax_annual_amount | Property tax
- roof | Roof
"""


def tool(name: str, **properties: Any) -> Any:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


TEXT = {"type": "string"}
TOOLS: list[Any] = [
    tool("get_facts", keys={"type": "array", "items": {"type": "string", "enum": ["tax_annual_amount", "roof"]}}),
    tool("get_knowledge", question=TEXT),
    tool("show_room", room={"type": "string", "enum": ["kitchen"]}),
]


def asked(*words: str, role: Any = "system") -> list[Any]:
    return [{"role": role, "content": BRIEFING}, *({"role": "user", "content": one} for one in words)]


@pytest.fixture
async def client(engine_url: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=engine_url, api_key="any", max_retries=0) as client:
        yield client


async def text(client: openai.AsyncOpenAI, messages: list[Any], **options: Any) -> str:
    answer = await client.chat.completions.create(model=MODEL, messages=messages, **options)
    return answer.choices[0].message.content or ""


async def test_several_calls_come_in_one_stream_by_their_index(client: openai.AsyncOpenAI) -> None:
    question = asked("How much is the property tax, and can you show me the kitchen?")
    async with client.chat.completions.stream(model=MODEL, messages=question, tools=TOOLS) as stream:
        done = [event async for event in stream if event.type == "tool_calls.function.arguments.done"]
        choice = (await stream.get_final_completion()).choices[0]
    calls = [call.function for call in choice.message.tool_calls or []]
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        ("get_facts", {"keys": ["tax_annual_amount"]}),
        ("show_room", {"room": "kitchen"}),
    ]
    assert [(event.index, event.name) for event in done] == [(0, "get_facts"), (1, "show_room")]
    assert choice.finish_reason == "tool_calls"


async def test_parallel_calls_can_be_switched_off(client: openai.AsyncOpenAI) -> None:
    question = asked("How much is the property tax, and can you show me the kitchen?")

    async def calls(**options: Any) -> int:
        answer = await client.chat.completions.create(model=MODEL, messages=question, tools=TOOLS, **options)
        return len(answer.choices[0].message.tool_calls or [])

    assert await calls() == 2
    assert await calls(parallel_tool_calls=False) == 1


async def test_results_of_all_calls_make_one_answer(client: openai.AsyncOpenAI) -> None:
    messages = asked("How much is the property tax, and can you show me the kitchen?")
    first = await client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
    message = first.choices[0].message
    fact = {"key": "tax_annual_amount", "label": "Property tax", "written": "$6,240.50 per year", "source": "County"}
    room = {"key": "kitchen", "name": "Kitchen", "level": "Main level", "size": "18 ft × 17 ft", "description": ""}
    results = [{"facts": [fact], "not_stated": [], "unknown": []}, {"ok": True, "room": room}]
    messages.append(message.model_dump(exclude_none=True))
    for call, result in zip(message.tool_calls or [], results, strict=True):
        messages.append({"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)})
    answer = await text(client, messages, tools=TOOLS)
    assert "$6,240.50 per year" in answer
    assert "18 ft × 17 ft" in answer


async def test_forced_tool_streams_a_call_and_none_forbids_it(client: openai.AsyncOpenAI) -> None:
    async def end(choice: Any) -> str | None:
        stream = await client.chat.completions.create(
            model=MODEL, messages=asked("Show me the kitchen"), tools=TOOLS, tool_choice=choice, stream=True
        )
        return [chunk.choices[0].finish_reason async for chunk in stream][-1]

    assert await end({"type": "function", "function": {"name": "get_knowledge"}}) == "tool_calls"
    assert await end("required") == "tool_calls"
    assert await end("auto") == "tool_calls"
    assert await end("none") == "stop"


async def test_parameters_of_other_models_change_nothing(client: openai.AsyncOpenAI) -> None:
    plain = await text(client, asked("What is the price?"))
    assert "$649,000" in plain
    others: dict[str, Any] = {
        "temperature": 0.3,
        "top_p": 0.9,
        "seed": 7,
        "n": 1,
        "presence_penalty": 1,
        "frequency_penalty": 1,
        "logit_bias": {},
        "user": "somebody",
        "store": False,
        "metadata": {"page": "tour"},
        "reasoning_effort": "low",
        "verbosity": "low",
        "service_tier": "auto",
        "safety_identifier": "hash",
        "prompt_cache_key": "key",
        "response_format": {"type": "text"},
        "extra_body": {"something_new": True},
    }
    assert await text(client, asked("What is the price?"), **others) == plain


async def test_more_than_one_choice_is_refused(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await text(client, asked("What is the price?"), n=2)
    assert refused.value.param == "n"
    assert "$649,000" in await text(client, asked("What is the price?"), n=1)


async def test_briefing_may_be_a_developers_and_text_may_come_in_parts(client: openai.AsyncOpenAI) -> None:
    parts: list[Any] = [{"type": "text", "text": "What is"}, {"type": "text", "text": "the price?"}]
    assert "$649,000" in await text(client, asked("What is the price?", role="developer"))
    assert "$649,000" in await text(client, [asked()[0], {"role": "user", "content": parts}])


async def test_picture_in_the_question_is_refused_and_named(client: openai.AsyncOpenAI) -> None:
    picture: Any = {"type": "image_url", "image_url": {"url": "https://pictures.example/1.jpg"}}
    with pytest.raises(openai.BadRequestError) as refused:
        await text(client, [{"role": "user", "content": [picture]}])
    assert (refused.value.param or "").startswith("messages[0].content")


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_streamed_answer_ends_at_the_limit(client: openai.AsyncOpenAI, name: str) -> None:
    options: Any = {name: 2}
    stream = await client.chat.completions.create(
        model=MODEL, messages=asked("What is the price?"), stream=True, **options
    )
    chunks = [chunk async for chunk in stream]
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "length"
    whole = await text(client, asked("What is the price?"))
    words = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    assert len(words) == 2
    assert whole.startswith("".join(words))


async def test_stop_ends_the_answer_before_it(client: openai.AsyncOpenAI) -> None:
    whole = await text(client, asked("What is the price?"))
    assert await text(client, asked("What is the price?"), stop=["$"]) == whole.partition("$")[0]


async def test_same_question_has_the_same_answer(client: openai.AsyncOpenAI) -> None:
    assert await text(client, asked("How many bedrooms?")) == await text(client, asked("How many bedrooms?"))


async def test_unknown_model_is_not_shown(client: openai.AsyncOpenAI) -> None:
    assert (await client.models.retrieve(MODEL)).id == MODEL
    with pytest.raises(openai.NotFoundError) as unknown:
        await client.models.retrieve("other")
    assert unknown.value.code == "model_not_found"


def test_stream_ends_with_done_in_the_lines_of_server_sent_events(engine_url: str) -> None:
    body = {"model": MODEL, "messages": asked("What is the price?"), "stream": True}
    headers = {"Authorization": "Bearer any"}
    answer = httpx.post(f"{engine_url}/chat/completions", json=body, headers=headers)
    events = answer.text.split("\n\n")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (events[-2], events[-1]) == ("data: [DONE]", "")
    assert all(json.loads(event.removeprefix("data: "))["object"] == "chat.completion.chunk" for event in events[:-2])


def test_every_answer_has_a_request_id_of_its_own(engine_url: str) -> None:
    headers = {"Authorization": "Bearer any"}
    answers = [httpx.get(f"{engine_url}/{path}", headers=headers) for path in ("models", "models", "nothing")]
    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3
