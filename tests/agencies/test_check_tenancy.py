import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agencies.scope import agency_scope
from agencies.tenancy import agency_models, mixed_rows, relations
from properties.models import Property, PropertyPrivate, Room
from tests.agencies.scene import Scene, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def corrupt(table: str, column: str, value: int, pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608


def run() -> str:
    out = io.StringIO()
    call_command("check_tenancy", stdout=out)
    return out.getvalue()


def test_relations_are_those_between_rows_of_agencies() -> None:
    names = {(model.__name__, field.name) for model, field in relations()}
    assert {("Room", "property"), ("PropertyPrivate", "property"), ("TourNode", "media")} <= names
    assert not any(field in ("agency", "user") for _, field in names)
    assert {Property, Room, PropertyPrivate} <= set(agency_models())


def test_check_tenancy_finds_nothing_in_order(scene: Scene) -> None:
    assert run() == f"{len(relations())} relations checked: no row points at another agency's.\n"


def test_check_tenancy_reports_a_child_of_another_agency(scene: Scene) -> None:
    a, b = scene.a, scene.b
    corrupt("properties_room", "property_id", b.home.pk, a.room.pk)
    (found,) = mixed_rows()
    assert str(found) == (
        f"properties.Room {a.room.pk} of agency {a.agency.pk}: its property is "
        f"properties.Property {b.home.pk} of agency {b.agency.pk}"
    )


def test_check_tenancy_ends_with_one_for_a_moved_parent(scene: Scene) -> None:
    corrupt("properties_propertyprivate", "agency_id", scene.b.agency.pk, scene.a.private.pk)
    with pytest.raises(CommandError) as caught:
        run()
    assert caught.value.returncode == 1
    assert str(caught.value).startswith("1 row(s) point at another agency's.")


def test_mixed_row_is_not_followed_to_its_parent(scene: Scene) -> None:
    """Even a row that was corrupted past the application does not open the other agency's."""
    corrupt("properties_room", "property_id", scene.b.home.pk, scene.a.room.pk)
    with agency_scope(scene.a.agency):
        room = Room.objects.get(pk=scene.a.room.pk)
        with pytest.raises(Property.DoesNotExist):
            room.property  # noqa: B018
    with agency_scope(scene.b.agency):
        assert [each.pk for each in scene.b.home.rooms.all()] == [scene.b.room.pk]
