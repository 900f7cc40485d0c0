"""The description of the REST API and the page that shows it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from agencies.errors import Problem, problem_body

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["type", "code", "message", "param", "request_id"],
            "properties": {
                "type": {"type": "string", "description": "The family of the error."},
                "code": {"type": "string", "description": "For programs; never changes."},
                "message": {"type": "string", "description": "For people; says what to do."},
                "param": {"type": "string", "nullable": True, "description": "The parameter or field that is wrong."},
                "request_id": {"type": "string", "description": "Name it when you ask for help."},
            },
        }
    },
}


def _error(type: str, code: str, message: str, param: str | None = None) -> dict[str, Any]:
    return {"type": type, "code": code, "message": message, "param": param, "request_id": "f3b0c44298fc1c14"}


# status: (what it means, the example)
ERRORS: dict[str, tuple[str, dict[str, Any]]] = {
    "400": (
        "The request is not understood.",
        _error(
            "invalid_request_error",
            "parameter_unknown",
            "“beds” is not a parameter of this address. It takes: q, status, bedrooms_min, …",
            "beds",
        ),
    ),
    "401": (
        "The key is missing, unknown, expired or revoked.",
        _error(
            "authentication_error",
            "api_key_missing",
            "Send your API key in the header: Authorization: Bearer oh_…",
        ),
    ),
    "403": (
        "The key lacks a scope.",
        _error(
            "permission_error",
            "scope_missing",
            "This key lacks the scope knowledge:read: add it to the key in the agency's admin.",
        ),
    ),
    "404": (
        "No published home of the key's agency has this id.",
        _error("invalid_request_error", "not_found", "There is nothing at this address."),
    ),
    "429": (
        "Too many requests; `Retry-After` says when to come back.",
        _error("rate_limit_error", "rate_limited", "Too many requests: try again in 30 seconds."),
    ),
    "500": (
        "Our fault.",
        _error(
            "api_error",
            "internal_error",
            "Something went wrong on our side: try again, and name the request id if it stays so.",
        ),
    ),
}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "config.api.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "oh_…",
            "description": "A key of one agency, made in its admin. It reads and writes that agency's data alone.",
        }


def document_errors(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Every operation may answer with these, so they are written once."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Error"] = ERROR
    components["responses"] = {f"Error{status}": _response(*error) for status, error in ERRORS.items()}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if method == "get":
                operation["responses"]["304"] = {"description": "You have it already: `If-None-Match` names its ETag."}
            for status in ERRORS:
                if status != "404" or method == "post" or "{" in path:
                    reference = {"$ref": f"#/components/responses/Error{status}"}
                    operation["responses"].setdefault(status, reference)
    return result


def _response(description: str, example: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": {"$ref": "#/components/schemas/Error"}, "example": {"error": example}}
    return {"description": description, "content": {"application/json": content}}


class Schema(SpectacularJSONAPIView):
    authentication_classes = []
    permission_classes = [AllowAny]


class Docs(SpectacularSwaggerSplitView):
    authentication_classes = []
    permission_classes = [AllowAny]
    url_name = "api-schema"
    template_name = "api_docs.html"


@csrf_exempt
def nothing_here(request: HttpRequest) -> JsonResponse:
    message = "There is nothing at this address: addresses end with a slash, and stand in /api/docs/."
    problem = Problem(message, code="not_found", status=404)
    return JsonResponse(problem_body(problem), status=404)
