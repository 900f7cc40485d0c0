"""Server-sent events, as text."""

import json
from typing import Any

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
CONTENT_TYPE = "text/event-stream; charset=utf-8"


def encode(event: str, data: dict[str, Any]) -> bytes:
    # One data line: JSON writes line ends as \n, which an event cannot be split by.
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


def wanted(accept: str) -> bool:
    return "text/event-stream" in accept.lower()
