"""What the engine refuses, and how it looks on the wire.

EngineError
├── BadRequest        400  invalid_request_error
├── InvalidApiKey     401  invalid_api_key
├── NotFound          404  unknown route or model (model_not_found)
├── MethodNotAllowed  405
├── BodyTooLarge      413
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
        return JSONResponse(self.body(), status_code=self.status, headers=headers)


class BadRequest(EngineError):
    status = 400
    type = "invalid_request_error"


class InvalidApiKey(BadRequest):
    status = 401
    code = "invalid_api_key"


class NotFound(BadRequest):
    status = 404


class MethodNotAllowed(BadRequest):
    status = 405
    code = "method_not_allowed"


class BodyTooLarge(BadRequest):
    status = 413
    code = "request_too_large"


class Overloaded(EngineError):
    status = 503
    code = "server_is_overloaded"
