"""The agency's provider of text answers: any OpenAI-compatible server, through the official client.

What goes wrong there becomes a ProviderFailure: one of our codes and a sentence for the visitor. The details
go to the log only, and the key nowhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import openai
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionChunk

from agencies.errors import Problem
from agencies.keyring import CannotDecrypt
from agencies.models import ProviderAccount

if TYPE_CHECKING:
    from agencies.models import Agency

logger = logging.getLogger(__name__)

# A 429 with one of these is about money: waiting does not help, and asking again costs.
MONEY_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "credit_balance_exhausted"})
CONNECT_SECONDS = 5.0
CLIENTS_KEPT = 32
RETRY_PAUSE_SECONDS = 0.3
BUSY_SECONDS = 30


SENTENCES = {
    "chat_unavailable": _("The assistant cannot answer just now: try again in a moment, or leave a message."),
    "chat_timeout": _("The answer took too long: try again, or leave a message for the agency."),
    "chat_interrupted": _("The answer broke off: try again."),
    "chat_not_enabled": _("The assistant is not set up yet: leave a message and a person will answer."),
    "budget_reached": _("The assistant has used up its budget: leave a message and a person will answer."),
    "chat_busy": _("The assistant is busy: try again in a minute, or leave a message for the agency."),
    "visitor_left": _("This answer was not finished: try again."),
}


class ProviderFailure(Problem):
    type = "api_error"
    status = 503

    def __init__(self, code: str, *, status: int = 503, retry_after: int | None = None) -> None:
        super().__init__(str(SENTENCES[code]), code=code, status=status, retry_after=retry_after)


class StreamBroke(ProviderFailure):
    """The answer ended before its end: what was said so far is worth keeping."""

    def __init__(self) -> None:
        super().__init__("chat_interrupted")


class Garbage(ProviderFailure):
    """The server's words are not Chat Completions."""

    def __init__(self) -> None:
        super().__init__("chat_unavailable")


def timed_out() -> ProviderFailure:
    return ProviderFailure("chat_timeout", status=504)


@dataclass(frozen=True, slots=True)
class Provider:
    endpoint: str
    key: str = field(repr=False)
    model: str

    async def stream(
        self, messages: list[dict[str, Any]], tools: list[dict[str, Any]], *, may_call: bool = True
    ) -> AsyncGenerator[ChatCompletionChunk]:
        """The chunks of one round; raises ProviderFailure, with the details in the log."""
        request: dict[str, Any] = {"model": self.model, "messages": messages, "stream": True}
        if tools:
            # Tools stay in the request to the end: some servers refuse a history of calls without them.
            request |= {"tools": tools, "tool_choice": "auto" if may_call else "none"}
        try:
            async with await self._open(request) as chunks:
                async for chunk in chunks:
                    yield _checked(chunk)
        except (openai.OpenAIError, ValueError, TypeError) as error:
            raise failure_of(error, self.model) from error

    async def _open(self, request: dict[str, Any]) -> openai.AsyncStream[ChatCompletionChunk]:
        """Try once more, at once, where the server stumbled before its first word; never for a refusal."""
        create = client_for(self.endpoint, self.key).chat.completions.create
        try:
            return cast("openai.AsyncStream[ChatCompletionChunk]", await create(**request))
        except openai.APITimeoutError:
            raise
        except (openai.APIConnectionError, openai.InternalServerError) as error:
            logger.info("chat provider stumbled, asking once more: %s", type(error).__name__)
            await asyncio.sleep(RETRY_PAUSE_SECONDS)
            return cast("openai.AsyncStream[ChatCompletionChunk]", await create(**request))


def _checked(chunk: ChatCompletionChunk) -> ChatCompletionChunk:
    # The client builds its objects without validation, so a stranger's JSON may have any shape.
    if not isinstance(getattr(chunk, "choices", None), list):
        raise Garbage
    return chunk


def failure_of(error: Exception, model: str = "") -> ProviderFailure:
    """Our code and sentence for what the client raised; writes the operator's line to the log."""
    if isinstance(error, ProviderFailure):
        return error
    failure = _translated(error)
    logger.warning(
        "chat provider failed: %s → %s; status=%s code=%s request_id=%s model=%s",
        type(error).__name__,
        failure.code,
        getattr(error, "status_code", None),
        getattr(error, "code", None),
        getattr(error, "request_id", None),
        model,
    )
    return failure


def _translated(error: Exception) -> ProviderFailure:
    match error:
        case openai.APITimeoutError() | openai.APIStatusError(status_code=408):
            return timed_out()
        # Before the statuses: servers say it with 402, 403 and 429.
        case openai.APIStatusError(status_code=402):
            return ProviderFailure("budget_reached")
        case openai.APIError() if _is_about_money(error):
            return ProviderFailure("budget_reached")
        case openai.AuthenticationError() | openai.PermissionDeniedError() | openai.NotFoundError():
            return ProviderFailure("chat_not_enabled")
        case openai.RateLimitError():
            return ProviderFailure("chat_busy", retry_after=_retry_after(error))
        case openai.APIError(code="rate_limit_exceeded" | "slow_down"):
            return ProviderFailure("chat_busy", retry_after=BUSY_SECONDS)
        case openai.APIError(code="model_not_found" | "invalid_api_key"):
            return ProviderFailure("chat_not_enabled")
        case _:
            return ProviderFailure("chat_unavailable")


def _is_about_money(error: openai.APIError) -> bool:
    # Some servers put it into `type` and leave `code` empty.
    return any(name in MONEY_CODES for name in (error.code, error.type) if isinstance(name, str))


def _retry_after(error: openai.RateLimitError) -> int:
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:  # none, or a date
        return BUSY_SECONDS
    return ceil(max(1, min(seconds, 3600))) if isfinite(seconds) else BUSY_SECONDS


def provider_of(agency: Agency) -> Provider:
    """Runs in the agency's scope, with the database; an agency without an account answers by the engine."""
    account = ProviderAccount.objects.first() or ProviderAccount(agency=agency)
    try:
        key = account.api_key()
    except CannotDecrypt:
        logger.error("the provider key of agency %s cannot be decrypted: enter it anew", agency.slug)
        raise ProviderFailure("chat_not_enabled") from None
    if not account.endpoint() or not account.chat_model():
        logger.error("agency %s has no chat model or endpoint", agency.slug)
        raise ProviderFailure("chat_not_enabled")
    return Provider(account.endpoint(), key, account.chat_model())


# A client keeps its connections open, and they belong to the loop that opened them.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], AsyncOpenAI]] = WeakKeyDictionary()


def client_for(endpoint: str, key: str) -> AsyncOpenAI:
    """The running loop's client for this server and key; making one costs more than a database query."""
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    if (endpoint, key) not in clients:
        while len(clients) >= CLIENTS_KEPT:
            clients.pop(next(iter(clients)))
        clients[endpoint, key] = _new_client(endpoint, key)
    return clients[endpoint, key]


def _new_client(endpoint: str, key: str) -> AsyncOpenAI:
    seconds = settings.CHAT_ROUND_SECONDS
    return AsyncOpenAI(
        base_url=endpoint,
        api_key=key or "none",  # a local server may want no key, but the client insists on one
        max_retries=0,  # the deadlines are ours
        timeout=openai.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
    )
