"""A scene for the tests of the API: shown homes without files, and a client with a key."""

import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import agency_scope
from properties.models import Media, OpenHouse, Property
from tests.make import make_api_key
from tests.make_properties import make_property

ALL_SCOPES = ("properties:read", "knowledge:read", "chat:write")


def show_property(agency: Agency, title: str = "Maple house", **fields: Any) -> Property:
    """On its public page, as publishing leaves it."""
    return make_property(agency, title, **{"standard_status": "active", "published_at": timezone.now(), **fields})


def add_media(home: Property, **fields: Any) -> Media:
    """A photo's row; its files are not needed here."""
    values: dict[str, Any] = {
        "file": f"agencies/{uuid.uuid4()}/1440.webp",
        "media_type": "image/webp",
        "widths": [320, 960, 1440],
        "image_width": 1440,
        "image_height": 960,
        "alt_text": "The house from the street",
        "media_alteration": ["none"],
    }
    with agency_scope(home.agency):
        return Media.objects.create(property=home, **{**values, **fields})


def add_open_house(home: Property, start: Any, end: Any, **fields: Any) -> OpenHouse:
    with agency_scope(home.agency):
        return OpenHouse.objects.create(property=home, start=start, end=end, **fields)


def caller(agency: Agency, *scopes: str) -> Client:
    """A client that sends a key of this agency; with every scope unless some are named."""
    token = make_api_key(agency, *(scopes or ALL_SCOPES))
    return Client(headers={"authorization": f"Bearer {token}"})
