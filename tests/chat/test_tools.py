import asyncio
import json
from dataclasses import replace

import pytest

from chat.calls import Asked, ToolDesk
from chat.citations import cited
from chat.known import Known
from chat.models import Message
from chat.ranking import rank
from chat.tools import schemas
from tests.chat.test_briefing import RECORD, fact

KNOWN = (
    Known("roof", "building", "How old is the roof?", "The roof was renewed in 2021.", "Owner", "2026-05-01"),
    Known("attic", "building", "Is the attic insulated?", "Yes, with 30 cm of mineral wool.", "Inspection", None),
    Known("heating-costs", "costs", "What does heating cost?", "About $1,900 a year.", "Owner", "2026-01-01"),
)
RICH = replace(RECORD, knowledge=KNOWN)


def run(name: str, arguments: object, record=RICH, call_id: str = "call_1") -> dict:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return asyncio.run(ToolDesk(record).run(Asked(call_id, name, text))).outcome.output


def test_get_facts_returns_stated_silent_and_unknown():
    output = run("get_facts", {"keys": ["tax_annual_amount", "association_fee", "owner_name"]})
    assert [(f["key"], f["written"], f["spoken"]) for f in output["facts"]] == [
        ("tax_annual_amount", "$6,120", "say $6,120")
    ]
    assert output["not_stated"] == [{"key": "association_fee", "label": "HOA fee"}]
    assert output["unknown"] == ["owner_name"]


def test_get_facts_takes_a_label_and_a_single_key():
    assert run("get_facts", {"keys": "Property Tax"})["facts"][0]["key"] == "tax_annual_amount"


def test_get_facts_notes_what_is_to_be_referred():
    sheet = replace(RECORD.sheet, facts=(fact("high_school", "High school", "Cleveland High", "refer"),))
    output = run("get_facts", {"keys": ["high_school"]}, replace(RECORD, sheet=sheet))
    assert "do not judge" in output["facts"][0]["note"]


def test_get_knowledge_ranks_the_nearest_first():
    entries = run("get_knowledge", {"question": "When were the roofs renewed?"})["entries"]
    assert [entry["key"] for entry in entries] == ["roof"]
    assert set(entries[0]) == {"key", "category", "question", "answer", "source", "as_of", "dated"}


def test_get_knowledge_puts_entries_of_the_category_behind_the_matches():
    assert [entry.key for entry in rank(KNOWN, "insulation of the attic", "building", "en-US")] == ["attic", "roof"]


def test_get_knowledge_finds_nothing_for_other_words():
    assert run("get_knowledge", {"question": "zebra crossing"}) == {"entries": []}


@pytest.mark.parametrize("room", ["kitchen", "Kitchen and dining", "KITCHEN", "dining"])
def test_show_room_takes_key_and_name(room):
    output = run("show_room", {"room": room})
    assert (output["ok"], output["room"]["key"], output["room"]["size"]) == (True, "kitchen", "18 ft")


def test_show_room_names_the_rooms_it_knows():
    assert run("show_room", {"room": "../../cellar"}) == {
        "ok": False,
        "reason": "unknown",
        "rooms": [{"key": "kitchen", "name": "Kitchen and dining"}],
    }


def test_request_viewing_resolves_the_day_and_shows_a_form():
    desk = ToolDesk(RICH)
    asked = Asked("1", "request_viewing", '{"date": "Saturday", "time": "3 pm", "note": "two of us"}')
    output = asyncio.run(desk.run(asked)).outcome.output
    assert (output["status"], output["date"]) == ("form_shown", "2026-11-28")
    assert desk.form() == {"kind": "viewing", "date": "2026-11-28", "time": "15:00", "note": "two of us"}


def test_request_viewing_leads_to_a_message_where_none_are_taken():
    desk = ToolDesk(replace(RICH, takes_viewings=False, status="Pending"))
    output = asyncio.run(desk.run(Asked("1", "request_viewing", "{}"))).outcome.output
    assert "cannot be asked for while the home is pending" in output["message"]
    assert (desk.form() or {})["kind"] == "message"


