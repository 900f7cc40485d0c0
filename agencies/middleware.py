"""Where a request enters an agency: by path, by the agency's own host, or by an API key."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import get_script_prefix, set_script_prefix

from agencies.models import Agency, ApiKey, User
from agencies.models.agency import RESERVED_SLUGS
from agencies.scope import agency_scope, outside_agencies

AGENCY_URLCONF = "config.urls_agency"
SLUG = re.compile(r"[-a-zA-Z0-9_]+\Z")


class AgencyRequest(HttpRequest):
    """A request inside an agency's scope."""

    user: User
    agency: Agency
    api_key: ApiKey | None


class AgencyMiddleware:
    """Sets `request.agency` and `request.api_key` and keeps the scope open until the response is made.

    `/<agency>/…` moves its first segment into the script prefix, so that an agency's addresses are written once for
    both doors. A streamed body is made after this has left: it enters the scope by itself.
    """

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
        agency, key = _find(request)
        with _inside(request, agency, key):
            return self.get_response(request)

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        agency, key = await sync_to_async(_find)(request)
        with _inside(request, agency, key):
            return await cast(Awaitable[HttpResponseBase], self.get_response(request))


def _find(request: HttpRequest) -> tuple[Agency | None, ApiKey | None]:
    segment = request.path_info.strip("/").partition("/")[0]
    if segment == "api":
        key = ApiKey.resolve(_bearer(request))
        if key is None:
            return None, None
        with agency_scope(key.agency):
            key.touch()
        return key.agency, key
    return _by_host(request) or _by_path(request, segment), None


def _by_host(request: HttpRequest) -> Agency | None:
    agency = Agency.objects.filter(host=request.get_host().lower()).first()
    if agency is None or request.path_info.startswith(("/static/", "/healthz")):
        return agency if agency and agency.is_active else None
    if not agency.is_active:
        raise Http404  # and not the platform's own pages under the agency's name
    request.urlconf = AGENCY_URLCONF
    return agency


def _by_path(request: HttpRequest, segment: str) -> Agency | None:
    is_slug = SLUG.match(segment) and segment not in RESERVED_SLUGS
    if not is_slug or not request.path_info.startswith(f"/{segment}/"):
        return None
    agency = Agency.objects.filter(slug=segment, is_active=True).first()
    if agency:
        request.urlconf = AGENCY_URLCONF
        request.agency_prefix = f"/{segment}"  # type: ignore[attr-defined]
        request.path_info = request.path_info[len(segment) + 1 :] or "/"
    return agency


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


@contextmanager
def _inside(request: HttpRequest, agency: Agency | None, key: ApiKey | None) -> Iterator[None]:
    request.agency = agency  # type: ignore[attr-defined]
    request.api_key = key  # type: ignore[attr-defined]
    prefix = get_script_prefix()
    added = getattr(request, "agency_prefix", "")
    with ExitStack() as stack:
        stack.enter_context(agency_scope(agency) if agency else outside_agencies())
        if added:
            set_script_prefix(f"{prefix.rstrip('/')}{added}/")
            stack.callback(set_script_prefix, prefix)
        yield
