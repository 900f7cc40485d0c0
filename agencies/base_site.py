"""What both admins leave out of Django's and of the theme's, and a search that stays inside the scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from agencies.logins import LoginForm, with_lockout

# Django's shortcut `r/<content type>/<id>/` answers for every model there is.
LEFT_OUT = frozenset({"view_on_site"})
SEARCH_ROWS = 8
SEARCH_TERM = 100


class BaseSite(UnfoldAdminSite):
    login_form = LoginForm

    def __init__(self, name: str) -> None:
        super().__init__(name)
        # A row's delete page shows what goes with it; a tick in a list does not.
        self.disable_action("delete_selected")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if REDIRECT_FIELD_NAME not in request.GET:
            # The theme's form does not send where to go on; without it a login ends at Django's default address.
            query = request.GET.copy()
            query[REDIRECT_FIELD_NAME] = reverse(f"{self.name}:index")
            request.GET = query  # type: ignore[assignment]
        return with_lockout(request, super().login(request, extra_context))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.GET.get("term", ""):
            raise BadRequest("A search term has no NUL: PostgreSQL would refuse the whole query.")
        response: HttpResponse = super().autocomplete_view(request)
        return response

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:
        """The menu lists everything already: there is no second index."""
        return HttpResponseRedirect(reverse(f"{self.name}:index"))

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The menu's search, over pages and rows.

        Not the theme's, which keeps results in the cache under the person and the words alone: a member of two
        agencies would find the one's rows in the other.
        """
        term = request.GET.get("s", "").replace("\0", "").strip()[:SEARCH_TERM]
        if not term:
            return HttpResponse()
        results = [*self._pages(request, term.lower()), *self._rows(request, term)]
        return TemplateResponse(request, "unfold/helpers/search_results.html", {"results": results})

    def _pages(self, request: HttpRequest, term: str) -> Iterator[SearchResult]:
        for app in self.get_app_list(request):
            for model in app["models"]:
                if term in str(model["name"]).lower():
                    yield SearchResult(title=model["name"], description="Page", link=model["admin_url"], icon="tag")

    def _rows(self, request: HttpRequest, term: str) -> Iterator[SearchResult]:
        for model, model_admin in self._registry.items():
            if not model_admin.get_search_fields(request) or not model_admin.has_view_permission(request):
                continue
            found, _ = model_admin.get_search_results(request, model_admin.get_queryset(request), term)
            for row in found[:SEARCH_ROWS]:
                yield SearchResult(
                    title=str(row),
                    description=str(model._meta.verbose_name).capitalize(),
                    link=reverse(
                        f"{self.name}:{model._meta.app_label}_{model._meta.model_name}_change", args=(row.pk,)
                    ),
                    icon="data_object",
                )
