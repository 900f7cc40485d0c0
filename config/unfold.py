"""How the two admins look and what stands in their menus; the callbacks are given the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _stylesheet(name: str) -> Callable[[HttpRequest], str]:
    # Late: hashed names are known only once the files are collected.
    return lambda request: static(f"css/{name}.css")


FAVICONS = [
    {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")},
]
STYLES = [_stylesheet(name) for name in ("admin", "admin-listing", "admin-conversation")]


def _staff_link(model: str) -> Any:
    return reverse_lazy(f"staff:{model}_changelist")


def _item(title: str, icon: str, link: Any, permission: str | None = None) -> dict[str, Any]:
    item = {"title": title, "icon": icon, "link": link}
    return {**item, "permission": permission} if permission else item


def _agency_shades(request: HttpRequest) -> dict[str, str]:
    from agencies.colors import shades

    return shades(request.agency.primary_color)  # type: ignore[attr-defined]


def _platform_shades(request: HttpRequest) -> dict[str, str]:
    from agencies.colors import shades

    return shades("#2b5d8c")


OWNER = "agencies.staff_site.is_owner"

STAFF_UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "agencies.staff_site.agency_name",
    "SITE_HEADER": "agencies.staff_site.agency_name",
    "SITE_SYMBOL": "home_work",
    "SITE_URL": "agencies.staff_site.site_address",
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "agencies.staff_site.entry_label",
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": _agency_shades},
    "STYLES": STYLES,
    "SITE_FAVICONS": FAVICONS,
    "SIDEBAR": {
        "show_search": True,
        "command_search": False,
        "show_all_applications": False,
        "navigation": [
            {"items": [_item("Overview", "space_dashboard", reverse_lazy("staff:index"))]},
            {
                "title": "Listings",
                "items": [
                    _item("Listings", "home", _staff_link("properties_property")),
                    _item("Knowledge", "menu_book", _staff_link("properties_knowledgeentry")),
                ],
            },
            {
                "title": "Buyers",
                "items": [
                    _item("Leads", "contact_mail", _staff_link("chat_lead")),
                    _item("Conversations", "forum", _staff_link("chat_conversation")),
                    _item("Questions", "contact_support", _staff_link("chat_question")),
                ],
            },
            {
                "title": "Agency",
                "items": [
                    _item("Agency", "storefront", _staff_link("agencies_agency"), OWNER),
                    _item("People", "group", _staff_link("agencies_membership"), OWNER),
                    _item("Invitations", "person_add", _staff_link("agencies_invitation"), OWNER),
                    _item("AI provider", "neurology", _staff_link("agencies_provideraccount"), OWNER),
                    _item("API keys", "key", _staff_link("agencies_apikey"), OWNER),
                    _item("Platform entries", "policy", _staff_link("agencies_agencyentry"), OWNER),
                ],
            },
        ],
    },
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Openhouse platform",
    "SITE_HEADER": "Openhouse platform",
    "SITE_SYMBOL": "apartment",
    "SITE_URL": "/",
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": _platform_shades},
    "STYLES": STYLES,
    "SITE_FAVICONS": FAVICONS,
    "SIDEBAR": {
        "show_search": True,
        "command_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "items": [
                    _item("Overview", "space_dashboard", reverse_lazy("admin:index")),
                    _item("Agencies", "storefront", reverse_lazy("admin:agencies_agency_changelist")),
                    _item("Users", "group", reverse_lazy("admin:agencies_user_changelist")),
                    _item("Entries", "policy", reverse_lazy("admin:agencies_agencyentry_changelist")),
                ],
            },
        ],
    },
}
