"""Typed readers of the environment: a wrong value stops the start and names itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def read_text(name: str, default: str) -> str:
    return str(env.str(name, default=default)).strip()


def read_bool(name: str, default: bool) -> bool:
    value = read_text(name, str(default))
    if value.lower() not in ("true", "false"):
        raise ImproperlyConfigured(f"{name}={value!r}: use True or False.")
    return value.lower() == "true"


def read_int(name: str, default: int, minimum: int = 0) -> int:
    value = read_text(name, str(default))
    if not value.isdecimal() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number from {minimum} up.")
    return int(value)


def read_list(name: str, default: list[str]) -> list[str]:
    value = read_text(name, ",".join(default))
    return [part.strip() for part in value.split(",") if part.strip()]


def read_url(name: str, default: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    value = read_text(name, default).rstrip("/")
    if value and not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise ImproperlyConfigured(f"{name}={value!r}: use an address that begins with {schemes[0]}://.")
    return value


def read_secret(name: str, debug: bool, debug_default: str) -> str:
    """A secret: its default exists for development alone."""
    value = read_text(name, debug_default if debug else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: with DEBUG=False it has no default.")
    return value


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(choices)}.")
    return value


def _parsed(name: str, parse: Callable[[], Any]) -> dict[str, Any]:
    """What a parser of django-environ makes of a variable, or its complaint with the variable's name in front."""
    try:
        return dict(parse())
    except Exception as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def read_email(name: str, default: str) -> dict[str, Any]:
    return _parsed(name, lambda: env.email_url(name, default=default))


def read_database(name: str, default: str) -> dict[str, Any]:
    database = _parsed(name, lambda: env.db_url(name, default=default))
    if not database.get("ENGINE"):
        raise ImproperlyConfigured(f"{name}: use sqlite:///path or postgres://user:password@host:port/name.")
    if database["ENGINE"].endswith("sqlite3"):
        # Writers queue instead of failing half-way: see Django's notes on SQLite under load.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        database.setdefault("CONN_HEALTH_CHECKS", True)
    return database
