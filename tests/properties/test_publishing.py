from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from properties.models import Property
from properties.publishing import NotPublishable
from tests.make import make_user
from tests.make_properties import (
    make_link,
    make_node,
    make_panorama,
    make_photo,
    make_property,
    make_published_property,
    make_room,
)
from tests.properties.rows import statuses

pytestmark = pytest.mark.django_db


def refusals(home, **kwargs):
    """(field, code) of everything that keeps the home off its page."""
    with pytest.raises(NotPublishable) as refused:
        home.publish(**kwargs)
    assert home.published_at is None
    return [(finding.field, finding.code) for finding in refused.value.findings]


def test_publish_puts_the_home_on_its_page(agency):
    home, ann = make_property(agency), make_user()
    make_photo(home)
    assert list(Property.objects.published()) == []
    home.publish(ann)
    home.refresh_from_db()
    assert list(Property.objects.published()) == [home]
    assert (home.is_public(), home.standard_status, home.published_by) == (True, "active", ann)
    assert home.takes_viewings()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"list_price": None}, "list_price"),
        ({"property_type": ""}, "property_type"),
        ({"property_sub_type": ""}, "property_sub_type"),
        ({"city": ""}, "city"),
        ({"public_remarks": ""}, "public_remarks"),
        ({"bedrooms_total": None}, "bedrooms_total"),
        ({"street_number": "", "street_name": "", "street_suffix": ""}, "street_name"),
        ({"property_type": "residential_lease"}, "lease_amount_frequency"),
    ],
)
def test_publish_needs(agency, fields, field):
    home = make_property(agency, **fields)
    make_photo(home)
    assert refusals(home) == [(field, "required")]


@pytest.mark.parametrize(
    "fields",
    [
        {"list_price": None, "price_on_request": True},
        {"street_number": "", "street_name": "", "display_address": False, "title": "Craftsman"},
        {"property_type": "residential_lease", "lease_amount_frequency": "monthly"},
        {"property_type": "land", "property_sub_type": "residential_lot", "bedrooms_total": None},
    ],
)
def test_publish_takes_the_other_way(agency, fields):
    home = make_property(agency, **fields)
    make_photo(home)
    home.publish()
    assert home.is_public()


def test_publish_gives_every_reason_at_once_errors_first(agency):
    home = make_property(agency, city="", list_price=None, public_remarks="Perfect for families.")
    assert refusals(home) == [
        ("list_price", "required"),
        ("city", "required"),
        ("media", "required"),
        ("public_remarks", "fair_housing"),
    ]


def test_publish_needs_one_honest_public_photo(agency):
    home = make_property(agency)
    photo = make_photo(home, alt_text="", media_alteration=None)
    assert refusals(home) == [("media", "required"), ("media", "alt_text"), ("media", "media_alteration")]
    photo.alt_text, photo.media_alteration, photo.permission = "The house", ["none"], "private"
    photo.save()
    assert refusals(home) == [("media", "required")]
    photo.permission, photo.media_category = "public", "floor_plan"
    photo.save()
    assert refusals(home) == [("media", "required")]
    photo.media_category = "photo"
    photo.save()
    home.publish()


def test_publish_needs_somebody_to_reach(agency):
    home = make_property(agency)
    make_photo(home)
    agency.email = agency.phone = ""
    agency.save()
    home.agency = agency
    assert refusals(home) == [("list_agent_email", "required")]
    home.list_agent_phone = "+1 503 555 0134"
    home.publish()


def test_publish_needs_what_the_market_asks(agency):
    agency.requires_energy_label = agency.requires_living_area_source = True
    agency.save()
    home = make_property(agency, living_area_source="")
    home.agency = agency
    make_photo(home)
    assert refusals(home) == [("energy_label", "required"), ("living_area_source", "required")]
    home.energy_label, home.living_area_source = "B", "owner"
    home.publish()


def test_publish_does_not_show_a_switched_off_listing(agency):
    home = make_property(agency, display_entire_listing=False)
    make_photo(home)
    assert refusals(home) == [("display_entire_listing", "off")]


def test_publish_checks_pictures_for_a_hidden_street(agency):
    home = make_property(agency, "Craftsman", display_address=False)
    photo = make_photo(home, alt_text="View along Maple Street")
    assert refusals(home) == [("media", "street")]
    photo.alt_text = "View along the street"
    photo.save()
    home.publish()


def test_warnings_are_accepted_with_name_and_time(agency):
    home, ann = make_property(agency, public_remarks="Ideal for couples."), make_user()
    make_photo(home)
    assert refusals(home) == [("public_remarks", "fair_housing")]
    home.publish(ann, accept_warnings=True)
    home.refresh_from_db()
    assert home.warnings_accepted_by == ann
    assert home.warnings_accepted_at is not None
    assert make_published_property(agency, "Orchard").warnings_accepted_at is None


def test_errors_are_not_accepted_with_the_warnings(agency):
    home = make_property(agency, public_remarks="Ideal for couples.", city="")
    make_photo(home)
    assert refusals(home, accept_warnings=True) == [("city", "required")]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"postal_code": "9721"}, "postal_code", "pattern"),
        ({"living_area": Decimal(40000)}, "living_area", "huge"),
        (
            {"building_area_total": Decimal(2000), "building_area_units": "square_feet"},
            "living_area",
            "above_building",
        ),
        ({"covered_spaces": Decimal(3), "carport_spaces": Decimal(1)}, "covered_spaces", "sum"),
    ],
)
def test_doubtful_figures_warn(agency, fields, field, code):
    home = make_property(agency, **fields)
    make_photo(home)
    assert refusals(home) == [(field, code)]
    home.publish(accept_warnings=True)


def test_bedrooms_and_tour_warn(agency):
    home = make_property(agency, bedrooms_total=0)
    make_photo(home)
    panoramas = [make_panorama(home) for _ in range(2)]
    make_room(home, "Bedroom", "bedroom")
    hall, attic = (make_node(home, name, media=pano) for name, pano in zip(["Hall", "Attic"], panoramas, strict=True))
    assert refusals(home) == [("bedrooms_total", "fewer_than_rooms"), ("tour_nodes", "unreachable")]
    make_link(hall, attic)
    home.bedrooms_total = 1
    home.publish()


def test_publishing_again_keeps_the_first_day(agency):
    home = make_published_property(agency)
    first = home.published_at
    home.publish()
    assert (home.published_at, statuses(home)) == (first, ["incomplete", "active"])


def test_refusal_reads_as_sentences_at_their_fields(agency):
    home = make_property(agency, city="")
    make_photo(home)
    with pytest.raises(ValidationError) as refused:
        home.publish()
    assert refused.value.message_dict == {"city": ["Add the city."]}
