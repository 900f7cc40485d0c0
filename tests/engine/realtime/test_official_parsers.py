"""The schemas of the unmodified browser client: an event that they do not know, or refuse, nobody there ever sees."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.engine.realtime.judge import TYPES, Json
from tests.engine.realtime.scene import Scene, loud, quiet

ROOT = Path(__file__).parents[3]
SCHEMAS = ROOT / "node_modules/@openai/agents-realtime/dist/openaiRealtimeEvents.mjs"
SCRIPT = """
import { readFileSync } from 'node:fs';
const { parseRealtimeEvent } = await import(process.argv[1]);
const events = JSON.parse(readFileSync(0, 'utf8'));
const seen = events.map((event) => !parseRealtimeEvent({ data: JSON.stringify(event) }).isGeneric);
console.log(JSON.stringify(seen));
"""
# Known to the client's agents, though not in its union of schemas.
GENERIC = {"input_audio_buffer.timeout_triggered"}


def parsed(events: list[Json]) -> list[bool]:
    if not SCHEMAS.exists():
        pytest.skip("the browser client is not installed: npm ci")
    command = ["node", "--input-type=module", "-e", SCRIPT, SCHEMAS.as_uri()]
    done = subprocess.run(command, input=json.dumps(events), capture_output=True, text=True, check=True)
    return [bool(one) for one in json.loads(done.stdout)]


def whole_life(medium: str) -> list[Json]:
    """A session in which every event occurs that this medium has; sound comes to a socket by the same way here."""
    detection = {"type": "server_vad", "idle_timeout_ms": 5000}
    scene = Scene({"audio": {"input": {"turn_detection": detection, "transcription": {"model": "t"}}}}, medium=medium)
    scene.update(tools=[{"type": "function", "name": "get_fact"}])
    scene.ask()
    scene.thought("Let me see. ")
    scene.called(0, "call_1", "get_fact", "{}")
    scene.thinking_done("tool_calls")
    scene.speak()
    scene.send("conversation.item.create", item={"type": "function_call_output", "call_id": "call_1", "output": "1"})
    scene.send("response.create", response={"output_modalities": ["text"], "metadata": {"a": "b"}})
    scene.thought("One.")
    scene.thinking_done()
    scene.session.played_out(scene.response_id, scene.now)
    for heard in ("Two?", None):
        for sound in (loud(640), quiet(640)):
            scene.session.hear(sound, scene.now)
            scene.take()
        _ = scene.heard(heard) if heard else scene.deaf()
        if heard:
            scene.thought("Three. Four. Five")
            scene.spoke(0)
    scene.send("conversation.item.retrieve", item_id=scene.items[-1])
    spoken = [item.id for item in scene.session._core.conversation if item.sentences or item.role == "assistant"]
    scene.send("conversation.item.truncate", item_id=spoken[0], content_index=0, audio_end_ms=10)
    scene.send("conversation.item.retrieve", item_id=spoken[0])
    scene.send("conversation.item.delete", item_id=spoken[0])
    scene.send("input_audio_buffer.clear")
    scene.ask()
    scene.answer()
    for response in scene.all("response.created"):
        scene.session.played_out(response["response"]["id"], scene.now)
    scene.take()
    scene.tick(10)
    scene.send("nonsense")
    scene.tick(3600)
    return scene.events


@pytest.mark.parametrize("medium", ["socket", "peer"])
def test_the_browser_client_understands_every_event(medium: str) -> None:
    events = whole_life(medium)
    strange = {event["type"] for event, seen in zip(events, parsed(events), strict=True) if not seen}
    assert strange <= GENERIC


def test_every_event_of_the_contract_occurs() -> None:
    """But for MCP, telephones, speakers told apart, and what the contract advises against."""
    elsewhere = {
        "conversation.created",
        "conversation.item.created",
        "conversation.item.input_audio_transcription.segment",
        "input_audio_buffer.dtmf_event_received",
    }
    occurring = {event["type"] for medium in ("socket", "peer") for event in whole_life(medium)}
    assert occurring == {kind for kind in TYPES if "mcp" not in kind} - elsewhere


def test_the_browser_client_would_notice_a_wrong_one() -> None:
    events = whole_life("socket")
    added = next(event for event in events if event["type"] == "conversation.item.added")
    wrong = {**added, "item": {**added["item"], "status": None}}
    assert parsed([added, wrong]) == [True, False]
