"""The chat panel against a provider that does as it is told: what a visitor sees when things go wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.provider_server import ProviderServer, call, cut, hang, quote_tools, refuse, running_provider, say

from .conftest import ROOT, free_port, wait_until_up

TOUR = "/harbour-hill/maple-house/"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderServer]:
    with running_provider() as server:
        yield server


@pytest.fixture(scope="module")
def site(provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's data, with the scripted provider in the engine's place."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "ENGINE_URL": provider.base_url,
        "SITE_URL": f"http://127.0.0.1:{port}",
    }
    log = folder / "site.log"
    for command in (["migrate", "--verbosity", "0"], ["load_demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)
    with log.open("wb") as output:
        command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/healthz", process, Path(log))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Any]:
    """Opens the tour page as a new visitor; keyword arguments are the browser's."""
    contexts = []

    def open_as_visitor(path: str = TOUR, **options: Any) -> Page:
        context = browser.new_context(**{"base_url": site, "viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_as_visitor
    for context in contexts:
        context.close()


def ask(page: Page, question: str) -> None:
    """By keyboard alone."""
    field = page.get_by_label("Your question")
    field.focus()
    page.keyboard.type(question)
    page.keyboard.press("Enter")


def last_answer(page: Page) -> Any:
    return page.locator("chat-panel li[data-role=agent]").last


def test_answer_streams_in_with_its_facts(provider: ProviderServer, open_page: Any) -> None:
    provider.play(call(("get_facts", {"keys": ["tax_annual_amount"]})), quote_tools)
    page = open_page()
    ask(page, "What are the taxes?")
    expect(last_answer(page)).to_have_attribute("data-state", "said")
    expect(last_answer(page).locator(".chat-fact")).to_have_count(1)
    expect(page.locator("[data-chat=live]")).to_contain_text("Property tax")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_broken_answer_is_tried_again_in_its_place(provider: ProviderServer, open_page: Any) -> None:
    provider.play(cut("It has three "), say("It has 3 bedrooms."))
    page = open_page()
    ask(page, "How many bedrooms?")
    expect(last_answer(page).locator(".chat-failure p")).to_have_text("The answer broke off: try again.")
    last_answer(page).get_by_role("button", name="Try again").press("Enter")
    expect(last_answer(page).locator(".chat-text")).to_have_text("It has 3 bedrooms.")
    page.reload()
    expect(page.locator("chat-panel li.chat-message")).to_have_count(2)


def test_failed_answer_offers_the_form_and_survives_a_reload(provider: ProviderServer, open_page: Any) -> None:
    provider.play(refuse(401))
    page = open_page()
    ask(page, "How many bedrooms?")
    expect(last_answer(page)).to_contain_text("The assistant is not set up yet")
    page.reload()
    expect(last_answer(page)).to_contain_text("The assistant is not set up yet")
    provider.play(say("It has 3 bedrooms."))
    last_answer(page).get_by_role("button", name="Try again").click()
    expect(last_answer(page).locator(".chat-text")).to_have_text("It has 3 bedrooms.")
    expect(page.locator("chat-panel li.chat-message")).to_have_count(2)


def test_stop_ends_the_answer_and_frees_the_visitor(provider: ProviderServer, open_page: Any) -> None:
    provider.play(hang(30, "It has three "), say("Yes, it does."))
    page = open_page()
    ask(page, "How many bedrooms?")
    expect(last_answer(page).locator(".chat-text")).to_have_text("It has three")
    page.get_by_role("button", name="Stop").press("Enter")
    expect(last_answer(page)).to_have_attribute("data-state", "interrupted")
    expect(page.get_by_label("Your question")).to_be_focused()
    ask(page, "Does it have a garden?")
    expect(last_answer(page).locator(".chat-text")).to_have_text("Yes, it does.")


def test_wish_to_see_it_opens_the_form_and_sends_a_request(provider: ProviderServer, open_page: Any) -> None:
    provider.play(call(("request_viewing", {"date": "Saturday"})), say("Please send the form."))
    page = open_page()
    ask(page, "I would like to see it on Saturday")
    form = page.locator("contact-form")
    expect(form.get_by_label("Your name")).to_be_focused()
    expect(form.get_by_label("See the home")).to_be_checked()
    assert form.get_by_label("Day you would like").input_value() != ""
    page.keyboard.type("Ann Buyer")
    form.get_by_label("E-mail").fill("ann@example.com")
    form.get_by_label("may use these details").check()
    form.get_by_role("button", name="Send to the agency").click()
    expect(form.locator("[data-contact=sent]")).to_have_text("Sent: the agency has it and will answer you.")


def test_form_shows_what_to_correct(open_page: Any) -> None:
    form = open_page().locator("contact-form")
    form.get_by_label("Your name").fill("Ann Buyer")
    form.get_by_label("may use these details").check()
    form.get_by_role("button", name="Send to the agency").click()
    expect(form.get_by_role("alert")).to_contain_text("Write an e-mail address or a phone number")
    expect(form.get_by_label("E-mail")).to_be_focused()


def test_suggestion_is_asked_with_a_click(provider: ProviderServer, open_page: Any) -> None:
    provider.play(say("By forced air."))
    page = open_page()
    suggestion = page.locator(".chat-suggestion").first
    text = suggestion.inner_text()
    suggestion.click()
    expect(page.locator("chat-panel li[data-role=visitor] .chat-text")).to_have_text(text)
    expect(last_answer(page).locator(".chat-text")).to_have_text("By forced air.")
    expect(page.locator(".chat-suggestions")).to_have_count(0)


def test_everything_works_as_plain_forms(provider: ProviderServer, open_page: Any) -> None:
    provider.play(refuse(401), say("It has 3 bedrooms."))
    page = open_page(java_script_enabled=False)
    page.get_by_label("Your question").fill("How many bedrooms?")
    page.get_by_role("button", name="Ask", exact=True).click()
    last_answer(page).get_by_role("button", name="Try again").click()
    expect(last_answer(page).locator(".chat-text")).to_have_text("It has 3 bedrooms.")
    provider.play(call(("request_viewing", {"date": "Saturday"})), say("Please send the form."))
    page.get_by_label("Your question").fill("Can I see it on Saturday?")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert page.get_by_label("Day you would like").input_value() != ""


@pytest.mark.parametrize("width", [390, 1440])
def test_panel_in_use_has_no_accessibility_violations(provider: ProviderServer, open_page: Any, width: int) -> None:
    provider.play(say("It costs $649,000."), cut("It has "))
    page = open_page(viewport={"width": width, "height": 844}, bypass_csp=True, reduced_motion="reduce")
    ask(page, "How much is it?")
    expect(last_answer(page)).to_have_attribute("data-state", "said")
    ask(page, "How many bedrooms?")
    expect(last_answer(page)).to_have_attribute("data-state", "interrupted")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((result) => result.violations.map((each) => each.id))")
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (found, wider) == ([], 0)
