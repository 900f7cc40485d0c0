import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from properties.facts import LOCALES, dates, measures
from properties.facts.money import money

AMOUNTS = [Decimal(text) for text in ("1", "21", "100", "389000", "649000", "1250.50", "2450", "1000000", "0.05")]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("currency", ["USD", "EUR", "GBP", "CHF", "CAD"])
@pytest.mark.parametrize("amount", AMOUNTS)
def test_money_has_the_digits_of_its_amount_and_is_spoken_in_words(amount, currency, locale):
    said = money(amount, currency, locale)
    whole, _, cents = str(amount).partition(".")
    assert re.sub(r"\D", "", said.written) == whole + cents
    assert re.search(r"[\d,.]", said.spoken) is None
    assert "\u00a0" not in said.written


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "written", "spoken"),
    [
        ("en-US", "649000", "USD", "$649,000", "six hundred forty-nine thousand dollars"),
        ("en-GB", "649000", "USD", "US$649,000", "six hundred and forty-nine thousand dollars"),
        ("en-US", "185.50", "USD", "$185.50", "one hundred eighty-five dollars and fifty cents"),
        ("en-US", "1.01", "USD", "$1.01", "one dollar and one cent"),
        ("en-GB", "2.20", "GBP", "£2.20", "two pounds and twenty pence"),
        ("en-US", "389000", "EUR", "€389,000", "three hundred eighty-nine thousand euros"),
        ("es", "389000", "EUR", "389.000 €", "trescientos ochenta y nueve mil euros"),
        ("es", "21", "EUR", "21 €", "veintiún euros"),
        ("es", "1000000", "EUR", "1.000.000 €", "un millón de euros"),
        ("es", "1250000", "EUR", "1.250.000 €", "un millón doscientos cincuenta mil euros"),
        ("es", "200", "GBP", "200 GBP", "doscientas libras"),
        ("es", "12.21", "EUR", "12,21 €", "doce euros con veintiún céntimos"),
        ("de", "389000", "EUR", "389.000 €", "dreihundertneunundachtzigtausend Euro"),
        ("de", "1", "EUR", "1 €", "ein Euro"),
        ("de", "101", "EUR", "101 €", "einhundertein Euro"),
        ("de", "1000000", "EUR", "1.000.000 €", "eine Million Euro"),
        ("de", "312.50", "EUR", "312,50 €", "dreihundertzwölf Euro und fünfzig Cent"),
        ("en-US", "1200", "CHF", "CHF 1,200", "one thousand two hundred Swiss francs"),
    ],
)
def test_money_in_its_locale(locale, amount, currency, written, spoken):
    assert money(Decimal(amount), currency, locale) == (written, spoken)


@pytest.mark.parametrize(
    ("locale", "amount", "units", "written", "spoken"),
    [
        ("en-US", "2310", "square_feet", "2,310 sq ft", "two thousand three hundred ten square feet"),
        (
            "en-GB",
            "2310",
            "square_feet",
            "2,310 sq ft (about 215 m²)",
            "two thousand three hundred and ten square feet, about two hundred and fifteen square metres",
        ),
        (
            "en-US",
            "86.6",
            "square_meters",
            "86.6 m² (about 932 sq ft)",
            "eighty-six point six square meters, about nine hundred thirty-two square feet",
        ),
        ("es", "86.6", "square_meters", "86,6 m²", "ochenta y seis coma seis metros cuadrados"),
        ("de", "1", "square_meters", "1 m²", "ein Quadratmeter"),
        ("es", "1", "square_meters", "1 m²", "un metro cuadrado"),
        ("en-US", "1", "acres", "1 acre", "one acre"),
        ("en-US", "0.145", "acres", "0.145 acres", "zero point one four five acres"),
        (
            "de",
            "5",
            "acres",
            "5 Acres (ca. 2 ha)",
            "fünf Acres, etwa zwei Hektar",
        ),
        (
            "en-US",
            "1.5",
            "hectares",
            "1.5 ha (about 3.7 acres)",
            "one point five hectares, about three point seven acres",
        ),
        ("es", "1", "hectares", "1 ha", "una hectárea"),
    ],
)
def test_area_with_the_other_unit_where_the_reader_has_another(locale, amount, units, written, spoken):
    assert measures.area(Decimal(amount), units, locale) == (written, spoken)


def test_sides_of_a_room_in_feet_and_inches():
    said = measures.sides(Decimal("18.37"), Decimal("17.06"), "feet", "en-US")
    assert said == ("18 ft 4 in × 17 ft 1 in", "eighteen feet four inches by seventeen feet one inch")


def test_inches_that_round_to_twelve_become_a_foot():
    assert measures.sides(Decimal("9.99"), Decimal("10"), "feet", "en-US").written == "10 ft × 10 ft"


def test_sides_of_a_room_in_metres_for_an_american():
    said = measures.sides(Decimal("5.60"), Decimal("5.2"), "meters", "en-US")
    assert said.written == "5.6 × 5.2 m (about 18 ft 4 in × 17 ft 1 in)"
    assert measures.sides(Decimal("5.60"), Decimal("5.2"), "meters", "de") == (
        "5,6 × 5,2 m",
        "fünf Komma sechs mal fünf Komma zwei Meter",
    )


@pytest.mark.parametrize(
    ("locale", "written", "spoken"),
    [
        ("en-US", "November 25, 2026", "November twenty-fifth, twenty twenty-six"),
        ("en-GB", "25 November 2026", "the twenty-fifth of November twenty twenty-six"),
        ("es", "25 de noviembre de 2026", "veinticinco de noviembre de dos mil veintiséis"),
        ("de", "25. November 2026", "fünfundzwanzigster November zweitausendsechsundzwanzig"),
    ],
)
def test_day_in_its_locale(locale, written, spoken):
    assert dates.day(date(2026, 11, 25), locale) == (written, spoken)


@pytest.mark.parametrize(
    ("locale", "written", "spoken"),
    [
        (
            "en-US",
            "Saturday, December 5, 2026, 11:00 AM to 1:05 PM (Pacific Time)",
            "Saturday, December fifth, twenty twenty-six, from eleven a.m. to one oh five p.m., Pacific Time",
        ),
        (
            "es",
            "sábado, 5 de diciembre de 2026, de 11:00 a 13:05 (hora del Pacífico)",
            "sábado, cinco de diciembre de dos mil veintiséis, de once a trece y cinco horas, hora del Pacífico",
        ),
        (
            "de",
            "Samstag, 5. Dezember 2026, 11:00 bis 13:05 Uhr (Nordamerikanische Westküstenzeit)",
            "Samstag, fünfter Dezember zweitausendsechsundzwanzig, von elf bis dreizehn Uhr fünf, "
            "Nordamerikanische Westküstenzeit",
        ),
    ],
)
def test_visit_is_told_in_the_zone_of_the_home(locale, written, spoken):
    start, end = datetime(2026, 12, 5, 19, tzinfo=UTC), datetime(2026, 12, 5, 21, 5, tzinfo=UTC)
    assert dates.visit(start, end, "America/Los_Angeles", locale) == (written, spoken)
