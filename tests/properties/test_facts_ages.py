from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from properties.facts import fact_sheet
from properties.models import OpenHouse, PriceChange, StatusChange
from tests.make_properties import make_knowledge, make_property, make_room
from tests.properties.sheets import fact_of

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 2, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "dated", "spoken"),
    [
        ("en-US", "as of January 2, 2026", "as of January second, twenty twenty-six"),
        ("en-GB", "as of 2 January 2026", "as of the second of January twenty twenty-six"),
        ("es", "a fecha de 2 de enero de 2026", "a fecha de dos de enero de dos mil veintiséis"),
        ("de", "Stand 2. Januar 2026", "Stand zweiter Januar zweitausendsechsundzwanzig"),
    ],
)
def test_old_fact_has_words_for_its_day(agency, locale, dated, spoken):
    fact = fact_of(fact_sheet(make_property(agency, verified_at=LONG_AGO), locale), "bedrooms_total")
    assert (fact.written, fact.dated, fact.dated_spoken) == ("3", dated, spoken)


@pytest.mark.parametrize(("days", "is_old"), [(30, False), (31, True)])
def test_agency_says_how_old_is_old(agency, days, is_old):
    agency.facts_stale_after_days = 30
    noon = timezone.now().replace(hour=20, minute=0)  # in Portland
    home = make_property(agency, verified_at=noon - timedelta(days=days))
    assert bool(fact_of(fact_sheet(home), "bedrooms_total").dated) == is_old


def test_record_that_nobody_checked_has_no_day(agency):
    assert {fact.dated for fact in fact_sheet(make_property(agency)).facts} == {""}


def test_rooms_and_knowledge_age_too(agency):
    home = make_property(agency, verified_at=LONG_AGO)
    make_room(home)
    make_knowledge(home, as_of=date(2026, 3, 4))
    make_knowledge(home, "Is it quiet?", as_of=timezone.localdate())
    sheet = fact_sheet(home)
    assert [fact.dated for fact in sheet.rooms()] == ["as of January 2, 2026"]
    assert [fact.dated for fact in sheet.knowledge()] == ["as of March 4, 2026", ""]


def test_new_price_and_status_are_of_the_day_they_were_set(agency):
    home = make_property(agency, verified_at=LONG_AGO)
    fresh = {"list_price", "price_per_area", "standard_status", "identity"}
    old = {fact.key for fact in fact_sheet(home).facts if fact.dated}
    assert (old & fresh, "living_area" in old) == (set(), True)
    today = timezone.localdate(timezone=ZoneInfo("America/Los_Angeles"))
    assert fact_of(fact_sheet(home), "list_price").as_of == today


def test_price_that_was_changed_long_ago_is_told_with_that_day(agency):
    home = make_property(agency, verified_at=LONG_AGO, list_price=None)
    values = {"agency_id": agency.pk, "new_price": Decimal(649000), "currency": "USD"}
    PriceChange.objects.create(property=home, at=datetime(2026, 2, 3, 20, tzinfo=UTC), **values)
    home.list_price = Decimal(649000)
    price = fact_of(fact_sheet(home), "list_price")
    assert (price.dated, price.as_of) == ("as of February 3, 2026", date(2026, 2, 3))


def test_what_names_its_own_day_and_what_has_been_do_not_age(agency):
    home = make_property(agency, verified_at=LONG_AGO, list_date=date(2025, 5, 5), tax_year=2020)
    home.change_price(Decimal(1))
    StatusChange.objects.create(property=home, new_status="active", at=LONG_AGO)
    start = timezone.now() + timedelta(days=3)
    OpenHouse.objects.create(property=home, start=start, end=start + timedelta(hours=2))
    sheet = fact_sheet(home)
    unaging = ("open_house", "list_date", "previous_list_price", "price_history", "days_on_market", "tax_annual_amount")
    assert {key: fact_of(sheet, key).dated for key in unaging} == dict.fromkeys(unaging, "")


def test_public_dict_tells_the_day(agency):
    home = make_property(agency, verified_at=LONG_AGO)
    bedrooms = fact_of(fact_sheet(home), "bedrooms_total").public_dict()
    assert (bedrooms["as_of"], bedrooms["dated"]) == ("2026-01-02", "as of January 2, 2026")
