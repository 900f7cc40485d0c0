import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

DEFAULT_MODEL = "openhouse-thinker"


class WrongSetting(ValueError):
    """A setting that cannot be used; the sentence says which one and what to write instead."""


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8100
    api_keys: tuple[str, ...] = ()
    models: tuple[str, ...] = (DEFAULT_MODEL,)
    max_body_bytes: int = 1_048_576
    max_concurrent: int = 64
    word_delay_ms: int = 0

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check(self) -> None:
        """Refuse to serve strangers without keys: any bearer would be let in."""
        if not self.api_keys and not self.is_loopback:
            raise WrongSetting(
                f"ENGINE_HOST={self.host!r} is reachable from other machines: set ENGINE_API_KEYS, or use 127.0.0.1."
            )


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    return Settings(
        host=environ.get("ENGINE_HOST") or Settings.host,
        port=_number(environ, "ENGINE_PORT", Settings.port, 0, 65535),
        api_keys=_list(environ, "ENGINE_API_KEYS"),
        models=_list(environ, "ENGINE_MODELS") or Settings.models,
        max_body_bytes=_number(environ, "ENGINE_MAX_BODY_BYTES", Settings.max_body_bytes, 1024, 2**30),
        max_concurrent=_number(environ, "ENGINE_MAX_CONCURRENT", Settings.max_concurrent, 1, 10_000),
        word_delay_ms=_number(environ, "ENGINE_WORD_DELAY_MS", Settings.word_delay_ms, 0, 5_000),
    )


def _list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise WrongSetting(f"{name}={text!r}: use a whole number from {low} to {high}.")
    return int(text)
