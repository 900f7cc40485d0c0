"""One record: the page, REST, JSON-LD, the briefing and the tools give the same digits for every fact of a home."""

import asyncio
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency
from agencies.scope import agency_scope
from chat.briefing import write_briefing
from chat.calls import Asked, ToolDesk
from chat.known import Record
from chat.record import read_record
from properties.facts import Fact
from properties.models import OpenHouse, Property
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_published_property, make_room
from tests.properties.api_scene import caller
from tests.properties.pages import Page, graph, node
from tests.properties.test_facts_sheet import LOFT

pytestmark = pytest.mark.django_db
HOUSE: dict[str, Any] = {
    "list_price": Decimal("649000"),
    "has_association": True,
    "association_fee": Decimal("148"),
    "association_fee_frequency": "monthly",
    "tax_annual_amount": Decimal("6120.55"),
    "tax_year": 2025,
    "bathrooms_full": 2,
    "bathrooms_half": 1,
    "year_renovated": 2017,
    "stories": 2,
    "fireplaces_total": 1,
    "parking_total": Decimal(4),
    "verified_at": datetime(2026, 11, 20, 20, tzinfo=UTC),
}
OLD = HOUSE | {"verified_at": datetime(2026, 1, 2, 20, tzinfo=UTC)}  # its facts are told with their day
HOMES = {"house": ("en-US", HOUSE), "old house": ("en-US", OLD), "flat": ("de", LOFT)}


class ById(HTMLParser):
    """The text of every element that has an id."""

    VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta", "source"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: dict[str, str] = {}
        self.open: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(dict(attrs).get("id"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for name in filter(None, self.open):
            self.text[name] = self.text.get(name, "") + data


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest) -> Property:
    locale, fields = HOMES[request.param]
    agency = make_agency("harbour", locale=locale)
    home = make_published_property(agency, **fields)
    make_room(
        home, "Long room", room_length=Decimal("9.65"), room_width=Decimal("6.4"), room_length_width_units="meters"
    )
    make_knowledge(home, "How old is the roof?", "It was renewed in 2019 and holds 37 panels.")
    start = datetime(2036, 6, 7, 18, tzinfo=UTC)
    with agency_scope(agency):
        OpenHouse.objects.create(property=home, start=start, end=start + timedelta(hours=2))
    return home


def record_of(home: Property, agency: Agency) -> Record:
    with agency_scope(agency):
        return read_record(agency, Property.objects.get(pk=home.pk), agency.locale)


def digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def told_by_tools(record: Record) -> dict[str, str]:
    """What each tool says, by the key of the fact."""

    def run(name: str, **arguments: Any) -> dict[str, Any]:
        return asyncio.run(ToolDesk(record).run(Asked("1", name, json.dumps(arguments)))).outcome.output

    told: dict[str, str] = {}
    for fact in record.fetchable():
        told |= {row["key"]: row["written"] for row in run("get_facts", keys=[fact.key])["facts"]}
    for entry in record.knowledge:
        entries = run("get_knowledge", question=entry.question)["entries"]
        told |= {f"knowledge.{row['key']}": row["answer"] for row in entries}
    for room in record.rooms:
        told[f"room.{room.key}"] = str(run("show_room", room=room.key)["room"])
    return told


def differences(record: Record, page: str, rest: dict[str, str], briefing: str) -> list[tuple[str, str]]:
    """(fact key, where) of every place that gives other digits than the sheet."""
    by_id, tools = ById(page).text, told_by_tools(record)
    whole = Page(page).text
    lines = {line.split(" | ")[0].removeprefix("- "): line for line in briefing.splitlines() if " | " in line}
    found = []
    for fact in record.sheet.facts:
        wanted = digits(fact.written)
        # Rooms, remarks and open houses have places of their own on the page.
        shown = by_id.get(f"fact-{fact.key}", whole)
        places = {"page": shown, "rest": rest.get(fact.key, "")}
        if fact.voice == "core" and not fact.key.startswith(("room.", "knowledge.")):
            places["briefing"] = lines.get(fact.key, "")
        elif fact.key in tools or fact.key in {other.key for other in record.fetchable()}:
            places["tool"] = tools.get(fact.key, "")
        found += [(fact.key, place) for place, text in places.items() if not holds(text, wanted)]
    return found


def holds(text: str, wanted: list[str]) -> bool:
    have = digits(text)
    return bool(text) and all(have.count(figure) >= wanted.count(figure) for figure in wanted)


def read_everywhere(home: Property) -> tuple[Record, str, dict[str, str], str]:
    agency = home.agency
    record = record_of(home, agency)
    page = Client().get(f"/{agency.slug}/{home.slug}/").content.decode()
    answer = caller(agency).get(f"/api/v1/properties/{home.public_id}/facts/", {"locale": agency.locale}).json()
    rest = {row["key"]: row["written"] for row in answer["facts"]}
    return record, page, rest, write_briefing(record, agency, date(2026, 11, 25))


def test_every_fact_has_the_same_digits_everywhere(home: Property) -> None:
    record, page, rest, briefing = read_everywhere(home)
    assert len([fact for fact in record.sheet.facts if digits(fact.written)]) > 12
    assert differences(record, page, rest, briefing) == []


def test_a_figure_that_differs_in_one_place_is_found(home: Property) -> None:
    """The control of the test above: each place is falsified in turn."""
    record, page, rest, briefing = read_everywhere(home)
    year = str(record.sheet.get("year_built").written)  # type: ignore[union-attr]
    assert ("year_built", "page") in differences(record, page.replace(year, "1777"), rest, briefing)
    assert ("year_built", "rest") in differences(record, page, rest | {"year_built": "1777"}, briefing)
    assert ("year_built", "briefing") in differences(record, page, rest, briefing.replace(year, "1777"))


def test_json_ld_has_the_values_of_the_sheet(home: Property) -> None:
    record, page, _, _ = read_everywhere(home)
    nodes = graph(page)
    dwelling, offer = node(nodes, "Product"), node(nodes, "OfferForPurchase")
    extra = {row["propertyID"]: row["value"] for row in dwelling["additionalProperty"]}

    def value(key: str) -> Any:
        fact = record.sheet.get(key)
        return fact.value if isinstance(fact, Fact) else None

    assert Decimal(offer["price"]) == value("list_price")
    assert Decimal(str(dwelling["floorSize"]["value"])) == value("living_area")
    assert dwelling["numberOfBedrooms"] == value("bedrooms_total")
    assert dwelling["numberOfBathroomsTotal"] == home.bathrooms_total()
    assert dwelling["yearBuilt"] == value("year_built")
    figures = {key: value(key) for key in extra if isinstance(value(key), int | Decimal) and value(key) is not True}
    assert len(figures) > 2
    assert {key: Decimal(str(extra[key])) for key in figures} == figures
