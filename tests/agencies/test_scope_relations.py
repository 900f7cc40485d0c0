"""Reaching for one of alder's rows, by its key or from a row in hand: alder gets it, birch does not."""

import copy
from collections.abc import Callable
from typing import Any

import django_filters  # type: ignore[import-untyped]
import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from agencies.scope import NoAgencyScope, agency_scope
from properties.models import Property, Room
from tests.agencies.scene import Scene, make_scene

pytestmark = pytest.mark.django_db

HOMES = Property.objects.all()
MISSING = (ObjectDoesNotExist, Http404, ValidationError, serializers.ValidationError, forms.ValidationError)


class RoomForm(forms.ModelForm[Room]):
    class Meta:
        model = Room
        fields = ["property", "room_name"]


class ChoiceForm(forms.Form):
    home = forms.ModelChoiceField(queryset=HOMES)
    homes = forms.ModelMultipleChoiceField(queryset=HOMES)


class RoomFilter(django_filters.FilterSet):
    home = django_filters.ModelChoiceFilter(field_name="property", queryset=HOMES)

    class Meta:
        model = Room
        fields = ["home"]


class RoomSerializer(serializers.Serializer[Room]):
    home = serializers.PrimaryKeyRelatedField(queryset=HOMES)
    slug = serializers.SlugRelatedField(slug_field="public_id", queryset=HOMES)


def fresh(row: Any) -> Any:
    """With nothing cached that an earlier scope has fetched."""
    return type(row).from_db("default", list(_columns(row)), list(_columns(row).values()))


def _columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def refreshed(row: Any) -> bool:
    row.refresh_from_db()
    return True


def deferred(room: Room) -> str:
    """Loads `room_name` when it is asked for."""
    names = [name for name in _columns(room) if name != "room_name"]
    return Room.from_db("default", names, [getattr(room, name) for name in names]).room_name


def prefetched(home: Property) -> bool:
    prefetch_related_objects([home], "rooms")
    return bool(home.rooms.all())


def prefetched_parent(room: Room) -> bool:
    prefetch_related_objects([room], "property")
    return room.property is not None


def chosen(form: forms.BaseForm, name: str) -> bool:
    return bool(form.fields[name].clean([form.data[name]] if name == "homes" else form.data[name]))


def offered(pk: int) -> bool:
    return pk in [value.value for value, _ in ChoiceForm().fields["home"].choices if value]  # type: ignore[attr-defined]


def filtered(pk: int) -> bool:
    rooms = RoomFilter({"home": pk}, queryset=Room.objects.all())
    return bool(rooms.is_valid() and rooms.qs.exists())


def read(pk: Any, name: str) -> bool:
    field: Any = RoomSerializer().fields[name]
    return field.to_internal_value(pk) is not None


def valid_parent(room: Room) -> bool:
    room.full_clean(validate_unique=False, validate_constraints=False, exclude=["room_name", "key"])
    return True


def by_content_type(pk: int) -> bool:
    return ContentType.objects.get_for_model(Property).get_object_for_this_type(pk=pk) is not None


def row(name: str, reach: Callable[[Scene], Any]) -> Any:
    return pytest.param(reach, id=name)


