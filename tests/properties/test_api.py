"""Which homes the API gives, and what of them."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from properties import api_fields
from properties.facts import fact_sheet
from properties.models import Property, PropertyPrivate
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_private, make_property, make_room
from tests.properties.api_scene import add_media, add_open_house, caller, show_property

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


def test_list_has_only_published_homes_of_the_keys_agency(agency, api):
    show_property(agency, "Maple house")
    show_property(agency, "Hidden house", display_entire_listing=False)
    show_property(agency, "Gone house", standard_status="withdrawn")
    make_property(agency, "Draft house")
    show_property(make_agency("hill"), "Hill house")
    assert titles(api.get(LIST)) == ["Maple house"]


def test_home_speaks_reso_names_and_decimal_text(agency, api):
    home = show_property(agency, association_fee=Decimal("120.00"), association_fee_frequency="quarterly")
    given = api.get(f"{LIST}{home.public_id}/").json()
    assert given["public_id"] == str(home.public_id)
    assert given["url"] == "http://127.0.0.1:8000/harbour/maple-house/"
    assert given["list_price"] == "649000.00"
    assert given["association_fee_monthly"] == "40.00"
    assert given["bathrooms_total"] == 3
    assert (given["living_area"], given["living_area_units"]) == ("2310.00", "square_feet")
    assert given["living_area_m2"] == "214.61"
    assert given["heating"] == ["forced_air", "natural_gas"]
    assert (given["latitude"], given["longitude"]) == (45.5122, -122.6587)


def test_what_is_not_stated_is_null_and_not_zero_or_empty(agency, api):
    home = show_property(agency, garage_spaces=None, county_or_parish="", pool_features=None, fireplaces_total=0)
    given = api.get(f"{LIST}{home.public_id}/").json()
    assert (given["garage_spaces"], given["county_or_parish"], given["pool_features"]) == (None, None, None)
    assert given["fireplaces_total"] == 0


def test_media_has_every_rendition_and_only_public_ones(agency, api):
    home = show_property(agency)
    photo = add_media(home, room=make_room(home))
    add_media(home, permission="private", alt_text="The safe")
    (given,) = api.get(f"{LIST}{home.public_id}/").json()["media"]
    assert (given["media_key"], given["room"]) == (str(photo.media_key), "kitchen")
    site = f"http://127.0.0.1:8000/harbour/pictures/{photo.media_key}"
    assert [(one["url"], one["width"], one["height"], one["media_type"]) for one in given["renditions"]] == [
        (f"{site}/320.webp", 320, 213, "image/webp"),
        (f"{site}/960.webp", 960, 640, "image/webp"),
        (f"{site}/1440.webp", 1440, 960, "image/webp"),
        (f"{site}/960.jpg", 960, 640, "image/jpeg"),
    ]


def test_home_has_its_rooms_and_the_public_open_houses_to_come(agency, api):
    home = show_property(agency)
    make_room(
        home, "Kitchen", room_length=Decimal("18.33"), room_width=Decimal("17.00"), room_length_width_units="feet"
    )
    now = timezone.now()
    coming = add_open_house(home, now + timedelta(days=1), now + timedelta(days=1, hours=2))
    add_open_house(home, now - timedelta(hours=3), now - timedelta(hours=1))
    add_open_house(home, coming.start, coming.end, open_house_type="broker")
    given = api.get(f"{LIST}{home.public_id}/").json()
    assert [(room["key"], room["room_length"]) for room in given["rooms"]] == [("kitchen", "18.33")]
    assert [event["open_house_key"] for event in given["open_houses"]] == [str(coming.open_house_key)]


def test_hidden_address_leaves_every_field_that_names_the_street(agency, api):
    stated = {
        "parcel_number": "R-118-Maple",
        "directions": "From Maple Street",
        "cross_street": "Maple & Oak",
        "universal_property_id": "US-Maple",
        "energy_label_url": "https://epc.example/12-maple",
    }
    shown, hidden = (
        show_property(agency, "Open house", **stated),
        show_property(agency, "Quiet house", display_address=False, **stated),
    )
    given = api.get(f"{LIST}{hidden.public_id}/").json()
    assert [given[name] for name in api_fields.HIDDEN_WITH_ADDRESS] == [None] * 11
    assert (given["latitude"], given["longitude"], given["city"]) == (45.51, -122.66, "Portland")
    for address in (LIST + "?city=Portland&q=quiet", f"{LIST}{hidden.public_id}/", f"{LIST}{hidden.public_id}/facts/"):
        assert "maple" not in api.get(address).content.decode().lower()
    assert api.get(f"{LIST}{shown.public_id}/").json()["street_name"] == "Maple"
    assert titles(api.get(LIST, {"q": "maple"})) == ["Open house"]


def test_price_on_request_is_told_by_no_field_and_no_bound(agency, api):
    show_property(agency, "Priced house")
    hidden = show_property(
        agency,
        "Secret house",
        price_on_request=True,
        list_price_low=Decimal(649000),
        original_list_price=Decimal(649000),
        previous_list_price=Decimal(649000),
    )
    answer = api.get(f"{LIST}{hidden.public_id}/")
    assert [answer.json()[name] for name in api_fields.HIDDEN_ON_REQUEST] == [None] * 5
    facts = api.get(f"{LIST}{hidden.public_id}/facts/").content
    assert b"649" not in answer.content + facts
    assert titles(api.get(LIST, {"price_min": "1"})) == ["Priced house"]
    assert titles(api.get(LIST, {"price_max": "900000"})) == ["Priced house"]
    assert titles(api.get(LIST)) == ["Priced house", "Secret house"]


def test_close_price_is_given_only_where_the_agency_publishes_it(agency, api):
    sold: dict[str, Any] = {
        "standard_status": "closed",
        "close_date": timezone.localdate(),
        "close_price": Decimal("640000.00"),
    }
    home = show_property(agency, **sold)
    address = f"{LIST}{home.public_id}/"
    assert api.get(address).json()["close_price"] is None
    agency.publishes_close_price = True
    agency.save()
    assert api.get(address).json()["close_price"] == "640000.00"


def test_free_words_among_the_security_features_are_not_given(agency, api):
    home = show_property(agency, security_features=["smoke_detectors", "other:camera above the porch"])
    assert api.get(f"{LIST}{home.public_id}/").json()["security_features"] == ["smoke_detectors"]


def test_no_answer_has_anything_of_the_private_record(agency, api):
    home = show_property(agency)
    make_private(home, private_remarks="PRIVATE-1", access_code="PRIVATE-2", owner_name="PRIVATE-3")
    make_knowledge(home, "Alarm?", "PRIVATE-4", audience="staff")
    make_knowledge(home, "Draft?", "PRIVATE-5", approved=False)
    make_knowledge(home, "Old?", "PRIVATE-6", valid_until=timezone.localdate() - timedelta(days=1), as_of=None)
    make_knowledge(home, "Roof?", "It is from 2019.")
    address = f"{LIST}{home.public_id}/"
    answers = [api.get(path).content.decode() for path in (LIST, address, f"{address}facts/", f"{address}knowledge/")]
    assert "PRIVATE" not in "".join(answers)
    assert "It is from 2019." in answers[3]
    private = {field.name for field in PropertyPrivate._meta.fields} - {field.name for field in Property._meta.fields}
    assert not private & set(api_fields.HOME)


@pytest.mark.parametrize("below", ["", "facts/", "knowledge/"])
def test_anothers_home_and_a_draft_are_missing_like_a_missing_one(agency, api, below):
    other = show_property(make_agency("hill"), "Hill house")
    draft = make_property(agency, "Draft house")
    ids = [other.public_id, draft.public_id, uuid.uuid4(), "not-an-id"]
    answers = [api.get(f"{LIST}{key}/{below}") for key in ids]
    bodies = [{**answer.json()["error"], "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert bodies == [bodies[0]] * 4
    assert {frozenset(answer.headers) for answer in answers} == {frozenset(answers[0].headers)}
    assert caller(other.agency).get(f"{LIST}{other.public_id}/{below}").status_code == 200


def test_facts_are_those_of_the_fact_sheet(agency, api):
    home = show_property(agency)
    given = api.get(f"{LIST}{home.public_id}/facts/", {"locale": "de"}).json()
    with agency_scope(agency):
        sheet = fact_sheet(Property.objects.get(), "de")
    assert given["locale"] == "de"
    assert [(fact["key"], fact["written"]) for fact in given["facts"]] == [(f.key, f.written) for f in sheet.facts]
    assert [fact["value"] for fact in given["facts"] if fact["key"] == "list_price"] == ["649000.00"]
    assert [line["key"] for line in given["not_stated"]] == [fact.key for fact in sheet.not_stated]


def test_facts_tell_knowledge_only_to_a_key_that_may_read_it(agency):
    home = show_property(agency)
    make_knowledge(home, "How old is the roof?")
    address = f"{LIST}{home.public_id}/facts/"
    groups = [
        {fact["group"] for fact in caller(agency, *scopes).get(address).json()["facts"]}
        for scopes in (["properties:read"], ["properties:read", "knowledge:read"])
    ]
    assert ["knowledge" in group for group in groups] == [False, True]


def test_knowledge_is_filtered_by_category(agency, api):
    home = show_property(agency)
    make_knowledge(home, "How old is the roof?", room=make_room(home))
    make_knowledge(home, "What does water cost?", "About $60 a month.", category="costs", source="owner")
    address = f"{LIST}{home.public_id}/knowledge/"
    (entry,) = api.get(address, {"category": "costs"}).json()["results"]
    assert (entry["question"], entry["answer"], entry["source"], entry["as_of"]) == (
        "What does water cost?",
        "About $60 a month.",
        "owner",
        "2026-03-02",
    )
    assert [entry["room"] for entry in api.get(address).json()["results"]] == ["kitchen", None]
