"""Where a request enters an agency, and where it does not."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, AsyncRequestFactory, Client, RequestFactory
from django.urls import get_script_prefix

from agencies.middleware import AgencyMiddleware
from agencies.models import Agency
from agencies.scope import agency_scope, scope_label
from tests.make import make_agency, make_api_key, make_member
from tests.properties.api_scene import show_property

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "birch.example"]


@pytest.fixture
def alder() -> Agency:
    return make_agency("alder")


@pytest.fixture
def birch() -> Agency:
    return make_agency("birch", host="birch.example")


def echo(request: HttpRequest) -> HttpResponse:
    """What a view would see."""
    agency = getattr(request, "agency", None)
    urlconf = getattr(request, "urlconf", "config.urls")
    return HttpResponse(f"{scope_label()} {agency} {urlconf} {request.path_info} {get_script_prefix()}")


def seen(path: str, **extra: Any) -> str:
    response: Any = AgencyMiddleware(echo)(RequestFactory().get(path, **extra))
    return str(response.content.decode())


def test_path_enters_the_agency(alder: Agency) -> None:
    assert seen("/alder/twin/") == f"{alder.pk} Alder config.urls_agency /twin/ /alder/"
    assert (scope_label(), get_script_prefix()) == ("-", "/")


def test_host_enters_the_agency(birch: Agency) -> None:
    assert seen("/twin/", SERVER_NAME="birch.example") == f"{birch.pk} Birch config.urls_agency /twin/ /"


@pytest.mark.parametrize(
    "path", ["/", "/unknown/", "/alder", "/admin/", "/ALDER/", "//alder/", "/alder%00/", "/x/alder/"]
)
def test_other_paths_enter_nothing(alder: Agency, path: str) -> None:
    assert seen(path).startswith("- None config.urls ")


def test_host_wins_over_a_path(alder: Agency, birch: Agency) -> None:
    assert seen("/alder/", SERVER_NAME="birch.example").startswith(f"{birch.pk} Birch config.urls_agency /alder/ ")


def test_key_enters_its_agency_alone_below_api(alder: Agency, birch: Agency) -> None:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {make_api_key(alder)}"}
    assert seen("/api/v1/properties/", **headers).startswith(f"{alder.pk} Alder config.urls ")
    assert seen("/birch/", **headers).startswith(f"{birch.pk} Birch ")
    assert seen("/", **headers).startswith("- None ")


def test_request_starts_from_nothing(alder: Agency, birch: Agency) -> None:
    """A worker's thread in which somebody forgot to leave a scope."""
    with agency_scope(birch):
        assert seen("/unknown/").startswith("- None ")
        assert seen("/alder/").startswith(f"{alder.pk} ")


@pytest.mark.parametrize(
    "path", ["/alder/", "/alder/home/", "/alder/admin/", "/alder/admin/login/", "/alder/sitemap.xml"]
)
def test_suspended_agency_is_as_missing_as_an_unknown_one(alder: Agency, path: str) -> None:
    show_property(alder, slug="home")
    client = Client()
    client.force_login(make_member(alder, "owner"))
    assert client.get(path).status_code == 200 or path.endswith("login/")
    Agency.objects.update(is_active=False)
    suspended, unknown = client.get(path), client.get(path.replace("alder", "cedar"))
    assert suspended.status_code == unknown.status_code == 404


@pytest.mark.parametrize("path", ["/", "/admin/", "/home/", "/alder/", "/robots.txt"])
def test_suspended_agencys_host_shows_nothing_of_the_platform(alder: Agency, birch: Agency, path: str) -> None:
    client = Client(SERVER_NAME="birch.example")
    Agency.objects.filter(pk=birch.pk).update(is_active=False)
    response = client.get(path)
    assert response.status_code == 404
    assert b"Alder" not in response.content
    assert client.get("/healthz").status_code == 200


def test_host_that_is_not_allowed_is_refused(alder: Agency) -> None:
    assert Client(SERVER_NAME="evil.example").get("/alder/").status_code == 400


def test_slash_is_added_whether_or_not_an_agency_is_there(alder: Agency) -> None:
    assert Client().get("/alder")["Location"] == "/alder/"
    assert Client().get("/cedar")["Location"] == "/cedar/"


def test_agency_page_is_reached_by_path_and_by_host(alder: Agency, birch: Agency) -> None:
    show_property(alder, "Twin", slug="twin", public_remarks="alder's words")
    show_property(birch, "Twin", slug="twin", public_remarks="birch's words")
    by_path = Client().get("/alder/twin/").content.decode().lower()
    by_host = Client(SERVER_NAME="birch.example").get("/twin/").content.decode().lower()
    assert "alder&#x27;s words" in by_path
    assert "birch" not in by_path
    assert "birch&#x27;s words" in by_host
    assert "alder" not in by_host


@pytest.mark.django_db(transaction=True)
async def test_requests_side_by_side_stay_in_their_agencies() -> None:
    agencies = [await Agency.objects.acreate(name=name, slug=name, email="a@x.example") for name in ("alder", "birch")]

    async def slow(request: HttpRequest) -> HttpResponse:
        before = scope_label()
        await asyncio.sleep(0.01)
        return HttpResponse(f"{before} {scope_label()} {get_script_prefix()}")

    middleware = AgencyMiddleware(slow)  # type: ignore[arg-type]
    visits: Any = [middleware(AsyncRequestFactory().get(f"/{each.slug}/")) for each in agencies * 4]
    answers = await asyncio.gather(*visits)
    expected = [f"{each.pk} {each.pk} /{each.slug}/" for each in agencies * 4]
    assert [answer.content.decode() for answer in answers] == expected
    assert scope_label() == "-"
    await sync_to_async(connections.close_all)()  # the worker thread's own, or PostgreSQL keeps the test database


@pytest.mark.django_db(transaction=True)
async def test_asgi_requests_side_by_side_show_their_own_words() -> None:
    def make() -> None:
        for name in ("alder", "birch"):
            show_property(make_agency(name), "Twin", slug="twin", public_remarks=f"words of {name}")

    await sync_to_async(make)()
    client = AsyncClient()
    names = ["alder", "birch"] * 4
    pages = await asyncio.gather(*(client.get(f"/{name}/twin/") for name in names))
    for name, page in zip(names, pages, strict=True):
        text = page.content.decode()
        other = {"alder": "birch", "birch": "alder"}[name]
        assert f"words of {name}" in text
        assert other not in text.lower()
    await sync_to_async(connections.close_all)()
