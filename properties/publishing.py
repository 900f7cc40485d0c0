"""What a home needs before the public sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from . import slugs, validation, wording
from .enums import SHOWN_STATUSES, TRANSITIONS, MediaCategory, PropertyType, StandardStatus
from .lists import label
from .validation.finding import Finding

if TYPE_CHECKING:
    from .models import Property

__all__ = ["Finding", "NotPublishable", "findings", "transition_refusal"]


class NotPublishable(ValidationError):
    """Everything that keeps a home off its page: `findings` holds (field, code, sentence, warning)."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)
        errors: dict[str, list[ValidationError]] = {}
        for finding in self.findings:
            error = ValidationError(finding.sentence, code=finding.code)
            errors.setdefault(finding.field, []).append(error)
        super().__init__(errors)


def findings(home: Any) -> list[Finding]:
    """Errors first, then the warnings that a person may accept."""
    found = [*_fields(home), *validation.findings(home), *_needs(home), *_pictures(home), *_tour(home)]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.warning)


def transition_refusal(old: str, new: str) -> ValidationError:
    was, wanted = label("standard_status", old).lower(), label("standard_status", new).lower()
    allowed = [label("standard_status", key).lower() for key in StandardStatus if key in TRANSITIONS[old]]
    ways = f"It may become: {', '.join(allowed)}." if allowed else "Make a new listing instead."
    return ValidationError(f"A listing that is {was} cannot become {wanted}. {ways}", code="transition")


def _fields(home: Property) -> Iterator[Finding]:
    """Each field's own checks: a known key, a length, a form."""
    try:
        home.clean_fields(exclude={"agency", "slug"})
    except ValidationError as error:
        for field, errors in error.error_dict.items():
            yield from (Finding(field, e.code or "invalid", e.messages[0]) for e in errors)


def _needs(home: Property) -> Iterator[Finding]:
    status = home.standard_status
    if status not in SHOWN_STATUSES and StandardStatus.ACTIVE not in TRANSITIONS[status]:
        yield Finding("standard_status", "transition", transition_refusal(status, "active").messages[0])
    if not home.display_entire_listing:
        yield Finding("display_entire_listing", "off", "Turn on “show this listing” before you publish it.")
    if home.list_price is None and not home.price_on_request:
        yield Finding("list_price", "required", "Add a price, or tick “price on request”.")
    for field, sentence in REQUIRED.items():
        if not getattr(home, field):
            yield Finding(field, "required", sentence)
    if home.property_type != PropertyType.LAND and home.bedrooms_total is None:
        yield Finding("bedrooms_total", "required", "Say how many bedrooms there are; 0 for a studio.")
    if home.property_type == PropertyType.RESIDENTIAL_LEASE and not home.lease_amount_frequency:
        yield Finding("lease_amount_frequency", "required", "Say for which time the rent is, like monthly.")
    if home.display_address and not home.has_address():
        yield Finding("street_name", "required", "Add the address, or untick “show the address”.")
    yield from _agency_needs(home)


REQUIRED = {
    "property_type": "Choose the type of the property.",
    "property_sub_type": "Choose the sub type, like townhouse.",
    "city": "Add the city.",
    "public_remarks": "Describe the home in a few sentences.",
}


def _agency_needs(home: Property) -> Iterator[Finding]:
    agency = home.agency
    reachable = home.list_agent_email or home.list_agent_phone or agency.email or agency.phone
    if not reachable:
        yield Finding("list_agent_email", "required", "Add an e-mail or a phone number that visitors can reach.")
    if agency.requires_energy_label and not home.energy_label:
        yield Finding("energy_label", "required", "Add the energy label: your market requires it.")
    if agency.requires_living_area_source and home.living_area and not home.living_area_source:
        yield Finding("living_area_source", "required", "Say who measured the living area.")


def _pictures(home: Property) -> Iterator[Finding]:
    media = list(home.media.filter(permission="public")) if home.pk else []
    photos = [picture for picture in media if picture.media_category == MediaCategory.PHOTO]
    if not any(photo.is_showable() for photo in photos):
        yield Finding("media", "required", "Add a public photo with its alt text and its alterations.")
    for picture in media:
        if picture.file and not picture.alt_text:
            yield Finding("media", "alt_text", f"Picture {picture.order}: describe it in its alt text.")
        if picture.file and not picture.media_alteration:
            yield Finding("media", "media_alteration", f"Picture {picture.order}: say whether it was altered.")
        if slugs.shows_street(home, f"{picture.alt_text} {picture.short_description}", loosely=True):
            yield Finding("media", "street", f"Picture {picture.order}: the address is hidden, leave it out.")


def _tour(home: Property) -> Iterator[Finding]:
    if not home.pk:
        return
    yield from _rooms(home)
    nodes = {node.pk: node for node in home.tour_nodes.all()}
    for node in nodes.values():
        if node.media_id is None:
            yield Finding("tour_nodes", "media", f"Tour stop “{node.name}”: add its 360° picture.")
    lost = [nodes[pk].name for pk in nodes.keys() - home.reachable_nodes()]
    if lost:
        names = ", ".join(sorted(lost))
        yield Finding("tour_nodes", "unreachable", f"The tour has no way to: {names}.", True)
    for name in home.one_way_links():
        yield Finding("tour_nodes", "one_way", f"The tour has no way back: {name}.", True)


def _rooms(home: Property) -> Iterator[Finding]:
    rooms = list(home.rooms.all())
    bedrooms = sum(room.room_type in {"bedroom", "primary_bedroom"} for room in rooms)
    if rooms and (home.bedrooms_total or 0) < bedrooms:
        yield Finding("bedrooms_total", "fewer_than_rooms", "Fewer than the bedrooms among the rooms.", True)
    for room in rooms:
        for finding in wording.findings("rooms", room.room_description):
            yield finding._replace(sentence=f"{room.room_name}: {finding.sentence}")
