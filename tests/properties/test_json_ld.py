import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone

from agencies.scope import agency_scope
from properties.models import OpenHouse
from tests.make import make_agency
from tests.make_properties import make_node, make_panorama, make_photo, make_published_property, make_room
from tests.properties.pages import LD, graph, node

pytestmark = pytest.mark.django_db

THING = {"name", "description", "url", "image", "identifier", "subjectOf", "additionalType"}
PLACE = THING | {
    "address",
    "geo",
    "amenityFeature",
    "additionalProperty",
    "photo",
    "containedInPlace",
    "tourBookingPage",
}
PRODUCT = THING | {"additionalProperty", "hasEnergyConsumptionDetails"}
ACCOMMODATION = PLACE | {
    *("accommodationCategory", "accommodationFloorPlan", "floorLevel", "floorSize", "numberOfBathroomsTotal"),
    *("numberOfBedrooms", "numberOfFullBathrooms", "numberOfPartialBathrooms", "numberOfRooms", "petsAllowed"),
    "yearBuilt",
}
WORK = THING | {
    *("about", "copyrightNotice", "creditText", "dateModified", "encodingFormat", "hasPart", "inLanguage"),
    *("keywords", "mainEntity", "offers", "provider", "thumbnailUrl"),
}
OFFER = THING | {
    *("availability", "availabilityStarts", "businessFunction", "itemOffered", "leaseLength", "offeredBy", "price"),
    *("priceCurrency", "priceSpecification", "validFrom"),
}
PRICE = THING | {"price", "priceCurrency", "minPrice", "maxPrice"}
# What schema.org (release 30.0) lists for each type, as far as the page uses it.
VOCABULARY = {
    "RealEstateListing": WORK | {"datePosted", "leaseLength"},
    "SingleFamilyResidence": ACCOMMODATION,
    "House": ACCOMMODATION,
    "Apartment": ACCOMMODATION,
    "Place": PLACE,
    "Product": PRODUCT,
    "OfferForPurchase": OFFER,
    "OfferForLease": OFFER,
    "RealEstateAgent": THING | {"address", "email", "logo", "telephone"},
    "Person": THING | {"jobTitle", "worksFor"},
    "Event": THING | {"startDate", "endDate", "eventStatus", "eventAttendanceMode", "location", "organizer"},
    "ImageObject": WORK | {"caption", "contentUrl", "height", "width"},
    "CreativeWork": WORK,
    "PostalAddress": {"streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"},
    "GeoCoordinates": {"latitude", "longitude"},
    "QuantitativeValue": {"value", "unitCode"},
    "PropertyValue": {"propertyID", "name", "value", "unitCode", "unitText"},
    "LocationFeatureSpecification": {"name", "value"},
    "PriceSpecification": PRICE,
    "UnitPriceSpecification": PRICE | {"unitCode", "unitText"},
    "FloorPlan": THING | {"layoutImage"},
    "VirtualLocation": THING,
    "EnergyConsumptionDetails": {"hasEnergyEfficiencyCategory"},
}
RICH = {
    "list_agent_name": "June Alder",
    "listing_id": "HH-1024",
    "list_price_low": Decimal(600000),
    "has_association": True,
    "association_fee": Decimal(120),
    "association_fee_frequency": "monthly",
    "subdivision_name": "Alder Grove",
    "copyright_notice": "© Harbour",
    "has_ev_charging": True,
    "basement": ["none"],
    "fireplaces_total": 0,
}
LEASE: dict[str, Any] = {
    "property_type": "residential_lease",
    "property_sub_type": "apartment",
    "entry_level": 2,
    "list_price": Decimal(2450),
    "lease_amount_frequency": "monthly",
    "lease_term": "12_months",
    "availability_date": timezone.localdate() + timedelta(days=30),
    "energy_label": "B",
    "country": "DE",
    "state_or_province": "DE-BE",
    "tax_annual_amount": None,
    "tax_year": None,
}
HOMES: dict[str, dict[str, Any]] = {
    "sale": RICH,
    "lease": LEASE,
    "quiet": {"title": "Quiet loft", "price_on_request": True, "display_address": False, "unit_number": "4"},
    "land": {"property_type": "land", "property_sub_type": "residential_lot"},
    "bare": {
        "bathrooms_full": None,
        "bathrooms_half": None,
        "year_built": None,
        "living_area": None,
        "living_area_units": "",
        "latitude": None,
        "longitude": None,
    },
}


def published(kind="sale", agency=None, **fields):
    home = make_published_property(agency or make_agency(), **{**HOMES[kind], **fields})
    make_photo(home, media_category="floor_plan", alt_text="Ground floor")
    make_node(home, media=make_panorama(home), room=make_room(home))
    with agency_scope(home.agency):
        start = timezone.now() + timedelta(days=2)
        end = start + timedelta(hours=2)
        OpenHouse.objects.create(property=home, start=start, end=end, livestream_url="https://live.example/1")
    return home


