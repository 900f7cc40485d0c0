"""The public pages as people meet them: by keyboard, on a phone, without scripts, and for axe-core."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import ROOT, Demo

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LIST, TOUR = "/harbour-hill/", "/harbour-hill/maple-house/"
PAGES = ["/", LIST, f"{LIST}?beds=many", TOUR, "/kaikontor/quayside-loft/", "/kaikontor/nothing-here/"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_pages_have_no_accessibility_violations(browser: Browser, demo: Demo, width: int, theme: Any) -> None:
    # axe itself is an inline script, which the policy would stop.
    context = browser.new_context(
        base_url=demo.url, viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True
    )
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then((result) => result.violations.map((each) => each.id))")
        assert (path, found) == (path, [])
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert (path, wider) == (path, 0)
    context.close()


def test_pictures_open_above_the_page_and_close_by_keyboard(page: Page) -> None:
    page.goto(TOUR)
    link = page.locator(".hero-picture").nth(1)
    link.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_role("status")).to_contain_text("2 / ")
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("status")).to_contain_text("3 / ")
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(link).to_be_focused()


def test_first_tab_skips_to_the_content(page: Page) -> None:
    page.goto(TOUR)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_phone_leads_back_to_the_questions_from_the_record(browser: Browser, demo: Demo) -> None:
    context = browser.new_context(base_url=demo.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(TOUR)
    back = page.locator(".ask-link a")
    expect(back).not_to_be_in_viewport()
    page.locator("#facts").scroll_into_view_if_needed()
    expect(back).to_be_in_viewport()
    back.click()
    expect(page.locator("#chat-title")).to_be_in_viewport()
    context.close()


def test_search_works_without_scripts(browser: Browser, demo: Demo) -> None:
    plain = browser.new_context(base_url=demo.url, java_script_enabled=False)
    page = plain.new_page()
    page.goto(LIST)
    page.get_by_label("Words").fill("maple")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="1 home")).to_be_visible()
    page.get_by_role("link", name="Maple House").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Maple House")
    page.locator("details.question summary").first.click()
    expect(page.locator("details.question .answer").first).to_be_visible()
    plain.close()
