"""The words around the facts are in the facts' language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

ENGLISH = "en-us"


class AgencyLanguage:
    """Visitors' pages speak the agency's language; the staff's admin and the platform's own pages stay English."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._acall(request)
        with translation.override(_language(request)):
            return self.get_response(request)

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        with translation.override(_language(request)):
            return await cast(Awaitable[HttpResponseBase], self.get_response(request))


def _language(request: HttpRequest) -> str:
    agency = getattr(request, "agency", None)
    if agency is None or request.path_info.startswith(("/admin/", "/api/")):
        return ENGLISH
    return str(agency.locale).lower()
