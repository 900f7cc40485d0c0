from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.scope import agency_scope
from tests.make import make_agency
from tests.make_properties import make_property

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.localdate().year
LATER = timezone.localdate() + timedelta(days=30)


def errors_of(home, **fields):
    """field → codes of what full_clean() says about the home with these fields."""
    for name, value in fields.items():
        setattr(home, name, value)
    with agency_scope(home.agency):
        try:
            home.full_clean()
        except ValidationError as error:
            return {field: [e.code for e in errors] for field, errors in error.error_dict.items()}
    return {}


@pytest.fixture
def home():
    return make_property(make_agency())


def test_property_with_all_core_facts_is_valid(home):
    assert errors_of(home) == {}


REFUSED = [
    ({"list_price": Decimal(0)}, "list_price", "not_positive"),
    ({"list_price_low": Decimal(700000)}, "list_price_low", "above_price"),
    ({"currency": "ZZZ"}, "currency", "unknown"),
    ({"has_association": True, "association_fee": Decimal(85)}, "association_fee_frequency", "required"),
    (
        {"association_fee": Decimal(85), "association_fee_frequency": "monthly"},
        "has_association",
        "required",
    ),
    ({"has_association": False, "association_name": "Maple HOA"}, "association_name", "no_association"),
    ({"has_association": False, "association_fee_includes": ["water"]}, "association_fee_includes", "no_association"),
    ({"tax_year": None}, "tax_year", "required"),
    ({"tax_year": 1899}, "tax_year", "range"),
    ({"tax_year": THIS_YEAR + 2}, "tax_year", "range"),
    ({"tax_annual_amount": Decimal(-1)}, "tax_annual_amount", "negative"),
    ({"inclusions": "Fridge\nShed", "exclusions": "shed "}, "exclusions", "also_included"),
    ({"furnished": "furnished"}, "furnished", "only_lease"),
    ({"pets_allowed": ["no"]}, "pets_allowed", "only_lease"),
    ({"street_number": ""}, "street_number", "together"),
    ({"unparsed_address": "12 Maple Street"}, "unparsed_address", "both"),
    ({"country": "XA"}, "country", "unknown"),
    ({"state_or_province": "US-ZZ"}, "state_or_province", "unknown"),
    ({"country": "DE"}, "state_or_province", "unknown"),
    ({"latitude": None}, "latitude", "together"),
    ({"latitude": Decimal(91)}, "latitude", "range"),
    ({"longitude": Decimal(-181)}, "longitude", "range"),
    ({"latitude": Decimal(0), "longitude": Decimal(0)}, "latitude", "zero"),
    ({"property_time_zone_name": "Mars/Base"}, "property_time_zone_name", "unknown"),
    ({"high_school": "Cleveland High"}, "school_source", "required"),
    ({"walk_score": 101, "walk_score_source": "A", "walk_score_date": LATER}, "walk_score", "range"),
    ({"property_sub_type": "apartment"}, "property_sub_type", "not_allowed"),
    ({"property_type": "land"}, "property_sub_type", "not_allowed"),
    ({"bathrooms_full": 100}, "bathrooms_full", "range"),
    ({"rooms_total": 2}, "rooms_total", "fewer_than_bedrooms"),
    ({"living_area": Decimal(0)}, "living_area", "not_positive"),
    ({"living_area_units": ""}, "living_area_units", "required"),
    ({"lot_size_units": ""}, "lot_size_units", "required"),
    ({"year_built": 0}, "year_built", "range"),
    ({"year_built": 1499}, "year_built", "range"),
    ({"year_built": THIS_YEAR + 6, "is_new_construction": True}, "year_built", "range"),
    ({"year_built": THIS_YEAR + 1}, "is_new_construction", "required"),
    ({"year_renovated": 1925}, "year_renovated", "before_built"),
    ({"stories_total": 1}, "stories_total", "fewer"),
    ({"stories_total": 4, "entry_level": 5}, "entry_level", "above_building"),
    ({"parking_total": Decimal("0.5")}, "parking_total", "fewer"),
    ({"list_date": LATER}, "list_date", "future"),
    ({"close_price": Decimal(1)}, "close_price", "not_closed"),
    ({"slug": "admin"}, "slug", "reserved"),
    ({"heating": ["none", "oil"]}, "heating", "none_alone"),
    ({"heating": ["oil", "oil"]}, "heating", "duplicate"),
    ({"heating": ["nuclear"]}, "heating", "unknown_key"),
    ({"heating": "oil"}, "heating", "not_a_list"),
    ({"living_area_source": "guess"}, "living_area_source", "invalid_choice"),
    ({"public_remarks": "Call 503-555-0134 today."}, "public_remarks", "contact"),
    ({"public_remarks": "Write to ann@harbour.example."}, "public_remarks", "contact"),
    ({"public_remarks": "The lockbox is at the gate."}, "public_remarks", "access"),
    ({"public_remarks": "x" * 4001}, "public_remarks", "invalid"),
]


