"""`python -m config.demo` refuses with one clear sentence; that it runs is what the browser journeys prove."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run_demo(tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.demo"],
        cwd=ROOT,
        env=os.environ | {"DEMO_DIR": str(tmp_path)} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["PORT", "ENGINE_PORT"])
def test_demo_names_a_taken_port_and_the_way_out(tmp_path, name):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_demo(
            tmp_path,
            **{"PORT": "1", "ENGINE_PORT": "2", name: str(port)} if name == "PORT" else {name: str(port)},
        )
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Port {port} is taken by another program: stop it, or run make demo {name}={port + 1}."
    )


@pytest.mark.parametrize("value", ["eighty", "0", "70000"])
def test_demo_refuses_a_port_that_is_none(tmp_path, value):
    done = run_demo(tmp_path, PORT=value)
    assert done.returncode == 1
    assert done.stderr.strip() == f"PORT={value!r} is not a port: use a number from 1 to 65535."


def test_bootstrap_tells_an_old_python_what_to_do():
    """Read by whatever Python runs it, so the check is run with the version forged."""
    code = (
        "import sys, runpy; sys.version_info = (3, 10, 1); sys.version = '3.10.1 (x)';"
        "runpy.run_path('scripts/bootstrap.py', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "Openhouse needs Python 3.11 or newer, and this is 3.10.1: run make PYTHON=/path/to/a/newer/python3."
    )
