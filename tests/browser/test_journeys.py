"""The main job, end to end, on `make demo`'s own stack: ask, edit, ask again; a lead; what must stay unseen."""

import re
import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from properties.demo import DEMO_PASSWORD, DEMO_QUESTION, staff_email

from .conftest import Demo

TOUR = "/harbour-hill/maple-house/"
ADMIN = "/harbour-hill/admin/"


@pytest.fixture
def staff(browser: Browser, demo: Demo) -> Iterator[Page]:
    """The editor of the first agency, logged in, in a browser of their own."""
    context = browser.new_context(base_url=demo.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    log_in(page, staff_email("harbour-hill", "editor"))
    yield page
    context.close()


def log_in(page: Page, email: str, admin: str = ADMIN) -> None:
    page.goto(admin)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()


def ask(page: Page, question: str) -> str:
    """Type a question and return the finished answer."""
    answers = page.locator("chat-panel li[data-role=agent]")
    before = answers.count()
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    answer = answers.nth(before)
    expect(answer).to_have_attribute("data-state", "said")
    return answer.locator(".chat-text").inner_text()


def test_visitor_asks_and_reads_the_exact_figures(page: Page) -> None:
    page.goto(TOUR)
    answer = ask(page, DEMO_QUESTION)
    assert set(re.findall(r"\d[\d,.]*\d|\d", answer)) == {"3", "148"}
    chips = page.locator("chat-panel li[data-role=agent] .chat-fact-value")
    assert len(chips.all_inner_texts()) == 2


def test_conversation_is_there_after_a_reload(page: Page) -> None:
    page.goto(TOUR)
    answer = ask(page, "What year was it built?")
    page.reload()
    expect(page.locator("chat-panel li[data-role=agent] .chat-text").last).to_have_text(answer)


def test_next_answer_has_the_price_that_an_editor_changed(page: Page, staff: Page) -> None:
    page.goto(TOUR)
    assert "$649,000" in ask(page, "What is the asking price?")
    change_price(staff, "668500")
    answer = ask(page, "And what does it cost now?")
    change_price(staff, "649000")
    assert ("$668,500" in answer, "649,000" in answer) == (True, False)


def change_price(staff: Page, price: str) -> None:
    staff.goto(f"{ADMIN}properties/property/")
    staff.get_by_role("link", name="Maple House").first.click()
    staff.locator("#id_list_price").fill(price)
    staff.get_by_role("button", name="Save", exact=True).first.click()
    staff.wait_for_url(f"**{ADMIN}properties/property/")


def test_what_the_record_lacks_is_admitted_and_becomes_a_question(page: Page, staff: Page) -> None:
    page.goto(TOUR)
    question = f"Is the doorbell wired to chime number {uuid.uuid4().hex[:6]}?"
    assert "The listing does not say." in ask(page, question)
    staff.goto(f"{ADMIN}chat/question/")
    expect(staff.locator("body")).to_contain_text(question)


def test_chat_is_a_form_without_javascript(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(base_url=demo.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(TOUR)
    page.get_by_label("Your question").fill(DEMO_QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page).to_have_url(re.compile("#chat$"))
    expect(page.locator("li[data-role=agent] .chat-text").last).to_contain_text("$148")
    context.close()


def test_wish_to_see_it_opens_the_form_and_reaches_the_agency(page: Page, staff: Page, demo: Demo) -> None:
    page.goto(TOUR)
    ask(page, "I would like to see it on Saturday")
    name = f"Visitor {uuid.uuid4().hex[:6]}"
    expect(page.get_by_label("Day you would like")).to_have_value(re.compile(r"^\d{4}-\d\d-\d\d$"))
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill("visitor@visitors.example")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send to the agency").click()
    expect(page.get_by_text("Sent: the agency has it and will answer you.")).to_be_visible()
    staff.goto(f"{ADMIN}chat/lead/")
    expect(staff.locator("body")).to_contain_text(name)
    assert any(name in mail.read_text() for mail in demo.mail.iterdir())


def test_draft_is_seen_by_its_staff_alone(page: Page, staff: Page, browser: Browser, demo: Demo) -> None:
    draft = "/harbour-hill/willow-bungalow/"
    answer = page.goto(draft)
    assert answer is not None
    assert answer.status == 404
    shown = staff.goto(draft)
    assert shown is not None
    assert shown.status == 200
    expect(staff.get_by_role("heading", name="Willow Bungalow")).to_be_visible()
    expect(staff.locator("meta[name=robots]")).to_have_attribute("content", re.compile("noindex"))
    context = browser.new_context(base_url=demo.url)
    stranger = context.new_page()
    log_in(stranger, staff_email("kaikontor", "owner"), "/kaikontor/admin/")
    hidden = stranger.goto(draft)
    assert hidden is not None
    assert hidden.status == 404
    context.close()


def test_staff_of_one_agency_see_nothing_of_the_other(staff: Page) -> None:
    staff.goto(f"{ADMIN}properties/property/")
    expect(staff.locator("body")).to_contain_text("Maple House")
    expect(staff.locator("body")).not_to_contain_text("Quayside Loft")
    staff.goto("/kaikontor/admin/properties/property/")
    expect(staff.locator("body")).not_to_contain_text("Quayside Loft")
    expect(staff.get_by_label("Password")).to_be_visible()


def test_viewer_cannot_edit(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(base_url=demo.url)
    page = context.new_page()
    log_in(page, staff_email("harbour-hill", "viewer"))
    page.goto(f"{ADMIN}properties/property/")
    page.get_by_role("link", name="Maple House").first.click()
    expect(page.locator("body")).to_contain_text("Maple House")
    expect(page.locator("#id_list_price")).to_have_count(0)
    context.close()
