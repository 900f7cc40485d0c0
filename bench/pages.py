"""The tour page and the API's list of a hundred homes, against a bare view that sends the same bytes."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from agencies.models import Agency, ApiKey
from agencies.scope import agency_scope
from bench.stage import Place
from bench.timing import HEADINGS, Once, compare, timed
from properties.models import Media, Property

HOMES = 100
ROUNDS, WARM_UP = 150, 20
sent: dict[str, bytes] = {}


def bare(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(sent[name])


urlpatterns = [path("<name>", bare)]


def run(place: Place) -> None:
    agency = Agency.objects.order_by("pk").first()
    if agency is None:
        raise SystemExit("There is no agency to measure: load_demo made none.")
    with agency_scope(agency):
        home = Property.objects.published().order_by("pk")[0]
        _multiply(home)
        token = _make_key()
    print(f"\nPages: {ROUNDS} requests of each, in one process, without a network\n{HEADINGS}")
    caller = Client(headers={"authorization": f"Bearer {token}"})
    _measure("tour page", Client(), f"/{agency.slug}/{home.slug}/")
    _measure(f"API list of {HOMES} homes", caller, f"/api/v1/properties/?page_size={HOMES}")
    _measure("API, one home", caller, f"/api/v1/properties/{home.public_id}/")
    _measure("API, its facts", caller, f"/api/v1/properties/{home.public_id}/facts/")


def _measure(name: str, client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    note = f"{len(queries)} queries at first, {len(answer.content) / 1024:.0f} KiB"
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}: nothing to measure.")
    sent[name] = answer.content
    result = compare(_get(client, address), _bare_get(name), ROUNDS, WARM_UP)
    print(result.row(name, note))


def _get(client: Client, address: str) -> Once:
    return lambda: timed(lambda: client.get(address).content)


def _bare_get(name: str) -> Once:
    """Django with no middleware and one route."""
    client = Client()
    # A client's handler loads its middleware once, at its first request.
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        client.get(f"/{name}")

    def once() -> float:
        before = settings.ROOT_URLCONF
        settings.ROOT_URLCONF = __name__
        try:
            return timed(lambda: client.get(f"/{name}").content)
        finally:
            settings.ROOT_URLCONF = before

    return once


def _multiply(home: Property) -> None:
    """Copies with pictures' rows of their own, until the agency shows a hundred homes."""
    pictures = list(home.media.all())
    for number in range(Property.objects.published().count(), HOMES):
        copy = Property.objects.get(pk=home.pk)
        _forget_identity(copy)
        copy.title, copy.slug, copy.listing_id, copy.listing_key = f"{home.title} {number}", "", "", ""
        copy.save()
        for picture in pictures:
            twin = Media.objects.get(pk=picture.pk)
            _forget_identity(twin)
            twin.media_key, twin.property, twin.room = Media().media_key, copy, None
            twin.save()


def _forget_identity(row: Property | Media) -> None:
    row.pk, row._state.adding = None, True
    row.public_id = type(row)().public_id


def _make_key() -> str:
    key = ApiKey(name="bench", scopes=["properties:read", "knowledge:read"])
    token = key.new_token()
    key.save()
    return token