ROWS = [
    row("get", lambda s: Property.objects.get(pk=s.a.home.pk)),
    row("get by public id", lambda s: Property.objects.get(public_id=s.a.home.public_id)),
    row("filter", lambda s: list(HOMES.filter(pk=s.a.home.pk))),
    row("filter by the row", lambda s: Room.objects.filter(property=s.a.home).exists()),
    row("filter by the agency", lambda s: HOMES.filter(agency=s.a.agency).exists()),
    row("contains", lambda s: HOMES.contains(s.a.home)),
    row("in", lambda s: s.a.home in HOMES.all()),
    row("in_bulk", lambda s: HOMES.in_bulk([s.a.home.pk])),
    row("or", lambda s: (HOMES.filter(pk=0) | HOMES.filter(pk=s.a.home.pk)).exists()),
    row("union", lambda s: HOMES.order_by().filter(pk=0).union(HOMES.order_by().filter(pk=s.a.home.pk)).count()),
    row("extra", lambda s: HOMES.extra(where=["properties_property.id = %s OR 0=1"], params=[s.a.home.pk]).exists()),
    row("get_object_or_404", lambda s: get_object_or_404(Property, pk=s.a.home.pk)),
    row("content type", lambda s: by_content_type(s.a.home.pk)),
    row("refresh_from_db", lambda s: refreshed(s.a.home)),
    row("deferred field", lambda s: deferred(s.a.room)),
    row("foreign key", lambda s: fresh(s.a.room).property),
    row("reverse foreign key", lambda s: fresh(s.a.home).rooms.all().exists()),
    row("reverse foreign key, get", lambda s: fresh(s.a.home).rooms.get(key="kitchen")),
    row("one-to-one", lambda s: fresh(s.a.private).property),
    row("reverse one-to-one", lambda s: fresh(s.a.home).private),
    row("prefetch into a row", lambda s: prefetched(fresh(s.a.home))),
    row("prefetch of a parent", lambda s: prefetched_parent(fresh(s.a.room))),
    row("full_clean", lambda s: valid_parent(fresh_room_of(s))),
    row("form choice", lambda s: chosen(ChoiceForm({"home": s.a.home.pk}), "home")),
    row("form choices", lambda s: chosen(ChoiceForm({"homes": s.a.home.pk}), "homes")),
    row("form choice offered", lambda s: offered(s.a.home.pk)),
    row("model form choice", lambda s: chosen(RoomForm({"property": s.a.home.pk}), "property")),
    row("filter set", lambda s: filtered(s.a.home.pk)),
    row("serializer key", lambda s: read(s.a.home.pk, "home")),
    row("serializer slug", lambda s: read(s.a.home.public_id, "slug")),
]


def fresh_room_of(scene: Scene) -> Room:
    """A new room of alder's home, to be validated in whatever is in scope."""
    return Room(property_id=scene.a.home.pk, room_name="Attic", room_type="attic", key="attic")


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.mark.parametrize("reach", ROWS)
def test_row_is_reached_in_its_own_scope_alone(scene: Scene, reach: Any) -> None:
    with pytest.raises(NoAgencyScope):
        reach(copy.deepcopy(scene))
    with agency_scope(scene.b.agency):
        assert not found(reach, scene)
    with agency_scope(scene.a.agency):
        assert found(reach, scene)


def found(reach: Callable[[Scene], Any], scene: Scene) -> bool:
    try:
        return bool(reach(scene))
    except MISSING:
        return False


def test_refresh_finds_nothing_of_the_row_in_another_scope(scene: Scene) -> None:
    with agency_scope(scene.b.agency), pytest.raises(Property.DoesNotExist):
        scene.a.home.refresh_from_db()


def test_unique_rules_are_checked_within_the_agency(scene: Scene) -> None:
    with agency_scope(scene.a.agency):
        Property(slug="second").validate_constraints()  # birch's own "second" is no obstacle, and no oracle
    with agency_scope(scene.b.agency), pytest.raises(ValidationError):
        Property(slug="second").validate_constraints()


def test_unique_error_does_not_speak_of_the_agency(scene: Scene) -> None:
    twice = Room(property_id=scene.a.home.pk, key="kitchen", room_name="Another", room_type="kitchen")
    with agency_scope(scene.a.agency), pytest.raises(ValidationError) as caught:
        twice.validate_constraints(exclude={"agency"})
    assert caught.value.messages == ["Room with this Property and Key already exists."]


def test_unique_rules_hold_in_a_form_without_the_agency(scene: Scene) -> None:
    room_form = forms.modelform_factory(Room, fields=["property", "room_name", "room_type"])
    with agency_scope(scene.a.agency):
        form = room_form({"property": scene.a.home.pk, "room_name": "Kitchen", "room_type": "kitchen"})
        assert not form.is_valid()
        form = room_form({"property": scene.a.home.pk, "room_name": "Attic", "room_type": "attic"})
        assert form.is_valid(), form.errors
