"""Numbers for the eye (Babel) and for the ear (num2words, with its slips mended)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from babel.numbers import format_decimal
from num2words import num2words

from .locales import babel_locale, language, plain_spaces

Number = int | Decimal
# The gender of the noun that follows; "" when none does.
Gender = Literal["", "m", "f", "n"]

POINT = {"en": "point", "es": "coma", "de": "Komma"}
MINUS = {"en": "minus", "es": "menos", "de": "minus"}
_MILLIONS = re.compile(r"mill(?:ón|ones)$")
_ES_ORDINALS = (
    "primera",
    "segunda",
    "tercera",
    "cuarta",
    "quinta",
    "sexta",
    "séptima",
    "octava",
    "novena",
    "décima",
)


def written(value: Number, locale: str) -> str:
    """With the locale's separators and at most four decimals: "2,310", "0,145"."""
    return plain_spaces(format_decimal(value, format="#,##0.####", locale=babel_locale(locale)))


def spoken(value: Number, locale: str, gender: Gender = "") -> str:
    """In words, agreeing with a noun of that gender: es "veintiún", "doscientas"; de "ein", "eine"."""
    value = Decimal(value)
    if value < 0:
        return f"{MINUS[language(locale)]} {spoken(-value, locale, gender)}"
    whole, _, decimals = format(value, "f").partition(".")
    decimals = decimals.rstrip("0")
    if not decimals:
        return _agreeing(int(whole), locale, gender)
    digits = " ".join(cardinal(int(digit), locale) for digit in decimals)
    return f"{cardinal(int(whole), locale)} {POINT[language(locale)]} {digits}"


def cardinal(number: int, locale: str) -> str:
    """A number on its own: "two thousand three hundred ten", en-GB "… three hundred and ten"."""
    words = str(num2words(number, lang=language(locale))).replace(",", "")
    if locale == "en-US":
        return words.replace(" and ", " ")
    if locale == "es":
        words = re.sub(r"\bveintiuno (mil|millones)\b", r"veintiún \1", words)
        return re.sub(r"\buno (mil|millones)\b", r"un \1", words)
    if locale == "de":
        return words.replace("einstausend", "eintausend")
    return words


def year(number: int, locale: str) -> str:
    """As people say years: "nineteen ninety-eight", de "neunzehnhundertachtundneunzig"."""
    words = str(num2words(number, lang=language(locale), to="year"))
    return words.replace(" and ", " ") if locale == "en-US" else words


def digits(text: str, locale: str) -> str:
    """A postcode or a number of a flat, sign by sign: "97214" is "nine seven two one four"."""
    signs = (cardinal(int(sign), locale) if sign.isdecimal() else sign for sign in text)
    return " ".join(sign for sign in signs if sign.strip(" -"))


def ordinal(number: int, locale: str) -> tuple[str, str]:
    """Before a feminine noun in es and de (planta, Etage): ("4th", "fourth"), ("4.ª", "cuarta"), ("4.", "vierte")."""
    if locale == "de":
        return f"{number}.", str(num2words(number, lang="de", to="ordinal"))
    if locale == "es":
        known = number <= len(_ES_ORDINALS)
        return f"{number}.ª", _ES_ORDINALS[number - 1] if known else cardinal(number, locale)
    words = str(num2words(number, lang="en", to="ordinal"))
    return str(num2words(number, lang="en", to="ordinal_num")), words.replace(" and ", " ")


def takes_de(number_words: str) -> bool:
    """Spanish puts "de" between a round million and its noun: "un millón de euros"."""
    return bool(_MILLIONS.search(number_words))


def _agreeing(number: int, locale: str, gender: Gender) -> str:
    words = cardinal(number, locale)
    if not gender:
        return words
    if locale == "es":
        return _spanish_before_noun(words, feminine=gender == "f")
    if locale == "de" and words.endswith("eins"):
        return "eine" if number == 1 and gender == "f" else words[:-1]
    return words


def _spanish_before_noun(words: str, *, feminine: bool) -> str:
    if not feminine:
        return re.sub(r"\buno$", "un", re.sub(r"veintiuno$", "veintiún", words))
    # Millions are nouns of their own, and masculine: only what follows them agrees.
    head, millions, tail = words.rpartition("mill")
    tail = re.sub(r"(cient|quinient|setecient|novecient)os\b", r"\1as", re.sub(r"uno$", "una", tail))
    return head + millions + tail
