from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.scope import agency_scope
from properties.models import OpenHouse
from tests.make import make_agency, make_member
from tests.make_properties import (
    make_knowledge,
    make_node,
    make_panorama,
    make_photo,
    make_property,
    make_published_property,
    make_room,
)
from tests.properties.pages import Page

pytestmark = pytest.mark.django_db
TOUR_QUERIES = 9  # agency 2, home, rooms, stops, open houses, knowledge, history, pictures
LIST_QUERIES = 6  # agency 2, kinds, count, homes, pictures


def full_home(agency, title="Maple house", **fields):
    home = make_published_property(agency, title, **fields)
    make_node(home, media=make_panorama(home), room=make_room(home))
    make_knowledge(home)
    with agency_scope(agency):
        start = timezone.now() + timedelta(days=2)
        OpenHouse.objects.create(property=home, start=start, end=start + timedelta(hours=2))
    return home


def test_tour_page_shows_the_record(client):
    home = full_home(make_agency())
    page = Page(client.get(f"/harbour/{home.slug}/").content.decode())
    for words in ("Maple house", "$649,000", "12 Maple Street, Portland, OR 97214", "2,310 sq ft"):
        assert words in page.text
    assert "It was replaced in 2019." in page.text
    assert len(page.find("time")) == 1
    assert len(page.find("ol", **{"class": "stops"})) == 1


def test_tour_page_names_each_fact_once_for_links(client):
    agency = make_agency()
    home = full_home(agency)
    ids = Page(client.get(f"/harbour/{home.slug}/").content.decode()).ids()
    assert len(ids) == len(set(ids))
    wanted = {"list_price", "bathrooms_total", "bathrooms_full", "city", "room.kitchen", "public_remarks"}
    assert {f"fact-{key}" for key in wanted} <= set(ids)


def test_tour_page_says_what_is_not_stated(client):
    home = make_published_property(make_agency(), year_built=None)
    page = Page(client.get(f"/harbour/{home.slug}/").content.decode())
    assert "What this listing does not state" in page.text
    assert "fact-year_built" in page.ids()


def test_tour_page_works_without_scripts_and_keeps_the_policy(client):
    home = full_home(make_agency())
    response = client.get(f"/harbour/{home.slug}/")
    page = Page(response.content.decode())
    assert {form["method"] for form in page.find("form")} == {"post"}
    scripts = [attrs for attrs in page.find("script") if attrs.get("type") != "application/ld+json"]
    assert [attrs for attrs in scripts if "src" not in attrs] == []
    assert [attrs for _, attrs in page.elements if "style" in attrs or "onclick" in attrs] == []
    (style,) = page.find("style")
    assert f"'nonce-{style['nonce']}'" in response["Content-Security-Policy"]


def test_tour_page_opens_with_one_eager_picture(client):
    home = make_published_property(make_agency())
    make_photo(home)
    images = Page(client.get(f"/harbour/{home.slug}/").content.decode()).find("img")
    eager = [image for image in images if image.get("fetchpriority") == "high"]
    assert len(eager) == 1
    assert all(image.get("loading") == "lazy" for image in images if image not in eager)
    assert all(image["width"] and image["height"] and image["srcset"] and image["alt"] for image in images)


def test_tour_page_introduces_itself_to_others(client, settings):
    settings.SITE_URL = "https://homes.example"
    home = make_published_property(make_agency(name="Harbour & Hill"))
    page = Page(client.get(f"/harbour/{home.slug}/").content.decode())
    url = f"https://homes.example/harbour/{home.slug}/"
    assert [link["href"] for link in page.find("link", rel="canonical")] == [url]
    assert page.content(property="og:url") == url
    assert page.content(property="og:title") == "Maple house"
    assert page.content(property="og:site_name") == "Harbour & Hill"
    assert page.content(name="twitter:card") == "summary_large_image"
    image = page.content(property="og:image")
    assert image.startswith("https://homes.example/harbour/pictures/")
    assert image.endswith(".jpg")
    assert page.find("meta", name="robots") == []


def test_own_host_is_canonical_from_both_doors(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "hill.example"]
    home = make_published_property(make_agency("hill", host="hill.example"))
    for address, host in ((f"/hill/{home.slug}/", "testserver"), (f"/{home.slug}/", "hill.example")):
        page = Page(client.get(address, headers={"host": host}).content.decode())
        (link,) = page.find("link", rel="canonical")
        assert link["href"] == f"http://hill.example/{home.slug}/"
        assert page.content(property="og:image").startswith("http://hill.example/pictures/")


def test_draft_is_seen_by_its_staff_alone(client):
    agency, other = make_agency(), make_agency("hill")
    home = make_property(agency)
    address = f"/harbour/{home.slug}/"
    assert client.get(address).status_code == 404
    client.force_login(make_member(other))
    assert client.get(address).status_code == 404
    client.force_login(make_member(agency, "viewer"))
    response = client.get(address)
    page = Page(response.content.decode())
    assert response.status_code == 200
    assert "Draft preview" in page.text
    assert page.content(name="robots") == "noindex, nofollow"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]
    assert page.find("script", type="application/ld+json") == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [("active", 200), ("pending", 200), ("active_under_contract", 200), ("hold", 404), ("withdrawn", 410)],
)
def test_status_decides_whether_there_is_a_page(client, status, answer):
    home = make_published_property(make_agency(), standard_status=status)
    response = client.get(f"/harbour/{home.slug}/")
    assert response.status_code == answer
    assert ("649,000" in response.content.decode()) == (answer == 200)


