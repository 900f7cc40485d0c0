from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name

from . import numbers
from .locales import Said, babel_locale, plain_spaces
from .phrases import phrase


def day(value: date, locale: str, *, dative: bool = False) -> Said:
    """ "November 25, 2026", "November twenty-fifth, twenty twenty-six"; German after "seit dem" in the dative."""
    written = format_date(value, "long", locale=babel_locale(locale))
    return Said(plain_spaces(written), _spoken_day(value, locale, dative=dative))


def visit(start: datetime, end: datetime, zone: str, locale: str) -> Said:
    """A day with its hours, in the zone of the home, whatever zone the reader is in."""
    here = ZoneInfo(zone)
    begins, ends = start.astimezone(here), end.astimezone(here)
    babel = babel_locale(locale)
    weekday = format_date(begins, "EEEE", locale=babel)
    spoken_day = f"{weekday}, {_spoken_day(begins.date(), locale)}"
    return Said(
        phrase(
            "visit",
            locale,
            day=plain_spaces(format_date(begins, "full", locale=babel)),
            start=_written_time(begins, locale),
            end=_written_time(ends, locale),
            zone=zone_name(zone, locale),
        ),
        phrase(
            "visit.spoken",
            locale,
            day=spoken_day,
            start=_spoken_time(begins.time(), locale, last=False),
            end=_spoken_time(ends.time(), locale, last=True),
            zone=zone_name(zone, locale),
        ),
    )


def zone_name(zone: str, locale: str) -> str:
    return get_timezone_name(ZoneInfo(zone), "long", locale=babel_locale(locale))


def _written_time(moment: datetime, locale: str) -> str:
    return plain_spaces(format_time(moment, "short", locale=babel_locale(locale)))


def _spoken_day(value: date, locale: str, *, dative: bool = False) -> str:
    month = format_date(value, "LLLL" if locale != "es" else "MMMM", locale=babel_locale(locale))
    in_year = numbers.year(value.year, locale)
    if locale == "es":
        number = "uno" if value.day == 1 else numbers.cardinal(value.day, locale)
        return f"{number} de {month} de {in_year}"
    nth = numbers.ordinal(value.day, locale)[1]
    if locale == "de":
        return f"{nth}{'n' if dative else 'r'} {month} {in_year}"
    return f"{month} {nth}, {in_year}" if locale == "en-US" else f"the {nth} of {month} {in_year}"


def _spoken_time(value: time, locale: str, *, last: bool) -> str:
    if locale.startswith("en"):
        hour = numbers.cardinal(value.hour % 12 or 12, locale)
        half = "a.m." if value.hour < 12 else "p.m."
        return " ".join(filter(None, [hour, _english_minutes(value.minute, locale), half]))
    minutes = numbers.cardinal(value.minute, locale) if value.minute else ""
    if locale == "de":
        hour = "ein" if value.hour == 1 else numbers.cardinal(value.hour, locale)
        # "von elf bis dreizehn Uhr", "von elf Uhr dreißig bis …"
        return " ".join(filter(None, [hour, "Uhr" if minutes or last else "", minutes]))
    hour = "una" if value.hour == 1 else numbers.spoken(value.hour, locale, "f")
    return " ".join(filter(None, [hour, "y" if minutes else "", minutes]))


def _english_minutes(minute: int, locale: str) -> str:
    if minute == 0:
        return ""
    return f"oh {numbers.cardinal(minute, locale)}" if minute < 10 else numbers.cardinal(minute, locale)
