"""Homes for tests, and what belongs to them. Each opens the scope that it needs."""

import io
import random
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agencies.models import Agency, User
from agencies.scope import agency_scope
from properties.models import KnowledgeEntry, Media, Property, PropertyPrivate, Room, TourLink, TourNode

# A home that says everything the fact sheet's core asks for.
MAPLE = {
    "property_type": "residential",
    "property_sub_type": "single_family_residence",
    "list_price": Decimal("649000.00"),
    "currency": "USD",
    "street_number": "12",
    "street_name": "Maple",
    "street_suffix": "Street",
    "city": "Portland",
    "state_or_province": "US-OR",
    "postal_code": "97214",
    "country": "US",
    "latitude": Decimal("45.51220000"),
    "longitude": Decimal("-122.65870000"),
    "property_time_zone_name": "America/Los_Angeles",
    "bedrooms_total": 3,
    "bathrooms_full": 2,
    "bathrooms_half": 1,
    "living_area": Decimal("2310.00"),
    "living_area_units": "square_feet",
    "living_area_source": "assessor",
    "lot_size_area": Decimal("0.1800"),
    "lot_size_units": "acres",
    "year_built": 1926,
    "stories": 2,
    "garage_spaces": Decimal("1.0"),
    "parking_total": Decimal("3.0"),
    "heating": ["forced_air", "natural_gas"],
    "cooling": ["central_air"],
    "appliances": ["dishwasher", "gas_range", "refrigerator"],
    "tax_annual_amount": Decimal("6120.00"),
    "tax_year": 2026,
    "public_remarks": "A craftsman house with a porch, oak floors and a kitchen that opens to the garden.",
}


def make_property(agency: Agency, title: str = "Maple house", **fields: Any) -> Property:
    """A draft with all its core facts; a field that is given wins, `None` leaves it unstated."""
    with agency_scope(agency):
        return Property.objects.create(agency=agency, title=title, **{**MAPLE, **fields})


def make_published_property(
    agency: Agency, title: str = "Maple house", by: User | None = None, **fields: Any
) -> Property:
    """On its public page, with one photo; a status is entered after publishing."""
    status = fields.pop("standard_status", None)
    home = make_property(agency, title, **fields)
    make_photo(home)
    with agency_scope(agency):
        home.publish(by, accept_warnings=True)
        if status and status != home.standard_status:
            home.change_status(status)
    return home


def make_photo(home: Property, **fields: Any) -> Media:
    values: dict[str, Any] = {"alt_text": "The house from the street", "media_alteration": ["none"]}
    with agency_scope(home.agency):
        return home.add_photo(picture_file(), **{**values, **fields})


def make_panorama(home: Property, width: int = 1024, **fields: Any) -> Media:
    values: dict[str, Any] = {"alt_text": "All around the room", "media_alteration": ["none"]}
    with agency_scope(home.agency):
        return home.add_photo(picture_file((width, width // 2)), **{**values, **fields})


def make_room(home: Property, name: str = "Kitchen", room_type: str = "kitchen", **fields: Any) -> Room:
    with agency_scope(home.agency):
        return Room.objects.create(property=home, room_name=name, room_type=room_type, **fields)


def make_node(home: Property, name: str = "Kitchen", **fields: Any) -> TourNode:
    with agency_scope(home.agency):
        return TourNode.objects.create(property=home, name=name, **fields)


def make_link(origin: TourNode, there: TourNode, both_ways: bool = True) -> None:
    with agency_scope(origin.agency):
        TourLink.objects.create(from_node=origin, to_node=there)
        if both_ways:
            TourLink.objects.create(from_node=there, to_node=origin)


def make_knowledge(
    home: Property,
    question: str = "How old is the roof?",
    answer: str = "It was replaced in 2019.",
    **fields: Any,
) -> KnowledgeEntry:
    """Approved and public, by default."""
    values: dict[str, Any] = {
        "category": "building",
        "source": "inspection",
        "as_of": date(2026, 3, 2),
        "approved": True,
    }
    with agency_scope(home.agency):
        return KnowledgeEntry.objects.create(property=home, question=question, answer=answer, **{**values, **fields})


def make_private(home: Property, **fields: Any) -> PropertyPrivate:
    with agency_scope(home.agency):
        private: PropertyPrivate = PropertyPrivate.objects.create(property=home, **fields)
    return private


def picture_bytes(
    size: tuple[int, int] = (800, 600), image_format: str = "JPEG", color: Any = None, **options: Any
) -> bytes:
    """A plain picture; without a colour each one is different, so that none is a duplicate."""
    ground = color or tuple(random.randrange(256) for _ in range(3))
    image = Image.new("RGB", size, ground)
    image.putpixel((random.randrange(size[0]), random.randrange(size[1])), (255, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def picture_file(size: tuple[int, int] = (800, 600), name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes(size), content_type="image/jpeg")
