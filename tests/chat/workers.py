"""Work done by several threads at the same moment, each with a database connection of its own."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

from django.db import connection, connections

from agencies.models import Agency
from agencies.scope import agency_scope


def all_at_once(workers: int, agency: Agency, folder: Path, work: Callable[[int], None]) -> str:
    """`work(number)` in every thread, in the agency's scope. Returns the database file used, for SQLite only."""
    path = _copy(folder)
    barrier = Barrier(workers)

    def run(number: int) -> None:
        use(path)
        barrier.wait()
        with agency_scope(agency):
            work(number)
        connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return path


def use(path: str) -> None:
    if path:
        own = connections["default"]
        own.settings_dict = {**own.settings_dict, "NAME": path}


def _copy(folder: Path) -> str:
    """SQLite in memory has no two writers, so the threads work on a copy in a file."""
    if connection.vendor != "sqlite":
        return ""
    path = str(folder / "copy.sqlite3")
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    # As any database is after its first connection: to change to it nobody waits, and one of many at once would fail.
    copy.execute("PRAGMA journal_mode=WAL")
    copy.close()
    return path
