"""A place to measure in: production settings, a SQLite database of its own with the demo in it."""

from __future__ import annotations

import os
import platform
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ENGINE_KEY = "bench-engine-key"


@dataclass(frozen=True, slots=True)
class Place:
    site_port: int
    engine_port: int
    environment: dict[str, str]


@contextmanager
def stage() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="openhouse-bench-") as folder:
        site_port, engine_port = free_port(), free_port()
        os.environ.update(_environment(Path(folder), site_port, engine_port))
        _fill()
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, SQLite")
        yield Place(site_port, engine_port, dict(os.environ))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def _environment(folder: Path, site_port: int, engine_port: int) -> dict[str, str]:
    # DEBUG off: templates are cached, queries are not logged, static files have their hashed names.
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "False",
        "SECRET_KEY": "bench-" + "0" * 60,
        "FIELD_KEYS": "bench:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "SECURE_SSL_REDIRECT": "False",
        "SITE_URL": f"http://127.0.0.1:{site_port}",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "REDIS_URL": "",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "ENGINE_HOST": "127.0.0.1",
        "ENGINE_PORT": str(engine_port),
        "ENGINE_URL": f"http://127.0.0.1:{engine_port}/v1",
        "ENGINE_API_KEY": ENGINE_KEY,
        "ENGINE_API_KEYS": ENGINE_KEY,
        "PROVIDER_ALLOW_HTTP": "True",
        "LOG_LEVEL": "ERROR",
    }


def _fill() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", password=secrets.token_urlsafe(16), verbosity=0)
