"""One answer: rounds of thinking and looking up, told while it is made, acknowledged once it is stored.

The work runs in a task of its own that the listener owns: when the listener leaves, the task is cancelled,
keeps what was said, and is over before `events()` is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation

from agencies.errors import Problem, problem_body
from agencies.scope import agency_scope
from chat import limits
from chat.admission import admits
from chat.briefing import write_briefing
from chat.calls import Asked, ToolDesk
from chat.citations import cited
from chat.known import Record
from chat.models import Question, ToolCall
from chat.provider import Provider, ProviderFailure, StreamBroke, provider_of, timed_out
from chat.record import read_record
from chat.rounds import Round
from chat.tools import schemas
from chat.turns import Turn, history

logger = logging.getLogger(__name__)

Json = dict[str, Any]
Event = tuple[str, Json]


class Answer:
    """Makes the answer of one turn; `events()` yields `(name, data)` as the page expects them."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.text = ""
        self.failure: Problem | None = None
        self.desk: ToolDesk | None = None
        self.events_made: asyncio.Queue[Event | None] = asyncio.Queue()

    async def events(self) -> AsyncGenerator[Event]:
        if self.turn.is_replay():
            for told in self._told_again():
                yield told
            return
        making = asyncio.create_task(self._make())
        try:
            while (event := await self.events_made.get()) is not None:
                yield event
        finally:
            making.cancel()
            await asyncio.wait([making])

    def _told_again(self) -> list[Event]:
        answer = self.turn.answer
        events: list[Event] = [("delta", {"text": answer.text})]
        if answer.form:
            events.append(("form", answer.form))
        return [*events, *self._closing()]

    def _closing(self) -> list[Event]:
        answer = self.turn.answer
        name = str(answer.public_id)
        return [
            ("facts", {"message": name, "facts": answer.facts}),
            ("done", {"message": name, "state": answer.state}),
        ]

    def _emit(self, name: str, data: Json) -> None:
        self.events_made.put_nowait((name, data))

    async def _make(self) -> None:
        # The middleware has left by now: this task is its own edge, and enters scope and language by itself.
        with agency_scope(self.turn.ask.agency), translation.override(self.turn.language):
            try:
                await self._think_and_keep()
            except Problem as failure:
                name = type(failure).__name__
                logger.warning("answer %s failed: %s (%s)", self.turn.answer.public_id, failure.code, name)
                await self._give_up(failure)
            except asyncio.CancelledError:
                await asyncio.shield(self._keep_partial("visitor_left"))
                raise
            except Exception:
                # Whatever broke: a sentence for the visitor, the lease given back, the trace in the log.
                logger.exception("the answer failed")
                await self._give_up(ProviderFailure("chat_unavailable"))
            finally:
                self.events_made.put_nowait(None)

    async def _think_and_keep(self) -> None:
        record, provider, messages = await sync_to_async(self._prepare)()
        desk = self.desk = ToolDesk(record)
        try:
            async with asyncio.timeout(settings.CHAT_TOTAL_SECONDS):
                await self._think(provider, messages, desk)
        except TimeoutError:
            raise timed_out() from None
        await sync_to_async(self._finish)(desk)
        for event in self._closing():
            self._emit(*event)

    def _prepare(self) -> tuple[Record, Provider, list[Json]]:
        ask = self.turn.ask
        record = read_record(ask.agency, ask.home, self.turn.conversation.locale)
        system = {"role": "system", "content": write_briefing(record, ask.agency, record.today)}
        return record, provider_of(ask.agency), [system, *history(self.turn)]

    async def _think(self, provider: Provider, messages: list[Json], desk: ToolDesk) -> None:
        tools = schemas(desk.record)
        for rounds_left in range(settings.CHAT_TOOL_ROUNDS, -1, -1):
            asked = await self._one_round(provider, messages, tools, may_call=rounds_left > 0)
            if not asked.calls:
                break
            messages.append(asked.as_message())
            for call in asked.calls:
                messages.append(await self._look_up(call, desk))
        if not self.text.strip():
            raise ProviderFailure("chat_unavailable")

    async def _one_round(
        self,
        provider: Provider,
        messages: list[Json],
        tools: list[Json],
        *,
        may_call: bool,
    ) -> Round:
        said = Round(may_call=may_call)
        try:
            async with asyncio.timeout(settings.CHAT_ROUND_SECONDS):
                async with aclosing(provider.stream(messages, tools, may_call=may_call)) as chunks:
                    async for chunk in chunks:
                        self._say(said.take(chunk), first=len(said.text) == 0)
        except TimeoutError:
            raise timed_out() from None
        said.check_end()
        return said

    def _say(self, piece: str, *, first: bool) -> None:
        if not piece:
            return
        if self.text and first and not self.text[-1].isspace():
            piece = f" {piece}"  # the words before a look-up, and those after it
        self.text += piece
        if len(self.text) > settings.CHAT_ANSWER_CHARACTERS:
            raise StreamBroke
        self._emit("delta", {"text": piece})

    async def _look_up(self, call: Asked, desk: ToolDesk) -> Json:
        finished = await desk.run(call)
        if finished.outcome.form:
            self._emit("form", finished.outcome.form)
        return finished.as_message()

    def _finish(self, desk: ToolDesk) -> None:
        turn, text = self.turn, self.text.strip()
        facts = cited(text, desk.record, desk.fact_keys())
        with transaction.atomic():
            turn.answer.finish(text, facts, desk.form())
            ToolCall.objects.bulk_create(desk.rows(turn.answer))
            if admits(text) or (desk.looked_in_vain() and not facts):
                Question.objects.note(turn.ask.home, turn.question.text, turn.conversation.locale, turn.conversation)
            limits.release_stream(turn.ask.visitor, turn.holder)

    async def _give_up(self, failure: Problem) -> None:
        if self.text and failure.code == "chat_unavailable":
            failure = StreamBroke()  # to a visitor who was reading it broke off, for whatever reason
        self.failure = failure
        try:
            await self._keep_partial(failure.code)
        except DatabaseError:
            logger.exception("a broken answer was not stored")  # the visitor is told all the same
        self._emit("error", problem_body(failure))

    async def _keep_partial(self, code: str) -> None:
        await sync_to_async(self._break_off)(code)

    def _break_off(self, code: str) -> None:
        with transaction.atomic():
            if self.turn.answer.break_off(self.text.strip(), code) and self.desk:
                ToolCall.objects.bulk_create(self.desk.rows(self.turn.answer))
            limits.release_stream(self.turn.ask.visitor, self.turn.holder)
