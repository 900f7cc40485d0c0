"""Reads that may answer "not modified"."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date
from rest_framework.request import Request
from rest_framework.views import APIView

from agencies.errors import Problem, problem_body


class ConditionalReads(APIView):
    """Every answer is its key's alone; a read has an ETag, and 304 for a reader that has it already.

    The ETag is made from the finished bytes. `modification_timestamp` alone would not do: an answer also depends on
    the day (open houses pass, knowledge expires), on the agency's settings and on the release that serves it.
    """

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        if response.status_code == 200 and request.method in ("GET", "HEAD"):
            response["Cache-Control"] = "private, no-cache"
            response.add_post_render_callback(lambda made: _answer_conditions(request._request, made))
        else:
            response["Cache-Control"] = "private, no-store"
        return response


def _answer_conditions(request: HttpRequest, response: Any) -> HttpResponseBase | None:
    digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
    response["ETag"] = f'W/"{digest}"'
    changed = response.headers.get("Last-Modified")
    answer = get_conditional_response(
        request, response["ETag"], parse_http_date(changed) if changed else None, response
    )
    if answer is not None and answer.status_code == 412:
        problem = Problem("It has changed since you read it: read it again.", code="precondition_failed", status=412)
        return JsonResponse(problem_body(problem), status=412)
    return answer


def last_change(*moments: datetime | None) -> datetime:
    """The latest of these and of last midnight (UTC): an answer about one home also tells days."""
    midnight = datetime.combine(timezone.now().date(), time.min, UTC)
    return max(midnight, *(moment for moment in moments if moment is not None))
