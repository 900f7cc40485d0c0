"""Settings of the engine: the defaults serve this machine only, and a wrong value says what to write instead."""

from pathlib import Path

import pytest

from engine.settings import Rtc, Settings, WrongSetting, settings_from

ROOT = Path(__file__).parents[2]
WRONG = {
    "ENGINE_PORT": ["-1", "65536", "http"],
    "ENGINE_MAX_SESSIONS": ["0", "many", "1.5"],
    "ENGINE_SESSION_SECONDS": ["9", "one hour"],
    "ENGINE_MAX_FRAME_BYTES": ["10", "20MB"],
    "ENGINE_MAX_PENDING_BYTES": ["0"],
    "ENGINE_MAX_OFFER_BYTES": ["0"],
    "ENGINE_MAX_CLIENTS": ["0"],
    "ENGINE_MAX_SECRETS": ["0"],
    "ENGINE_DRAIN_SECONDS": ["0", "soon"],
    "ENGINE_HEAR_SECONDS": ["0"],
    "ENGINE_THINK_SECONDS": ["0"],
    "ENGINE_SPEAK_SECONDS": ["0"],
    "ENGINE_CORS_ORIGINS": ["homes.example.com", "https://homes.example.com/", "ftp://homes.example.com"],
    "ENGINE_RTC_HOST": ["localhost", "127.0.0.1,eth0"],
    "ENGINE_RTC_ADDRESS": ["voice.example.com"],
    "ENGINE_RTC_PORTS": ["0", "50100-50000", "50000-", "-1", "1-70000", "a-b"],
    "ENGINE_RTC_SILENCE_SECONDS": ["1"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_names_itself(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        settings_from({name: value})


def test_an_empty_environment_is_the_defaults() -> None:
    assert settings_from({}) == Settings()
    settings_from({}).check()


def test_media_can_be_bound_and_named() -> None:
    environ = {
        "ENGINE_RTC_HOST": "10.0.0.5, fd00::5",
        "ENGINE_RTC_PORTS": "50000-50100",
        "ENGINE_RTC_ADDRESS": "203.0.113.9",
        "ENGINE_RTC_SILENCE_SECONDS": "30",
    }
    assert settings_from(environ).rtc == Rtc(("10.0.0.5", "fd00::5"), (50_000, 50_100), "203.0.113.9", 30)
    assert settings_from({"ENGINE_RTC_PORTS": "50000"}).rtc.ports == (50_000, 50_000)


def test_strangers_are_not_served_without_keys() -> None:
    with pytest.raises(WrongSetting, match="ENGINE_API_KEYS"):
        settings_from({"ENGINE_HOST": "192.0.2.7"}).check()
    settings_from({"ENGINE_HOST": "192.0.2.7", "ENGINE_API_KEYS": "one"}).check()


def test_a_standard_key_cannot_look_ephemeral() -> None:
    with pytest.raises(WrongSetting, match="ek_"):
        settings_from({"ENGINE_API_KEYS": "one,ek_two"}).check()


def test_tls_needs_both_files_and_both_good(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("no certificate")
    cert = str(tmp_path / "cert.pem")
    with pytest.raises(WrongSetting, match="belong together"):
        settings_from({"ENGINE_TLS_CERT": cert}).check()
    with pytest.raises(WrongSetting, match=r"missing\.pem is no file"):
        settings_from({"ENGINE_TLS_CERT": cert, "ENGINE_TLS_KEY": str(tmp_path / "missing.pem")}).check()
    with pytest.raises(WrongSetting, match="PEM"):
        settings_from({"ENGINE_TLS_CERT": cert, "ENGINE_TLS_KEY": cert}).check()


def test_every_variable_is_documented() -> None:
    source = (ROOT / "engine" / "settings.py").read_text()
    names = {part.split('"')[0] for part in source.split('"') if part.startswith("ENGINE_") and part.isupper()}
    assert len(names) > 20
    for document in (ROOT / ".env.example", ROOT / "docs" / "engine.md"):
        text = document.read_text()
        assert {name for name in names if name not in text} == set(), document
