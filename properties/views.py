"""The public pages of an agency: its list of homes, and the page of one home."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from agencies.middleware import AgencyRequest
from agencies.staff_site import may_preview

from .addresses import absolute
from .cards import cards
from .home_page import CHILDREN, HomePage
from .json_ld import json_ld
from .models import Property
from .search import SearchForm, kinds_offered, unknown_parameters

HOMES_A_PAGE = 12


@require_safe
def home_list(request: HttpRequest) -> HttpResponse:
    unknown = unknown_parameters(request.GET)
    if unknown:
        return _refuse_parameters(request, unknown)
    agency = cast(AgencyRequest, request).agency
    form = SearchForm(request.GET, agency=agency, kinds=kinds_offered())
    context: dict[str, Any] = {"form": form, "canonical_url": agency.base_url(), "is_search": True}
    if not form.is_valid():
        return render(request, "properties/list.html", context, status=400)
    number = form.cleaned_data["page"] or 1
    paginator = Paginator(form.find(), HOMES_A_PAGE)
    if number > paginator.num_pages:
        return _missing(request)
    page = paginator.page(number)
    context.update(
        page=page,
        cards=cards(page.object_list, agency),
        is_search=not form.is_empty(),
        previous_query=_query(request, page=number - 1),
        next_query=_query(request, page=number + 1),
    )
    return render(request, "properties/list.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    home = Property.objects.filter(slug=slug).prefetch_related(*CHILDREN).first()
    if home is None:
        return _redirect_old_address(request, slug)
    is_draft = not home.is_public()
    if is_draft and not may_preview(request):
        return _absent(request, home)
    agency = cast(AgencyRequest, request).agency
    page = HomePage.read(agency, home)
    context = {
        "page": page,
        "home": home,
        "sheet": page.sheet,
        "is_draft": is_draft,
        "canonical_url": absolute(agency, reverse("properties:detail", args=[home.slug])),
        "json_ld": None if is_draft else json_ld(page),
    }
    response = render(request, "properties/detail.html", context)
    if is_draft:
        response["X-Robots-Tag"] = "noindex, nofollow"
        patch_cache_control(response, private=True, no_store=True)
    return response


def _redirect_old_address(request: HttpRequest, slug: str) -> HttpResponse:
    home = Property.objects.published().formerly_at(slug).first()
    if home is None:
        return _missing(request)
    return HttpResponsePermanentRedirect(reverse("properties:detail", args=[home.slug]))


def _absent(request: HttpRequest, home: Property) -> HttpResponse:
    if home.is_gone():
        return render(request, "properties/gone.html", status=410)
    return _missing(request)


def _missing(request: HttpRequest) -> HttpResponse:
    may_preview(request)  # asked for a draft before: its missing page and another's do not differ by a Vary header
    # Not Http404: that would show a developer's page to the visitors of a demo.
    return render(request, "404.html", status=404)


def _refuse_parameters(request: HttpRequest, names: list[str]) -> HttpResponse:
    listed = ", ".join(f"“{name[:40]}”" for name in names[:5])
    sentence = ngettext(
        "This search knows no parameter %(names)s. Remove it from the address, or use the search form.",
        "This search knows no parameters %(names)s. Remove them from the address, or use the search form.",
        len(names),
    ) % {"names": listed}
    return render(request, "400.html", {"sentence": sentence}, status=400)


def _query(request: HttpRequest, page: int) -> str:
    """The search of this request, at another of its pages."""
    asked = [(name, value) for name, value in request.GET.items() if value and name != "page"]
    return urlencode([*asked, ("page", page)])
