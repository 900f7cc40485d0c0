"""Which fields stand together on a listing's page, and in which tab."""

from __future__ import annotations

from typing import Any

Group = tuple[str, dict[str, Any]]


def _group(name: str, *lines: Any) -> Group:
    return name, {"fields": lines}


NEW = (
    _group("The home", "title", ("property_type", "property_sub_type"), ("list_price", "currency")),
    _group("Where", "city", ("state_or_province", "postal_code", "country")),
)

FACTS = (
    _group(
        "Identity",
        "title",
        "public_remarks",
        ("property_type", "property_sub_type"),
        ("bedrooms_total", "rooms_total"),
        ("bathrooms_full", "bathrooms_three_quarter"),
        ("bathrooms_half", "bathrooms_one_quarter"),
        ("slug", "locale"),
        ("listing_id", "universal_property_id"),
        "list_agent_name",
        ("list_agent_email", "list_agent_phone"),
        "verified_at",
    ),
    _group(
        "Price and terms",
        ("list_price", "currency"),
        ("list_price_low", "price_on_request"),
        ("has_association", "association_name"),
        ("association_fee", "association_fee_frequency"),
        "association_fee_includes",
        "association_amenities",
        ("tax_annual_amount", "tax_year"),
        ("tax_assessed_value", "parcel_number"),
        "listing_terms",
        "special_listing_conditions",
        "possession",
        ("inclusions", "exclusions"),
        "disclosures",
    ),
    _group(
        "Rent",
        ("lease_amount_frequency", "lease_term"),
        ("availability_date", "furnished"),
        "security_deposit",
        "rent_includes",
        "pets_allowed",
    ),
    _group(
        "Place",
        ("street_number", "street_dir_prefix"),
        ("street_name", "street_suffix"),
        ("unit_number", "unparsed_address"),
        ("city", "postal_code"),
        ("state_or_province", "country"),
        ("county_or_parish", "subdivision_name"),
        ("latitude", "longitude"),
        "property_time_zone_name",
        ("directions", "cross_street"),
        ("elementary_school", "elementary_school_district"),
        ("middle_or_junior_school", "middle_or_junior_school_district"),
        ("high_school", "high_school_district"),
        "school_source",
        ("walk_score", "walk_score_source", "walk_score_date"),
    ),
    _group(
        "Building",
        ("living_area", "living_area_units", "living_area_source"),
        ("building_area_total", "building_area_units", "building_area_source"),
        ("lot_size_area", "lot_size_units", "lot_size_dimensions"),
        ("year_built", "year_built_source"),
        ("year_built_effective", "year_renovated"),
        ("is_new_construction", "is_senior_community"),
        ("stories", "stories_total"),
        ("entry_level", "direction_faces"),
        "levels",
        "architectural_style",
        "construction_materials",
        "roof",
        "foundation_details",
        "property_condition",
        "basement",
        ("energy_label", "energy_label_date", "energy_label_url"),
    ),
    _group(
        "Parking",
        ("garage_spaces", "carport_spaces"),
        ("covered_spaces", "open_parking_spaces"),
        ("parking_total", "has_attached_garage"),
        "has_ev_charging",
        "parking_features",
    ),
    _group(
        "Comfort",
        "heating",
        "cooling",
        "appliances",
        "flooring",
        "interior_features",
        "laundry_features",
        ("fireplaces_total", "fireplace_features"),
        "accessibility_features",
        "security_features",
        "sewer",
        "water_source",
        "utilities",
        "electric",
        "green_energy_efficient",
        "green_energy_generation",
        "power_production_type",
    ),
    _group(
        "Outside",
        "exterior_features",
        "patio_and_porch_features",
        ("has_private_pool", "pool_features"),
        "view",
        "waterfront_features",
        "lot_features",
        "fencing",
    ),
    _group("Small print", "copyright_notice", "disclaimer"),
)

PUBLISHING = _group(
    "Status",
    ("standard_status", "agency_status"),
    ("list_date", "on_market_date"),
    ("close_date", "close_price"),
    ("display_entire_listing", "display_address"),
    "accept_warnings",
)
