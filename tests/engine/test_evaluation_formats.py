"""The evaluation writes briefings and runs tools without Django: these hold it to what the chat really does."""

from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from agencies.models import Agency
from agencies.scope import agency_scope
from chat import tools as chat_tools
from chat.briefing import write_briefing
from chat.record import Record, read_record
from evaluation import tools
from evaluation.listing import Entry, Listing
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_published_property, make_room

pytestmark = pytest.mark.django_db
ROOM_FIELDS = ("key", "name", "kind", "level", "size", "details", "description")
ENTRY_FIELDS = ("key", "category", "question", "answer", "source", "as_of")


def furnished(locale: str, **fields: Any) -> tuple[Agency, Record, Listing]:
    agency = make_agency("harbour", time_zone="America/Los_Angeles", persona="Warm | and\nbrief.")
    home = make_published_property(agency, has_association=True, **fields)
    make_room(home, "Kitchen | dining", key="kitchen", room_level="main", room_description="Oak floor.")
    make_room(home, "Study", "office", key="study")
    make_knowledge(home, locale=locale)
    make_knowledge(home, "How old is the furnace?", "It dates from 2021.", key="furnace", locale=locale)
    with agency_scope(agency):
        record = read_record(agency, home, locale)
    return agency, record, exported(agency, record)


@pytest.fixture(params=["en-US", "de"])
def both(request: Any) -> tuple[Agency, Record, Listing]:
    return furnished(request.param, high_school="Juniper High", school_source="District map")


def exported(agency: Agency, record: Record) -> Listing:
    plain = [fact for fact in record.sheet.facts if not fact.key.startswith(("room.", "knowledge."))]
    facts = [fact.public_dict() | {"voice": fact.voice} for fact in plain]
    for fact in facts:
        del fact["group"]
    return Listing(
        agency=agency.name,
        locale=record.locale,
        today=record.today,
        facts=facts,
        rooms=[{name: getattr(room, name) for name in ROOM_FIELDS} for room in record.rooms],
        not_stated=[{"key": fact.key, "label": fact.label} for fact in record.silent()],
        knowledge=[Entry(*(getattr(entry, name) for name in ENTRY_FIELDS)) for entry in record.knowledge],
        persona=agency.persona,
        status=record.status,
        takes_viewings=record.takes_viewings,
    )


def test_briefing_is_that_of_the_chat(both: tuple[Agency, Record, Listing]) -> None:
    agency, record, listing = both
    assert listing.knowledge
    assert listing.briefing() == write_briefing(record, agency, record.today)


def test_schemas_are_those_of_the_chat(both: tuple[Agency, Record, Listing]) -> None:
    _, record, listing = both
    assert tools.schemas(listing) == chat_tools.schemas(record)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("get_facts", {"keys": ["tax_annual_amount", "high_school", "association_fee", "nothing", "Price"]}),
        ("get_knowledge", {"question": "How old is the roof?"}),
        ("get_knowledge", {"question": "Roof?", "category": "building"}),
        ("get_knowledge", {"question": "Is there a moat?"}),
        ("show_room", {"room": "kitchen"}),
        ("show_room", {"room": "Study"}),
        ("show_room", {"room": "moat"}),
        ("request_viewing", {"date": "Saturday"}),
        ("request_viewing", {}),
        ("leave_message", {"text": "Please call"}),
    ],
)
async def test_results_are_those_of_the_chat(
    both: tuple[Agency, Record, Listing], name: str, arguments: dict[str, Any]
) -> None:
    _, record, listing = both
    tool = chat_tools.TOOLS[name]
    outcome = await tool.run(record, tool.arguments.model_validate(arguments))
    assert tools.run(listing, name, arguments) == outcome.output


def test_home_without_viewings_is_told_as_by_the_chat() -> None:
    agency, record, listing = furnished("en-US", standard_status="pending")
    tool = chat_tools.TOOLS["request_viewing"]
    outcome = async_to_sync(tool.run)(record, tool.arguments.model_validate({"date": "Saturday"}))
    assert tools.run(listing, "request_viewing", {"date": "Saturday"}) == outcome.output
    assert listing.briefing() == write_briefing(record, agency, record.today)
    assert "No viewings can be asked for" in listing.briefing()
    assert "No viewings can be asked for" not in replace(listing, takes_viewings=True).briefing()
