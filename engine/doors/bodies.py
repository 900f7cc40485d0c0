"""Request bodies, read within their bound before anything is made of them."""

import json
from collections.abc import AsyncGenerator
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from engine.errors import BadRequest, BodyTooLarge

FORM_FIELDS = 16


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, at most `limit` bytes of it: more is never held in memory."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise BodyTooLarge(f"The body is larger than {limit} bytes: send a shorter one.")
    return bytes(body)


def parse_json(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.", code="invalid_json") from error


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object; an empty body is an empty object, as some clients send it."""
    value = parse_json(body) if body.strip() else {}
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object.", code="invalid_type")
    return value


async def parse_form(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a multipart body by name, with a file name or without."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, stream(), max_files=FORM_FIELDS, max_fields=FORM_FIELDS, max_part_size=max(len(body), 1)
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise BadRequest("The body is not a valid multipart form.", code="invalid_form") from error
    try:
        return {name: await _text(name, value) for name, value in form.multi_items()}
    finally:
        await form.close()


async def _text(name: str, value: UploadFile | str) -> str:
    if isinstance(value, str):
        return value
    try:
        return (await value.read()).decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The part '{name}' is not UTF-8 text.", param=name, code="invalid_form") from error
