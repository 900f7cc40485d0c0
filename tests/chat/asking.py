"""A visitor of a home's page, who asks as its script does and as a plain form does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import get_script_prefix

from properties.models import Property

Event = tuple[str, dict[str, Any]]
SSE = "text/event-stream"


class Visitor:
    def __init__(self, home: Property, path: str = "") -> None:
        self.home = home
        self.page = path or f"{get_script_prefix()}{home.agency.slug}/{home.slug}/"
        self.client = AsyncClient()

    def ask(self, text: str, client_id: object = None) -> list[Event]:
        """The events of the answer; a refusal is one event, `("refused", body and status)`."""
        return async_to_sync(self.aask)(text, client_id)

    async def aask(self, text: str, client_id: object = None) -> list[Event]:
        response = await self.apost(text, client_id, accept=SSE)
        if not response.streaming:
            return [("refused", {**response.json(), "status": response.status_code, "headers": response.headers})]
        body = b"".join([part async for part in response]).decode()
        return [parse(block) for block in body.split("\n\n") if block]

    def post(self, text: str, client_id: object = None, accept: str = "text/html") -> Any:
        return async_to_sync(self.apost)(text, client_id, accept)

    async def apost(self, text: str, client_id: object = None, accept: str = "text/html") -> Any:
        fields = {"text": text, "client_id": str(client_id or uuid4())}
        return await self.client.post(f"{self.page}chat/", fields, headers={"accept": accept})

    @asynccontextmanager
    async def listening(self, text: str, client_id: object = None) -> AsyncIterator[None]:
        """Within the block the first event has come; at its end the visitor leaves, as a server notices it."""
        heard = asyncio.Event()

        async def listen() -> None:
            async for _part in await self.apost(text, client_id, accept=SSE):
                heard.set()

        task = asyncio.create_task(listen())
        try:
            async with asyncio.timeout(10):
                await heard.wait()
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def read(self) -> str:
        """The page, with the same cookies."""
        client = Client()
        client.cookies = self.client.cookies
        return client.get(self.page).content.decode()


def parse(block: str) -> Event:
    name, data = block.split("\n", 1)
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def text_of(events: list[Event]) -> str:
    return "".join(data["text"] for name, data in events if name == "delta")


def only(events: list[Event], name: str) -> dict[str, Any]:
    """The data of the one event of this name."""
    (data,) = [data for event, data in events if event == name]
    return data


def names(events: list[Event]) -> list[str]:
    return [name for name, _ in events]
