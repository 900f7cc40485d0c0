"""What a question can be about, and which RESO keys (in snake case) hold the answer.

`kind` says what sort of answer the keys give, so that "who built it?" is not answered with a year.
Several keys: all that the listing states are said, up to `say` of them.
"""

from dataclasses import dataclass

# The question types that a fact of a kind can answer; "any" is a question without a type of its own.
ANSWERS = {
    "count": {"any", "yesno", "which", "count", "what"},
    "parking": {"any", "yesno", "count", "what", "which", "where", "how", "kind"},
    "money": {"any", "yesno", "amount", "what", "which", "count", "often"},
    "area": {"any", "yesno", "which", "size", "amount", "count", "what"},
    "year": {"any", "yesno", "which", "when", "age", "what", "year"},
    "history": {"any", "yesno", "what", "when", "amount", "which"},
    "fees": {"any", "yesno", "what", "which", "amount", "often", "kind", "who"},
    "event": {"any", "yesno", "when", "age"},
    "date": {"any", "yesno", "which", "when", "what", "duration", "day"},
    "span": {"any", "yesno", "duration", "what", "when", "count", "often"},
    "place": {"any", "yesno", "where", "what", "which", "how"},
    "who": {"any", "yesno", "who", "what", "which", "name"},
    "list": {"any", "yesno", "what", "which", "how", "kind"},
    "things": {"any", "yesno", "count", "what", "which", "kind", "where"},
    "level": {"any", "yesno", "what", "which", "where", "count", "level"},
}


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    kind: str
    keys: tuple[str, ...]
    say: int = 1


def _topic(name: str, kind: str, keys: str = "", say: int = 1) -> Topic:
    return Topic(name, kind, tuple((keys or name).split()), say)


