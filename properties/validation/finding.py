from typing import NamedTuple


class Finding(NamedTuple):
    """Something wrong at a field, and what to do about it. Warnings need a tick, errors stop."""

    field: str
    code: str
    sentence: str
    warning: bool = False
