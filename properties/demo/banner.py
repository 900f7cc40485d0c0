"""What a newcomer reads at the end of `make demo`."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from agencies.models import Agency

from . import DEMO_AGENCIES, DEMO_API_TOKENS, DEMO_HOMES, DEMO_OPERATOR, DEMO_PASSWORD, DEMO_QUESTION, staff_email


def banner() -> str:
    return "\n".join(["", *_lines(), ""])


def _lines() -> Iterator[str]:
    agencies = {agency.slug: agency for agency in Agency.objects.filter(slug__in=DEMO_AGENCIES)}
    yield "Openhouse is running. Ctrl-C ends it."
    for slug in DEMO_AGENCIES:
        address = agencies[slug].base_url()
        yield ""
        yield agencies[slug].name
        yield f"  tour page   {address}{DEMO_HOMES[slug]}/"
        yield f"  all homes   {address}"
        people = ", ".join(staff_email(slug, role) for role in ("owner", "editor", "viewer"))
        yield f"  admin       {address}admin/   as {people}"
    yield ""
    yield f"Platform admin  {settings.SITE_URL}/admin/   as {DEMO_OPERATOR}"
    yield f"Password for all of them: {DEMO_PASSWORD}"
    yield ""
    yield f"Ask on the tour page: {DEMO_QUESTION}"
    token = DEMO_API_TOKENS[DEMO_AGENCIES[0]]
    yield f'Over REST: curl -H "Authorization: Bearer {token}" {settings.SITE_URL}/api/v1/properties/'
