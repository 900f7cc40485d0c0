"""Every case through the real engine: its own process, a real socket, the official client."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

from evaluation.judge import Case, Heard, Verdict, judge
from evaluation.listing import Listing, listing

CASES = Path(__file__).parent / "cases"
MODEL = "openhouse-thinker"
AT_ONCE = 4
ROUNDS = 4


def read_cases() -> list[Case]:
    lines = [
        line for path in sorted(CASES.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines() if line
    ]
    return [Case(**json.loads(line)) for line in lines]


def evaluate() -> list[Verdict]:
    with running_engine() as base_url:
        return judge(asyncio.run(_ask_all(read_cases(), base_url)))


@contextmanager
def running_engine() -> Iterator[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ENGINE_")}
    command = [sys.executable, "-m", "engine", "--port", "0"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    ) as process:
        try:
            assert process.stdout
            announced = process.stdout.readline()
            if "http" not in announced:
                raise SystemExit("The engine did not start: run `python -m engine` to see why.")
            yield announced.split()[4]
        finally:
            process.terminate()


async def _ask_all(cases: list[Case], base_url: str) -> list[tuple[Case, Heard]]:
    gate = asyncio.Semaphore(AT_ONCE)
    async with AsyncOpenAI(base_url=base_url, api_key="evaluation") as client:

        async def ask(case: Case) -> tuple[Case, Heard]:
            async with gate:
                return case, await _ask(client, case)

        return list(await asyncio.gather(*(ask(case) for case in cases)))


async def _ask(client: AsyncOpenAI, case: Case) -> Heard:
    home = listing(case.listing)
    messages: list[Any] = [{"role": "system", "content": home.system()}]
    heard = Heard("", "", [])
    for said in case.say:
        messages.append({"role": "user", "content": said})
        text, calls = await _answer(client, home, messages)
        messages.append({"role": "assistant", "content": text})
        inputs = "\n".join(one["content"] for one in messages if one["role"] in ("system", "tool"))
        heard = Heard(text, inputs, calls)
    return heard


async def _answer(
    client: AsyncOpenAI, home: Listing, messages: list[Any]
) -> tuple[str, list[tuple[str, dict[str, Any]]]]:
    """The chat server's side: run the tools that the engine asks for, until it speaks."""
    made: list[tuple[str, dict[str, Any]]] = []
    options: dict[str, Any] = {"tools": home.tools()} if home.tools() else {}
    for _ in range(ROUNDS):
        completion = await client.chat.completions.create(model=MODEL, messages=messages, **options)
        message = completion.choices[0].message
        if not message.tool_calls:
            return message.content or "", made
        messages.append(message.model_dump(exclude_none=True))
        for call in message.tool_calls:
            assert call.type == "function"
            arguments = json.loads(call.function.arguments)
            made.append((call.function.name, arguments))
            result = json.dumps(home.run(call.function.name, arguments), ensure_ascii=False)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return "", made