def test_pending_home_says_so(client):
    home = make_published_property(make_agency(), standard_status="pending")
    assert "This home is reserved" in Page(client.get(f"/harbour/{home.slug}/").content.decode()).text


def test_home_sold_a_year_ago_is_gone(client):
    home = make_published_property(make_agency())
    with agency_scope(home.agency):
        home.change_status("closed")
    assert client.get(f"/harbour/{home.slug}/").status_code == 200
    with agency_scope(home.agency):
        home.close_date = timezone.localdate() - timedelta(days=366)
        home.save()
    assert client.get(f"/harbour/{home.slug}/").status_code == 410


def test_withdrawn_draft_was_never_there(client):
    home = make_property(make_agency())
    with agency_scope(home.agency):
        home.change_status("delete")
    assert client.get(f"/harbour/{home.slug}/").status_code == 404


def test_old_address_leads_to_the_new_one(client):
    home = make_published_property(make_agency())
    old = home.slug
    with agency_scope(home.agency):
        home.slug = "garden-house"
        home.save()
    response = client.get(f"/harbour/{old}/")
    assert (response.status_code, response["Location"]) == (301, "/harbour/garden-house/")


def test_old_address_of_a_hidden_home_leads_nowhere(client):
    home = make_published_property(make_agency())
    old = home.slug
    with agency_scope(home.agency):
        home.slug, home.display_entire_listing = "garden-house", False
        home.save()
    assert client.get(f"/harbour/{old}/").status_code == 404


def test_other_agencys_home_is_not_there(client):
    make_agency("hill")
    home = make_published_property(make_agency())
    assert client.get(f"/hill/{home.slug}/").status_code == 404
    assert client.get(f"/harbour/{home.slug}/").status_code == 200


def test_hidden_address_and_price_are_in_no_output(client):
    agency = make_agency()
    home = full_home(
        agency,
        "Kept quiet",
        display_address=False,
        price_on_request=True,
        street_number="4711",
        street_name="Zanzibar",
        list_price=Decimal("987654"),
        directions="Left at Zanzibar",
        cross_street="Zanzibar and Vine",
        latitude=Decimal("45.51234567"),
    )
    shown = make_published_property(agency, "Said aloud", street_name="Yarrow", list_price=Decimal("345678"))
    paths = [f"/harbour/{home.slug}/", f"/harbour/{shown.slug}/", "/harbour/", "/harbour/?q=house"]
    paths += ["/harbour/sitemap.xml", "/harbour/?sort=price", "/sitemap.xml"]
    output = " ".join(client.get(path).content.decode() for path in paths)
    for secret in ("Zanzibar", "zanzibar", "4711", "987654", "987,654", "987.654", "45.5123"):
        assert secret not in output
    for public in ("Yarrow", "345,678", "345678", "Price on request", "45.5122"):
        assert public in output


def test_tour_page_queries_do_not_grow(client, django_assert_num_queries):
    agency = make_agency()
    home = full_home(agency)
    with django_assert_num_queries(TOUR_QUERIES):
        client.get(f"/harbour/{home.slug}/")
    for name in ("Hall", "Bath", "Attic"):
        make_node(home, name, media=make_panorama(home), room=make_room(home, name))
        make_knowledge(home, f"How old is the {name}?")
        make_photo(home)
    full_home(agency, "Second")
    full_home(agency, "Third")
    with django_assert_num_queries(TOUR_QUERIES):
        client.get(f"/harbour/{home.slug}/")


def test_list_queries_do_not_grow(client, django_assert_num_queries):
    agency = make_agency()
    full_home(agency)
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/harbour/")
    full_home(agency, "Second")
    full_home(agency, "Third")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/harbour/")


def test_sitemap_lists_published_homes(client, settings):
    settings.SITE_URL = "https://homes.example"
    agency = make_agency()
    home = make_published_property(agency)
    draft = make_property(agency, "Draft")
    response = client.get("/harbour/sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    assert f"<loc>https://homes.example/harbour/{home.slug}/</loc>" in response.content.decode()
    assert draft.slug not in response.content.decode()


def test_robots_name_the_sitemap(client, settings):
    settings.SITE_URL = "https://homes.example"
    make_agency()
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: https://homes.example/sitemap.xml" in lines
    assert "Disallow: /*/admin/" in lines
    assert "harbour/sitemap.xml" in client.get("/sitemap.xml").content.decode()


def test_front_page_lists_active_agencies(client):
    make_agency(name="Harbour & Hill")
    make_agency("gone", name="Gone Realty", is_active=False)
    text = Page(client.get("/").content.decode()).text
    assert "Harbour & Hill" in text
    assert "Gone Realty" not in text


def test_missing_page_is_ours_at_both_doors(client):
    make_agency(name="Harbour & Hill")
    for path, way_on in (("/harbour/nothing/", "/harbour/"), ("/nothing/at/all", "/")):
        response = client.get(path)
        page = Page(response.content.decode())
        assert response.status_code == 404
        assert "There is no such page" in page.text
        assert way_on in [link["href"] for link in page.find("a", **{"class": "button button-primary"})]


def test_broken_colours_do_not_break_a_page(client):
    make_agency(primary_color="", accent_color="#12")
    assert client.get("/harbour/").status_code == 200
