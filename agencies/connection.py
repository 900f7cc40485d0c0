"""Try an agency's provider account, and say in words what works and what does not.

Nothing of what the server answered is quoted: the address is the owner's choice, and may be anybody's server.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import openai

from agencies.keyring import CannotDecrypt
from agencies.models import ProviderAccount

CONNECT_SECONDS = 4.0
STEP_SECONDS = 10.0
TINY_CHAT: list[Any] = [{"role": "user", "content": "Say: ok"}]
# Some models want the newer name of the limit, and room to think before the first word.
NEWER_LIMIT = {"max_completion_tokens": 16}
MONEY_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "credit_balance_exhausted"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` is None for what is neither good nor bad, only worth knowing."""

    ok: bool | None
    sentence: str


async def try_connection(account: ProviderAccount) -> list[Finding]:
    """List the models, then ask for one token. Touches no database row; the caller has loaded `account.agency`."""
    try:
        key = account.api_key()
    except CannotDecrypt:
        return [Finding(False, "The stored key cannot be read any more: enter it anew.")]
    address, model = account.endpoint(), account.chat_model()
    async with openai.AsyncOpenAI(
        base_url=address,
        api_key=key or "none",  # a local server may want no key, but the client insists on one
        max_retries=0,
        timeout=openai.Timeout(STEP_SECONDS, connect=CONNECT_SECONDS),
        http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False),
    ) as client:
        return await _findings(client, model, bool(key))


async def _findings(client: openai.AsyncOpenAI, model: str, has_key: bool) -> list[Finding]:
    found = [] if has_key else [Finding(None, "No key is set: the server is asked without one.")]
    try:
        names = await _model_names(client)
    except (openai.OpenAIError, TimeoutError, ValueError, TypeError, AttributeError) as error:
        found.append(_failure(error, model, "the list of models"))
        if not isinstance(error, openai.APIStatusError) or error.status_code in (401, 403):
            return found  # the chat would meet the same wall
    else:
        found.append(Finding(True, "The server answers and takes the key." if has_key else "The server answers."))
        found.append(_listed(names, model))
    found.append(await _chat(client, model))
    return found


async def _model_names(client: openai.AsyncOpenAI) -> set[str]:
    async with asyncio.timeout(STEP_SECONDS):
        page = await client.models.list()
        return {str(model.id) for model in page.data}


def _listed(names: set[str], model: str) -> Finding:
    if model in names:
        return Finding(True, f"The model “{model}” is in its list.")
    return Finding(None, f"The model “{model}” is not in its list of {len(names)}: check the spelling.")


async def _chat(client: openai.AsyncOpenAI, model: str) -> Finding:
    try:
        answer = await _ask(client, model)
        answered = bool(answer.choices)
    except (openai.OpenAIError, TimeoutError, ValueError, TypeError, AttributeError) as error:
        return _failure(error, model, "a chat")
    if not answered:
        return Finding(False, "The server's answer to a chat is not in the OpenAI form.")
    return Finding(True, f"The model “{model}” answers.")


async def _ask(client: openai.AsyncOpenAI, model: str) -> Any:
    async with asyncio.timeout(STEP_SECONDS):
        try:
            return await client.chat.completions.create(model=model, messages=TINY_CHAT, max_tokens=1)
        except openai.BadRequestError as error:
            if "max_tokens" not in str(error.param or "") and "max_tokens" not in error.message:
                raise
        return await client.chat.completions.create(model=model, messages=TINY_CHAT, extra_body=NEWER_LIMIT)


def _failure(error: Exception, model: str, what: str) -> Finding:
    return Finding(False, _sentence(error, model, what))


def _sentence(error: Exception, model: str, what: str) -> str:
    match error:
        case openai.APITimeoutError() | TimeoutError():
            return f"The server did not answer in {STEP_SECONDS:.0f} seconds when asked for {what}."
        case openai.APIConnectionError():
            return "The address cannot be reached: check its spelling, and that the server is running."
        case openai.APIError() if {error.code, error.type} & MONEY_CODES:
            return "The account has no money left or has reached its limit: see the provider's billing page."
        case openai.APIStatusError(status_code=402):
            return "The account has no money left: see the provider's billing page."
        case openai.AuthenticationError():
            return "The key is refused: enter it anew, and check that it belongs to this address."
        case openai.PermissionDeniedError():
            return f"The key may not use {what}: give it that right at the provider."
        case openai.APIError(code="model_not_found"):
            return f"The server does not know the model “{model}”: check the spelling."
        case openai.NotFoundError():
            return f"The server has nothing at this address for {what}: check the base URL (it mostly ends with /v1)."
        case openai.RateLimitError():
            return "The server has too much to do for this key just now (429): try again in a minute."
        case openai.APIStatusError() if 300 <= error.status_code < 400:
            return "The server sends us on to another address: write its final address as the base URL."
        case openai.APIStatusError():
            return f"The server answered {what} with the error {error.status_code}."
        case _:
            return f"The server's answer to {what} is not in the OpenAI form: is this its API address?"
