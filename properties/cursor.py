"""Pages of a list that may change while it is read: a page begins after the last row of the one before.

Not the framework's own cursor: that one counts through rows with equal keys, and stops counting at a thousand,
which is what one bulk change of an agency's homes makes of `modification_timestamp`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from agencies.errors import Problem

from .models import Property
from .models.property import PropertyQuerySet

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
BY_ID = ("public_id",)
# For a reader that follows changes: what changes meanwhile is met again later, and never passed over.
BY_CHANGE = ("modification_timestamp", "public_id")
READ: dict[str, Callable[[str], Any]] = {"public_id": UUID, "modification_timestamp": datetime.fromisoformat}


class Cursor(NamedTuple):
    """The page after (or, backwards, before) the row with these values."""

    backwards: bool
    values: tuple[Any, ...]

    def encode(self) -> str:
        parts = [int(self.backwards), *(_text(value) for value in self.values)]
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, order: Sequence[str]) -> Cursor:
        """Raises Problem for a text that this list did not give."""
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            values = tuple(READ[name](part) for name, part in zip(order, parts[1:], strict=True))
            if any(isinstance(value, datetime) and value.tzinfo is None for value in values):
                raise ValueError
            return cls(bool(parts[0]), values)
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
            raise Problem(
                "cursor: take it from the “next” or “previous” of a page, whole.",
                code="cursor_invalid",
                param="cursor",
            ) from None

    def position(self, order: Sequence[str]) -> Q:
        comparison = "lt" if self.backwards else "gt"
        after, equal = Q(), Q()
        for name, value in zip(order, self.values, strict=True):
            after |= equal & Q(**{f"{name}__{comparison}": value})
            equal &= Q(**{name: value})
        return after


@dataclass(frozen=True, slots=True)
class Page:
    homes: list[Property]
    next: str | None
    previous: str | None


def read_page(homes: PropertyQuerySet, asked: dict[str, Any], request: Request) -> Page:
    """The page that a PropertyQuery asks for, in one query."""
    order = BY_CHANGE if "updated_after" in asked else BY_ID
    cursor = Cursor.decode(asked["cursor"], order) if "cursor" in asked else None
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        homes = homes.filter(cursor.position(order))
    size = asked["page_size"]
    found = list(homes.order_by(*(f"-{name}" if backwards else name for name in order))[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, cursor is not None)
    return Page(
        rows,
        _link(request, order, rows[-1:], backwards=False) if has_next else None,
        _link(request, order, rows[:1], backwards=True) if has_previous else None,
    )


def _link(request: Request, order: Sequence[str], edge: list[Property], *, backwards: bool) -> str | None:
    if not edge:
        return None
    cursor = Cursor(backwards, tuple(getattr(edge[0], name) for name in order))
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor.encode())


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
