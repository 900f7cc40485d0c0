"""`python -m config.demo` refuses with one clear sentence; that it runs is what the browser journeys prove."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def demo_process(folder: Path, port: int, engine_port: int) -> Iterator[subprocess.Popen[str]]:
    env = os.environ | {"DEMO_DIR": str(folder), "PORT": str(port), "ENGINE_PORT": str(engine_port)}
    with subprocess.Popen(
        [sys.executable, "-m", "config.demo"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def test_signals_in_a_row_end_everything_in_one_word(tmp_path):
    """An impatient person's, in the middle of the preparation."""
    with demo_process(tmp_path, *free_ports()) as process:
        assert process.stdout
        assert "Harbour" in process.stdout.readline()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            process.send_signal(number)
        rest, _ = process.communicate()
    assert rest.strip().splitlines()[-1] == "Stopped."
    assert "Traceback" not in rest
    assert process.returncode == 0


def test_two_demos_started_at_once_do_not_both_start(tmp_path):
    ports = free_ports()
    with demo_process(tmp_path / "one", *ports) as one, demo_process(tmp_path / "two", *ports) as two:
        first_to_end = next(process for process in iter_ended(one, two))
        assert first_to_end.returncode == 1
        assert first_to_end.stdout
        assert "is taken by another program" in first_to_end.stdout.read()
        other = two if first_to_end is one else one
        other.send_signal(signal.SIGTERM)
        assert "Stopped." in other.communicate()[0]


def iter_ended(*processes: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    pid, status = os.wait()
    for process in processes:
        if process.pid == pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            yield process
