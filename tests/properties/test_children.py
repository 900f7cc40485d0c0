from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from properties.models import (
    Hotspot,
    KnowledgeEntry,
    OpenHouse,
    TourLink,
    TourNode,
)
from tests.make import make_user
from tests.make_properties import (
    make_knowledge,
    make_link,
    make_node,
    make_panorama,
    make_photo,
    make_property,
    make_room,
)
from tests.properties.rows import messages

pytestmark = pytest.mark.django_db


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
