"""REST: who calls, what they may, and the one shape of an error."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from agencies.errors import Problem, problem_body
from agencies.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # itself imports what the settings name here

logger = logging.getLogger(__name__)

REALM = 'Bearer realm="openhouse"'
SEND_A_KEY = "Send your API key in the header: Authorization: Bearer oh_…"
REFUSALS = {
    "api_key_unknown": "This API key is not known: check that it was copied whole.",
    "api_key_expired": "This API key has expired: make a new one in the agency's admin.",
    "api_key_revoked": "This API key was revoked: make a new one in the agency's admin.",
}


class ApiKeyAuthentication(BaseAuthentication):
    """The middleware has found the key and entered its agency; this says why there is none."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        key: ApiKey | None = getattr(request._request, "api_key", None)
        if key is not None:
            return None, key
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise exceptions.AuthenticationFailed(SEND_A_KEY, "authorization_malformed")
        code = f"api_key_{ApiKey.why_refused(token.strip())}"
        raise exceptions.AuthenticationFailed(REFUSALS[code], code)

    def authenticate_header(self, request: Request) -> str:
        return REALM


class HasScope(BasePermission):
    """The key holds the scope in the view's `required_scopes`: one, or one per action; none: nobody may."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiKey):
            return False
        if not hasattr(view, str(request.method).lower()):
            return True  # so that the answer is 405, which needs no scope
        scope = required_scope(view)
        if scope and request.auth.allows(scope):
            return True
        raise exceptions.PermissionDenied(
            f"This key lacks the scope {scope}: add it to the key in the agency's admin."
            if scope
            else "This address is not open to API keys.",
            "scope_missing",
        )


def required_scope(view: Any) -> str | None:
    scopes = getattr(view, "required_scopes", None)
    if isinstance(scopes, Mapping):
        action = getattr(view, "action", None)
        # OPTIONS describes the address: whoever may read it may ask that.
        return scopes.get(action) or (next(iter(scopes.values()), None) if action == "metadata" else None)
    return scopes


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response:
    """Every refusal and failure as `{"error": {…}}`; the unexpected is logged and not described."""
    problem = as_problem(exc)
    if problem is None:
        logger.exception("%s failed", type(context.get("view")).__name__, exc_info=exc)
        problem = Problem(
            "Something went wrong on our side: try again, and name the request id if it stays so.",
            code="internal_error",
            status=500,
            type="api_error",
        )
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = REALM
    return Response(problem_body(problem), status=problem.status, headers=headers)


def as_problem(exc: Exception) -> Problem | None:
    """None for what nobody expected."""
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, Http404 | exceptions.NotFound):
        return Problem("There is nothing at this address.", code="not_found", status=404)
    if isinstance(exc, exceptions.ValidationError):
        return _first_of(exc.detail)
    if isinstance(exc, DjangoValidationError):
        return _first_of_django(exc)
    if isinstance(exc, PermissionDenied):
        return Problem("This is not allowed.", code="forbidden", status=403, type="permission_error")
    if isinstance(exc, exceptions.APIException):
        return _from_framework(exc)
    return None


def _from_framework(exc: exceptions.APIException) -> Problem:
    codes = exc.get_codes()
    code = codes if isinstance(codes, str) else "bad_request"
    match exc:
        case exceptions.NotAuthenticated():
            return Problem(SEND_A_KEY, code="api_key_missing", status=401, type="authentication_error")
        case exceptions.AuthenticationFailed():
            return Problem(str(exc.detail), code=code, status=401, type="authentication_error")
        case exceptions.PermissionDenied():
            return Problem(str(exc.detail), code=code, status=403, type="permission_error")
        case exceptions.MethodNotAllowed():
            message = "This method is not offered at this address: the Allow header names those that are."
            return Problem(message, code="method_not_allowed", status=405)
        case exceptions.NotAcceptable():
            message = "This address answers in JSON: send Accept: application/json."
            return Problem(message, code="not_acceptable", status=406)
        case exceptions.UnsupportedMediaType():
            message = "Send the body as JSON, with Content-Type: application/json."
            return Problem(message, code="unsupported_media_type", status=415)
        case exceptions.ParseError():
            return Problem("The body is not valid JSON: correct it and send it again.", code="body_not_json")
        case exceptions.Throttled():
            return _throttled(exc)
    return Problem(str(exc.detail), code=code, status=exc.status_code)


def _throttled(exc: exceptions.Throttled) -> Problem:
    seconds = max(1, int(getattr(exc, "wait", None) or 1))
    message = f"Too many requests: try again in {seconds} seconds."
    return Problem(message, code="rate_limited", status=429, type="rate_limit_error", retry_after=seconds)


def _first_of(detail: Any) -> Problem:
    """The first of the serializer's complaints, with the path of its field."""
    path: list[str] = []
    while isinstance(detail, Mapping | list) and detail:
        if isinstance(detail, Mapping):
            name, detail = next(iter(detail.items()))
            path.append(str(name))
            continue
        index, detail = next((at, item) for at, item in enumerate(detail) if item)
        if isinstance(detail, Mapping):
            path.append(str(index))
    code = getattr(detail, "code", "invalid")
    return _invalid(".".join(path), str(detail), code)


def _first_of_django(exc: DjangoValidationError) -> Problem:
    if not hasattr(exc, "error_dict"):
        return _invalid("", exc.messages[0], exc.error_list[0].code)
    name, errors = next(iter(exc.error_dict.items()))
    return _invalid(name, errors[0].messages[0], errors[0].code)


def _invalid(param: str, sentence: str, code: str | None) -> Problem:
    whole = {"", NON_FIELD_ERRORS, api_settings.NON_FIELD_ERRORS_KEY}
    if param in whole:
        return Problem(sentence, code=code or "invalid")
    return Problem(f"{param}: {sentence}", code=code or "invalid", param=param)
