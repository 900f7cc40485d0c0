from decimal import Decimal

import pytest

from tests.make import make_agency
from tests.make_properties import make_property, make_published_property
from tests.properties.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency()


def titles(client, query=""):
    response = client.get(f"/harbour/{query}")
    assert response.status_code == 200
    return [card.home.title for card in response.context["cards"]]


def three_homes(agency):
    make_published_property(agency, "Cottage", list_price=Decimal(300000), bedrooms_total=2, living_area=Decimal(900))
    make_published_property(
        agency,
        "Loft",
        list_price=Decimal(500000),
        bedrooms_total=1,
        city="Salem",
        property_sub_type="condominium",
        entry_level=3,
        living_area=Decimal(100),
        living_area_units="square_meters",
    )
    make_published_property(
        agency,
        "Flat",
        property_type="residential_lease",
        property_sub_type="apartment",
        entry_level=1,
        list_price=Decimal(2000),
        lease_amount_frequency="monthly",
        bedrooms_total=4,
        living_area=Decimal(2000),
    )


def test_list_shows_published_homes_newest_first(client, agency):
    three_homes(agency)
    make_property(agency, "Draft")
    make_published_property(agency, "Withdrawn", standard_status="withdrawn")
    make_published_property(make_agency("hill"), "Of another agency")
    assert titles(client) == ["Flat", "Loft", "Cottage"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=loft", ["Loft"]),
        ("?q=salem+LOFT", ["Loft"]),
        ("?q=salem+cottage", []),
        ("?q=condominium", ["Loft"]),
        ("?q=maple", ["Flat", "Loft", "Cottage"]),
        ("?q=%25", []),
        ("?price_min=300000", ["Loft", "Cottage"]),
        ("?price_max=300000", ["Flat", "Cottage"]),
        ("?price_min=300001&price_max=600000", ["Loft"]),
        ("?beds=2", ["Flat", "Cottage"]),
        ("?beds=0", ["Flat", "Loft", "Cottage"]),
        ("?type=condominium", ["Loft"]),
        ("?type=cabin", []),
        ("?offer=sale", ["Loft", "Cottage"]),
        ("?offer=lease", ["Flat"]),
        ("?area_min=1000", ["Flat", "Loft"]),
        ("?area_max=1076", ["Cottage"]),
        ("?area_max=1077", ["Loft", "Cottage"]),
        ("?sort=price", ["Flat", "Cottage", "Loft"]),
        ("?sort=-price", ["Loft", "Cottage", "Flat"]),
        ("?sort=-area", ["Flat", "Loft", "Cottage"]),
        ("?q=&beds=&price_min=", ["Flat", "Loft", "Cottage"]),
        ("?utm_source=letter&gclid=1", ["Flat", "Loft", "Cottage"]),
    ],
)
def test_search_finds(client, agency, query, found):
    three_homes(agency)
    assert titles(client, query) == found


def test_metric_agency_counts_in_square_metres(client):
    three_homes(make_agency(country="ES", currency="EUR", locale="en-GB"))
    assert titles(client, "?area_min=90&area_max=110") == ["Loft"]
    assert "Area from (m²)" in Page(client.get("/harbour/").content.decode()).text


def test_hidden_price_is_not_found_by_guessing(client, agency):
    make_published_property(agency, "Quiet", list_price=Decimal(400000), price_on_request=True)
    make_published_property(agency, "Cheap", list_price=Decimal(100))
    make_published_property(agency, "Dear", list_price=Decimal(900000))
    assert titles(client, "?price_min=1") == ["Dear", "Cheap"]
    assert titles(client, "?price_max=900000") == ["Dear", "Cheap"]
    assert titles(client, "?sort=price") == ["Cheap", "Dear", "Quiet"]
    assert titles(client, "?sort=-price") == ["Dear", "Cheap", "Quiet"]


def test_hidden_street_is_not_found_by_guessing(client, agency):
    make_published_property(agency, "Quiet", street_name="Zanzibar", display_address=False)
    make_published_property(agency, "Open", street_name="Yarrow")
    assert titles(client, "?q=zanzibar") == []
    assert titles(client, "?q=yarrow") == ["Open"]


@pytest.mark.parametrize("name", ["colour", "Beds", "agency", "listing_id", "<b>"])
def test_unknown_parameter_is_refused_by_name(client, agency, name):
    response = client.get("/harbour/", {name: "1"})
    page = Page(response.content.decode())
    assert response.status_code == 400
    assert f"This search knows no parameter “{name}”." in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?beds=many", "beds"),
        ("?beds=-1", "beds"),
        ("?price_min=cheap", "price_min"),
        ("?price_min=NaN", "price_min"),
        ("?price_min=1e999", "price_min"),
        ("?type=castle", "type"),
        ("?offer=swap", "offer"),
        ("?sort=title", "sort"),
        ("?price_min=500&price_max=400", "price_max"),
        ("?area_min=50&area_max=40", "area_max"),
        (f"?q={'a' * 101}", "q"),
        ("?q=%00", "q"),
    ],
)
def test_invalid_value_is_told_at_its_field(client, agency, query, field):
    make_published_property(agency)
    response = client.get(f"/harbour/{query}")
    page = Page(response.content.decode())
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert f"id_{field}_error" in page.ids()
    assert [e["aria-invalid"] for _, e in page.elements if e.get("name") == field] == ["true"]


def test_pages_keep_the_search(client, agency, monkeypatch):
    monkeypatch.setattr("properties.views.HOMES_A_PAGE", 2)
    for number in range(3):
        make_published_property(agency, f"House {number}")
    response = client.get("/harbour/?q=house&sort=price")
    (link,) = Page(response.content.decode()).find("a", rel="next")
    assert link["href"] == "?q=house&sort=price&page=2"
    assert len(titles(client, link["href"])) == 1
    assert client.get("/harbour/?q=house&page=3").status_code == 404
    assert client.get("/harbour/?page=0").status_code == 400
    assert client.get("/harbour/?page=x").status_code == 400


def test_empty_list_and_empty_search_say_different_things(client, agency):
    assert "no homes on offer right now" in Page(client.get("/harbour/").content.decode()).text
    make_published_property(agency)
    page = Page(client.get("/harbour/?q=castle").content.decode())
    assert "No home answers this search." in page.text
    assert page.content(name="robots") == "noindex, follow"


def test_used_filters_are_unfolded(client, agency):
    make_published_property(agency)
    folded = Page(client.get("/harbour/?q=maple").content.decode()).find("details")
    unfolded = Page(client.get("/harbour/?beds=2").content.decode()).find("details")
    assert ["open" in details for details in (*folded, *unfolded)] == [False, True]
