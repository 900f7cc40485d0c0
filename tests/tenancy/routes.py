"""Every address there is, and what the walk does about it. A route that is not here fails tests/tenancy/test_routes.py.

When you add one: write it down here, and see that the walk calls it as alder with birch's ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

# Reached by everybody; they show what is public of the platform and nothing of an agency but its name.
PLATFORM = {
    "": "home",
    "healthz": "healthz",
    "robots.txt": "robots",
    "sitemap.xml": "sitemap_index",
    r"^(?P<slug>[-\w]+)$": "add_slash",
}
# Reached with a key, whose agency is in scope; the last three say nothing of any agency.
API = {
    "api/v1/^properties/$": "property-list",
    "api/v1/^properties/(?P<public_id>[^/.]+)/$": "property-detail",
    "api/v1/^properties/(?P<public_id>[^/.]+)/facts/$": "property-facts",
    "api/v1/^properties/(?P<public_id>[^/.]+)/knowledge/$": "property-knowledge",
    "api/v1/chat/": "api-chat",
    "api/chat/openai": "api-chat-alias",
    "api/schema/": "api-schema",
    "api/docs/": "api-docs",
    "api/": "nothing_here",
}
# An agency's own pages, for everybody.
PUBLIC = {
    "": "properties:list",
    "sitemap.xml": "properties:sitemap",
    "robots.txt": "properties:robots",
    "pictures/logo": "properties:logo",
    "pictures/<uuid:media>/<int:width>.<slug:extension>": "properties:picture",
    "<slug:slug>/": "properties:detail",
    "<slug:slug>/chat/": "chat:send",
    "<slug:slug>/viewing/": "chat:viewing",
    "join/<str:token>/": "agencies:join",
    "enter/": "agencies:enter",
}
# What both admins have besides their models: (route, name).
SITE = {
    "search/": "search",
    "": "index",
    "login/": "login",
    "logout/": "logout",
    "password_change/": "password_change",
    "password_change/done/": "password_change_done",
    "autocomplete/": "autocomplete",
    "jsi18n/": "jsi18n",
    "(?P<url>.*)$": "catch_all_view",
}
MODEL = {
    "": "changelist",
    "add/": "add",
    "<path:object_id>/history/": "history",
    "<path:object_id>/delete/": "delete",
    "<path:object_id>/change/": "change",
    "<path:object_id>/": "view",
}
DEED = {"<path:object_id>/do/<slug:deed>/": "do"}
# The staff admin's models, with the routes that Django does not give them.
STAFF: dict[str, dict[str, str]] = {
    "agencies.agency": DEED,
    "agencies.agencyentry": DEED,
    "agencies.apikey": DEED,
    "agencies.invitation": DEED,
    "agencies.membership": DEED,
    "agencies.provideraccount": DEED,
    "chat.conversation": DEED,
    "chat.lead": DEED,
    "chat.question": DEED,
    "properties.knowledgeentry": DEED,
    "properties.property": DEED | {"<path:object_id>/photos/": "photos"},
}
# The operators' admin: agencies and people, and their own entries.
OPERATORS: dict[str, dict[str, str]] = {"agencies.agency": {}, "agencies.agencyentry": {}, "agencies.user": {}}


def decided(urlconf: str) -> set[tuple[str, str]]:
    if urlconf == "config.urls":
        return {*PLATFORM.items(), *API.items(), *_admin("admin", OPERATORS)}
    return {*PUBLIC.items(), *_admin("staff", STAFF)}


def _admin(site: str, registered: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    apps = dict.fromkeys(name.split(".")[0] for name in registered)
    yield from ((f"admin/{route}", f"{site}:{name}") for route, name in SITE.items())
    yield "admin/^(?P<app_label>)/$", f"{site}:app_list {sorted(apps)}"
    for label, extra in registered.items():
        app, model = label.split(".")
        for route, verb in (MODEL | extra).items():
            name = verb if verb == "view" else f"{app}_{model}_{verb}"
            yield f"admin/{app}/{model}/{route}", f"{site}:{name}"


def collected(urlconf: str) -> set[tuple[str, str]]:
    return set(_walk(get_resolver(urlconf), "", ()))


def _walk(resolver: Any, before: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            name = ":".join([*spaces, entry.name or entry.callback.__name__])
            yield _with_apps(route, name) if name.endswith(":app_list") else (route, name)
        else:
            yield from _walk(entry, route, (*spaces, entry.namespace) if entry.namespace else spaces)


def _with_apps(route: str, name: str) -> tuple[str, str]:
    """Django writes the apps into the route in the order in which they were registered."""
    before, _, rest = route.partition("<app_label>")
    apps, _, after = rest.partition(")")
    return f"{before}<app_label>){after}", f"{name} {sorted(apps.split('|'))}"
