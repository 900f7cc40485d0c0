"""Visitors: what birch shows to everybody, what alder's pages and the platform's own show of birch."""

import json
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from agencies.models import Agency, AgencyEntry, ProviderAccount
from agencies.scope import agency_scope
from chat.models import Lead, Message
from properties.models import Media
from tests.provider_server import call, quote_tools, running_provider
from tests.tenancy.canaries import found
from tests.tenancy.routes import OPERATORS
from tests.tenancy.walk import MISSING_KEY, Visitor, addresses_of, comparable, member, public_ids, traces
from tests.tenancy.world import TWIN, World, private_words

PAGES = ["/", f"/{TWIN}/", "/sitemap.xml", "/robots.txt", "/pictures/logo", "/enter/", "/admin/", "/admin/login/"]
PLATFORM = ["/", "/healthz", "/robots.txt", "/sitemap.xml", "/birch", "/admin/login/"]
API = ["/api/docs/", "/api/schema/", "/api/"]


def leaked(text: str, world: World) -> set[str]:
    hidden = tuple(private_words(world))
    key = {"its provider's key"} if f"sk-cnry-{world.agency.slug[0]}" in text else set()
    return key | {word for word in found(text, world.agency) if word.startswith(hidden)}


def addresses_of_no_secret(world: World) -> list[str]:
    """Whoever has an invitation's link may read for whom it is."""
    return [here for name, here, _, _ in addresses_of(world) if name != "agencies:join"]


@pytest.mark.parametrize("door", ["path", "host"])
def test_agency_shows_everybody_its_public_words_alone(b: World, door: str) -> None:
    visitor = Visitor("/birch") if door == "path" else Visitor("", Client(SERVER_NAME="birch.example"))
    for path in [*PAGES, f"/{b.only.slug}/", *addresses_of_no_secret(b)]:
        status, text = visitor.read(path)
        assert status < 500, path
        assert leaked(text, b) == set(), path
    assert f"cnry-b-property-{b.only.pk}-public-remarks" in visitor.read(f"/{b.only.slug}/")[1]


def test_words_that_are_private_would_be_noticed(b: World) -> None:
    """The net is not torn: what an owner sees of the private record is in it."""
    text = member(b, "owner").read(f"/admin/properties/property/{b.draft.pk}/change/")[1]
    assert any("propertyprivate" in word for word in leaked(text, b))


def test_draft_is_as_missing_to_everybody(b: World) -> None:
    visitor = Visitor("/birch")
    picture = str(b.one(Media, property=b.draft).media_key)
    for draft, missing in ((b.draft.slug, "no-such-home"), (picture, str(uuid4()))):
        for path in ("/{}/", "/{}/chat/", "/{}/viewing/", "/pictures/{}/640.webp"):
            method = "post" if path.endswith(("chat/", "viewing/")) else "get"
            answers = [visitor.read(path.format(each), method) for each in (draft, missing)]
            assert answers[0][0] == 404
            assert comparable(answers[0], draft, missing) == comparable(answers[1], draft, missing), path


@pytest.mark.parametrize("path", [f"/{TWIN}/", "/", "/sitemap.xml"])
def test_page_is_not_another_agencys_page_from_a_cache(a: World, b: World, path: str) -> None:
    """Equal slugs and titles; each is asked twice, in turns."""
    cache.clear()
    for own, other in ((a, b), (b, a), (a, b), (b, a)):
        status, text = Visitor(f"/{own.agency.slug}").read(path)
        assert status == 200
        assert own.agency.slug in text
        assert traces(text, other) == set()


def test_redirect_of_an_old_address_stays_in_the_agency(a: World, b: World) -> None:
    with agency_scope(a.agency):
        old = a.only.slug_redirects.get().slug
    response = Client().get(f"/alder/{old}/")
    assert (response.status_code, response["Location"]) == (301, f"/alder/{a.only.slug}/")
    assert Client().get(f"/birch/{old}/").status_code == 404


