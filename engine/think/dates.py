"""The day and the hour that a visitor names, reckoned from the briefing's today."""

import re
from datetime import date, timedelta

from engine.think.words import fold

_WEEKDAYS = (
    "monday|mon|lunes|montag",
    "tuesday|tues|tue|martes|dienstag",
    "wednesday|wed|miercoles|mittwoch",
    "thursday|thurs|thur|thu|jueves|donnerstag",
    "friday|fri|viernes|freitag",
    "saturday|sat|sabado|samstag|sonnabend",
    "sunday|sun|domingo|sonntag",
)
_MONTHS = (
    "january|jan|enero|januar",
    "february|feb|febrero|februar",
    "march|mar|marzo|marz",
    "april|apr|abril",
    "may|mayo|mai",
    "june|jun|junio|juni",
    "july|jul|julio|juli",
    "august|aug|agosto",
    "september|sept|sep|septiembre",
    "october|oct|octubre|oktober|okt",
    "november|nov|noviembre",
    "december|dec|diciembre|dezember|dez",
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "dos": 2, "tres": 3, "zwei": 2, "drei": 3}
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_YEAR = r"\b(?:,?\s*(?P<year>20\d\d))?"
_DAY_FIRST = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of |de )?(?:{_MONTH}){_YEAR}")
_MONTH_FIRST = re.compile(rf"\b(?:{_MONTH})\.?\s+(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}")
_ISO = re.compile(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)?")
_IN_DAYS = re.compile(r"\b(?:in|en|dentro de)\s+(\d+|[a-z]+)\s+(days?|weeks?|dias?|semanas?|tagen?|wochen?)\b")
_AHEAD = (
    (2, r"day after tomorrow|pasado manana|ubermorgen"),
    (1, r"(?<!good )tomorrow|(?<!de la )(?<!la )(?<!por la )\bmanana\b(?! por la)|manana por la"),
    (0, r"today|tonight|this (?:morning|afternoon|evening)|\bhoy\b|\bheute\b"),
)
_MORGEN = re.compile(r"(?<!guten )\bmorgen\b")
_WORDY_HOURS = (("12:00", r"\bnoon\b|\bmidday\b|mediodia"),)
_CLOCK = re.compile(
    r"(?:\b(?P<lead>at|around|about|by|from|a las?|sobre las|um|gegen|ab)\s+)?"
    r"\b(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>a\.?m\b\.?|p\.?m\b\.?|uhr|oclock|o'clock|horas|h\b)?"
)

_LATE = re.compile(r"\s*(de la (tarde|noche)|in the (afternoon|evening)|nachmittags|abends)")


def find_date(text: str, today: date | None, *, month_first: bool = True) -> str | None:
    """ISO date of the coming day that is meant; None when no day is named or today is not known."""
    if match := _ISO.search(text):
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if today is None:
        return None
    plain = fold(text)
    written = _in_month(plain, today) or _slashed(plain, today, month_first) or _dotted(plain, today)
    return written or _ahead(plain, today) or _weekday(plain, today)


def _slashed(text: str, today: date, month_first: bool) -> str | None:
    match = re.search(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(20\d\d))?(?![\d/])", text)
    if not match:
        return None
    month, day = (match[1], match[2]) if month_first else (match[2], match[1])
    return _coming(match[3], int(month), int(day), today)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _in_month(text: str, today: date) -> str | None:
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        if match := pattern.search(text):
            month = next(number for number in range(1, 13) if match[f"m{number}"])
            return _coming(match["year"], month, int(match["day"]), today)
    return None


def _dotted(text: str, today: date) -> str | None:
    match = _DOTTED.search(text)
    return _coming(match[3], int(match[2]), int(match[1]), today) if match else None


def _coming(year: str | None, month: int, day: int, today: date) -> str | None:
    if year:
        return _iso(int(year), month, day)
    this_year = _iso(today.year, month, day)
    return this_year if this_year and this_year >= today.isoformat() else _iso(today.year + 1, month, day)


def _ahead(text: str, today: date) -> str | None:
    if match := _IN_DAYS.search(text):
        count = int(match[1]) if match[1].isdigit() else _NUMBERS.get(match[1], 0)
        days = count * (7 if match[2][0] in "ws" else 1)
        return (today + timedelta(days=days)).isoformat() if 0 < days <= 365 else None
    for days, pattern in _AHEAD:
        if re.search(pattern, text):
            return (today + timedelta(days=days)).isoformat()
    return None


def _weekday(text: str, today: date) -> str | None:
    for number, names in enumerate(_WEEKDAYS):
        if re.search(rf"\b(?:{names})s?\b", text):
            # On a Saturday, "Saturday" is the next one: for the same day people say "today".
            return (today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)).isoformat()
    if _MORGEN.search(text):
        return (today + timedelta(days=1)).isoformat()
    return None


def find_time(text: str) -> str | None:
    """HH:MM, when an hour is told with its minutes, its half of the day or a word like "at"."""
    plain = fold(_DOTTED.sub(" ", _ISO.sub(" ", text)))
    for match in _CLOCK.finditer(plain):
        if (match["minute"] or match["half"] or match["lead"]) and (hour := _hour(match, plain)) is not None:
            return f"{hour:02}:{int(match['minute'] or 0):02}"
    return next((time for time, pattern in _WORDY_HOURS if re.search(pattern, plain)), None)


def _hour(match: re.Match[str], text: str) -> int | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").replace(".", "")
    after = text[match.end() : match.end() + 22]
    late = half == "pm" or _LATE.match(after)
    if late and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif not half and not match["minute"] and match["lead"] and 1 <= hour <= 7:
        hour += 12  # "at 3": nobody visits at night
    return hour if hour < 24 and minute < 60 else None
