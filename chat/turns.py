"""Opening a turn: the visitor's message is stored and counted before anything is asked of a provider."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import get_language

from chat import limits
from chat.models import Conversation, Message

if TYPE_CHECKING:
    from agencies.models import Agency
    from properties.models import Property


@dataclass(slots=True)
class Ask:
    """What a visitor sent, and from where."""

    agency: Agency
    home: Property
    visitor: str
    text: str
    client_id: uuid.UUID = field(default_factory=uuid.uuid4)
    source: str = Conversation.Source.WEB


@dataclass(slots=True)
class Turn:
    """An answer in the making, or, when `answer` is finished, one to be told again."""

    ask: Ask
    conversation: Conversation
    question: Message
    answer: Message
    holder: str
    # The stream is made when the request's own language is gone.
    language: str = field(default_factory=lambda: get_language() or "en-us")

    def is_replay(self) -> bool:
        return self.answer.is_finished()


def open_turn(ask: Ask) -> Turn:
    """Store the message or find it again; all or nothing. Raises Problem, TooMany among them."""
    ask.text = limits.check_length(ask.text)
    conversation = _conversation(ask)
    holder = uuid.uuid4().hex
    if (answer := _finished_answer(conversation, ask.client_id)) is not None:
        return _turn(ask, conversation, answer, holder)
    with transaction.atomic():
        limits.hold_stream(ask.visitor, holder)
        limits.spend_message(ask.agency, ask.home, ask.visitor)
        answer = conversation.begin_answer(ask.client_id, ask.text)
        if answer.is_finished():  # finished between our look and our lease
            limits.release_stream(ask.visitor, holder)
        elif answer.text or answer.state != Message.State.PENDING:
            answer.restart()
    return _turn(ask, conversation, answer, holder)


def _turn(ask: Ask, conversation: Conversation, answer: Message, holder: str) -> Turn:
    question = answer.reply_to
    assert question is not None
    return Turn(ask, conversation, question, answer, holder)


def _conversation(ask: Ask) -> Conversation:
    found = Conversation.objects.of_visitor(ask.visitor, ask.home).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Conversation.objects.create(
                property=ask.home,
                visitor=ask.visitor,
                source=ask.source,
                locale=ask.agency.locale,
                # The panel says it above the first question; a program's own page has to say it there.
                disclosure_shown_at=now() if ask.source == Conversation.Source.WEB else None,
            )
    except IntegrityError:  # two first messages at once
        return Conversation.objects.of_visitor(ask.visitor, ask.home).get()


def _finished_answer(conversation: Conversation, client_id: uuid.UUID) -> Message | None:
    return (
        Message.objects.filter(conversation=conversation, reply_to__client_id=client_id, state=Message.State.SAID)
        .select_related("reply_to")
        .first()
    )


def history(turn: Turn) -> list[dict[str, Any]]:
    """The last messages before the question, and the question, as the provider wants them."""
    earlier = (
        Message.objects.filter(conversation=turn.conversation, number__lt=turn.question.number)
        .exclude(text="")
        .exclude(state=Message.State.FAILED)
        .order_by("-number")[: settings.CHAT_HISTORY_MESSAGES]
    )
    room = settings.CHAT_HISTORY_CHARACTERS
    kept: list[dict[str, Any]] = []
    for message in earlier:
        room -= len(message.text)
        if room < 0:
            break
        role = "user" if message.role == Message.Role.VISITOR else "assistant"
        kept.append({"role": role, "content": message.text})
    return [*reversed(kept), {"role": "user", "content": turn.question.text}]
