"""Queries, as literals, with one row and with three: what is loaded together must not be loaded one by one."""

import pytest

from tests.make import make_agency
from tests.make_properties import make_knowledge, make_room
from tests.properties.api_scene import add_media, caller, show_property

pytestmark = pytest.mark.django_db
LIST = "/api/v1/properties/"


@pytest.fixture
def agency():
    return make_agency("harbour")


@pytest.fixture
def api(agency):
    return caller(agency)


@pytest.mark.parametrize("homes", [1, 3, 100])
def test_api_list_with_a_fresh_key(agency, api, django_assert_num_queries, homes):
    for number in range(homes):
        home = show_property(agency, f"House {number}")
        add_media(home)
        add_media(home, room=make_room(home))
    with django_assert_num_queries(4):  # the key, its use, the homes, their media
        answer = api.get(LIST, {"page_size": "100"})
    assert len(answer.json()["results"]) == homes
    with django_assert_num_queries(3):  # a key that was used within the minute
        api.get(LIST, {"page_size": "100", "city": "Portland", "price_min": "1", "q": "house"})


@pytest.mark.parametrize("children", [1, 3])
@pytest.mark.parametrize(("below", "queries"), [("", 5), ("knowledge/", 3)])
def test_api_reads_of_one_home(agency, api, django_assert_num_queries, children, below, queries):
    home = show_property(agency)
    for number in range(children):
        room = make_room(home, f"Room {number}")
        add_media(home, room=room)
        make_knowledge(home, f"Question {number}?", room=room)
    address = f"{LIST}{home.public_id}/{below}"
    api.get(address)
    with django_assert_num_queries(queries):
        assert api.get(address).status_code == 200


def test_api_facts_take_the_same_queries_with_one_child_and_with_three(agency, api, django_assert_num_queries):
    home = show_property(agency)
    address = f"{LIST}{home.public_id}/facts/"
    api.get(address)
    for number in range(3):
        make_room(home, f"Room {number}")
        make_knowledge(home, f"Question {number}?")
        with django_assert_num_queries(6):
            api.get(address)
