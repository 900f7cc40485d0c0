"""Settings are read in a process of their own, as at a start."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DEBUG": "False",
    "SECRET_KEY": "s" * 64,
    "FIELD_KEYS": "k1:" + base64.b64encode(bytes(32)).decode(),
    "ENGINE_API_KEY": "engine",
    "ALLOWED_HOSTS": "homes.example.com",
}


def read_settings(expression: str = "None", **env: str) -> subprocess.CompletedProcess[str]:
    code = f"from config import settings; print({expression})"
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean | env, capture_output=True, text=True)


def test_settings_need_no_environment_in_development():
    assert read_settings("settings.DEBUG").stdout == "True\n"


def test_settings_start_in_production_when_all_secrets_are_given():
    done = read_settings("settings.DEBUG, settings.SESSION_COOKIE_SECURE", **PRODUCTION)
    assert (done.stdout, done.stderr) == ("False True\n", "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "ENGINE_API_KEY", "ALLOWED_HOSTS"])
def test_settings_in_production_stop_at_a_missing_secret_and_name_it(name):
    done = read_settings(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode == 1
    assert f"ImproperlyConfigured: {name} is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "yes"),
        ("FIELD_KEYS", "k1:short"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "127.0.0.1"),
        ("SITE_URL", "homes.example.com"),
        ("MAX_UPLOAD_MB", "many"),
        ("BEHIND_PROXY", "1"),
        ("LOG_LEVEL", "LOUD"),
        ("EMAIL_URL", "pigeon://x"),
    ],
)
def test_settings_stop_at_a_wrong_value_and_name_it(name, value):
    done = read_settings(**{name: value})
    assert done.returncode == 1
    last_line = done.stderr.strip().splitlines()[-1]
    assert last_line.startswith(f"django.core.exceptions.ImproperlyConfigured: {name}")
