"""Two agencies with the same slugs and titles; only `public_remarks` says whose a home is."""

from dataclasses import dataclass
from typing import Any

from agencies.models import Agency
from agencies.scope import AgencyModel, agency_scope, every_agency
from properties.models import Property, PropertyPrivate, Room
from tests.make import make_agency


@dataclass
class Side:
    agency: Agency
    home: Property
    room: Room
    private: PropertyPrivate


@dataclass
class Scene:
    a: Side
    b: Side


def make_scene() -> Scene:
    """Agency `a` has one home, `b` two; each home has a room and a private record."""
    scene = Scene(make_side("alder"), make_side("birch"))
    with agency_scope(scene.b.agency):
        Property.objects.create(title="Second", slug="second", public_remarks="birch")
    return scene


def make_side(name: str) -> Side:
    agency = make_agency(name)
    with agency_scope(agency):
        home = Property.objects.create(title="Twin house", slug="twin-house", public_remarks=name)
        room = Room.objects.create(property=home, key="kitchen", room_name="Kitchen", room_type="kitchen")
        private = PropertyPrivate.objects.create(property=home, private_remarks=name)
        # As they come from the database: nothing of one another is cached.
        return Side(
            agency,
            Property.objects.get(pk=home.pk),
            Room.objects.get(pk=room.pk),
            PropertyPrivate.objects.get(pk=private.pk),
        )


def rows_of(agency: Agency) -> dict[str, list[dict[str, Any]]]:
    """Everything that an agency has in the three tables of the scene."""
    models: list[type[AgencyModel]] = [Property, Room, PropertyPrivate]
    with every_agency("a test compares before and after"):
        return {model.__name__: list(model.objects.filter(agency=agency).order_by("pk").values()) for model in models}
