"""What search engines read first."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.middleware import AgencyRequest
from agencies.models import Agency

from .addresses import absolute
from .models import Property

LONGEST = 50_000  # addresses that one sitemap may have


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list and the published homes of one agency."""
    agency = cast(AgencyRequest, request).agency
    homes = Property.objects.published().only("slug", "modification_timestamp")[: LONGEST - 1]
    pages = [
        (absolute(agency, reverse("properties:detail", args=[home.slug])), home.modification_timestamp)
        for home in homes
    ]
    context = {"list_url": agency.base_url(), "pages": pages}
    return render(request, "properties/sitemap.xml", context, content_type="application/xml")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps of the agencies on the platform's host; one with a host of its own names its own."""
    agencies = Agency.objects.filter(is_active=True, host=None)
    urls = [f"{agency.base_url()}sitemap.xml" for agency in agencies]
    return render(request, "properties/sitemap_index.xml", {"urls": urls}, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """All may be read but the staff's rooms; the canonical addresses sort out the rest."""
    agency = cast(AgencyRequest, request).agency
    top = agency.base_url() if agency else f"{settings.SITE_URL}/"
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*/admin/", "Disallow: /api/"]
    lines.append(f"Sitemap: {top}sitemap.xml")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
