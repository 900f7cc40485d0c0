"""From what a client sends to the whole session object: deep merge, then one strict check."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from engine.realtime.config import Config, RealtimeConfig, TranscriptionConfig
from engine.realtime.errors import invalid, missing, refusal

# Objects that are one choice: a new one takes the place of the old one.
REPLACED = frozenset({"tool_choice", "tracing", "prompt", "truncation", "voice"})


def default_config(session_type: str) -> Config:
    return TranscriptionConfig(type="transcription") if session_type == "transcription" else _REALTIME


_REALTIME = RealtimeConfig(type="realtime")


def check_config(session: object) -> dict[str, Any]:
    """The effective GA session object (without id, object and expires_at) for one that a client gave.

    Raises BadRequest with code, message and param.
    """
    return patched(default_config(_session_type(session)), session).model_dump()


def patched(config: Config, session: object) -> Config:
    """`config` with the fields of `session` in it. Raises BadRequest; `config` itself never changes."""
    if _session_type(session) != config.type:
        raise invalid("session.type", f"this is a {config.type} session, which cannot become another type.")
    assert isinstance(session, dict)  # _session_type has seen to it
    merged = merge(config.model_dump(), session)
    refuse_mcp(merged.get("tools"), merged.get("tool_choice"), "session")
    try:
        return type(config).model_validate(merged)
    except ValidationError as error:
        raise refusal(error, merged, "session") from error


def _session_type(session: object) -> str:
    if session is None:
        raise missing("session")
    if not isinstance(session, dict):
        raise invalid("session", "it must be an object.")
    if "type" not in session:
        raise missing("session.type")
    kind = session["type"]
    if kind not in ("realtime", "transcription"):
        raise invalid("session.type", "it must be 'realtime' or 'transcription'.")
    return str(kind)


def merge(current: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Nested objects merge, everything else replaces; an object of another `type` replaces too."""
    merged = dict(current)
    for name, new in patch.items():
        old = merged.get(name)
        same = isinstance(old, dict) and isinstance(new, dict) and new.get("type", old.get("type")) == old.get("type")
        merged[name] = merge(old, new) if same and name not in REPLACED else new  # type: ignore[arg-type]
    return merged


def refuse_mcp(tools: object, choice: object, root: str) -> None:
    """Said plainly, where the strict check would only name a type that it did not expect."""
    why = "MCP is not supported here; offer the functions as function tools."
    for place, tool in enumerate(tools if isinstance(tools, list) else []):
        if isinstance(tool, dict) and tool.get("type") == "mcp":
            raise invalid(f"{root}.tools[{place}].type", why)
    if isinstance(choice, dict) and choice.get("type") == "mcp":
        raise invalid(f"{root}.tool_choice.type", why)