def read(client, home):
    return graph(client.get(f"/{home.agency.slug}/{home.slug}/").content.decode())


def typed(value):
    """Every node with a type, at every depth."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for item in value.values():
            yield from typed(item)
    if isinstance(value, list):
        for item in value:
            yield from typed(item)


def values(value):
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from values(item)
    else:
        yield value


@pytest.mark.parametrize("kind", HOMES)
def test_every_key_is_one_of_its_type(client, kind):
    for found in typed(read(client, published(kind))):
        kinds = found["@type"] if isinstance(found["@type"], list) else [found["@type"]]
        known = set().union(*(VOCABULARY[kind] for kind in kinds))
        assert {key for key in found if not key.startswith("@")} <= known


@pytest.mark.parametrize("kind", HOMES)
def test_nothing_is_null_empty_or_a_float(client, kind):
    found = list(values(read(client, published(kind))))
    assert found
    assert [value for value in found if value is None or value == "" or isinstance(value, float)] == []


@pytest.mark.parametrize("kind", HOMES)
def test_every_reference_has_its_node(client, kind):
    nodes = read(client, published(kind))
    known = {found["@id"] for found in nodes}
    pointed = {item["@id"] for found in nodes for item in _references(found)}
    assert len(known) == len(nodes)
    assert pointed <= known


def _references(value):
    if isinstance(value, dict) and set(value) == {"@id"}:
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _references(item)


def test_home_is_told_as_the_record_has_it(client):
    nodes = read(client, published())
    home, offer = node(nodes, "SingleFamilyResidence"), node(nodes, "OfferForPurchase")
    assert home["@type"] == ["SingleFamilyResidence", "Product"]
    assert home["floorSize"] == {"@type": "QuantitativeValue", "value": "2310.00", "unitCode": "FTK"}
    counts = ("numberOfBedrooms", "numberOfBathroomsTotal", "numberOfFullBathrooms", "numberOfPartialBathrooms")
    assert [home[name] for name in counts] == [3, 3, 2, 1]
    assert (home["yearBuilt"], home["address"]["streetAddress"]) == (1926, "12 Maple Street")
    assert home["geo"]["latitude"] == "45.5122"
    assert (offer["price"], offer["priceCurrency"]) == ("649000.00", "USD")
    assert offer["priceSpecification"]["minPrice"] == "600000.00"
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["businessFunction"] == "http://purl.org/goodrelations/v1#Sell"
    figures = {found["propertyID"]: found["value"] for found in home["additionalProperty"]}
    assert (figures["association_fee"], figures["tax_annual_amount"]) == ("120.00", "6120.00")


def test_stated_no_and_zero_are_kept(client):
    home = node(read(client, published()), "SingleFamilyResidence")
    features = {found["name"]: found["value"] for found in home["amenityFeature"]}
    assert features["Fireplaces"] == 0
    assert features["EV charging"] is True


def test_lease_has_its_rent_and_terms(client):
    nodes = read(client, published("lease"))
    offer, home = node(nodes, "OfferForLease"), node(nodes, "Apartment")
    assert offer["leaseLength"] == {"@type": "QuantitativeValue", "value": 12, "unitCode": "MON"}
    assert offer["priceSpecification"]["unitCode"] == "MON"
    assert offer["availabilityStarts"] == LEASE["availability_date"].isoformat()
    energy = home["hasEnergyConsumptionDetails"]["hasEnergyEfficiencyCategory"]
    assert energy == "https://schema.org/EUEnergyEfficiencyCategoryB"


def test_price_on_request_is_an_offer_without_price(client):
    offer = node(read(client, published("quiet")), "OfferForPurchase")
    assert {"price", "priceCurrency", "priceSpecification"} & set(offer) == set()
    assert offer["availability"] == "https://schema.org/InStock"


def test_hidden_address_leaves_the_area(client):
    home = node(read(client, published("quiet")), "Product")
    assert home["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Portland",
        "addressRegion": "OR",
        "postalCode": "97214",
        "addressCountry": "US",
    }
    assert (home["geo"]["latitude"], home["geo"]["longitude"]) == ("45.51", "-122.66")


def test_pending_home_books_no_tour(client):
    nodes = read(client, published("sale", standard_status="pending"))
    assert node(nodes, "OfferForPurchase")["availability"] == "https://schema.org/Reserved"
    assert "tourBookingPage" not in node(nodes, "Product")


def test_no_value_breaks_out_of_the_script(client):
    home = published("sale", title="</script><script>alert(1)</script> & <!-- more")
    html = client.get(f"/harbour/{home.slug}/").content.decode()
    (block,) = LD.findall(html)
    assert {sign for sign in "<>&" if sign in block} == set()
    assert node(graph(html), "RealEstateListing")["name"] == home.title


def test_script_keeps_the_words():
    template = Template("{% load json_ld %}{% json_ld_script data %}")
    data = {"name": "Größe & <b>\u2028"}
    (block,) = LD.findall(template.render(Context({"data": data})))
    assert json.loads(block) == data