def test_leave_message_shows_a_form_with_the_text():
    desk = ToolDesk(RICH)
    asyncio.run(desk.run(Asked("1", "leave_message", '{"text": "Call me\\u0000 please"}')))
    assert desk.form() == {"kind": "message", "date": "", "time": "", "note": "Call me please"}


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("delete_listing", "{}", "unknown_tool"),
        ("get_facts", '{"keys": [', "invalid_json"),
        ("get_facts", "[" * 7000, "invalid_json"),
        ("get_facts", "[1]", "invalid_arguments"),
        ("get_facts", "{}", "invalid_arguments"),
        ("get_facts", '{"keys": {"a": 1}}', "invalid_arguments"),
        ("show_room", '{"room": null}', "invalid_arguments"),
    ],
)
def test_a_call_that_cannot_run_says_what_to_do(name, arguments, code):
    error = run(name, arguments)["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")


def test_a_call_that_is_sent_twice_has_one_outcome():
    desk = ToolDesk(RICH)
    asked = Asked("1", "get_facts", '{"keys": ["tax_annual_amount"]}')
    first = asyncio.run(desk.run(asked))
    assert asyncio.run(desk.run(Asked("1", "get_facts", asked.arguments))) is first
    assert len(desk.finished) == 1


def test_an_old_number_with_new_words_is_a_new_call():
    desk = ToolDesk(RICH)
    asyncio.run(desk.run(Asked("1", "get_facts", '{"keys": ["tax_annual_amount"]}')))
    second = asyncio.run(desk.run(Asked("1", "show_room", '{"room": "kitchen"}')))
    assert second.outcome.output["ok"] is True
    assert list(desk.finished) == ["1", "1~2"]


def test_long_names_of_calls_are_kept_apart():
    desk = ToolDesk(RICH)
    for end in ("a", "b"):
        asyncio.run(desk.run(Asked("c" * 200 + end, "show_room", '{"room": "kitchen"}')))
    rows = desk.rows(Message())
    assert len({row.call_id for row in rows}) == 2
    assert max(len(row.call_id) for row in rows) <= 128


def test_schemas_name_the_keys_of_this_home_alone():
    tools = {tool["function"]["name"]: tool["function"]["parameters"]["properties"] for tool in schemas(RICH)}
    keys = tools["get_facts"]["keys"]["items"]["enum"]
    assert keys == ["identity", "list_price", "tax_annual_amount", "association_fee"]
    assert tools["show_room"]["room"]["enum"] == ["kitchen"]
    assert tools["get_knowledge"]["category"]["enum"] == ["building", "costs"]


def test_schema_without_knowledge_offers_no_category():
    tools = {tool["function"]["name"]: tool["function"]["parameters"] for tool in schemas(replace(RICH, knowledge=()))}
    assert list(tools["get_knowledge"]["properties"]) == ["question"]


def test_schemas_leave_out_a_tool_without_choices():
    names = [tool["function"]["name"] for tool in schemas(replace(RICH, rooms=()))]
    assert "show_room" not in names
    assert "get_facts" in names


def keys_cited(text: str, fetched: tuple[str, ...] = ()) -> list[str]:
    facts = (*RICH.sheet.facts, fact("bedrooms_total", "Bedrooms", "3"), fact("stories", "Stories", "3"))
    return [chip["key"] for chip in cited(text, replace(RICH, sheet=replace(RICH.sheet, facts=facts)), fetched)]


def test_cited_facts_are_those_whose_figure_is_said():
    assert keys_cited("It costs $649,000.") == ["list_price"]
    assert keys_cited("It costs $1,649,000.") == []
    assert keys_cited("It costs $649,000.50.") == []


def test_a_short_figure_is_cited_beside_its_label_alone():
    assert keys_cited("It has 3 bedrooms.") == ["bedrooms_total"]
    assert keys_cited("There are 3 windows.") == []


def test_a_tool_fact_is_cited_once_it_was_fetched():
    assert keys_cited("The tax is $6,120.") == []
    assert keys_cited("The tax is $6,120.", ("tax_annual_amount",)) == ["tax_annual_amount"]


def test_a_knowledge_entry_is_cited_when_the_answer_repeats_it():
    assert keys_cited("The roof was renewed in 2021.", ("knowledge.roof", "knowledge.attic")) == ["knowledge.roof"]
