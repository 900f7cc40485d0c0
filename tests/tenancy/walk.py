"""A visitor who calls addresses, and reads everything that comes back: status, headers, cookies, body."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client

from agencies.scope import agency_scope
from agencies.tenancy import agency_models
from properties.models import Media, Property, SlugRedirect
from tests.tenancy.canaries import found
from tests.tenancy.routes import DEED, MODEL, SITE, STAFF
from tests.tenancy.world import TWIN, World

MISSING_KEY, MISSING_SLUG, MISSING_ID = 10**9, "no-such-home", UUID("019b0000-0000-7000-8000-000000000000")
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|nonce-[\w=+/-]+|csrftoken=\S+|X-Request-ID: \w+'
    r"|(?:expires=|Expires: )[^;\n]+|\"request_id\": ?\"\w+\"|Content-Length: \d+"
)


class Visitor:
    def __init__(self, home: str, client: Client | None = None, **headers: str) -> None:
        """`home` is the path in front of every address, like /alder."""
        self.home, self.client, self.headers = home, client or Client(), headers

    def read(self, path: str, method: str = "get", data: Any = None, **options: Any) -> tuple[int, str]:
        """The status, and all the text of the answer."""
        call = getattr(self.client, method)
        response = call(self.home + path, data or {}, headers=self.headers, **options)
        return response.status_code, text_of(response)


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    return html.unescape(unquote(f"{heads}\n{cookies}\n{body.decode('utf-8', 'replace')}"))


def member(world: World, role: str, at: World | None = None) -> Visitor:
    """One of the world's people, at its admin or at another's; "anonymous" is nobody."""
    client = Client()
    if role in world.users:
        client.force_login(world.users[role])
    return Visitor(f"/{(at or world).agency.slug}", client)


def traces(text: str, world: World, echoed: tuple[str, ...] = ()) -> set[str]:
    """What in a text is of this agency: planted words, outside ids, its name. `echoed` was sent in the request."""
    for word in echoed:
        text = text.replace(word, "")
    ids = {public_id for public_id in public_ids(world) if public_id in text}
    names = set(re.findall(world.agency.slug, text, re.IGNORECASE))
    return found(text, world.agency) | ids | names


def public_ids(world: World) -> list[str]:
    if not hasattr(world, "_ids"):
        with agency_scope(world.agency):
            rows = [model.objects.values_list("public_id", flat=True) for model in agency_models()]
            world._ids = [str(each) for ids in rows for each in ids]  # type: ignore[attr-defined]
    return world._ids  # type: ignore[attr-defined,no-any-return]


def comparable(answer: tuple[int, str], *ids: Any) -> tuple[int, str]:
    """An answer without what differs from one request to the next, and without the ids that were asked for."""
    status, text = answer
    text = CHANGING.sub("", text)
    for each in sorted(map(str, ids), key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(each)}(?![\w-])", "<id>", text)
    return status, text


# --- Addresses: (route name, path with ids, the same path with ids that do not exist, the ids) ---
Address = tuple[str, str, str, tuple[Any, ...]]


def fixed_addresses() -> list[tuple[str, str]]:
    """Those without ids: (route name, path)."""
    pages = [("properties:list", "/"), ("properties:sitemap", "/sitemap.xml"), ("properties:robots", "/robots.txt")]
    pages += [("properties:logo", "/pictures/logo"), ("agencies:enter", "/enter/"), ("properties:detail", f"/{TWIN}/")]
    site = [(f"staff:{name}", f"/admin/{route}") for route, name in SITE.items() if "?P" not in route]
    site += [("staff:catch_all_view", "/admin/x/"), ("staff:app_list", "/admin/properties/")]
    site = [each for each in site if each[0] != "staff:logout"]  # last of all, by test_leaks_staff.py
    for label in STAFF:
        app, model = label.split(".")
        lists = [(f"staff:{app}_{model}_{verb}", f"/admin/{app}/{model}/{tail}") for tail, verb in _without_ids()]
        site += lists
    return pages + site


def _without_ids() -> list[tuple[str, str]]:
    return [(route, verb) for route, verb in MODEL.items() if "<" not in route]


def addresses_of(world: World) -> Iterator[Address]:
    """Every address with an id in it, with this agency's ids."""
    yield from _public_addresses(world)
    for label, extra in STAFF.items():
        app, model = label.split(".")
        key, missing = staff_key(world, label), MISSING_KEY
        for route, verb in {**MODEL, **extra, **DEED}.items():
            if "<" in route:
                tail = route.replace("<slug:deed>", "publish")
                here, there = (
                    f"/admin/{app}/{model}/{tail.replace('<path:object_id>', str(k))}" for k in (key, missing)
                )
                name = f"staff:{app}_{model}_{verb}" if verb != "view" else "staff:view"
                yield name, here, there, (key, missing)


def _public_addresses(world: World) -> Iterator[Address]:
    with agency_scope(world.agency):
        old = SlugRedirect.objects.get(property=world.only).slug
        media = list(Media.objects.filter(property__in=[world.draft, world.only]).values_list("media_key", "widths"))
    for slug in (world.only.slug, world.draft.slug, old):
        for name, tail in (("properties:detail", ""), ("chat:send", "chat/"), ("chat:viewing", "viewing/")):
            yield name, f"/{slug}/{tail}", f"/{MISSING_SLUG}/{tail}", (slug, MISSING_SLUG)
    for key, widths in media:
        tail = f"{widths[0] if widths else 640}.webp"
        yield "properties:picture", f"/pictures/{key}/{tail}", f"/pictures/{MISSING_ID}/{tail}", (key, MISSING_ID)
    yield "agencies:join", f"/join/{world.invitation}/", "/join/missing/", (world.invitation, "missing")


def staff_key(world: World, label: str) -> Any:
    """Of the row that the walk asks for: the draft, or else the first."""
    model = apps.get_model(label)
    if label == "agencies.agency":
        return world.agency.pk
    return world.draft.pk if model is Property else world.keys(model)[0]


def content_type_of(model: type[models.Model]) -> int:
    return ContentType.objects.get_for_model(model).pk
