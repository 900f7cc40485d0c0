import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import prefetch_related_objects
from django.utils import timezone

from properties.facts import LOCALES, fact_sheet
from properties.models import OpenHouse
from tests.make_properties import make_knowledge, make_property, make_room
from tests.properties.sheets import fact_of, sheet_of, written

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
LOFT: dict[str, Any] = {
    "property_sub_type": "condominium",
    "list_price": Decimal("389000"),
    "currency": "EUR",
    "street_number": "8",
    "street_name": "Kaistraße",
    "street_suffix": "",
    "unit_number": "4. OG links",
    "city": "Hamburg",
    "state_or_province": "DE-HH",
    "postal_code": "20457",
    "country": "DE",
    "property_time_zone_name": "Europe/Berlin",
    "bedrooms_total": 1,
    "bathrooms_full": None,
    "bathrooms_three_quarter": 1,
    "bathrooms_half": None,
    "living_area": Decimal("86.60"),
    "living_area_units": "square_meters",
    "living_area_source": "measured",
    "lot_size_area": None,
    "lot_size_units": "",
    "year_built": 1908,
    "stories": 2,
    "stories_total": 5,
    "entry_level": 4,
    "garage_spaces": None,
    "parking_total": None,
    "heating": ["district"],
    "cooling": ["none"],
    "has_association": True,
    "association_fee": Decimal("312.50"),
    "association_fee_frequency": "monthly",
    "energy_label": "C",
    "energy_label_date": date(2025, 3, 4),
    "tax_annual_amount": Decimal("418"),
    "tax_year": 2025,
    "has_ev_charging": False,
}


@pytest.mark.parametrize("locale", LOCALES)
def test_sheet_of_a_house_is_the_golden_one(agency, locale):
    home = make_property(
        agency,
        list_price=Decimal("675000"),
        has_association=True,
        association_fee=Decimal("555"),
        association_fee_frequency="quarterly",
        accessibility_features=["other:Ramp to the porch"],
        has_ev_charging=True,
        standard_status="active",
        verified_at=datetime(2026, 11, 20, 20, tzinfo=UTC),
    )
    home.change_price(Decimal("649000"))
    feet = {"room_length_width_units": "feet", "room_level": "main"}
    make_room(home, "Kitchen and dining", room_length=Decimal("18.37"), room_width=Decimal("17.06"), **feet)
    start = datetime(2036, 6, 7, 18, tzinfo=UTC)
    OpenHouse.objects.create(property=home, start=start, end=start + timedelta(hours=2))
    make_knowledge(home)
    check_golden(home, locale, "house", but={"price_history", "previous_list_price"})


@pytest.mark.parametrize("locale", LOCALES)
def test_sheet_of_a_flat_is_the_golden_one(agency, locale):
    home = make_property(agency, verified_at=datetime(2026, 11, 20, 20, tzinfo=UTC), **LOFT)
    make_room(
        home,
        "Salon",
        "living_room",
        room_length=Decimal("9.6"),
        room_width=Decimal("6.4"),
        room_length_width_units="meters",
    )
    check_golden(home, locale, "flat", but=set())


