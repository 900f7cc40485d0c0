"""Filters, pages and following changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from properties.models import Property
from tests.make import make_agency
from tests.properties.api_scene import caller, show_property

pytestmark = pytest.mark.django_db
LIST = "/api/v1/properties/"


@pytest.fixture
def agency():
    return make_agency("harbour")


@pytest.fixture
def api(agency):
    return caller(agency)


def titles(response):
    return [home["title"] for home in response.json()["results"]]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("price_min", "700000"),
        ("price_max", "500000"),
        ("bedrooms_min", "4"),
        ("property_type", "residential_lease"),
        ("property_sub_type", "condominium"),
        ("status", "pending"),
        ("city", "BEND"),
        ("living_area_min", "250"),
        ("living_area_max", "100"),
        ("q", "orchard bend"),
    ],
)
def test_filter_keeps_only_the_homes_that_answer_it(agency, api, parameter, value):
    show_property(agency, "Maple house")
    answering: dict[str, dict[str, Any]] = {
        "price_min": {"list_price": Decimal(700000)},
        "price_max": {"list_price": Decimal(500000)},
        "bedrooms_min": {"bedrooms_total": 4},
        "property_type": {"property_type": "residential_lease"},
        "property_sub_type": {"property_sub_type": "condominium"},
        "status": {"standard_status": "pending"},
        "city": {"city": "Bend"},
        "living_area_min": {"living_area": Decimal("250.00"), "living_area_units": "square_meters"},
        "living_area_max": {"living_area": Decimal("1076.39")},
        "q": {"city": "Bend", "public_remarks": "An orchard of 12 trees."},
    }
    show_property(agency, "Right house", **answering[parameter])
    assert titles(api.get(LIST, {parameter: value})) == ["Right house"]
    assert titles(api.get(LIST)) == ["Maple house", "Right house"]


def test_area_bound_agrees_with_the_area_that_is_shown(agency, api):
    # 1076.39 square feet are 99.9998 m², and shown as 100.00.
    show_property(agency, living_area=Decimal("1076.39"))
    (home,) = api.get(LIST, {"living_area_min": "100", "living_area_max": "100"}).json()["results"]
    assert home["living_area_m2"] == "100.00"
    assert titles(api.get(LIST, {"living_area_min": "100.01"})) == []


@pytest.mark.parametrize(
    ("query", "param", "code"),
    [
        ("beds=3", "beds", "parameter_unknown"),
        ("format=xml", "format", "parameter_unknown"),
        ("city=Bend&city=Portland", "city", "parameter_repeated"),
        ("price_min=cheap", "price_min", "invalid"),
        ("bedrooms_min=-1", "bedrooms_min", "min_value"),
        ("page_size=101", "page_size", "max_value"),
        ("page_size=0", "page_size", "min_value"),
        ("status=incomplete", "status", "invalid_choice"),
        ("updated_after=yesterday", "updated_after", "invalid"),
        ("cursor=bm9uc2Vuc2U", "cursor", "cursor_invalid"),
        ("cursor=%C3%A9", "cursor", "cursor_invalid"),
        ("price_min=2&price_max=1", "price_max", "range_reversed"),
        ("q=a%00b", "q", "null_characters_not_allowed"),
    ],
)
def test_wrong_parameter_is_a_400_that_names_it(api, query, param, code):
    answer = api.get(f"{LIST}?{query}")
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, param, code)
    assert param in error["message"]


@pytest.mark.parametrize("below", ["", "facts/", "knowledge/"])
def test_unknown_parameter_is_refused_on_one_home_too(agency, api, below):
    address = f"{LIST}{show_property(agency).public_id}/{below}"
    assert api.get(address, {"fields": "city"}).json()["error"]["param"] == "fields"
    assert api.get(address).status_code == 200


def pages(api, address):
    """All pages from this address on, each as its titles."""
    found = []
    while address:
        answer = api.get(address)
        found.append(titles(answer))
        address = answer.json()["next"]
    return found


def test_pages_hold_every_home_once_in_the_order_of_creation(agency, api):
    for number in range(5):
        show_property(agency, f"House {number}")
    assert pages(api, f"{LIST}?page_size=2") == [["House 0", "House 1"], ["House 2", "House 3"], ["House 4"]]
    assert pages(api, f"{LIST}?page_size=5") == [[f"House {number}" for number in range(5)]]


def test_pages_can_be_read_backwards(agency, api):
    for number in range(4):
        show_property(agency, f"House {number}")
    first = api.get(f"{LIST}?page_size=2").json()
    second = api.get(first["next"]).json()
    back = api.get(second["previous"]).json()
    assert (first["previous"], second["next"], back["previous"]) == (None, None, None)
    assert [home["title"] for home in back["results"]] == ["House 0", "House 1"]
    assert titles(api.get(back["next"])) == ["House 2", "House 3"]


def test_pages_keep_the_filter_and_survive_a_home_that_goes(agency, api):
    homes = [show_property(agency, f"House {number}", city="Bend") for number in range(4)]
    show_property(agency, "Elsewhere")
    first = api.get(f"{LIST}?page_size=2&city=Bend")
    with agency_scope(agency):
        homes[1].delete()
    assert titles(api.get(first.json()["next"])) == ["House 2", "House 3"]


def test_updated_after_gives_the_oldest_change_first(agency, api):
    first, second, third = (show_property(agency, f"House {number}") for number in range(3))
    start = datetime(2026, 11, 1, tzinfo=UTC)
    with agency_scope(agency):
        for home, hours in ((first, 3), (second, 0), (third, 1)):
            moment = start + timedelta(hours=hours)
            Property.objects.filter(pk=home.pk).update(modification_timestamp=moment)
    assert titles(api.get(LIST, {"updated_after": "2026-11-01T00:00:00Z"})) == ["House 2", "House 0"]
    assert titles(api.get(LIST, {"updated_after": "2026-11-01T03:30:00+01:00"})) == ["House 0"]


def test_updated_after_pages_through_homes_that_changed_at_one_moment(agency, api):
    for number in range(5):
        show_property(agency, f"House {number}")
    with agency_scope(agency):
        Property.objects.update(modification_timestamp=timezone.now())
    assert pages(api, f"{LIST}?page_size=2&updated_after=2026-01-01T00:00:00Z") == [
        ["House 0", "House 1"],
        ["House 2", "House 3"],
        ["House 4"],
    ]
