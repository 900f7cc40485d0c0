"""Not modified: 304 for what is the same, and never for what is not."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date

from agencies.scope import agency_scope
from properties.models import Property
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_room
from tests.properties.api_scene import add_media, caller, show_property

pytestmark = pytest.mark.django_db
READS = ["", "{id}/", "{id}/facts/", "{id}/knowledge/"]


@pytest.fixture
def home():
    return show_property(make_agency("harbour"))


@pytest.fixture
def api(home):
    return caller(home.agency)


def address_of(home, read):
    return f"/api/v1/properties/{read.format(id=home.public_id)}"


@pytest.mark.parametrize("read", READS)
def test_read_that_is_the_same_is_304_without_a_body(home, api, read):
    first = api.get(address_of(home, read))
    again = api.get(address_of(home, read), headers={"if-none-match": first["ETag"]})
    assert first.status_code == 200
    assert first["ETag"].startswith('W/"')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Authorization")
    assert (again["Cache-Control"], again["Vary"]) == ("private, no-cache", "Authorization")


def change_price(home):
    home.change_price(home.list_price + 1)


def add_room(home):
    make_room(home)


def add_photo(home):
    add_media(home)


def add_knowledge(home):
    make_knowledge(home)


def sign_differently(home):
    home.agency.slug = "haven"
    home.agency.save()


@pytest.mark.parametrize("change", [change_price, add_room, add_photo, add_knowledge, sign_differently])
def test_etag_of_a_home_changes_with_all_that_it_is_made_of(home, api, change):
    first = api.get(address_of(home, "{id}/"))
    with agency_scope(home.agency):
        change(home)
    again = api.get(address_of(home, "{id}/"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def test_etag_of_a_list_changes_when_a_home_goes(home, api):
    show_property(home.agency, "Orchard house")
    first = api.get(address_of(home, ""))
    with agency_scope(home.agency):
        home.withdraw()
    again = api.get(address_of(home, ""), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, len(again.json()["results"])) == (200, 1)


def test_home_unchanged_since_its_date_is_304(home, api):
    address = address_of(home, "{id}/")
    first = api.get(address)
    assert first["Last-Modified"] == http_date(home.modification_timestamp.timestamp())
    assert api.get(address, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    before = http_date(home.modification_timestamp.timestamp() - 1)
    assert api.get(address, headers={"if-modified-since": before}).status_code == 200


def test_date_of_a_home_is_at_least_todays(home, api):
    with agency_scope(home.agency):
        Property.objects.update(modification_timestamp=timezone.now() - timedelta(days=9))
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert api.get(address_of(home, "{id}/"))["Last-Modified"] == http_date(midnight.timestamp())


def test_answer_of_another_key_has_its_own_etag(home, api):
    make_knowledge(home)
    both = api.get(address_of(home, "{id}/facts/"))
    one = caller(home.agency, "properties:read").get(address_of(home, "{id}/facts/"))
    assert both["ETag"] != one["ETag"]


def test_refusal_is_not_kept_by_a_cache(home, api):
    missing = api.get("/api/v1/properties/0/", headers={"if-none-match": "*"})
    assert (missing.status_code, missing["Cache-Control"]) == (404, "private, no-store")


def test_failed_precondition_has_the_shape_of_an_error(home, api):
    answer = api.get(address_of(home, "{id}/"), headers={"if-match": '"another"'})
    assert (answer.status_code, answer.json()["error"]["code"]) == (412, "precondition_failed")