def check_golden(home, locale, name, but):
    """`but` holds what tells of today."""
    home.agency.facts_stale_after_days = 36500  # the golden days grow old
    sheet = fact_sheet(home, locale)
    lines = [
        " | ".join([f.key, f.voice, f.label, f.written, f.spoken, f.source, str(f.as_of)])
        for f in sheet.facts
        if f.key not in but
    ]
    lines += [f"not stated | {fact.key} | {fact.label}" for fact in sheet.not_stated]
    path = GOLDEN / f"{name}.{locale}.txt"
    assert "\n".join(lines) + "\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_fact_has_a_label_and_words_in_every_locale(agency, locale):
    sheet = sheet_of(agency, locale)
    assert [fact.key for fact in sheet.facts if not (fact.label and fact.written and fact.spoken and fact.source)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_spoken_form_of_a_typed_fact_has_no_digits(agency, locale):
    home = make_property(agency, **LOFT | {"unit_number": "", "property_time_zone_name": "Europe/Berlin"})
    spoken = {fact.key: fact.spoken for fact in fact_sheet(home, locale).facts}
    assert {key: text for key, text in spoken.items() if any(sign.isdigit() for sign in text)} == {}


def test_public_dict_is_json_with_money_as_text(agency):
    facts = {fact["key"]: fact for fact in json.loads(json.dumps(sheet_of(agency).public_dict()))["facts"]}
    assert facts["list_price"]["value"] == "649000.00"
    assert facts["bedrooms_total"]["value"] == 3
    assert facts["heating"]["value"] == ["forced_air", "natural_gas"]


def test_identity_says_what_where_and_how_it_stands(agency):
    assert sheet_of(agency, standard_status="active").identity == (
        "Single-family residence in Portland, Oregon, active"
    )
    assert sheet_of(agency, "de", title="B", standard_status="active").identity == (
        "Einfamilienhaus in Portland, Oregon, verfügbar"
    )


def test_unknown_is_neither_none_nor_no(agency):
    sheet = sheet_of(agency, has_ev_charging=None, cooling=None)
    silent = {fact.key for fact in sheet.not_stated}
    assert (sheet.get("has_ev_charging"), sheet.get("cooling")) == (None, None)
    assert {"has_ev_charging", "cooling"} <= silent
    stated = sheet_of(agency, title="B", has_ev_charging=False, cooling=["none"])
    assert (written(stated, "has_ev_charging"), written(stated, "cooling")) == ("No", "None")
    assert {fact.key for fact in stated.not_stated} & {"has_ev_charging", "cooling"} == set()


def test_home_without_association_states_that_there_is_no_fee(agency):
    fact = fact_of(sheet_of(agency, has_association=False), "association_fee")
    assert (fact.value, fact.written) == (False, "None: there is no homeowners' association")


def test_flat_is_not_asked_for_a_lot_nor_a_sale_for_its_lease(agency):
    silent = {fact.key for fact in sheet_of(agency, **LOFT).not_stated}
    assert silent & {"lot_size_area", "basement", "lease_term", "pets_allowed"} == set()
    house = {fact.key for fact in sheet_of(agency, title="B", lot_size_area=None, lot_size_units="").not_stated}
    assert "lot_size_area" in house


def test_rent_is_told_with_its_period(agency):
    sheet = sheet_of(
        agency,
        property_type="residential_lease",
        list_price=Decimal("2450"),
        lease_amount_frequency="monthly",
        lease_term="12_months",
        availability_date=date(2027, 1, 15),
        security_deposit=Decimal("2450"),
    )
    rent = fact_of(sheet, "list_price")
    assert (rent.label, rent.written, rent.unit) == ("Rent", "$2,450 per month", "USD monthly")
    assert written(sheet, "availability_date") == "January 15, 2027"
    assert {"furnished", "pets_allowed"} <= {fact.key for fact in sheet.not_stated}


def test_bathrooms_are_told_by_kind_and_never_as_a_half(agency):
    fact = fact_of(sheet_of(agency), "bathrooms_total")
    assert (fact.value, fact.written, fact.spoken) == (
        3,
        "2 full baths and 1 half bath",
        "two full baths and one half bath",
    )


def test_fee_is_told_with_what_it_is_a_month(agency):
    fee: dict[str, Any] = {"has_association": True, "association_fee_frequency": "annually"}
    exact = sheet_of(agency, association_fee=Decimal("1200"), **fee)
    inexact = sheet_of(agency, title="B", association_fee=Decimal("1000"), **fee)
    assert written(exact, "association_fee") == "$1,200 per year ($100 per month)"
    assert written(inexact, "association_fee") == "$1,000 per year (about $83.33 per month)"


def test_price_history_tells_every_price_with_its_day(agency):
    home = make_property(agency, list_price=Decimal("675000"))
    home.change_price(Decimal("649000"))
    history = fact_of(fact_sheet(home), "price_history")
    month = timezone.localdate(timezone=ZoneInfo("America/Los_Angeles")).strftime("%B")
    assert history.value == (Decimal("675000.00"), Decimal("649000.00"))
    assert history.written.startswith(f"$675,000 until {month} ")
    assert written(fact_sheet(home), "previous_list_price") == "$675,000"


def test_only_public_approved_valid_knowledge_is_told(agency):
    home = make_property(agency)
    make_knowledge(home, "Told?", valid_until=timezone.now().date() + timedelta(days=2))
    make_knowledge(home, "Not approved?", approved=False)
    make_knowledge(home, "For staff?", audience="staff")
    make_knowledge(home, "Too old?", valid_until=timezone.now().date() - timedelta(days=2))
    assert [fact.label for fact in fact_sheet(home).knowledge()] == ["Told?"]


def test_knowledge_is_told_in_the_language_of_the_reader(agency):
    home = make_property(agency)
    make_knowledge(home, "How old is it?", key="age", locale="en-US")
    make_knowledge(home, "Wie alt ist es?", key="age-de", locale="de")
    make_knowledge(home, "Only in English?", key="only", locale="en-GB")
    assert [f.key for f in fact_sheet(home, "de").knowledge()] == ["knowledge.age-de", "knowledge.only"]
    assert [f.key for f in fact_sheet(home, "es").knowledge()] == ["knowledge.age", "knowledge.only"]


@pytest.mark.parametrize("rows", [1, 5])
def test_sheet_takes_four_queries_however_many_rows(agency, django_assert_num_queries, rows):
    home = make_property(agency)
    for number in range(rows):
        make_room(home, f"Room {number}")
        make_knowledge(home, f"Question {number}?", f"Answer {number}.")
        home.change_price(Decimal(600000 + number))
    with django_assert_num_queries(4):
        fact_sheet(home)


def test_sheet_of_a_prefetched_home_takes_no_query(agency, django_assert_num_queries):
    home = make_property(agency)
    home.change_price(Decimal(600000))
    prefetch_related_objects([home], "rooms", "knowledge", "open_houses", "price_changes", "status_changes")
    with django_assert_num_queries(0):
        sheet = fact_sheet(home)
    assert sheet == fact_sheet(type(home).objects.get())
