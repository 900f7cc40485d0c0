"""The operators' admin at `/admin/`: agencies and people, and none of an agency's rows."""

from __future__ import annotations

from django.http import HttpRequest

from agencies.access import is_operator
from agencies.base_site import BaseSite


class PlatformSite(BaseSite):
    index_template = "admin/platform_index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return is_operator(request.user)


platform_site = PlatformSite(name="admin")
