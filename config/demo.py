"""`make demo`: the engine and the site side by side on a laptop, with the demo agencies, until Ctrl-C.

PORT=8000 ENGINE_PORT=8100 DEMO_DIR=var/demo python -m config.demo
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 10


class CannotStart(Exception):
    """The sentence that the person at the terminal reads."""


class Stopped(Exception):
    """Ctrl-C, or a polite kill."""


def main() -> int:
    started: list[subprocess.Popen[bytes]] = []
    held: list[socket.socket] = []
    try:
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        env = environment()
        hold_ports(env, held)
        run_to_end([sys.executable, "manage.py", "migrate", "--verbosity", "0"], env)
        run_to_end([sys.executable, "manage.py", "load_demo"], env)
        started.append(start([sys.executable, "-m", "engine"], env))
        address = f"127.0.0.1:{env['PORT']}"
        # --insecure: static files straight from the checkout, though the pages are those of production.
        runserver = [sys.executable, "manage.py", "runserver", "--noreload", "--insecure", address]
        started.append(start(runserver, env))
        wait_for(f"http://127.0.0.1:{env['ENGINE_PORT']}/healthz", started)
        wait_for(f"http://{address}/healthz", started)
        run_to_end([sys.executable, "manage.py", "load_demo", "--banner"], env)
        return watch(started)
    except CannotStart as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    except Stopped:
        print("\nStopped.")
        return 0
    finally:
        end(started)


def environment() -> dict[str, str]:
    """The demo's own settings: embedded engine, SQLite, nothing of the machine's `.env` that would change them."""
    port, engine_port = read_port("PORT", 8000), read_port("ENGINE_PORT", 8100)
    folder = Path(os.environ.get("DEMO_DIR", ROOT / "var" / "demo")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "True",
        "DEBUG_PAGES": "False",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "REDIS_URL": "",
        "EMAIL_URL": os.environ.get("EMAIL_URL", "consolemail://"),
        "ENGINE_HOST": "127.0.0.1",
        "ENGINE_PORT": str(engine_port),
        "ENGINE_URL": f"http://127.0.0.1:{engine_port}/v1",
        "ENGINE_API_KEY": "demo-engine-key",
        "ENGINE_API_KEYS": "demo-engine-key",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "PYTHONUNBUFFERED": "1",
    }


def read_port(name: str, default: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotStart(f"{name}={text!r} is not a port: use a number from 1 to 65535.")
    return int(text)


def hold_ports(env: dict[str, str], held: list[socket.socket]) -> None:
    """Find both ports free, and hold their UDP twins: of two demos started at once only one gets past this."""
    if env["PORT"] == env["ENGINE_PORT"]:
        raise CannotStart("PORT and ENGINE_PORT are the same: give each its own.")
    for name in ("PORT", "ENGINE_PORT"):
        port = int(env[name])
        held.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                held[-1].bind(("127.0.0.1", port))
            except OSError:
                way_out = f"make demo {name}={port + 1}"
                raise CannotStart(f"Port {port} is taken by another program: stop it, or run {way_out}.") from None


def run_to_end(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)  # noqa: S603
    if done.returncode:
        raise CannotStart(f"The demo could not be prepared: {' '.join(command[1:])} failed, see above.")


def start(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    # In a group of its own: Ctrl-C reaches only this process, which ends its children in order.
    return subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)  # noqa: S603


def wait_for(url: str, started: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(START_SECONDS * 10):
        check_alive(started)
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310
                return check_alive(started)  # and it was not another program that answered
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"{url} did not answer within {START_SECONDS} seconds.")


def check_alive(started: list[subprocess.Popen[bytes]]) -> None:
    for child in started:
        if child.poll() is not None:
            raise CannotStart(f"{' '.join(map(str, child.args[1:]))} ended by itself, see above.")  # type: ignore[index]


def watch(started: list[subprocess.Popen[bytes]]) -> int:
    while True:
        check_alive(started)
        time.sleep(0.5)


def end(started: list[subprocess.Popen[bytes]]) -> None:
    ignore_signals()
    for child in reversed(started):
        child.terminate()
    for child in reversed(started):
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def ignore_signals() -> None:
    """From now on; not by SIG_IGN, about which Python prints a trace when one came just before."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)


def _stop(number: int, frame: FrameType | None) -> None:
    ignore_signals()  # a second one must not break off the ending
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
