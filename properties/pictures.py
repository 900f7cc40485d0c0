"""The files behind the pictures: each rendition at an address that never changes what it shows."""

from __future__ import annotations

import hashlib
import mimetypes
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from agencies.middleware import AgencyRequest
from agencies.staff_site import may_preview

from .models import Media
from .models.media import NoRendition

YEAR = 365 * 24 * 60 * 60
HOUR = 60 * 60
LOGO_TYPES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})


@require_safe
def picture(request: HttpRequest, media: UUID, width: int, extension: str) -> HttpResponse:
    """One rendition: of a published home for everybody, of a draft for the agency's staff, else 404."""
    row = Media.objects.select_related("property").filter(media_key=media).first()
    is_public = row is not None and row.is_showable() and row.property.is_public()
    # Asked for a missing picture too, so that its 404 and a draft's do not differ by a Vary header.
    may_see = is_public or may_preview(request)
    if row is None or not may_see:
        raise Http404
    etag = f'"{media.hex}-{width}-{extension}"'
    response = _not_modified(request, etag) or _rendition(row, width, extension)
    response["ETag"] = etag
    if is_public:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    """The agency's logo, as it was uploaded."""
    file = cast(AgencyRequest, request).agency.logo
    name = str(file.name or "")
    content_type = mimetypes.guess_type(name)[0]
    if content_type not in LOGO_TYPES or not file.storage.exists(name):
        raise Http404
    etag = f'"{hashlib.sha256(name.encode()).hexdigest()[:32]}"'
    response = _not_modified(request, etag)
    if response is None:
        with file.open("rb") as opened:
            response = HttpResponse(opened.read(), content_type=content_type)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=HOUR)
    return response


def _not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 for the holder of this very picture, else None."""
    return get_conditional_response(request, etag=etag)


def _rendition(row: Media, width: int, extension: str) -> HttpResponse:
    try:
        file, content_type = row.open_rendition(width, extension)
    except NoRendition:
        raise Http404 from None
    # Read whole: a rendition is small, and ASGI would warn about a file that streams from a thread.
    with file:
        return HttpResponse(file.read(), content_type=content_type)
