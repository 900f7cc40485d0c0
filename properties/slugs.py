"""The last part of a home's address: unique in its agency, and silent about a hidden street."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.text import slugify

if TYPE_CHECKING:
    from properties.models.lifecycle import Lifecycle

RESERVED = frozenset(
    {
        "admin",
        "api",
        "static",
        "media",
        "pictures",
        "chat",
        "sitemap",
        "robots",
        "ws",
        "accounts",
        "healthz",
        "enter",
        "join",
        "search",
    }
)
LENGTH = 80


def street_phrases(home: Lifecycle, loosely: bool = False) -> list[str]:
    """The ways a text could name the street, as slugs, longest first: "12-maple-street", "maple-street", "maple".

    Loosely: without a bare "maple" that has a suffix, since a long text may speak of maple floors.
    """
    first_line = slugify(home.unparsed_address.partition(",")[0])
    phrases = {first_line, re.sub(r"^\d+[a-z]?-|-\d+[a-z]?$", "", first_line)}
    if home.street_name:
        full = slugify(f"{home.street_name} {home.street_suffix}")
        phrases |= {slugify(f"{home.street_number} {full}"), full}
        phrases |= set() if loosely else {slugify(home.street_name)}
    return sorted((phrase for phrase in phrases if len(phrase) > 2), key=len, reverse=True)


def shows_street(home: Lifecycle, text: str, loosely: bool = False) -> bool:
    """The address is hidden, and the text names the street all the same."""
    if home.display_address:
        return False
    words = f"-{slugify(text)}-"
    return any(f"-{phrase}-" in words for phrase in street_phrases(home, loosely))


def free_slug(home: Lifecycle) -> str:
    """A slug from the title that no living and no former address of another home has."""
    base = _silent(home, slugify(home.title)) or slugify(home.city) or "home"
    base = base[: LENGTH - 5].strip("-")
    candidate, number = base, 1
    while candidate in RESERVED or _is_taken(home, candidate):
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def _silent(home: Lifecycle, slug: str) -> str:
    if home.display_address:
        return slug
    for phrase in street_phrases(home):
        slug = f"-{slug}-".replace(f"-{phrase}-", "-").strip("-")
    # What is left of "12 Maple Street" without its street says nothing.
    return "" if re.fullmatch(r"[\d-]*(street|st|avenue|ave|road|rd|lane|ln|drive|dr)?", slug) else slug


def _is_taken(home: Lifecycle, slug: str) -> bool:
    from properties.models import SlugRedirect

    others = type(home)._base_manager.filter(slug=slug).exclude(pk=home.pk)
    return others.exists() or SlugRedirect.objects.filter(slug=slug).exclude(property_id=home.pk).exists()
