"""The outermost guards: a request's name, and the content security policy of the admin."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from csp.constants import NONCE, NONE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from agencies.errors import request_id

GIVEN_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


class RequestIdMiddleware:
    """Names the request in logs, in errors and in `X-Request-ID`; a proxy's own well-formed name is kept."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._acall(request)
        _name(request)
        return _named(self.get_response(request))

    async def _acall(self, request: HttpRequest) -> HttpResponseBase:
        _name(request)
        return _named(await cast(Awaitable[HttpResponseBase], self.get_response(request)))


def _name(request: HttpRequest) -> None:
    given = request.headers.get("X-Request-ID", "")
    request_id.set(given if GIVEN_REQUEST_ID.match(given) else uuid.uuid4().hex)


def _named(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Request-ID"] = request_id.get()
    return response


# The admin theme is built on Alpine.js, which evaluates its attributes; nothing of a visitor's runs there unescaped.
ADMIN_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE, "'unsafe-eval'"],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
# The admin itself, and the pages that lead into it: an invitation, an operator's entry.
THEMED = frozenset({"admin", "agencies"})


class ContentSecurityPolicy(CSPMiddleware):
    """The site's policy, and a laxer one for the staff's admin."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        match = getattr(request, "resolver_match", None)
        if match and match.app_name in THEMED and not report_only:
            parts.config = ADMIN_POLICY
        return parts
