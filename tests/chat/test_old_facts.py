"""A fact that was checked long ago is told with its day: in the briefing, by the tools, on the page."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from agencies.scope import agency_scope
from chat.briefing import write_briefing
from chat.calls import Asked, ToolDesk
from chat.known import Record
from chat.record import read_record
from properties.models import Property
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_published_property, make_room

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 2, 20, tzinfo=UTC)
DAY = "as of January 2, 2026"


def published(**fields: Any) -> Property:
    home = make_published_property(make_agency("quay"), **fields)
    make_room(home, room_level="main")
    make_knowledge(home, as_of=date(2026, 3, 4))
    return home


@pytest.fixture
def old():
    return published(verified_at=LONG_AGO)


@pytest.fixture
def unverified():
    return published(verified_at=None)


def record_of(home: Property) -> Record:
    with agency_scope(home.agency):
        return read_record(home.agency, home, "en-US")


def look_up(record: Record, name: str, arguments: str) -> dict[str, Any]:
    return asyncio.run(ToolDesk(record).run(Asked("1", name, arguments))).outcome.output


def test_briefing_has_a_column_for_the_day(old):
    text = write_briefing(record_of(old), old.agency, date(2026, 11, 25))
    assert "Facts (key | label | value | as of):\n" in text
    assert f"- bedrooms_total | Bedrooms | 3 | {DAY}\n" in text
    assert f"- kitchen | Kitchen | Main level | {DAY}\n" in text
    assert "- list_price | Price | $649,000\n" in text  # set today


def test_spoken_briefing_has_the_day_for_the_ear(old):
    text = write_briefing(record_of(old), old.agency, date(2026, 11, 25), spoken=True)
    assert "Facts (key | label | value | how to say it | as of):\n" in text
    assert "- bedrooms_total | Bedrooms | 3 | three | as of January second, twenty twenty-six\n" in text


def test_briefing_of_a_record_without_old_facts_has_no_such_column(unverified):
    text = write_briefing(record_of(unverified), unverified.agency, date(2026, 11, 25))
    assert "Facts (key | label | value):\n" in text
    assert "as of" not in text


def test_tools_tell_the_day(old):
    record = record_of(old)
    tax, city = look_up(record, "get_facts", '{"keys": ["tax_annual_amount", "city"]}')["facts"]
    assert (city["dated"], city["source"], city["as_of"]) == (DAY, "", None)
    assert (tax["dated"], tax["source"]) == (None, "Tax year 2026")
    (entry,) = look_up(record, "get_knowledge", '{"question": "How old is the roof?"}')["entries"]
    assert (entry["dated"], entry["as_of"]) == ("as of March 4, 2026", None)
    room = look_up(record, "show_room", '{"room": "kitchen"}')["room"]
    assert room["dated"] == DAY


def test_tools_tell_no_day_where_nothing_is_old(unverified):
    record = record_of(unverified)
    (city,) = look_up(record, "get_facts", '{"keys": ["city"]}')["facts"]
    room = look_up(record, "show_room", '{"room": "kitchen"}')["room"]
    assert (city["dated"], room["dated"]) == (None, None)


def test_page_shows_the_day(old):
    page = Client().get(f"/quay/{old.slug}/").content.decode()
    assert '<p class="small quiet">As of January 2, 2026</p>' in page
    assert "From: Listing record, as of January 2, 2026, unless a line says otherwise." in page
    assert f'<p class="room-size">Main level ({DAY})</p>' in page


def test_page_shows_no_day_where_nothing_is_old(unverified):
    page = Client().get(f"/quay/{unverified.slug}/").content.decode()
    assert "As of" not in page
    assert '<p class="room-size">Main level</p>' in page
