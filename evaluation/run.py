"""Every case through the real engine: its own process, a real socket, the official client, as the chat server asks."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI

from evaluation.judge import Case, Heard, Verdict, judge
from evaluation.listing import Listing, listing
from evaluation.tools import run, schemas

CASES = Path(__file__).parent / "cases"
MODEL = "openhouse-thinker"
AT_ONCE = 8
ROUNDS = 4

Call = tuple[str, dict[str, Any]]


def read_cases() -> list[Case]:
    return [
        Case(**json.loads(line), origin=path.stem)
        for path in sorted(CASES.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]


@contextmanager
def running_engine() -> Iterator[str]:
    """The address of an engine of our own on a free port."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ENGINE_")}
    command = [sys.executable, "-m", "engine", "--port", "0"]
    root = Path(__file__).parent.parent
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout
            announced = re.search(r"http\S+", process.stdout.readline())
            if not announced:
                raise SystemExit("The engine did not start: run `python -m engine` to see why.")
            yield announced[0]
        finally:
            process.terminate()


async def evaluate(base_url: str, cases: list[Case], *, key: str = "evaluation") -> list[Verdict]:
    gate = asyncio.Semaphore(AT_ONCE)
    async with AsyncOpenAI(base_url=base_url, api_key=key) as client:

        async def ask(case: Case) -> Verdict:
            async with gate:
                return judge(case, await Talk(client, listing(case.listing)).hold(case.say))

        return list(await asyncio.gather(*(ask(case) for case in cases)))


class Talk:
    """One conversation about one home. Of earlier turns the engine is told the words, as the chat server does."""

    def __init__(self, client: AsyncOpenAI, home: Listing) -> None:
        self.client = client
        self.home = home
        self.tools = schemas(home)
        self.said: list[Any] = [{"role": "system", "content": home.briefing()}]
        self.inputs = re.sub(r"\nRules:\n.*?\n\n", "\n", home.briefing(), flags=re.DOTALL)

    async def hold(self, turns: list[str]) -> Heard:
        heard = Heard("", "", [])
        for words in turns:
            self.said.append({"role": "user", "content": words})
            text, calls = await self._answer()
            self.said.append({"role": "assistant", "content": text})
            heard = Heard(text, self.inputs, calls)
        return heard

    async def _answer(self) -> tuple[str, list[Call]]:
        made: list[Call] = []
        messages = list(self.said)
        for rounds_left in range(ROUNDS, -1, -1):
            message = await self._round(messages, "auto" if rounds_left else "none")
            if not message.tool_calls:
                return message.content or "", made
            messages.append(message.model_dump(exclude_none=True))
            for call in message.tool_calls:
                arguments = json.loads(call.function.arguments)
                made.append((call.function.name, arguments))
                result = json.dumps(await run(self.home, call.function.name, arguments), ensure_ascii=False)
                self.inputs += f"\n{result}"
                messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
        return "", made

    async def _round(self, messages: list[Any], choice: Any) -> Any:
        options: dict[str, Any] = {"tools": self.tools, "tool_choice": choice} if self.tools else {}
        async with self.client.chat.completions.stream(model=MODEL, messages=messages, **options) as stream:
            completion = await stream.get_final_completion()
        return completion.choices[0].message
