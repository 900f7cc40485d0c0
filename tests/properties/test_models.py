from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.scope import agency_scope
from properties.fields import KeyListFormField
from properties.lists import label, spoken, vocabulary
from properties.models import (
    Hotspot,
    KnowledgeEntry,
    OpenHouse,
    Property,
    PropertyPrivate,
    Room,
    TourLink,
    TourNode,
)
from properties.models.child import ChildQuerySet
from tests.make import make_agency, make_user
from tests.make_properties import (
    make_knowledge,
    make_link,
    make_node,
    make_panorama,
    make_photo,
    make_private,
    make_property,
    make_room,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    agency = make_agency()
    with agency_scope(agency):
        yield agency


@pytest.fixture
def home(agency):
    return make_property(agency)


def messages(row):
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    return refused.value.message_dict


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


def test_price_on_request_hides_the_price(home):
    assert home.public_price() == Decimal(649000)
    home.price_on_request = True
    assert home.public_price() is None


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
    assert room.area() == (Decimal("126.0"), "square_feet", True)


def test_room_area_as_stated_is_not_computed(home):
    room = Room(property=home, room_name="Den", room_type="den", room_area=Decimal(12))
    assert list(messages(room)) == ["room_area_units"]
    room.room_area_units = "square_meters"
    room.full_clean()
    assert room.area() == (Decimal(12), "square_meters", False)


# The tour


def test_tour_ends_stand_on_one_property(agency, home):
    other = make_property(agency, "Orchard house")
    node, strange = make_node(home, "Hall"), make_node(other, "Barn")
    room = make_room(other)
    with pytest.raises(ValidationError):
        TourLink.objects.create(from_node=node, to_node=strange)
    with pytest.raises(ValidationError):
        TourNode.objects.create(property=home, name="Barn", room=room)
    with pytest.raises(ValidationError):
        make_photo(home, room=room)
    with pytest.raises(ValidationError):
        make_knowledge(home, room=room)
    TourLink(from_node=node, to_node=make_node(home, "Kitchen")).full_clean()
    assert TourNode.objects.create(property=other, name="Loft", room=room).key == "loft"


def test_tour_node_needs_a_panorama_and_sane_angles(home):
    node = TourNode(property=home, name="Hall", media=make_photo(home), initial_yaw=361, initial_pitch=-91)
    assert sorted(messages(node)) == ["initial_pitch", "initial_yaw", "media"]
    node.media, node.initial_yaw, node.initial_pitch = make_panorama(home), 360, -90
    node.full_clean()


def test_tour_link_leads_elsewhere(home):
    hall = make_node(home, "Hall")
    assert list(messages(TourLink(from_node=hall, to_node=hall))) == ["to_node"]


def test_hotspot_points_at_a_field(home):
    hall = make_node(home, "Hall")
    assert list(messages(Hotspot(node=hall, label="Safe", fact="access_code"))) == ["fact"]
    Hotspot(node=hall, label="Dishwasher", fact="appliances").full_clean()


def test_tour_knows_what_cannot_be_reached(home):
    hall, kitchen, attic = (make_node(home, name) for name in ("Hall", "Kitchen", "Attic"))
    make_link(hall, kitchen)
    make_link(attic, hall, both_ways=False)
    assert home.reachable_nodes() == {hall.pk, kitchen.pk}
    assert list(home.one_way_links()) == ["Attic → Hall"]
    attic.is_start = True
    attic.save()
    assert home.reachable_nodes() == {hall.pk, kitchen.pk, attic.pk}


# Open houses


def test_open_house_ends_after_it_begins_and_on_the_same_day(home):
    start = timezone.now()
    visit = OpenHouse(property=home, start=start, end=start)
    assert list(messages(visit)) == ["end"]
    visit.end = start + timedelta(hours=12, minutes=1)
    assert list(messages(visit)) == ["end"]
    visit.end = start + timedelta(hours=12)
    visit.full_clean()


def test_open_house_is_told_while_it_is_public_and_to_come(home):
    now = timezone.now()
    hours = {"start": now + timedelta(hours=1), "end": now + timedelta(hours=3)}
    past = {"start": now - timedelta(hours=3), "end": now - timedelta(hours=1)}
    OpenHouse.objects.create(property=home, open_house_type="broker", **hours)
    OpenHouse.objects.create(property=home, open_house_status="canceled", **hours)
    ended = OpenHouse.objects.create(property=home, **past)
    coming = OpenHouse.objects.create(property=home, **hours)
    assert list(home.open_houses.upcoming()) == [coming]
    assert home.next_open_house() == coming
    assert (ended.status_now(), coming.status_now()) == ("ended", "active")


# Knowledge


def test_knowledge_is_public_when_approved_for_all_and_in_time(home):
    today = timezone.localdate()
    told = make_knowledge(home, valid_until=today)
    make_knowledge(home, approved=False)
    make_knowledge(home, audience="staff")
    make_knowledge(home, as_of=None, valid_until=today - timedelta(days=1))
    assert list(KnowledgeEntry.objects.public()) == [told]
    assert [entry.is_public() for entry in home.knowledge.all()] == [True, False, False, False]
    assert [entry.key for entry in home.knowledge.all()] == [
        "how-old-is-the-roof",
        "how-old-is-the-roof-2",
        "how-old-is-the-roof-3",
        "how-old-is-the-roof-4",
    ]


def test_knowledge_is_approved_with_name_and_time(home):
    entry, ann = make_knowledge(home, approved=False), make_user()
    entry.approve(ann)
    entry.refresh_from_db()
    assert (entry.is_public(), entry.approved_by) == (True, ann)
    assert entry.approved_at is not None


def test_knowledge_dates_are_in_order(home):
    today = timezone.localdate()
    entry = make_knowledge(home)
    entry.as_of = today + timedelta(days=1)
    assert list(messages(entry)) == ["as_of"]
    entry.as_of, entry.valid_until = today, today - timedelta(days=1)
    assert list(messages(entry)) == ["valid_until"]
    entry.valid_until = today
    entry.full_clean()


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
