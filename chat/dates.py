"""Days and times as visitors and models write them, made exact."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

_WEEKDAYS = (
    ("monday", "mon", "lunes", "montag"),
    ("tuesday", "tue", "tues", "martes", "dienstag"),
    ("wednesday", "wed", "miércoles", "miercoles", "mittwoch"),
    ("thursday", "thu", "thurs", "jueves", "donnerstag"),
    ("friday", "fri", "viernes", "freitag"),
    ("saturday", "sat", "sábado", "sabado", "samstag", "sonnabend"),
    ("sunday", "sun", "domingo", "sonntag"),
)
_NUMBER_OF = {word: number for number, words in enumerate(_WEEKDAYS) for word in words}
_AHEAD = {
    "today": 0,
    "tonight": 0,
    "hoy": 0,
    "heute": 0,
    "tomorrow": 1,
    "mañana": 1,
    "morgen": 1,
    "übermorgen": 2,
}
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2}))?\s*(a\.?m\.?|p\.?m\.?|uhr|h)?(?!\w)", re.IGNORECASE)
FURTHEST = timedelta(days=365)


def resolve_date(text: str, today: date) -> date | None:
    """The coming day that is meant; None for one that has passed, is too far off, or is not understood."""
    found = _iso(text) or _named(text, today)
    return found if found and today <= found <= today + FURTHEST else None


def _iso(text: str) -> date | None:
    if match := _ISO.search(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            return None
    return None


def _named(text: str, today: date) -> date | None:
    words = re.findall(r"\w+", text.casefold())
    for word in words:
        if word in _NUMBER_OF:
            # On a Saturday, "Saturday" is the next one: for the same day people say "today".
            return today + timedelta(days=(_NUMBER_OF[word] - today.weekday() - 1) % 7 + 1)
    ahead = [_AHEAD[word] for word in words if word in _AHEAD]
    return today + timedelta(days=ahead[0]) if ahead else None


def resolve_time(text: str) -> time | None:
    if not (match := _CLOCK.search(text)):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    half = (match[3] or "").replace(".", "").lower()
    if not match[2] and not half:
        return None  # "2" alone may be anything
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
