"""Every way to write: on the scope's own rows it works, at another agency's rows it changes nothing."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from asgiref.sync import async_to_sync
from django import forms
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import Error, models, transaction
from django.db.models import Case, F, Subquery, Value, When

from agencies.scope import AgencyModel, NoAgencyScope, WrongAgency, agency_scope, every_agency
from agencies.tenancy import mixed_rows
from properties.models import Property, PropertyPrivate, Room
from tests.agencies.scene import Scene, Side, make_scene, rows_of

pytestmark = pytest.mark.django_db

ROOMS = Room.objects.all()
Row = TypeVar("Row", bound=AgencyModel)
# A write: (whose rows it is aimed at, who does it) -> None.
Write = Callable[[Side, Side], Any]


def new_room(**fields: Any) -> Room:
    return Room(**{"room_name": "Attic", "room_type": "attic", "key": "attic", **fields})


def changed(row: Row, **values: Any) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def forged(at: Side, own: Side) -> Room:
    """The key of one agency's room under the other's name."""
    return new_room(pk=at.room.pk, agency=own.agency, property=own.home, room_name="Stolen")


def save_deserialized(at: Side, own: Side) -> None:
    text = json.dumps([{**_fixture(own), "fields": {**_fixture(own)["fields"], "property": at.home.pk}}])
    for row in serializers.deserialize("json", text):
        row.save()


def load_as_agency(at: Side, own: Side) -> None:
    fixture = _fixture(own)
    fixture["fields"]["agency"] = at.agency.pk
    fixture["fields"]["property"] = at.home.pk
    for row in serializers.deserialize("json", json.dumps([fixture])):
        row.save()


def load_over_key(at: Side, own: Side) -> None:
    for row in serializers.deserialize("json", json.dumps([{**_fixture(own), "pk": at.room.pk}])):
        row.save()


def _fixture(own: Side) -> dict[str, Any]:
    room: dict[str, Any] = json.loads(serializers.serialize("json", [new_room(agency=own.agency, property=own.home)]))[
        0
    ]
    return room


def save_late_parent(at: Side, own: Side) -> None:
    """The parent has no key when it is set, and is saved in the other scope before the child."""
    parent = Property(title="Late", slug="late")
    room = new_room(property=parent)
    with agency_scope(at.agency):
        parent.save()
    Room.objects.bulk_create([room])


def save_disguised_parent(at: Side, own: Side) -> None:
    new_room(property=changed(at.home, agency_id=own.agency.pk)).save()


def submit_form(at: Side, own: Side) -> None:
    form = forms.modelform_factory(Room, fields=["property", "room_name", "room_type", "key"])
    form({"property": at.home.pk, "room_name": "Attic", "room_type": "attic", "key": "attic"}).save()


def upsert(unique: list[str], at: Side, own: Side) -> None:
    row = new_room(pk=at.room.pk, agency=own.agency, property=own.home)
    options: Any = {"update_conflicts": True, "unique_fields": unique, "update_fields": ["room_name"]}
    Room.objects.bulk_create([row], **options)


def save_private(at: Side, own: Side) -> None:
    own.private.delete()
    PropertyPrivate(property_id=at.home.pk, private_remarks="x").save()


def by_column(room: Room) -> Room:
    return changed(room, property_id=F("order"))


def locked(at: Side, own: Side) -> None:
    with transaction.atomic():
        changed(Room.objects.select_for_update().get(pk=at.room.pk), room_name="Stolen").save()


def renamed(at: Side, own: Side) -> Room:
    return changed(at.room, room_name="Stolen")


def moved(at: Side, own: Side) -> Room:
    """A room of one's own, under the other's home; for oneself another room, so that it is a change."""
    return changed(new_room(property=own.home), property=at.home)


def row(name: str, write: Write) -> Any:
    return pytest.param(write, id=name)


ROWS = [
    row("save", lambda at, own: renamed(at, own).save()),
    row("save of some fields", lambda at, own: renamed(at, own).save(update_fields=["room_name"])),
    row("save_base", lambda at, own: models.Model.save_base(renamed(at, own))),
    row("save of a raw row", lambda at, own: renamed(at, own).save_base(raw=True)),
    row("save after get", lambda at, own: changed(Room.objects.get(pk=at.room.pk), room_name="Stolen").save()),
    row("save after select_for_update", locked),
    row("save as one's own", lambda at, own: changed(renamed(at, own), agency=own.agency).save()),
    row("save of a new row for another", lambda at, own: new_room(agency=at.agency, property=at.home).save()),
    row("create", lambda at, own: ROOMS.create(property=at.home, room_name="Attic", room_type="attic", key="attic")),
    row("create by key", lambda at, own: ROOMS.create(property_id=at.home.pk, room_name="Attic", room_type="attic")),
    row("save with a parent", lambda at, own: moved(at, own).save()),
    row("save with a parent, forced", lambda at, own: moved(at, own).save(force_insert=True)),
    row("save with a disguised parent", save_disguised_parent),
    row("save with a late parent", save_late_parent),
    row("get_or_create", lambda at, own: ROOMS.get_or_create(property=at.home, key="x", room_name="X")),
    row("update_or_create", lambda at, own: ROOMS.update_or_create({"property": at.home, "key": "x"}, pk=at.room.pk)),
    row("create through the parent", lambda at, own: at.home.rooms.create(room_name="Attic", key="x")),
    row("add to the parent", lambda at, own: at.home.rooms.add(new_room(), bulk=False)),
    row("one-to-one", save_private),
    row("bulk_create", lambda at, own: ROOMS.bulk_create([new_room(property=at.home)])),
    row("bulk_create by key", lambda at, own: ROOMS.bulk_create([new_room(property_id=at.home.pk)])),
    row("bulk_create for another", lambda at, own: ROOMS.bulk_create([new_room(agency=at.agency, property=at.home)])),
    row("bulk_create, ignoring", lambda at, own: ROOMS.bulk_create([new_room(property=at.home)], None, True)),
    row("bulk_update", lambda at, own: ROOMS.bulk_update([renamed(at, own)], ["room_name"])),
    row("update", lambda at, own: refused_if_none(ROOMS.filter(pk=at.room.pk).update(room_name="Stolen"))),
    row("update of a parent", lambda at, own: ROOMS.filter(pk=own.room.pk).update(room_name="x", property=at.home)),
    row("update of a parent's key", lambda at, own: ROOMS.update(room_name="x", property_id=at.home.pk)),
    row("delete", lambda at, own: at.room.delete()),
    row("delete after get", lambda at, own: Room.objects.get(pk=at.room.pk).delete()),
    row("delete by filter", lambda at, own: refused_if_none(ROOMS.filter(pk=at.room.pk).delete()[0])),
    row("delete of a parent", lambda at, own: at.home.delete()),
    row("delete of children", lambda at, own: refused_if_none(at.home.rooms.all().delete()[0])),
    row("delete, raw", lambda at, own: refused_if_none(ROOMS.filter(pk=at.room.pk)._raw_delete("default"))),
    row("asave", lambda at, own: async_to_sync(renamed(at, own).asave)()),
    row("adelete", lambda at, own: async_to_sync(at.room.adelete)()),
    row("acreate", lambda at, own: async_to_sync(ROOMS.acreate)(property=at.home, room_name="Attic")),
    row("aupdate", lambda at, own: refused_if_none(async_to_sync(ROOMS.filter(pk=at.room.pk).aupdate)(room_name="x"))),
    row("abulk_create", lambda at, own: async_to_sync(ROOMS.abulk_create)([new_room(property=at.home)])),
    row("abulk_update", lambda at, own: async_to_sync(ROOMS.abulk_update)([renamed(at, own)], ["room_name"])),
    row("form", submit_form),
    row("fixture with a parent", save_deserialized),
    row("fixture for another", load_as_agency),
]  # fmt: skip

# Nobody may do these, not even to their own rows.
NEVER = [
    row("update(agency=)", lambda at, own: ROOMS.update(agency=at.agency)),
    row("update(agency_id=)", lambda at, own: ROOMS.update(agency_id=at.agency.pk)),
    row("aupdate(agency=)", lambda at, own: async_to_sync(ROOMS.aupdate)(agency=at.agency)),
    row("bulk_update of the agency", lambda at, own: ROOMS.bulk_update([own.room], ["agency"])),
    row("update to a value", lambda at, own: ROOMS.update(property=Value(at.home.pk))),
    row("update to a column", lambda at, own: ROOMS.update(property_id=F("order"))),
    row("update to a subquery", lambda at, own: ROOMS.update(property=Subquery(Property.objects.values("pk")[:1]))),
    row("update to a case", lambda at, own: ROOMS.update(property=Case(When(pk=own.room.pk, then=Value(at.home.pk))))),
    row("save of an expression", lambda at, own: changed(own.room, property_id=Value(at.home.pk)).save()),
    row("bulk_update of an expression", lambda at, own: ROOMS.bulk_update([by_column(own.room)], ["property"])),
    row("upsert by key", lambda at, own: upsert(["id"], at, own)),
    row("upsert by the parent", lambda at, own: upsert(["property", "key"], at, own)),
]  # fmt: skip

# The key of another's row under one's own name.
FORGED = [
    row("save", lambda at, own: forged(at, own).save()),
    row("save, forced", lambda at, own: forged(at, own).save(force_update=True)),
    row("delete", lambda at, own: forged(at, own).delete()),
    row("delete of a changed key", lambda at, own: changed(own.room, pk=at.room.pk).delete()),
    row("bulk_create", lambda at, own: ROOMS.bulk_create([forged(at, own)])),
    row("bulk_update", lambda at, own: refused_if_none(ROOMS.bulk_update([forged(at, own)], ["room_name"]))),
    row("upsert", lambda at, own: upsert(["agency", "property", "key"], at, own)),
    row("fixture", load_over_key),
]


def refused_if_none(count: int) -> None:
    if not count:
        raise WrongAgency("Nothing was there to write.")


def is_refused(write: Write, at: Side, own: Side) -> bool:
    """What was written before the refusal stays, so that the caller sees it."""
    try:
        with transaction.atomic():
            try:
                write(at, own)
            except (WrongAgency, ObjectDoesNotExist, ValidationError, ValueError):
                return True
    except Error:  # to the database the row is not there
        return True
    return False


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.mark.parametrize("write", ROWS)
def test_write_changes_own_rows(scene: Scene, write: Write) -> None:
    before = rows_of(scene.a.agency)
    with agency_scope(scene.a.agency):
        write(scene.a, scene.a)
    assert rows_of(scene.a.agency) != before


@pytest.mark.parametrize("write", [*ROWS, *NEVER, *FORGED])
def test_write_at_another_agency_changes_nothing(scene: Scene, write: Write) -> None:
    before = rows_of(scene.b.agency)
    with agency_scope(scene.a.agency):
        assert is_refused(write, scene.b, scene.a)
    assert without_late(rows_of(scene.b.agency)) == before
    assert mixed_rows() == []


@pytest.mark.parametrize("write", NEVER)
def test_write_is_refused_within_the_agency_too(scene: Scene, write: Write) -> None:
    with agency_scope(scene.a.agency), pytest.raises(WrongAgency):
        write(scene.a, scene.a)


@pytest.mark.parametrize("write", [*ROWS, *NEVER, *FORGED])
def test_write_without_scope_is_an_error(scene: Scene, write: Write) -> None:
    before = rows_of(scene.a.agency)
    with pytest.raises((NoAgencyScope, WrongAgency)), transaction.atomic():
        write(scene.a, scene.a)
    assert without_late(rows_of(scene.a.agency)) == before


MIXING = [
    row("parent", lambda at, own: moved(at, own).save()),
    row("update of a parent", lambda at, own: ROOMS.filter(pk=own.room.pk).update(property=at.home)),
]


@pytest.mark.parametrize("write", [*NEVER, *FORGED, *MIXING])
def test_every_agency_may_not_mix_them(scene: Scene, write: Write) -> None:
    before = rows_of(scene.b.agency)
    with every_agency("a test"):
        assert is_refused(write, scene.b, scene.a)
    assert rows_of(scene.b.agency) == before
    assert mixed_rows() == []


def without_late(rows: dict[str, Any]) -> dict[str, Any]:
    """Past the home that a test has made in its owner's own scope."""
    return {**rows, "Property": [home for home in rows["Property"] if home["slug"] != "late"]}