@pytest.mark.parametrize(("fields", "field", "code"), REFUSED)
def test_property_refuses_at_the_field(home, fields, field, code):
    found = errors_of(home, **fields)
    assert found == {field: [code if code != "invalid" else None]}


TAKEN = [
    {"list_price_low": Decimal(640000)},
    {"has_association": True},
    {"has_association": True, "association_fee": Decimal(85), "association_fee_frequency": "monthly"},
    {"has_association": False},
    {"tax_year": THIS_YEAR + 1},
    {"tax_annual_amount": None, "tax_year": None},
    {"inclusions": "Fridge", "exclusions": "Shed"},
    {"property_type": "residential_lease", "furnished": "furnished", "property_sub_type": "apartment"},
    {"street_number": "", "street_name": "", "street_suffix": "", "unparsed_address": "12 Maple St"},
    {"state_or_province": "or"},
    {"country": "FR", "state_or_province": "FR-IDF", "postal_code": "75011"},
    {"latitude": None, "longitude": None},
    {"latitude": Decimal(0)},
    {"high_school": "Cleveland High", "school_source": "Portland Public Schools"},
    {"property_sub_type": "condominium"},
    {"property_type": "land", "property_sub_type": "residential_lot"},
    {"bathrooms_full": 0},
    {"living_area": None, "living_area_units": ""},
    {"year_built": None},
    {"year_built": THIS_YEAR + 5, "is_new_construction": True},
    {"year_renovated": 1926},
    {"stories_total": 4, "entry_level": 4},
    {"parking_total": Decimal("1.0")},
    {"heating": ["none"]},
    {"heating": ["other:masonry stove", "oil"]},
    {"heating": None},
    {"public_remarks": "Sold as is: 2,310 square feet on 0.18 acres, built in 1926, for $649,000."},
    {"public_remarks": "x" * 4000},
]


@pytest.mark.parametrize("fields", TAKEN)
def test_property_takes(home, fields):
    assert errors_of(home, **fields) == {}


def test_property_completes_region_and_letters(home):
    assert errors_of(home, state_or_province="or", country="us", currency="usd") == {}
    assert (home.state_or_province, home.country, home.currency) == ("US-OR", "US", "USD")


def test_price_is_required_once_shown(home):
    assert errors_of(home, standard_status="incomplete", list_price=None) == {}
    assert errors_of(home, standard_status="active") == {"list_price": ["required"]}
    assert errors_of(home, price_on_request=True) == {}


def test_hidden_address_is_not_named_in_texts(home):
    assert errors_of(home, public_remarks="A porch on Maple Street.") == {}
    assert errors_of(home, display_address=False) == {
        "title": ["street"],
        "slug": ["street"],
        "public_remarks": ["street"],
    }
    assert errors_of(home, title="Craftsman house", slug="craftsman-house", public_remarks="Maple floors.") == {}


def test_errors_of_hidden_form_fields_stand_above_the_form(home):
    home.list_price = Decimal(-5)
    with agency_scope(home.agency), pytest.raises(ValidationError) as refused:
        home.full_clean(exclude=["list_price"])
    assert refused.value.message_dict == {"__all__": ["Write a price above 0, or tick “price on request”."]}


def test_empty_list_is_stored_as_not_stated(home):
    home.heating, home.cooling = [], ["none"]
    with agency_scope(home.agency):
        home.save()
        home.refresh_from_db()
        assert (home.heating, home.cooling) == (None, ["none"])


def test_unknown_is_neither_zero_nor_no(home):
    with agency_scope(home.agency):
        home.refresh_from_db()
    assert (home.has_association, home.association_fee, home.fireplaces_total) == (None, None, None)
