from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from properties.enums import AreaUnits, StandardStatus
from properties.units import SQUARE_METERS

from . import dates, measures
from .catalogue import is_land, is_lease
from .locales import Said, is_metric
from .money import CENT, money
from .phrases import phrase, same
from .told import Reading, Told, Writer

if TYPE_CHECKING:
    from .history import PriceStep

ON_REQUEST = "on_request"


def amount(reading: Reading, value: Decimal | None, per: str = "", label: str = "") -> Told | None:
    """An amount in the home's currency, for a period or not."""
    if value is None:
        return None
    value = Decimal(value).quantize(CENT)
    said = money(value, reading.currency, reading.locale)
    if per:
        period = phrase(f"per.{per}", reading.locale)
        said = Said(f"{said.written} {period}", f"{said.spoken} {period}")
    unit = f"{reading.currency} {per}".strip()
    return Told(value, said, unit, label=label)


def list_price(reading: Reading) -> Told | None:
    home = reading.home
    lease = is_lease(home)
    label = "list_price.lease" if lease else ""
    if home.price_on_request:
        text = same("rent_on_request" if lease else "on_request", reading.locale)
        return Told(ON_REQUEST, text, label=label)
    return amount(reading, home.list_price, home.lease_amount_frequency if lease else "", label=label)


def list_price_low(reading: Reading) -> Told | None:
    home = reading.home
    if home.price_on_request or home.list_price is None:
        return None
    low, high = amount(reading, home.list_price_low), amount(reading, home.list_price)
    if low is None or high is None:
        return None
    to = phrase("to", reading.locale)
    said = Said(*(f"{a} {to} {b}" for a, b in zip(low.said, high.said, strict=True)))
    return Told((low.value, high.value), said, low.unit)


def previous_list_price(reading: Reading) -> Told | None:
    home = reading.home
    told = None if home.price_on_request else amount(reading, home.previous_list_price, _period(reading))
    if told is None:
        return None
    steps = [step for step in reading.history.prices if step.old == home.previous_list_price]
    return Told(told.value, told.said, told.unit, as_of=_day(reading, steps[-1].at) if steps else None)


def original_list_price(reading: Reading) -> Told | None:
    home = reading.home
    if home.price_on_request or home.original_list_price in (None, home.list_price):
        return None
    return amount(reading, home.original_list_price, _period(reading))


def price_history(reading: Reading) -> Told | None:
    """Every public price with its last day: "$675,000 until October 12, 2026; $649,000 since …"."""
    home = reading.home
    if home.price_on_request or home.list_price is None or home.previous_list_price is None:
        return None
    steps = [step for step in reading.history.prices if step.old is not None and step.new is not None]
    if not steps:
        return None
    parts = [_step("price_step", "old", step.old, step, reading) for step in steps]
    parts.append(_step("price_now", "price", home.list_price, steps[-1], reading))
    values = tuple(step.old for step in steps)
    said = Said("; ".join(p.written for p in parts), ", ".join(p.spoken for p in parts))
    return Told((*values, home.list_price), said, reading.currency, as_of=_day(reading, steps[-1].at))


def _step(key: str, name: str, price: Decimal | None, step: PriceStep, reading: Reading) -> Said:
    cost = money(Decimal(price or 0), reading.currency, reading.locale)
    day = dates.day(_day(reading, step.at), reading.locale, dative=True)
    texts = (
        phrase(key, reading.locale, **{name: cost_text, "date": day_text})
        for cost_text, day_text in zip(cost, day, strict=True)
    )
    return Said(*texts)


def price_per_area(reading: Reading) -> Told | None:
    """In the reader's unit, to the whole; computed and so never stored."""
    home = reading.home
    price, area = home.list_price, home.living_area
    if home.price_on_request or price is None or not area or home.living_area_units not in SQUARE_METERS:
        return None
    if is_lease(home) or is_land(home):
        return None
    units = AreaUnits.SQUARE_METERS if is_metric(reading.locale) else AreaUnits.SQUARE_FEET
    size = area * SQUARE_METERS[home.living_area_units] / SQUARE_METERS[units]
    each = (price / size).quantize(Decimal(1))
    cost = money(each, reading.currency, reading.locale)
    said = measures.per_unit(cost, units, reading.locale)
    unit = f"{reading.currency} per {units.value}"
    return Told(each, said, unit, source=phrase("computed", reading.locale))


def association_fee(reading: Reading) -> Told | None:
    """With what it is a month, where it is paid otherwise."""
    home, locale = reading.home, reading.locale
    if home.has_association is False:
        return Told(False, same("no_association", locale))
    told = amount(reading, home.association_fee, home.association_fee_frequency)
    monthly = home.association_fee_monthly()
    if told is None or not home.association_fee or monthly is None or home.association_fee_frequency == "monthly":
        return told
    cost = money(monthly, reading.currency, locale)
    month = phrase("per.monthly", locale)
    exact = monthly * 12 % home.association_fee == 0
    about = Said("", "") if exact else Said(phrase("about", locale) + " ", phrase("about.spoken", locale) + " ")
    said = Said(
        f"{told.said.written} ({about.written}{cost.written} {month})",
        f"{told.said.spoken}, {about.spoken}{cost.spoken} {month}",
    )
    return Told(told.value, said, told.unit)


def tax_annual_amount(reading: Reading) -> Told | None:
    told = amount(reading, reading.home.tax_annual_amount, "annually")
    return told and _of_tax_year(told, reading)


def tax_assessed_value(reading: Reading) -> Told | None:
    told = amount(reading, reading.home.tax_assessed_value)
    return told and _of_tax_year(told, reading)


def _of_tax_year(told: Told, reading: Reading) -> Told:
    year = reading.home.tax_year
    source = phrase("tax_year", reading.locale, year=str(year)) if year else ""
    return Told(told.value, told.said, told.unit, source=source, as_of=year)


def security_deposit(reading: Reading) -> Told | None:
    return amount(reading, reading.home.security_deposit) if is_lease(reading.home) else None


def close_price(reading: Reading) -> Told | None:
    home = reading.home
    if home.standard_status != StandardStatus.CLOSED or not home.agency.publishes_close_price:
        return None
    return amount(reading, home.close_price)


def close_date(reading: Reading) -> Told | None:
    closed = reading.home.close_date
    if closed is None or reading.home.standard_status != StandardStatus.CLOSED:
        return None
    return Told(closed, dates.day(closed, reading.locale))


def _period(reading: Reading) -> str:
    return reading.home.lease_amount_frequency if is_lease(reading.home) else ""


def _day(reading: Reading, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(reading.zone)).date()


WRITERS: dict[str, Writer] = {
    "list_price": list_price,
    "list_price_low": list_price_low,
    "previous_list_price": previous_list_price,
    "original_list_price": original_list_price,
    "price_history": price_history,
    "price_per_area": price_per_area,
    "close_price": close_price,
    "close_date": close_date,
    "association_fee": association_fee,
    "tax_annual_amount": tax_annual_amount,
    "tax_assessed_value": tax_assessed_value,
    "security_deposit": security_deposit,
}
