"""A listing's file holds all of a home's record: briefing, tools and results of the two are the same."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agencies.models import Agency
from agencies.scope import agency_scope
from chat import tools as chat_tools
from chat.briefing import write_briefing
from chat.known import Record, plain_facts
from chat.record import read_record
from evaluation import tools
from evaluation.listing import Listing, read_listing
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_published_property, make_room

pytestmark = pytest.mark.django_db


def furnished(locale: str, **fields: Any) -> tuple[Agency, Record, Listing]:
    agency = make_agency("harbour", time_zone="America/Los_Angeles", persona="Warm | and\nbrief.")
    home = make_published_property(agency, has_association=True, **fields)
    make_room(home, "Kitchen | dining", key="kitchen", room_level="main", room_description="Oak floor.")
    make_room(home, "Study", "office", key="study")
    make_knowledge(home, locale=locale)
    make_knowledge(home, "How old is the furnace?", "It dates from 2021.", key="furnace", locale=locale)
    with agency_scope(agency):
        record = read_record(agency, home, locale)
    return agency, record, read_listing(json.loads(exported(agency, record)))


@pytest.fixture(params=["en-US", "de"])
def both(request: Any) -> tuple[Agency, Record, Listing]:
    fields = {"high_school": "Juniper High", "school_source": "District map"}
    return furnished(request.param, verified_at=datetime(2026, 1, 2, 20, tzinfo=UTC), **fields)


def exported(agency: Agency, record: Record) -> str:
    facts = [fact.public_dict() | {"voice": fact.voice} for fact in plain_facts(record.sheet.facts)]
    for fact in facts:
        del fact["group"]
    return json.dumps(
        {
            "agency": agency.name,
            "persona": agency.persona,
            "locale": record.locale,
            "today": record.today.isoformat(),
            "status": record.status,
            "takes_viewings": record.takes_viewings,
            "facts": facts,
            "not_stated": [{"key": fact.key, "label": fact.label} for fact in record.silent()],
            "rooms": [asdict(room) for room in record.rooms],
            "knowledge": [asdict(entry) for entry in record.knowledge],
        }
    )


def test_briefing_is_that_of_the_chat(both: tuple[Agency, Record, Listing]) -> None:
    agency, record, listing = both
    assert listing.record.knowledge
    assert listing.briefing() == write_briefing(record, agency, record.today)
    assert replace(listing, persona="Other.").briefing() != listing.briefing()


def test_schemas_are_those_of_the_chat(both: tuple[Agency, Record, Listing]) -> None:
    _, record, listing = both
    assert tools.schemas(listing) == chat_tools.schemas(record)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("get_facts", {"keys": ["tax_annual_amount", "high_school", "association_fee", "nothing", "Price"]}),
        ("get_knowledge", {"question": "How old is the roof?"}),
        ("get_knowledge", {"question": "Is there a moat?"}),
        ("show_room", {"room": "Study"}),
        ("show_room", {"room": "moat"}),
        ("request_viewing", {"date": "Saturday"}),
        ("leave_message", {"text": "Please call"}),
    ],
)
async def test_results_are_those_of_the_chat(
    both: tuple[Agency, Record, Listing], name: str, arguments: dict[str, Any]
) -> None:
    _, record, listing = both
    tool = chat_tools.TOOLS[name]
    outcome = await tool.run(record, tool.arguments.model_validate(arguments))
    assert await tools.run(listing, name, arguments) == outcome.output


async def test_tool_that_does_not_exist_is_refused(both: tuple[Agency, Record, Listing]) -> None:
    refused = await tools.run(both[2], "sell_home", {})
    assert refused["error"]["code"] == "unknown_tool"


def test_home_without_viewings_is_told_as_by_the_chat() -> None:
    agency, record, listing = furnished("en-US", standard_status="pending")
    assert listing.briefing() == write_briefing(record, agency, record.today)
    assert "No viewings can be asked for" in listing.briefing()
    open_again = replace(listing, record=replace(listing.record, takes_viewings=True))
    assert "No viewings can be asked for" not in open_again.briefing()