_TOPICS = (
    _topic("list_price", "money", "list_price price rent asking_price"),
    _topic("list_price_low", "money", "list_price_low list_price"),
    _topic("previous_list_price", "history", "previous_list_price price_history original_list_price", 2),
    _topic("price_per_area", "money", "price_per_area list_price_per_area price_per_square_foot price_per_m2"),
    _topic("association_fee", "money", "association_fee hoa_fee service_charge"),
    _topic("association_fee_frequency", "span", "association_fee_frequency association_fee"),
    _topic("association", "fees", "has_association association_name association_fee", 3),
    _topic("association_name", "who", "association_name"),
    _topic("association_fee_includes", "list"),
    _topic("association_amenities", "list", "association_amenities community_features", 2),
    _topic("tax_annual_amount", "money", "tax_annual_amount property_tax council_tax"),
    _topic("council_tax_band", "list"),
    _topic("tax_year", "year"),
    _topic("tax_assessed_value", "money"),
    _topic("parcel_number", "list"),
    _topic("listing_terms", "list"),
    _topic("special_listing_conditions", "list"),
    _topic("possession", "date", "possession availability_date", 2),
    _topic("availability_date", "date", "availability_date possession"),
    _topic("inclusions", "list", "inclusions rent_includes"),
    _topic("exclusions", "list"),
    _topic("disclosures", "list"),
    _topic("lease_term", "span"),
    _topic("lease_amount_frequency", "span"),
    _topic("security_deposit", "money", "security_deposit deposit"),
    _topic("furnished", "list"),
    _topic("rent_includes", "list"),
    _topic("pets_allowed", "list", "pets_allowed pets"),
    _topic("address", "place", "address unparsed_address street_address full_address location city identity"),
    _topic("street", "place", "street_address address unparsed_address street_name location"),
    _topic("city", "place", "city address unparsed_address street_address location identity"),
    _topic("postal_code", "place", "postal_code address unparsed_address street_address"),
    _topic("county_or_parish", "place"),
    _topic("state_or_province", "place", "state_or_province address identity"),
    _topic("country", "place", "country address identity"),
    _topic("subdivision_name", "place", "subdivision_name neighborhood neighbourhood district"),
    _topic("directions", "place", "directions cross_street", 2),
    _topic("schools", "who", "elementary_school middle_or_junior_school high_school elementary_school_district", 4),
    _topic("elementary_school", "who"),
    _topic("middle_or_junior_school", "who"),
    _topic("high_school", "who"),
    _topic("school_district", "who", "high_school_district elementary_school_district school_district"),
    _topic("walk_score", "count"),
    _topic("property_type", "list", "property_sub_type property_type identity"),
    _topic("bedrooms_total", "count", "bedrooms_total bedrooms"),
    _topic(
        "bathrooms_total",
        "count",
        "bathrooms_total bathrooms bathrooms_total_integer bathrooms_full bathrooms_three_quarter bathrooms_half",
    ),
    _topic("bathrooms_full", "count", "bathrooms_full bathrooms_total bathrooms"),
    _topic("bathrooms_half", "count", "bathrooms_half bathrooms_total bathrooms"),
    _topic("bathrooms_three_quarter", "count", "bathrooms_three_quarter bathrooms_total bathrooms"),
    _topic("rooms_total", "count"),
    _topic("living_area", "area", "living_area building_area_total"),
    _topic("living_area_source", "who"),
    _topic("building_area_total", "area"),
    _topic("lot_size_area", "area", "lot_size_area lot_size lot"),
    _topic("garden", "area", "lot_size_area lot_size lot"),
    _topic("lot_size_dimensions", "area"),
    _topic("year_built", "year"),
    _topic("year_renovated", "event", "year_renovated year_built_effective"),
    _topic("is_new_construction", "year", "is_new_construction year_built"),
    _topic("stories", "level", "stories levels"),
    _topic("stories_total", "level", "stories_total"),
    _topic("entry_level", "level", "entry_level floor_level"),
    _topic("direction_faces", "list"),
    _topic("architectural_style", "list"),
    _topic("construction_materials", "list"),
    _topic("roof", "list"),
    _topic("foundation_details", "list"),
    _topic("property_condition", "list"),
    _topic("basement", "list"),
    _topic("heating", "list"),
    _topic("cooling", "list"),
    _topic("appliances", "list"),
    _topic("flooring", "list"),
    _topic("interior_features", "list"),
    _topic("laundry_features", "list"),
    _topic("fireplace_features", "things", "fireplaces_total fireplace_features", 2),
    _topic("exterior_features", "list"),
    _topic("patio_and_porch_features", "list"),
    _topic("pool_features", "list", "has_private_pool pool_features", 2),
    _topic("view", "list"),
    _topic("waterfront_features", "list"),
    _topic("lot_features", "list"),
    _topic("fencing", "list"),
    _topic("accessibility_features", "list"),
    _topic("security_features", "list"),
    _topic("sewer", "list"),
    _topic("water_source", "list"),
    _topic("utilities", "list"),
    _topic("electric", "list"),
    _topic("window_features", "list"),
    _topic("green_energy_efficient", "list"),
    _topic("green_energy_generation", "list", "green_energy_generation power_production_type", 2),
    _topic("energy_label", "list", "energy_label energy_rating epc"),
    _topic("parking_total", "parking", "parking_total garage_spaces parking_features open_parking_spaces", 2),
    _topic("parking_features", "parking", "parking_features parking_total"),
    _topic("garage_spaces", "count", "garage_spaces has_attached_garage parking_features"),
    _topic("carport_spaces", "count", "carport_spaces covered_spaces"),
    _topic("has_attached_garage", "list", "has_attached_garage garage_spaces"),
    _topic("has_ev_charging", "list", "has_ev_charging"),
    _topic("is_senior_community", "list"),
    _topic("public_remarks", "list", "public_remarks description highlights identity"),
    _topic("standard_status", "list", "standard_status status identity"),
    _topic("listing_id", "list", "listing_id reference"),
    _topic("days_on_market", "span", "days_on_market on_market_date list_date"),
    _topic("list_date", "date", "on_market_date list_date days_on_market"),
    _topic("open_house", "date", "open_house next_open_house open_houses"),
    _topic("agency_name", "who", "agency_name agency listing_agent list_agent list_office"),
    _topic("agency_phone", "who", "agency_phone phone"),
    _topic("agency_email", "who", "agency_email email"),
)
TOPICS = {topic.name: topic for topic in _TOPICS}

# What the agency may know better than the fact: entries about these come first.
LOOSE = {"garden", "possession", "utilities"}

# What a question takes for granted when it names no topic: "how big is it?".
DEFAULTS = {
    "amount": ("list_price",),
    "size": ("living_area", "lot_size_area"),
    "where": ("address",),
    "age": ("year_built",),
}

# Lists in which a thing asked for by name ("a dishwasher?") may be found.
FEATURE_KEYS = (
    "interior_features",
    "exterior_features",
    "appliances",
    "patio_and_porch_features",
    "parking_features",
    "security_features",
    "accessibility_features",
    "association_amenities",
    "community_features",
    "lot_features",
    "laundry_features",
    "inclusions",
    "utilities",
    "window_features",
    "pool_features",
)
