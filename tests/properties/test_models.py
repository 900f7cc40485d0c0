from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from properties.fields import KeyListFormField
from properties.lists import label, spoken, vocabulary
from properties.models import (
    Hotspot,
    Property,
    PropertyPrivate,
    Room,
    TourLink,
)
from properties.models.child import ChildQuerySet
from tests.make import make_agency
from tests.make_properties import (
    make_knowledge,
    make_link,
    make_node,
    make_photo,
    make_private,
    make_property,
    make_room,
)
from tests.properties.rows import messages

pytestmark = pytest.mark.django_db


# Computed figures


def test_bathrooms_total_counts_rooms(home):
    assert home.bathrooms_total() == 3
    home.bathrooms_full = home.bathrooms_half = 0
    assert home.bathrooms_total() == 0
    home.bathrooms_full = home.bathrooms_half = None
    assert home.bathrooms_total() is None


def test_areas_are_given_in_square_meters(home):
    assert home.living_area_m2() == Decimal("214.61")
    assert home.lot_size_m2() == Decimal("728.43")
    home.lot_size_area, home.lot_size_units = Decimal("0.5"), "hectares"
    assert home.lot_size_m2() == Decimal("5000.00")
    home.living_area = None
    assert home.living_area_m2() is None


@pytest.mark.parametrize(
    ("frequency", "monthly"),
    [
        ("monthly", Decimal("120.00")),
        ("annually", Decimal("10.00")),
        ("bi_weekly", Decimal("260.00")),
        ("semi_monthly", Decimal("240.00")),
        ("seasonal", None),
        ("one_time", None),
    ],
)
def test_association_fee_has_a_monthly_equivalent(frequency, monthly):
    home = Property(association_fee=Decimal(120), association_fee_frequency=frequency)
    assert home.association_fee_monthly() == monthly


def test_hidden_address_leaves_area_and_rounded_place(home):
    assert home.shown_street_address() == "12 Maple Street"
    assert home.shown_coordinates() == (Decimal("45.5122"), Decimal("-122.6587"))
    home.display_address = False
    assert home.shown_street_address() == ""
    assert home.shown_coordinates() == (Decimal("45.51"), Decimal("-122.66"))


def test_agency_gives_what_is_left_out():
    agency = make_agency("muelle", country="ES", currency="EUR", locale="es", time_zone="Europe/Madrid")
    home = make_property(agency, country="", currency="", property_time_zone_name="")
    assert (home.country, home.currency, home.locale) == ("ES", "EUR", "es")
    assert home.property_time_zone_name == "Europe/Madrid"


# Every child's change is the home's


@pytest.mark.parametrize(
    "change",
    [
        lambda home: make_room(home),
        lambda home: make_node(home),
        lambda home: make_knowledge(home),
        lambda home: make_photo(home),
        lambda home: home.rooms.get().delete(),
        lambda home: home.rooms.update(order=3),
        lambda home: home.rooms.all().delete(),
        lambda home: Room.objects.bulk_create([Room(property=home, key="hall", room_name="Hall", room_type="hall")]),
        lambda home: home.save(update_fields=["title"]),
        lambda home: Property.objects.filter(pk=home.pk).update(title="New"),
    ],
)
def test_modification_timestamp_changes_with_any_child(home, change):
    make_room(home, "Bedroom", "bedroom")
    before = Property.objects.get(pk=home.pk).modification_timestamp
    change(home)
    assert Property.objects.get(pk=home.pk).modification_timestamp > before


def test_modification_timestamp_of_other_homes_and_of_private_changes_stays(agency, home):
    other = make_property(agency, "Orchard house")
    before = Property.objects.get(pk=home.pk).modification_timestamp
    make_room(other)
    make_private(home, owner_name="Olga Owner")
    assert Property.objects.get(pk=home.pk).modification_timestamp == before


def test_links_and_hotspots_touch_the_home(home):
    hall, kitchen = make_node(home, "Hall"), make_node(home, "Kitchen")
    before = Property.objects.get(pk=home.pk).modification_timestamp
    make_link(hall, kitchen)
    after_link = Property.objects.get(pk=home.pk).modification_timestamp
    Hotspot.objects.create(node=kitchen, label="Dishwasher", fact="appliances")
    assert before < after_link < Property.objects.get(pk=home.pk).modification_timestamp
    assert isinstance(TourLink.objects.all(), ChildQuerySet)


def test_property_goes_with_its_children_and_history(home):
    make_room(home)
    make_photo(home)
    make_private(home)
    home.delete()
    assert (Property.objects.count(), Room.objects.count(), PropertyPrivate.objects.count()) == (0, 0, 0)


# Rooms


def test_room_key_is_made_from_the_name_and_stays(home):
    first, second = make_room(home, "Bedroom"), make_room(home, "bedroom!")
    assert (first.key, second.key) == ("bedroom", "bedroom-2")
    first.room_name = "Guest room"
    first.save()
    assert first.key == "bedroom"


def test_room_name_is_unique_ignoring_case(agency, home):
    make_room(home, "Kitchen")
    twin = Room(property=home, room_name="KITCHEN", room_type="kitchen")
    assert list(messages(twin)) == ["room_name"]
    twin.property = make_property(agency, "Orchard house")
    twin.full_clean()


def test_room_needs_length_with_width_and_units(home):
    room = Room(property=home, room_name="Den", room_type="den", room_length=Decimal(12))
    assert list(messages(room)) == ["room_width", "room_length_width_units"]
    room.room_width, room.room_length_width_units = Decimal("10.5"), "feet"
    room.full_clean()


def test_room_area_as_stated_is_not_computed(home):
    room = Room(property=home, room_name="Den", room_type="den", room_area=Decimal(12))
    assert list(messages(room)) == ["room_area_units"]
    room.room_area_units = "square_meters"
    room.full_clean()


# Words


def test_private_fields_are_not_in_property():
    private = {field.name for field in PropertyPrivate._meta.fields} - {"id", "agency", "public_id", "property"}
    assert private & {field.name for field in Property._meta.fields} == set()
    assert {"access_code", "owner_name", "expiration_date", "occupant_type"} <= private


def test_every_vocabulary_has_all_languages_and_no_twins():
    names = {f.vocabulary for f in Property._meta.fields if hasattr(f, "vocabulary")}
    for name in names | {"room_type", "image_of", "media_alteration", "standard_status", "subdivisions"}:
        entries = vocabulary(name)
        assert len(entries) >= 4, name
        assert all({"value", "en", "es", "de"} <= entry.keys() for entry in entries.values()), name
        values = [entry["value"] for entry in entries.values()]
        assert name == "subdivisions" or len(set(values)) == len(values), name


def test_words_are_given_in_the_language_and_for_the_ear():
    assert label("cooling", "central_air", "en-GB") == "central air"
    assert spoken("cooling", "central_air", "en-US") == "central air conditioning"
    assert label("heating", "radiant_floor", "de") == "Fußbodenheizung"
    assert label("heating", "other:masonry stove", "es") == "masonry stove"


def test_form_field_keeps_other_words_and_tells_none_from_unstated():
    field = Property._meta.get_field("heating").formfield()
    assert isinstance(field, KeyListFormField)
    assert field.clean(["oil", "other:masonry stove"]) == ["oil", "other:masonry stove"]
    assert field.clean(["none"]) == ["none"]
    assert field.clean([]) is None
    with pytest.raises(ValidationError):
        field.clean(["nuclear"])
    widget: Any = field.widget
    assert "masonry stove" in widget.render("heating", ["other:masonry stove"])
