"""The one shape of an error, on REST, streams and sockets: a sentence for a person and a stable code for a program."""

from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")


class Problem(Exception):
    """A refusal that its reader can act on.

    `message` says what to do, in one plain sentence; `code` never changes; `retry_after` is in seconds.
    """

    type = "invalid_request_error"
    code = "bad_request"
    status = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int | None = None,
        type: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.param = param
        self.status = status or self.status
        self.type = type or self.type
        self.retry_after = retry_after


def current_request_id() -> str:
    return request_id.get()


def problem_body(problem: Problem) -> dict[str, Any]:
    """`{"error": {"type", "code", "message", "param", "request_id"}}`"""
    return error_body(problem.type, problem.code, problem.message, problem.param)


def error_body(type: str, code: str, message: str, param: str | None = None) -> dict[str, Any]:
    return {
        "error": {
            "type": type,
            "code": code,
            "message": message,
            "param": param,
            "request_id": current_request_id(),
        }
    }
