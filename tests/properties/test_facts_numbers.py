import re
from decimal import Decimal

import pytest
from num2words import num2words

from properties.facts import LOCALES, lists, numbers
from properties.facts.locales import nearest

VALUES = [0, 1, 2, 7, 16, 21, 22, 31, 99, 100, 101, 121, 200, 215, 501, 721, 999, 1000, 1001, 1021, 1431]
VALUES += [2310, 5000, 9999, 16000, 21000, 31000, 101000, 121000, 389000, 649000, 701501, 1000000, 1250000]
VALUES += [2000000, 21000000, 31021021]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("value", VALUES)
def test_written_number_has_the_digits_of_its_value(value, locale):
    assert re.sub(r"\D", "", numbers.written(value, locale)) == str(value)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("gender", ["", "m", "f"])
def test_spoken_number_has_no_digits_and_no_commas(value, locale, gender):
    assert re.search(r"[\d,]", numbers.spoken(value, locale, gender)) is None


@pytest.mark.parametrize("value", VALUES)
def test_british_number_is_the_american_one_with_and(value):
    british = numbers.spoken(value, "en-GB")
    assert british.replace(" and ", " ") == numbers.spoken(value, "en-US")
    assert british == num2words(value, lang="en").replace(",", "")


@pytest.mark.parametrize(
    ("locale", "value", "gender", "words"),
    [
        ("en-US", 649000, "", "six hundred forty-nine thousand"),
        ("en-GB", 649000, "", "six hundred and forty-nine thousand"),
        ("en-US", Decimal("0.145"), "", "zero point one four five"),
        ("en-US", Decimal("8.50"), "", "eight point five"),
        ("en-US", -3, "", "minus three"),
        ("es", 1, "", "uno"),
        ("es", 1, "m", "un"),
        ("es", 1, "f", "una"),
        ("es", 21, "m", "veintiún"),
        ("es", 21, "f", "veintiuna"),
        ("es", 31, "m", "treinta y un"),
        ("es", 200, "f", "doscientas"),
        ("es", 101, "f", "ciento una"),
        ("es", 500, "f", "quinientas"),
        ("es", 721, "f", "setecientas veintiuna"),
        ("es", 21000, "m", "veintiún mil"),
        ("es", 31000, "", "treinta y un mil"),
        ("es", 101000, "m", "ciento un mil"),
        ("es", 200200, "f", "doscientas mil doscientas"),
        ("es", 200000200, "f", "doscientos millones doscientas"),
        ("es", 1250000, "m", "un millón doscientos cincuenta mil"),
        ("es", 21000000, "m", "veintiún millones"),
        ("es", Decimal("86.6"), "m", "ochenta y seis coma seis"),
        ("de", 1, "", "eins"),
        ("de", 1, "m", "ein"),
        ("de", 1, "n", "ein"),
        ("de", 1, "f", "eine"),
        ("de", 101, "", "einhunderteins"),
        ("de", 101, "m", "einhundertein"),
        ("de", 21, "m", "einundzwanzig"),
        ("de", 101000, "", "einhunderteintausend"),
        ("de", 389000, "", "dreihundertneunundachtzigtausend"),
        ("de", 1250000, "", "eine Million zweihundertfünfzigtausend"),
        ("de", Decimal("86.6"), "m", "sechsundachtzig Komma sechs"),
    ],
)
def test_spoken_number_agrees_with_its_noun(locale, value, gender, words):
    assert numbers.spoken(value, locale, gender) == words


@pytest.mark.parametrize(
    ("locale", "year", "words"),
    [
        ("en-US", 1998, "nineteen ninety-eight"),
        ("en-US", 1905, "nineteen oh-five"),
        ("en-US", 2005, "two thousand five"),
        ("en-GB", 2005, "two thousand and five"),
        ("en-US", 2026, "twenty twenty-six"),
        ("es", 1998, "mil novecientos noventa y ocho"),
        ("es", 2021, "dos mil veintiuno"),
        ("de", 1998, "neunzehnhundertachtundneunzig"),
        ("de", 2024, "zweitausendvierundzwanzig"),
    ],
)
def test_year_is_said_as_a_year(locale, year, words):
    assert numbers.year(year, locale) == words


@pytest.mark.parametrize(
    ("locale", "number", "forms"),
    [
        ("en-US", 1, ("1st", "first")),
        ("en-GB", 22, ("22nd", "twenty-second")),
        ("es", 4, ("4.ª", "cuarta")),
        ("es", 12, ("12.ª", "doce")),
        ("de", 3, ("3.", "dritte")),
    ],
)
def test_ordinal_of_a_floor(locale, number, forms):
    assert numbers.ordinal(number, locale) == forms


def test_digits_are_said_one_by_one():
    assert numbers.digits("97214", "en-US") == "nine seven two one four"
    assert numbers.digits("SW1A 1AA", "en-GB") == "S W one A one A A"
    assert numbers.digits("20457", "de") == "zwei null vier fünf sieben"


@pytest.mark.parametrize(
    ("locale", "words", "joined"),
    [
        ("en-US", ["a", "b", "c"], "a, b, and c"),
        ("en-GB", ["a", "b", "c"], "a, b and c"),
        ("es", ["agua", "gas", "luz"], "agua, gas y luz"),
        ("es", ["agua", "internet"], "agua e internet"),
        ("es", ["madera", "hierro"], "madera y hierro"),
        ("es", ["agua", "higuera"], "agua e higuera"),
        ("de", ["Gas", "Wasser"], "Gas und Wasser"),
        ("en-US", ["one, or two", "b"], "one, or two; b"),
        ("en-US", [], ""),
    ],
)
def test_list_is_joined_as_its_language_joins(locale, words, joined):
    assert lists.joined(words, locale) == joined


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("en", "en-US"), ("en_AU", "en-GB"), ("de-AT", "de"), ("ES", "es"), ("es-MX", "es"), ("fr", "en-US")],
)
def test_any_tag_finds_its_nearest_locale(tag, locale):
    assert nearest(tag) == locale
