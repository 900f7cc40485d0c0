"""Every key that may enter a fact sheet, in the order of the sheet. What is not here is never told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from properties.enums import PropertySubType, PropertyType

from .fact import Voice

if TYPE_CHECKING:
    from properties.models import Property

Expected = Callable[["Property"], bool]
_S = PropertySubType
FLATS = frozenset({_S.CONDOMINIUM, _S.APARTMENT, _S.STOCK_COOPERATIVE, _S.OWN_YOUR_OWN, _S.TIMESHARE})
# Where the law wants an energy label in the advertisement.
ENERGY_COUNTRIES = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR",
        "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip


class Entry(NamedTuple):
    key: str
    voice: Voice
    group: str
    # Whether a home without it should say that it does not say.
    expected: Expected


def is_land(home: Property) -> bool:
    return home.property_type == PropertyType.LAND


def is_lease(home: Property) -> bool:
    return home.property_type == PropertyType.RESIDENTIAL_LEASE


def is_flat(home: Property) -> bool:
    return home.property_sub_type in FLATS


def never(home: Property) -> bool:
    return False


def always(home: Property) -> bool:
    return True


def building(home: Property) -> bool:
    return not is_land(home)


def house(home: Property) -> bool:
    return building(home) and not is_flat(home)


def flat(home: Property) -> bool:
    return is_flat(home)


def lot(home: Property) -> bool:
    return not is_flat(home)


def sale(home: Property) -> bool:
    return not is_lease(home)


def shared_costs(home: Property) -> bool:
    return sale(home) and home.has_association is not False


def energy(home: Property) -> bool:
    return building(home) and home.country in ENERGY_COUNTRIES


def _entries(group: str, *rows: tuple[str, Voice, Expected]) -> Iterator[Entry]:
    for key, voice, expected in rows:
        yield Entry(key, voice, group, expected)


CATALOGUE: tuple[Entry, ...] = (
    *_entries("identity", ("identity", "core", never)),
    *_entries(
        "price",
        ("standard_status", "core", always),
        ("list_price", "core", always),
        ("list_price_low", "core", never),
        ("previous_list_price", "tool", never),
        ("original_list_price", "tool", never),
        ("price_history", "tool", never),
        ("price_per_area", "tool", never),
        ("close_price", "tool", never),
        ("close_date", "tool", never),
    ),
    *_entries(
        "size",
        ("bedrooms_total", "core", building),
        ("bathrooms_total", "core", building),
    ),
    *_entries(
        "counts",  # told in one line as bathrooms_total
        ("bathrooms_full", "tool", never),
        ("bathrooms_three_quarter", "tool", never),
        ("bathrooms_half", "tool", never),
        ("bathrooms_one_quarter", "tool", never),
    ),
    *_entries(
        "size",
        ("rooms_total", "tool", never),
        ("living_area", "core", building),
        ("building_area_total", "tool", never),
        ("lot_size_area", "core", lot),
        ("lot_size_dimensions", "tool", never),
    ),
    *_entries(
        "building",
        ("property_sub_type", "core", always),
        ("property_type", "tool", never),
        ("year_built", "core", building),
        ("year_built_effective", "tool", never),
        ("year_renovated", "tool", never),
        ("is_new_construction", "core", never),
        ("stories", "core", house),
        ("entry_level", "core", flat),
        ("stories_total", "tool", flat),
        ("levels", "tool", never),
        ("direction_faces", "tool", never),
        ("architectural_style", "tool", never),
        ("construction_materials", "tool", never),
        ("roof", "tool", house),
        ("foundation_details", "tool", never),
        ("basement", "tool", house),
        ("property_condition", "tool", never),
    ),
    *_entries(
        "parking",
        ("garage_spaces", "core", building),
        ("parking_total", "core", building),
        ("parking_features", "tool", never),
        ("carport_spaces", "tool", never),
        ("covered_spaces", "tool", never),
        ("open_parking_spaces", "tool", never),
        ("has_attached_garage", "core", never),
        ("has_ev_charging", "core", building),
    ),
    *_entries(
        "comfort",
        ("heating", "core", building),
        ("cooling", "core", building),
        ("appliances", "tool", building),
        ("flooring", "tool", building),
        ("interior_features", "tool", never),
        ("laundry_features", "tool", building),
        ("fireplaces_total", "tool", house),
        ("fireplace_features", "tool", never),
        ("security_features", "tool", never),
    ),
    *_entries(
        "costs",
        ("has_association", "core", shared_costs),
        ("association_fee", "core", shared_costs),
        ("association_fee_includes", "tool", never),
        ("association_name", "tool", never),
        ("association_amenities", "tool", never),
        ("tax_annual_amount", "tool", sale),
        ("tax_assessed_value", "tool", never),
    ),
    *_entries(
        "rent",
        ("lease_term", "core", is_lease),
        ("availability_date", "core", is_lease),
        ("furnished", "core", is_lease),
        ("pets_allowed", "core", is_lease),
        ("security_deposit", "core", is_lease),
        ("rent_includes", "tool", is_lease),
    ),
    *_entries(
        "energy",
        ("energy_label", "core", energy),
        ("utilities", "tool", building),
        ("electric", "tool", never),
        ("sewer", "tool", house),
        ("water_source", "tool", house),
        ("green_energy_efficient", "tool", never),
        ("green_energy_generation", "tool", never),
        ("power_production_type", "tool", never),
    ),
    *_entries("access", ("accessibility_features", "core", building)),
    *_entries(
        "outside",
        ("has_private_pool", "tool", house),
        ("pool_features", "tool", never),
        ("patio_and_porch_features", "tool", building),
        ("exterior_features", "tool", never),
        ("view", "tool", always),
        ("waterfront_features", "tool", never),
        ("lot_features", "tool", never),
        ("fencing", "tool", house),
    ),
    *_entries("place", ("unparsed_address", "core", never)),
    *_entries(
        "address",  # the parts of unparsed_address, for those who ask for one
        ("city", "tool", never),
        ("county_or_parish", "tool", never),
        ("state_or_province", "tool", never),
        ("postal_code", "tool", never),
        ("country", "tool", never),
        ("property_time_zone_name", "tool", never),
    ),
    *_entries(
        "place",
        ("subdivision_name", "tool", never),
        ("cross_street", "tool", never),
        ("directions", "tool", never),
        ("elementary_school", "refer", never),
        ("middle_or_junior_school", "refer", never),
        ("high_school", "refer", never),
        ("walk_score", "refer", never),
        ("is_senior_community", "refer", never),
    ),
    *_entries(
        "terms",
        ("open_house", "core", sale),
        ("open_houses", "tool", never),
        ("list_agent_name", "tool", never),
        ("listing_id", "tool", never),
        ("list_date", "tool", never),
        ("on_market_date", "tool", never),
        ("days_on_market", "tool", never),
        ("possession", "tool", sale),
        ("listing_terms", "tool", never),
        ("special_listing_conditions", "tool", never),
        ("inclusions", "tool", sale),
        ("exclusions", "tool", never),
        ("disclosures", "refer", never),
        ("parcel_number", "refer", never),
    ),
    *_entries("remarks", ("public_remarks", "tool", never)),
)
