"""Turns over a WebSocket, driven by the official client."""

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai.resources.realtime.realtime import AsyncRealtimeConnection

from engine.backends import BackendError, Finished, Hints, TextDelta
from tests.engine.doors.stage import ANSWER, House, Json, house, tone, until, user

TOOL: Any = {"type": "function", "name": "get_fact", "description": "A fact.", "parameters": {"type": "object"}}
TRANSCRIBED: Any = {"type": "realtime", "audio": {"input": {"transcription": {"model": "any"}}}}


@pytest.fixture
async def at() -> AsyncIterator[House]:
    async with house() as running:
        yield running


@pytest.fixture
async def line(at: House) -> AsyncIterator[AsyncRealtimeConnection]:
    async with at.client() as client, client.realtime.connect(model="m") as connection:
        yield connection


async def say(line: AsyncRealtimeConnection, ms: int = 800, silence: int = 800) -> None:
    sound = tone(ms) + bytes(silence * 48)
    for place in range(0, len(sound), 4800):
        await line.input_audio_buffer.append(audio=base64.b64encode(sound[place : place + 4800]).decode())


async def events(line: AsyncRealtimeConnection, last: str) -> list[Any]:
    got: list[Any] = []
    async with asyncio.timeout(10):
        while not got or got[-1].type != last:
            got.append(await line.recv())
    return got


def kinds(got: list[Any]) -> list[str]:
    return [event.type for event in got]


async def test_a_spoken_turn_calls_a_tool_and_is_answered_in_sound(at: House, line: AsyncRealtimeConnection) -> None:
    session: Any = {**TRANSCRIBED, "tools": [TOOL]}
    await line.session.update(session=session)
    await say(line)
    first = await events(line, "response.done")
    turn = [kind for kind in kinds(first) if kind.startswith(("input_audio_buffer", "conversation.item.input"))]
    assert turn == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
    ]
    call = first[-1].response.output[0]
    assert (call.name, call.status) == ("get_fact", "completed")
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "$450"}
    await line.conversation.item.create(item=output)
    await line.response.create()
    second = await events(line, "response.done")
    sound = b"".join(base64.b64decode(each.delta) for each in second if each.type == "response.output_audio.delta")
    assert sound == tone(100) * 10
    assert second[-1].response.output[0].content[0].transcript == ANSWER
    assert at.mind.bodies[0]["messages"][-1]["content"] == at.ear.text


async def test_speech_interrupts_the_answer_and_its_parts(at: House, line: AsyncRealtimeConnection) -> None:
    at.voice.ms = 3_600_000
    await line.conversation.item.create(item=user("What is the fee?"))  # type: ignore[arg-type]
    await line.response.create()
    await events(line, "response.output_audio.delta")
    await say(line, silence=0)
    interrupted = await events(line, "response.done")
    assert interrupted[-1].response.status == "cancelled"
    assert interrupted[-1].response.status_details.reason == "turn_detected"
    await until(lambda: at.voice.speaking == 0)
    after = await events(line, "rate_limits.updated")
    assert "response.output_audio.delta" not in kinds(after)


async def test_an_ear_that_fails_while_one_speaks_is_told_at_the_end_of_the_turn(
    at: House, line: AsyncRealtimeConnection
) -> None:
    async def deaf(hints: Hints) -> Any:
        raise BackendError("authentication", "the key is wrong")

    at.ear.listen = deaf  # type: ignore[method-assign]
    await line.session.update(session=TRANSCRIBED)
    await say(line)
    got = await events(line, "response.done")
    assert "conversation.item.input_audio_transcription.failed" in kinds(got)
    assert got[-1].response.status == "failed"


async def test_sentences_are_said_in_their_order_and_the_next_is_fetched_meanwhile(
    at: House, line: AsyncRealtimeConnection
) -> None:
    sentences = [f"This is the sentence with the number {number} in it. " for number in range(5)]
    at.mind.answer = lambda body: [*(TextDelta(each) for each in sentences), Finished()]
    await line.response.create()
    got = await events(line, "response.done")
    said: list[Json] = [each.delta for each in got if each.type == "response.output_audio_transcript.delta"]
    assert "".join(map(str, said)).strip() == "".join(sentences).strip()
    assert at.voice.said == [each.strip() for each in sentences]