# --- Writing as a visitor ---
LEAD = {"kind": "message", "name": "Ann", "email": "ann@x.example", "note": "Call me.", "consent": "on"}


def test_form_of_one_agency_makes_no_lead_at_another(a: World, b: World) -> None:
    before = len(b.keys(Lead)), len(a.keys(Lead))
    for slug in (b.only.slug, b.draft.slug, "no-such-home"):
        status, text = Visitor("/alder").read(f"/{slug}/viewing/", "post", {**LEAD, "client_id": uuid4()})
        assert (status, traces(text, b, echoed=(slug,))) == (404, set())
    assert (len(b.keys(Lead)), len(a.keys(Lead))) == before


def test_visitors_cookie_of_one_agency_is_nobodys_at_another(a: World, b: World) -> None:
    """The visitor's name is signed for one agency: the twin home's conversation is not carried over."""
    with running_provider() as provider:
        for world in (a, b):
            _point_at(world.agency, provider.base_url)
        provider.play(call(("get_facts", {"keys": ["bedrooms_total"]})), quote_tools)
        visitor = Visitor("/alder")
        status, text = visitor.read(f"/{TWIN}/chat/", "post", {"text": "How many bedrooms?", "client_id": uuid4()})
        assert (status, traces(text, b)) == (303, set())
        assert "How many bedrooms?" in visitor.read(f"/{TWIN}/")[1]
        sent = json.dumps(provider.requests)
        assert traces(sent, b) == set()
        assert found(sent, a.agency)
        assert set(provider.keys) == {"Bearer sk-cnry-a-provider-key"}
        visitor.home = "/birch"
        assert "How many bedrooms?" not in visitor.read(f"/{TWIN}/")[1]
    with agency_scope(b.agency):
        assert not Message.objects.filter(text="How many bedrooms?").exists()


def _point_at(agency: Agency, base_url: str) -> None:
    with agency_scope(agency):
        ProviderAccount.objects.update(base_url=base_url, text_model="any")


# --- The platform's own pages ---
@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_platform_pages_name_agencies_and_nothing_of_them(a: World, b: World, role: str) -> None:
    visitor = member(a, role)
    visitor.home = ""
    ids = {each for world in (a, b) for each in public_ids(world)}
    for path in [*PLATFORM, *API]:
        status, text = visitor.read(path)
        assert status < 500, path
        told = found(text, a.agency) | found(text, b.agency) | {each for each in ids if each in text}
        assert {word for word in told if not word.endswith("-address")} == set(), path
    assert "Birch" in visitor.read("/")[1]


@pytest.mark.parametrize("role", ["anonymous", "owner"])
def test_operators_admin_is_closed_to_an_agencys_people(a: World, b: World, role: str) -> None:
    visitor = member(a, role)
    visitor.home = ""
    for label in OPERATORS:
        base = f"/admin/{label.replace('.', '/')}/"
        for tail in ("", "add/", f"{MISSING_KEY}/change/", f"{b.agency.pk}/change/", f"{b.agency.pk}/history/"):
            status, text = visitor.read(base + tail)
            assert (status, found(text, b.agency)) == (302, set()), base + tail


def test_operators_admin_shows_no_row_of_an_agency(a: World, b: World) -> None:
    """Agencies, people and the operator's own entries are what it is for."""
    operator = Visitor("")
    operator.client.force_login(a.one(AgencyEntry).user)
    for label in OPERATORS:
        status, text = operator.read(f"/admin/{label.replace('.', '/')}/")
        assert status == 200
        seen = {word.split("-")[2] for word in found(text, b.agency) if word.startswith("cnry-")}
        assert seen <= {"agency", "user", "agencyentry"}
    status, text = operator.read(f"/admin/agencies/agency/{b.agency.pk}/change/")
    assert status == 200
    assert {word.split("-")[2] for word in found(text, b.agency) if word.startswith("cnry-")} <= {"agency"}
