"""How the core refuses: every refusal is a BadRequest, which the doors can also answer over HTTP."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from engine.errors import BadRequest

PARAM_CHARACTERS = 200
MESSAGE_CHARACTERS = 500
QUOTE = "'"  # which pydantic puts around the name of a discriminator
CONSIDERED = 20  # complaints about one event; a client may send thousands of wrong fields


def missing(param: str) -> BadRequest:
    return BadRequest(f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter")


def unknown(param: str) -> BadRequest:
    param = param[:PARAM_CHARACTERS]
    return BadRequest(f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")


def invalid(param: str, why: str) -> BadRequest:
    param = param[:PARAM_CHARACTERS]
    return BadRequest(f"Invalid value for '{param}': {why}"[:MESSAGE_CHARACTERS], param=param, code="invalid_value")


def refused(code: str, message: str, param: str | None = None) -> BadRequest:
    return BadRequest(message, param=param, code=code)


def refusal(error: ValidationError, raw: object, root: str = "") -> BadRequest:
    """What is wrong in `raw`, a JSON value, with its path below `root`: the most exact of pydantic's complaints."""
    complaints = error.errors(include_url=False, include_input=False)[:CONSIDERED]
    params = [_path(each["loc"], raw, root, missing_last=each["type"] == "missing") for each in complaints]
    depths = [param.count(".") + param.count("[") for param in params]
    exact = depths.index(max(depths))
    param, complaint = params[exact], complaints[exact]
    kind = complaint["type"]
    if kind == "missing":
        return missing(param)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        param = f"{param}.{str(complaint['ctx']['discriminator']).strip(QUOTE)}".removeprefix(".")
    if kind == "union_tag_not_found":
        return missing(param)
    if kind == "extra_forbidden":
        return unknown(param)
    return invalid(param, complaint["msg"].removeprefix("Value error, ") + ".")


def _path(loc: tuple[int | str, ...], raw: object, root: str, *, missing_last: bool) -> str:
    """Only steps that exist in `raw` count: pydantic also names the member of a union that it tried."""
    path, here = root, raw
    for place, step in enumerate(loc):
        if isinstance(here, dict) and step in here:
            path, here = f"{path}.{step}", here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            path, here = f"{path}[{step}]", here[step]
        elif missing_last and place == len(loc) - 1:
            path = f"{path}.{step}"
    return path.removeprefix(".")


def error_object(error: BadRequest, event_id: str | None) -> dict[str, Any]:
    """`error.error` of the error event."""
    return {
        "type": error.type,
        "code": error.code,
        "message": error.message,
        "param": error.param,
        "event_id": event_id,
    }
