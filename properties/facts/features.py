"""Lists, single words, yes and no, and free texts: written by the type of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from properties.fields import KeyField, KeyListField

from . import lists
from .catalogue import is_lease
from .locales import Said
from .phrases import phrase, same
from .told import Reading, Told, Writer

if TYPE_CHECKING:
    from properties.models import Property

# Choices of code whose labels are vocabularies too.
ENUMS = ("property_type", "property_sub_type")
YES_OR_NO = ("is_new_construction", "has_attached_garage", "has_ev_charging", "has_private_pool", "has_association")
TEXTS = ("lot_size_dimensions", "association_name", "listing_id", "list_agent_name")
LINES = ("inclusions", "exclusions")


def writers(model: type[Property]) -> dict[str, Writer]:
    made: dict[str, Writer] = {field: enum(field) for field in ENUMS}
    for field in model._meta.get_fields():
        if isinstance(field, KeyListField):
            made[field.name] = key_list(field.name, field.vocabulary)
        elif isinstance(field, KeyField):
            made[field.name] = key(field.name, field.vocabulary)
    made |= {field: yes_or_no(field) for field in YES_OR_NO}
    made |= {field: text(field) for field in TEXTS}
    made |= {field: lines(field) for field in LINES}
    return made | {
        "energy_label": energy_label,
        "is_senior_community": is_senior_community,
        "public_remarks": text("public_remarks"),
    }


def key_list(field: str, vocabulary: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        values = getattr(reading.home, field)
        if not values or _only_for_leases(field, reading):
            return None
        return Told(tuple(values), lists.keys(values, vocabulary, reading.locale))

    return write


def key(field: str, vocabulary: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        value = getattr(reading.home, field)
        if not value or _only_for_leases(field, reading):
            return None
        return Told(value, lists.one(value, vocabulary, reading.locale))

    return write


def _only_for_leases(field: str, reading: Reading) -> bool:
    lease_fields = {"lease_term", "furnished", "rent_includes", "pets_allowed"}
    return field in lease_fields and not is_lease(reading.home)


def enum(field: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        value = getattr(reading.home, field)
        return Told(str(value), lists.one(value, field, reading.locale)) if value else None

    return write


def yes_or_no(field: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        value = getattr(reading.home, field)
        return None if value is None else Told(value, same("yes" if value else "no", reading.locale))

    return write


def text(field: str) -> Writer:
    """An agency's own words, as they are, in whatever language they are."""

    def write(reading: Reading) -> Told | None:
        value = str(getattr(reading.home, field)).strip()
        return Told(value, Said(value, value)) if value else None

    return write


def lines(field: str) -> Writer:
    def write(reading: Reading) -> Told | None:
        items = [line.strip() for line in getattr(reading.home, field).splitlines() if line.strip()]
        if not items:
            return None
        label = f"{field}.lease" if is_lease(reading.home) else ""
        joined = "; ".join(items)
        return Told(tuple(items), Said(joined, joined), label=label)

    return write


def energy_label(reading: Reading) -> Told | None:
    home = reading.home
    if not home.energy_label:
        return None
    source = phrase("certificate", reading.locale)
    said = Said(home.energy_label, home.energy_label)
    return Told(home.energy_label, said, source=source, as_of=home.energy_label_date)


def is_senior_community(reading: Reading) -> Told | None:
    """Told only where it is true: the one age rule that may be stated."""
    return Told(True, same("yes", reading.locale)) if reading.home.is_senior_community else None
