"""The home itself in schema.org's words: types, measures and features."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .enums import AreaUnits, LotSizeUnits, PropertySubType
from .facts import Fact
from .facts.fact import json_safe
from .home_page import HomePage

Node = dict[str, Any]
_S = PropertySubType
PLACES = frozenset({_S.BOAT_SLIP, _S.DEEDED_PARKING, _S.UNIMPROVED_LAND, _S.RESIDENTIAL_LOT, _S.AGRICULTURE})
FLATS = frozenset(
    {
        _S.CONDOMINIUM,
        _S.APARTMENT,
        _S.STOCK_COOPERATIVE,
        _S.OWN_YOUR_OWN,
        _S.CO_OWNERSHIP,
        _S.TENANCY_IN_COMMON,
        _S.TIMESHARE,
    }
)
# UN/CEFACT codes
UNIT_CODES: dict[str, str] = {
    AreaUnits.SQUARE_FEET: "FTK",
    AreaUnits.SQUARE_METERS: "MTK",
    LotSizeUnits.ACRES: "ACR",
    LotSizeUnits.HECTARES: "HAR",
}
COUNTS = {
    "bedrooms_total": "numberOfBedrooms",
    "bathrooms_total": "numberOfBathroomsTotal",
    "bathrooms_full": "numberOfFullBathrooms",
    "rooms_total": "numberOfRooms",
    "year_built": "yearBuilt",
}
PARTIAL_BATHS = ("bathrooms_three_quarter", "bathrooms_half", "bathrooms_one_quarter")
AMENITIES = (
    *("heating", "cooling", "basement", "appliances", "flooring", "interior_features", "laundry_features"),
    *("fireplace_features", "fireplaces_total", "exterior_features", "patio_and_porch_features", "has_private_pool"),
    *("pool_features", "view", "waterfront_features", "lot_features", "fencing", "accessibility_features"),
    *("parking_features", "has_attached_garage", "has_ev_charging", "association_amenities"),
    *("green_energy_efficient", "green_energy_generation", "power_production_type"),
)
PROPERTIES = (
    *("lot_size_area", "lot_size_dimensions", "building_area_total", "year_renovated", "year_built_effective"),
    *("stories", "stories_total", "direction_faces", "architectural_style", "construction_materials", "roof"),
    *("foundation_details", "property_condition", "garage_spaces", "carport_spaces", "covered_spaces"),
    *("open_parking_spaces", "parking_total", "sewer", "water_source", "utilities", "electric"),
    *("has_association", "association_fee", "association_name", "association_fee_includes", "tax_annual_amount"),
)
EU_LABEL = re.compile(r"([A-G])(\+{0,3})\Z")
PLUSES = ("", "1Plus", "2Plus", "3Plus")


def home_node(page: HomePage) -> Node:
    return {**_identity(page), **_place(page), **_measures(page), **_features(page)}


def schema_type(page: HomePage) -> str:
    kind = page.home.property_sub_type
    if kind in PLACES:
        return "Place"
    if kind == _S.SINGLE_FAMILY_RESIDENCE:
        return "SingleFamilyResidence"
    return "Apartment" if kind in FLATS and page.home.entry_level is not None else "House"


def is_dwelling(page: HomePage) -> bool:
    return page.home.property_sub_type not in PLACES


def _identity(page: HomePage) -> Node:
    home = page.home
    kind = page.sheet.get("property_sub_type")
    identifiers: list[Any] = [str(home.public_id)]
    if page.sheet.get("listing_id"):
        identifiers.append({"@type": "PropertyValue", "propertyID": "listing_id", "value": home.listing_id})
    return {
        "@type": [schema_type(page), "Product"],
        "name": home.title,
        "description": page.description,
        "identifier": identifiers,
        "accommodationCategory": kind.written if kind and is_dwelling(page) else None,
    }


def _place(page: HomePage) -> Node:
    home = page.home
    at = home.shown_coordinates()
    return {
        "address": {
            "@type": "PostalAddress",
            "streetAddress": home.shown_street_address(),
            "addressLocality": home.city,
            "addressRegion": home.state_or_province.rpartition("-")[2],
            "postalCode": home.postal_code,
            "addressCountry": home.country,
        },
        "geo": {"@type": "GeoCoordinates", "latitude": _plain(at[0]), "longitude": _plain(at[1])} if at else None,
        "containedInPlace": {"@type": "Place", "name": home.subdivision_name} if home.subdivision_name else None,
    }


def _measures(page: HomePage) -> Node:
    if not is_dwelling(page):
        return {}
    sheet = page.sheet
    values = {name: fact.value for key, name in COUNTS.items() if (fact := sheet.get(key))}
    partial = [int(str(fact.value)) for key in PARTIAL_BATHS if (fact := sheet.get(key))]
    level, area, pets = sheet.get("entry_level"), sheet.get("living_area"), sheet.get("pets_allowed")
    return {
        **values,
        "numberOfPartialBathrooms": sum(partial) if partial else None,
        "floorLevel": str(level.value) if level else None,
        "floorSize": _quantity(area) if area else None,
        "petsAllowed": pets.written if pets else None,
    }


def _features(page: HomePage) -> Node:
    label = page.sheet.get("energy_label")
    return {
        "amenityFeature": list(_amenities(page)),
        "additionalProperty": list(_properties(page)),
        "hasEnergyConsumptionDetails": _energy(label) if label else None,
    }


def _amenities(page: HomePage) -> Iterator[Node]:
    for key in AMENITIES:
        if fact := page.sheet.get(key):
            value = fact.value if isinstance(fact.value, bool | int) else fact.written
            yield {"@type": "LocationFeatureSpecification", "name": fact.label, "value": value}


def _properties(page: HomePage) -> Iterator[Node]:
    label = page.sheet.get("energy_label")
    extra = (label,) if label and not _energy(label) else ()
    for fact in (*(page.sheet.get(key) for key in PROPERTIES), *extra):
        if fact is None:
            continue
        is_figure = isinstance(fact.value, int | Decimal)
        yield {
            "@type": "PropertyValue",
            "propertyID": fact.key,
            "name": fact.label,
            "value": _figure(fact) if is_figure else fact.written,
            "unitCode": UNIT_CODES.get(fact.unit),
            "unitText": fact.unit if is_figure and fact.unit not in UNIT_CODES else None,
        }


def _quantity(fact: Fact) -> Node:
    return {"@type": "QuantitativeValue", "value": _figure(fact), "unitCode": UNIT_CODES.get(fact.unit)}


def _figure(fact: Fact) -> Any:
    """Money and measures as text: a float would change their digits."""
    return json_safe(fact.value)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _energy(fact: Fact) -> Node | None:
    """For the labels that the vocabulary has; another one is a plain property."""
    match = EU_LABEL.match(str(fact.value))
    if match is None or (match[2] and match[1] != "A"):
        return None
    category = f"https://schema.org/EUEnergyEfficiencyCategory{match[1]}{PLUSES[len(match[2])]}"
    return {"@type": "EnergyConsumptionDetails", "hasEnergyEfficiencyCategory": category}
