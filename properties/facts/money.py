from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from babel.numbers import format_currency, get_currency_name

from .locales import Said, babel_locale, language, plain_spaces
from .numbers import Gender, spoken, takes_de

CENT = Decimal("0.01")


class Coin(NamedTuple):
    one: str
    many: str
    gender: Gender = "m"


UNITS: dict[str, dict[str, Coin]] = {
    "USD": {"en": Coin("dollar", "dollars"), "es": Coin("dólar", "dólares"), "de": Coin("Dollar", "Dollar")},
    "EUR": {"en": Coin("euro", "euros"), "es": Coin("euro", "euros"), "de": Coin("Euro", "Euro")},
    "GBP": {"en": Coin("pound", "pounds"), "es": Coin("libra", "libras", "f"), "de": Coin("Pfund", "Pfund", "n")},
    "CHF": {
        "en": Coin("Swiss franc", "Swiss francs"),
        "es": Coin("franco suizo", "francos suizos"),
        "de": Coin("Schweizer Franken", "Schweizer Franken"),
    },
}
CENTS: dict[str, dict[str, Coin]] = {
    "GBP": {"en": Coin("penny", "pence"), "es": Coin("penique", "peniques"), "de": Coin("Penny", "Pence")},
    "USD": {"en": Coin("cent", "cents"), "es": Coin("centavo", "centavos"), "de": Coin("Cent", "Cent")},
    "CHF": {"en": Coin("centime", "centimes"), "es": Coin("céntimo", "céntimos"), "de": Coin("Rappen", "Rappen")},
}
CENT_OF_OTHERS = {"en": Coin("cent", "cents"), "es": Coin("céntimo", "céntimos"), "de": Coin("Cent", "Cent")}
AND = {"en": "and", "es": "con", "de": "und"}


def money(amount: Decimal, currency: str, locale: str) -> Said:
    """Cents only when there are any: "$649,000", "six hundred forty-nine thousand dollars"."""
    return Said(_written(amount, currency, locale), _spoken(amount, currency, locale))


def _written(amount: Decimal, currency: str, locale: str) -> str:
    babel = babel_locale(locale)
    pattern = babel.currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        text = format_currency(amount, currency, format=pattern.replace(".00", ""), locale=babel, currency_digits=False)
    else:
        text = format_currency(amount.quantize(CENT), currency, format=pattern, locale=babel)
    return re.sub(r"([A-Z]{3})(\d)", r"\1 \2", plain_spaces(text))


def _spoken(amount: Decimal, currency: str, locale: str) -> str:
    whole, cents = divmod(int((abs(amount) * 100).to_integral_value()), 100)
    words = _counted(whole, _unit(currency, locale), locale)
    if not cents:
        return words
    coin = pick_coin(CENTS.get(currency, CENT_OF_OTHERS), locale)
    return f"{words} {AND[language(locale)]} {_counted(cents, coin, locale)}"


def _counted(number: int, coin: Coin, locale: str) -> str:
    words = spoken(number, locale, coin.gender)
    of = " de" if takes_de(words) else ""
    return f"{words}{of} {coin.one if number == 1 else coin.many}"


def _unit(currency: str, locale: str) -> Coin:
    if currency in UNITS:
        return pick_coin(UNITS[currency], locale)
    babel = babel_locale(locale)
    return Coin(get_currency_name(currency, 1, babel), get_currency_name(currency, 2, babel))


def pick_coin(coins: dict[str, Coin], locale: str) -> Coin:
    return coins[language(locale)]
