"""What is in scope: one agency, on purpose all of them, or nothing. The rows ask here (agencies/scope.py)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from agencies.models import Agency

logger = logging.getLogger(__name__)


class NoAgencyScope(RuntimeError):
    """A query or a write for an agency's rows outside every agency."""


class WrongAgency(PermissionDenied):
    """A write that would touch, or point at, another agency's row."""


class Every(Enum):
    AGENCY = "every agency"


EVERY_AGENCY = Every.AGENCY
Scope = int | Every | None  # None: nothing


class _Entry:
    """One `with` block: what it put in scope, and the block around it."""

    __slots__ = ("around", "is_open", "scope")

    def __init__(self, scope: Scope, around: _Entry | None) -> None:
        self.scope = scope
        self.around = around
        self.is_open = True


_entry: ContextVar[_Entry | None] = ContextVar("agency_scope", default=None)


@contextmanager
def agency_scope(agency: Agency) -> Iterator[None]:
    """Work on the rows of one agency; follows into tasks and worker threads, and may be nested.

    Raises NoAgencyScope for anything that is not a saved agency, None above all. Do not `yield` inside it: between two
    steps of a generator, its caller would be in the scope too.
    """
    agency_id = getattr(agency, "pk", None)
    if agency_id is None or agency._meta.label != "agencies.Agency":
        raise NoAgencyScope(f"agency_scope() takes a saved agency, not {agency!r}.")
    with _entered(agency_id):
        yield


@contextmanager
def every_agency(reason: str, level: int = logging.INFO) -> Iterator[None]:
    """Work on the rows of all agencies: for the platform's own commands and operators, with a reason for the log."""
    if not reason.strip():
        raise NoAgencyScope("every_agency() needs a reason: it is written to the log.")
    logger.log(level, "every agency in scope: %s", reason)
    with _entered(EVERY_AGENCY):
        yield


@contextmanager
def outside_agencies() -> Iterator[None]:
    """Nothing in scope, whatever a careless caller left behind: the start of every request."""
    with _entered(None):
        yield


@contextmanager
def _entered(scope: Scope) -> Iterator[None]:
    entry = _Entry(scope, _entry.get())
    _entry.set(entry)
    try:
        yield
    finally:
        entry.is_open = False
        # A generator may be closed in another context than it was opened in, where something else is in scope, or out
        # of turn. So: touch only what this block has set, and never go back to a block that was left.
        if _entry.get() is entry:
            around = entry.around
            while around and not around.is_open:
                around = around.around
            _entry.set(around)


def scope_or_none() -> Scope:
    entry = _entry.get()
    return entry.scope if entry else None


def current_scope() -> int | Every:
    scope = scope_or_none()
    if scope is None:
        raise NoAgencyScope("Enter agency_scope() before you touch an agency's rows.")
    return scope


def current_agency_id() -> int:
    """The primary key of the one agency in scope; raises NoAgencyScope when there is none, or when it is all."""
    scope = current_scope()
    if isinstance(scope, Every):
        raise NoAgencyScope("This needs one agency, and every agency is in scope.")
    return scope


def scope_label() -> str:
    """What is in scope, for a log line."""
    scope = scope_or_none()
    return "-" if scope is None else "*" if isinstance(scope, Every) else str(scope)
