"""What the engine refuses, and how it looks on the wire.

EngineError
├── BadRequest        400  invalid_request_error
│   ├── InvalidApiKey     401  invalid_api_key
│   ├── OriginRefused     403  a page of an origin that ENGINE_CORS_ORIGINS does not name
│   ├── NotFound          404  unknown route, model (model_not_found) or call (call_id_not_found)
│   ├── MethodNotAllowed  405
│   └── BodyTooLarge      413
├── TooMany           429  rate_limit_exceeded
└── Overloaded        503  server_is_overloaded
"""

from collections.abc import Mapping

from starlette.responses import JSONResponse


class EngineError(Exception):
    status = 500
    type = "server_error"
    code: str | None = None

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code or self.code

    def body(self) -> dict[str, dict[str, str | None]]:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        # The official clients wait so long before they try again.
        retry = {"retry-after": "1"} if self.status in (429, 503) else {}
        return JSONResponse(self.body(), status_code=self.status, headers={**retry, **(headers or {})})


class BadRequest(EngineError):
    status = 400
    type = "invalid_request_error"


class InvalidApiKey(BadRequest):
    status = 401
    code = "invalid_api_key"


class OriginRefused(BadRequest):
    status = 403
    code = "origin_not_allowed"


class NotFound(BadRequest):
    status = 404


class MethodNotAllowed(BadRequest):
    status = 405
    code = "method_not_allowed"


class BodyTooLarge(BadRequest):
    status = 413
    code = "request_too_large"


class TooMany(EngineError):
    status = 429
    type = "requests"
    code = "rate_limit_exceeded"


class Overloaded(EngineError):
    status = 503
    code = "server_is_overloaded"
