import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

DEFAULT_MODEL = "openhouse-thinker"
DEFAULT_VOICE_MODEL = "openhouse-voice"
MIB = 1024 * 1024
# Pages of this machine, at any port: what a keyless engine on the loopback may be used by.
LOOPBACK_ORIGINS = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"


class WrongSetting(ValueError):
    """A setting that cannot be used; the sentence says which one and what to write instead."""


@dataclass(frozen=True)
class Rtc:
    """Where calls send and receive their media, over UDP."""

    hosts: tuple[str, ...] = ()  # addresses to bind; none: every address of this machine
    ports: tuple[int, int] = (0, 0)  # first and last that may be bound; 0: any
    address: str = ""  # told to callers in place of the bound one, behind NAT or in a container
    silence_seconds: int = 15  # without a packet or a message, until a call counts as gone


@dataclass(frozen=True)
class Patience:
    """Seconds that a part of a session may take; then it has failed."""

    hear: int = 20  # from the end of the sound to its text
    think: int = 45  # for each piece of an answer
    speak: int = 20  # for each piece of a sentence


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8100
    api_keys: tuple[str, ...] = ()
    models: tuple[str, ...] = (DEFAULT_MODEL,)
    voice_models: tuple[str, ...] = (DEFAULT_VOICE_MODEL,)
    max_body_bytes: int = MIB
    max_concurrent: int = 64
    word_delay_ms: int = 0
    cors_origins: tuple[str, ...] = ()  # none: pages of this machine
    tls_cert: str = ""
    tls_key: str = ""
    drain_seconds: int = 3
    max_sessions: int = 32
    max_clients: int = 8  # of one session: its own, and sidebands
    max_secrets: int = 10_000
    max_frame_bytes: int = 21 * MIB  # 15 MiB of audio as base64, and the JSON around it
    max_pending_bytes: int = 4 * MIB
    max_offer_bytes: int = 65_536
    session_seconds: int = 3600
    patience: Patience = field(default_factory=Patience)
    rtc: Rtc = field(default_factory=Rtc)

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
        for key in self.api_keys:
            if key.startswith("ek_"):
                raise WrongSetting("ENGINE_API_KEYS: a key must not begin with 'ek_', as ephemeral keys do.")
        self._check_tls()

    def _check_tls(self) -> None:
        if bool(self.tls_cert) != bool(self.tls_key):
            raise WrongSetting("ENGINE_TLS_CERT and ENGINE_TLS_KEY belong together: set both, or neither.")
        if not self.tls_cert:
            return
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.tls_cert, self.tls_key)
        except (OSError, ssl.SSLError) as error:
            missing = next((path for path in (self.tls_cert, self.tls_key) if not Path(path).is_file()), None)
            why = f"{missing} is no file" if missing else f"not a PEM certificate and its key ({error})"
            raise WrongSetting(f"ENGINE_TLS_CERT and ENGINE_TLS_KEY cannot be used: {why}.") from error


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    return Settings(
        host=environ.get("ENGINE_HOST") or Settings.host,
        port=_number(environ, "ENGINE_PORT", Settings.port, 0, 65535),
        api_keys=_list(environ, "ENGINE_API_KEYS"),
        models=_list(environ, "ENGINE_MODELS") or Settings.models,
        voice_models=_list(environ, "ENGINE_VOICE_MODELS") or Settings.voice_models,
        max_body_bytes=_number(environ, "ENGINE_MAX_BODY_BYTES", Settings.max_body_bytes, 1024, 2**30),
        max_concurrent=_number(environ, "ENGINE_MAX_CONCURRENT", Settings.max_concurrent, 1, 10_000),
        word_delay_ms=_number(environ, "ENGINE_WORD_DELAY_MS", Settings.word_delay_ms, 0, 5_000),
        cors_origins=_origins(environ),
        tls_cert=environ.get("ENGINE_TLS_CERT", ""),
        tls_key=environ.get("ENGINE_TLS_KEY", ""),
        drain_seconds=_number(environ, "ENGINE_DRAIN_SECONDS", Settings.drain_seconds, 1, 3600),
        max_sessions=_number(environ, "ENGINE_MAX_SESSIONS", Settings.max_sessions, 1, 100_000),
        max_clients=_number(environ, "ENGINE_MAX_CLIENTS", Settings.max_clients, 1, 1000),
        max_secrets=_number(environ, "ENGINE_MAX_SECRETS", Settings.max_secrets, 1, 1_000_000),
        max_frame_bytes=_number(environ, "ENGINE_MAX_FRAME_BYTES", Settings.max_frame_bytes, 65_536, 2**30),
        max_pending_bytes=_number(environ, "ENGINE_MAX_PENDING_BYTES", Settings.max_pending_bytes, 65_536, 2**30),
        max_offer_bytes=_number(environ, "ENGINE_MAX_OFFER_BYTES", Settings.max_offer_bytes, 1024, 2**20),
        session_seconds=_number(environ, "ENGINE_SESSION_SECONDS", Settings.session_seconds, 10, 86_400),
        patience=Patience(
            hear=_number(environ, "ENGINE_HEAR_SECONDS", Patience.hear, 1, 600),
            think=_number(environ, "ENGINE_THINK_SECONDS", Patience.think, 1, 600),
            speak=_number(environ, "ENGINE_SPEAK_SECONDS", Patience.speak, 1, 600),
        ),
        rtc=Rtc(
            hosts=tuple(_address("ENGINE_RTC_HOST", each) for each in _list(environ, "ENGINE_RTC_HOST")),
            ports=_ports(environ),
            address=_address("ENGINE_RTC_ADDRESS", environ.get("ENGINE_RTC_ADDRESS", "").strip()),
            silence_seconds=_number(environ, "ENGINE_RTC_SILENCE_SECONDS", Rtc.silence_seconds, 2, 3600),
        ),
    )


def _list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def _number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise WrongSetting(f"{name}={text!r}: use a whole number from {low} to {high}.")
    return int(text)


def _origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    origins = _list(environ, "ENGINE_CORS_ORIGINS")
    for origin in origins:
        if origin != "*" and (not origin.startswith(("http://", "https://")) or origin.count("/") != 2):
            raise WrongSetting(f"ENGINE_CORS_ORIGINS={origin!r}: use origins as 'https://homes.example.com', or '*'.")
    return origins


def _address(name: str, text: str) -> str:
    """An address of this machine or before it; names are not looked up, since media needs one certain place."""
    if not text:
        return ""
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise WrongSetting(f"{name}={text!r}: use IP addresses as '192.0.2.7'.") from error


def _ports(environ: Mapping[str, str]) -> tuple[int, int]:
    text = environ.get("ENGINE_RTC_PORTS", "").strip()
    if not text:
        return Rtc.ports
    first, dash, last = text.partition("-")
    parts = (first, last if dash else first)
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 65536 for part in parts):
        raise WrongSetting(f"ENGINE_RTC_PORTS={text!r}: use one port, or a range as '50000-50100'.")
    low, high = int(parts[0]), int(parts[1])
    if low > high:
        raise WrongSetting(f"ENGINE_RTC_PORTS={text!r}: the first port is larger than the last.")
    return low, high
