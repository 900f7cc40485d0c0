import pytest

from agencies.scope import agency_scope
from properties.models import KnowledgeEntry, Media, Room, TourLink, TourNode
from tests.make_properties import make_knowledge, make_node, make_panorama, make_photo, make_property
from tests.properties.admin.listing_page import rows, save

pytestmark = pytest.mark.django_db


def test_room_is_added_and_its_error_stands_in_its_tab(agency, editor):
    home = make_property(agency)
    room = rows("rooms", 0, room_name="Hall", room_type="kitchen", room_length="3", order="0")
    response = save(editor, home, **{"rooms-TOTAL_FORMS": 1}, **room)
    tab = next(tab for tab in response.context["tabs"] if tab.key == "spaces")
    assert tab.errors() == 1
    whole = rows("rooms", 0, room_width="2", room_length_width_units="meters")
    assert save(editor, home, **{"rooms-TOTAL_FORMS": 1}, **room, **whole).status_code == 302
    with agency_scope(agency):
        assert Room.objects.get().room_name == "Hall"


def test_photos_change_places_in_one_save(agency, editor):
    home = make_property(agency)
    first, second, third = (make_photo(home) for _ in range(3))
    changes = rows("media", 0, order="2") | rows("media", 1, order="0") | rows("media", 2, order="1")
    assert save(editor, home, **changes).status_code == 302
    with agency_scope(agency):
        assert list(Media.objects.order_by("order")) == [second, third, first]


def test_photo_is_described_and_deleted(agency, editor):
    home = make_property(agency)
    make_photo(home)
    assert save(editor, home, **rows("media", 0, alt_text="The garden", media_alteration=["none"])).status_code == 302
    with agency_scope(agency):
        assert Media.objects.get().alt_text == "The garden"
    assert save(editor, home, **rows("media", 0, DELETE="on")).status_code == 302
    with agency_scope(agency):
        assert not Media.objects.exists()


def test_start_of_the_tour_moves_in_one_save(agency, editor):
    home = make_property(agency)
    hall, kitchen = make_node(home, "Hall", is_start=True), make_node(home, "Kitchen")
    both = rows("tour_nodes", 1, is_start="on")
    response = save(editor, home, **both)
    assert "The tour starts at one stop" in response.content.decode()
    moved = {"tour_nodes-0-is_start": None, **both}
    assert save(editor, home, **moved).status_code == 302
    with agency_scope(agency):
        assert list(TourNode.objects.filter(is_start=True)) == [kitchen]
    assert hall.is_start


def test_ways_are_laid_between_the_stops_of_this_home_alone(agency, editor):
    home, other = make_property(agency), make_property(agency, "Other")
    hall, kitchen, foreign = make_node(home, "Hall"), make_node(home, "Kitchen"), make_node(other, "Attic")
    prefix = "properties-tourlink"
    link = rows(prefix, 0, from_node=hall.pk, to_node=foreign.pk, yaw="0", pitch="0")
    response = save(editor, home, **{f"{prefix}-TOTAL_FORMS": 1}, **link)
    assert "Choose one of this listing&#x27;s." in response.content.decode()
    link[f"{prefix}-0-to_node"] = kitchen.pk
    assert save(editor, home, **{f"{prefix}-TOTAL_FORMS": 1}, **link).status_code == 302
    with agency_scope(agency):
        assert [(way.from_node, way.to_node) for way in TourLink.objects.all()] == [(hall, kitchen)]


def test_stop_takes_a_panorama_of_its_home(agency, editor):
    home = make_property(agency)
    make_node(home, "Hall")
    panorama = make_panorama(home)
    assert save(editor, home, **rows("tour_nodes", 0, media=panorama.pk)).status_code == 302
    with agency_scope(agency):
        assert TourNode.objects.get().media == panorama


def test_approved_entry_names_who_approved_it(agency, editor):
    home = make_property(agency)
    make_knowledge(home, approved=False)
    assert save(editor, home, **rows("knowledge", 0, approved="on")).status_code == 302
    with agency_scope(agency):
        entry = KnowledgeEntry.objects.get()
    assert (entry.approved, entry.approved_by) == (True, editor.user)
