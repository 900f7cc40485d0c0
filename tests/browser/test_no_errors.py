"""No page asks for a file that is not there, and none writes an error into the browser's console."""

import pytest
from playwright.sync_api import Page

from properties.demo import staff_email

from .conftest import Demo
from .test_journeys import log_in

PUBLIC = ["/", "/harbour-hill/", "/harbour-hill/maple-house/", "/kaikontor/quayside-loft/", "/api/docs/"]
STAFF = ["", "properties/property/", "chat/conversation/", "agencies/agency/", "agencies/apikey/"]


@pytest.fixture
def troubles(page: Page) -> list[str]:
    seen: list[str] = []
    page.on("response", lambda answer: seen.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on("console", lambda line: seen.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    return seen


def test_troubles_are_seen(page: Page, troubles: list[str]) -> None:
    page.goto("/nobody-here/")
    assert any(trouble.startswith("404") for trouble in troubles)


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_load_without_an_error(page: Page, troubles: list[str], path: str) -> None:
    page.goto(path, wait_until="networkidle")
    assert troubles == []


@pytest.mark.parametrize(
    ("admin", "email"),
    [("/harbour-hill/admin/", staff_email("harbour-hill", "owner")), ("/admin/", "operator@openhouse.example")],
    ids=["staff", "platform"],
)
def test_admins_load_without_an_error(page: Page, troubles: list[str], admin: str, email: str) -> None:
    page.goto(admin, wait_until="networkidle")
    log_in(page, email, admin)
    for path in STAFF if admin != "/admin/" else [""]:
        page.goto(f"{admin}{path}", wait_until="networkidle")
    page.goto(admin)
    assert troubles == []


def test_favicon_is_where_the_pages_say(page: Page, demo: Demo) -> None:
    page.goto("/admin/")
    address = page.locator("link[rel=icon]").get_attribute("href")
    assert page.request.get(f"{demo.url}{address}").ok
