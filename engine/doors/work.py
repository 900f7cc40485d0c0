"""What a session wants heard, thought and said: each a task of its own that can be cancelled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from engine.backends import BackendError, Backends, CallDelta, Finished, Heard, Hints, TextDelta
from engine.realtime import Session
from engine.realtime.orders import Hear, Listen, Speak, Think
from engine.settings import Patience

logger = logging.getLogger("engine")

Piece = TypeVar("Piece")
Report = Callable[..., None]  # a method of the session, and its arguments without `now`


@dataclass(slots=True)
class _Listening:
    sound: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)  # bounded by what the session takes in
    until: float | None = None  # loop time; known when no more sound comes
    timeout: asyncio.Timeout | None = None
    task: asyncio.Task[None] | None = None
    error: BackendError | None = None  # before the end of the sound: told then, when somebody waits for the text


@dataclass(slots=True)
class _Answer:
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    said: asyncio.Event | None = None  # set when the last sentence ordered so far has been said


class Work:
    """Its tasks belong to the session's group; reports go to the session, which ignores those that come too late."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        session: Session,
        backends: Backends,
        patience: Patience,
        report: Report,
        room: Callable[[], Awaitable[None]],
    ) -> None:
        self._group, self._session, self._backends = group, session, backends
        self._patience, self._report, self._room = patience, report, room
        self._listening: dict[str, _Listening] = {}
        self._answers: dict[str, _Answer] = {}

    def cancel(self) -> None:
        for item_id in list(self._listening):
            self.forget(item_id)
        for response_id in list(self._answers):
            self.stop(response_id)

    # Hearing

    def listen(self, order: Listen) -> None:
        listening = self._listening[order.item_id] = _Listening()
        listening.task = self._start(
            self._hear(order.item_id, order.hints, listening),
            lambda error: self._could_not_hear(order.item_id, listening, error),
        )

    def hear(self, order: Hear) -> None:
        listening = self._listening.get(order.item_id)
        if listening is not None and listening.error is None:
            listening.sound.put_nowait(order.pcm)

    def understand(self, item_id: str) -> None:
        listening = self._listening.get(item_id)
        if listening is None:
            return
        loop = asyncio.get_running_loop()
        listening.sound.put_nowait(None)
        listening.until = loop.time() + self._patience.hear
        if listening.timeout is not None:
            listening.timeout.reschedule(listening.until)
        if listening.error is not None:  # not now: the core is in the middle of something
            loop.call_soon(self._could_not_hear, item_id, listening, listening.error)

    def forget(self, item_id: str) -> None:
        listening = self._listening.pop(item_id, None)
        if listening is not None and listening.task is not None:
            listening.task.cancel()

    async def _hear(self, item_id: str, hints: Hints, listening: _Listening) -> None:
        try:
            async with asyncio.timeout_at(listening.until) as listening.timeout:
                heard = await self._recognise(hints, listening.sound)
        finally:
            listening.timeout = None
        if self._listening.pop(item_id, None) is listening:
            self._report(self._session.heard, item_id, heard)

    def _could_not_hear(self, item_id: str, listening: _Listening, error: BackendError) -> None:
        listening.error = error
        if listening.until is not None and self._listening.pop(item_id, None) is listening:
            self._report(self._session.hearing_failed, item_id, error)

    async def _recognise(self, hints: Hints, sound: asyncio.Queue[bytes | None]) -> Heard:
        chunk = await sound.get()
        if chunk is None:
            return Heard("", 0.0)
        hearing = await self._backends.ear.listen(hints)
        try:
            while chunk is not None:
                await hearing.feed(chunk)
                chunk = await sound.get()
            return await hearing.finish()
        finally:
            await hearing.aclose()

    # Answering

    def think(self, order: Think) -> None:
        failed = self._failure(self._session.thinking_failed, order.response_id)
        self._answer(order.response_id, self._think(order), failed)

    def speak(self, order: Speak) -> None:
        answer = self._answers.setdefault(order.response_id, _Answer())
        before, answer.said = answer.said, asyncio.Event()
        failed = self._failure(self._session.speaking_failed, order.response_id, order.part)
        self._answer(order.response_id, self._speak(order, before, answer.said), failed)

    def stop(self, response_id: str) -> None:
        if answer := self._answers.pop(response_id, None):
            for task in answer.tasks:
                task.cancel()

    async def _think(self, order: Think) -> None:
        stream = self._backends.mind.think(order.body)
        async with aclosing(_patiently(stream, self._patience.think)) as pieces:
            async for piece in pieces:
                match piece:
                    case TextDelta():
                        self._report(self._session.thought, order.response_id, piece)
                    case CallDelta():
                        self._report(self._session.called, order.response_id, piece)
                    case Finished():
                        self._report(self._session.thinking_done, order.response_id, piece)
                        return
        raise BackendError("bad_answer", "The answer ended without its end.")

    async def _speak(self, order: Speak, before: asyncio.Event | None, said: asyncio.Event) -> None:
        """The first sound is fetched while the sentence before is still being said, and then waits for its turn."""
        stream = self._backends.voice.speak(order.text, order.manner)
        try:
            async with aclosing(_patiently(stream, self._patience.speak)) as chunks:
                async for chunk in chunks:
                    if before is not None:
                        await before.wait()
                    await self._room()
                    self._report(self._session.spoke, order.response_id, order.part, chunk)
            if before is not None:
                await before.wait()
        finally:
            said.set()
        self._report(self._session.speaking_done, order.response_id, order.part)

    def _failure(self, report: Callable[..., None], *whose: Any) -> Callable[[BackendError], None]:
        return lambda error: self._report(report, *whose, error)

    def _answer(
        self, response_id: str, work: Coroutine[Any, Any, None], failed: Callable[[BackendError], None]
    ) -> None:
        answer = self._answers.setdefault(response_id, _Answer())
        task = self._start(work, failed)
        answer.tasks.add(task)
        task.add_done_callback(lambda done: self._ended(response_id, answer, done))

    def _ended(self, response_id: str, answer: _Answer, task: asyncio.Task[None]) -> None:
        answer.tasks.discard(task)
        if not answer.tasks and self._answers.get(response_id) is answer:
            del self._answers[response_id]

    def _start(self, work: Coroutine[Any, Any, None], failed: Callable[[BackendError], None]) -> asyncio.Task[None]:
        return self._group.create_task(_guarded(work, failed))


async def _guarded(work: Coroutine[Any, Any, None], failed: Callable[[BackendError], None]) -> None:
    try:
        await work
    except BackendError as error:
        logger.warning("A part failed (%s): %s", error.code, error.message)
        failed(error)
    except TimeoutError:
        logger.warning("A part failed (timeout): it took too long.")
        failed(BackendError("timeout", "It took too long."))
    except Exception as error:  # whatever a part does, the session answers for it and lives on
        logger.exception("A part broke")
        failed(BackendError("unavailable", repr(error)))


async def _patiently(stream: AsyncIterator[Piece], seconds: float) -> AsyncGenerator[Piece, None]:
    """Its pieces, each within `seconds`; closing this closes the stream."""
    async with aclosing(cast(AsyncGenerator[Piece, None], stream)):
        while True:
            try:
                async with asyncio.timeout(seconds):
                    piece = await anext(stream)
            except StopAsyncIteration:
                return
            yield piece
