import argparse
import errno
import signal
import socket
import sys
from dataclasses import replace
from types import FrameType

from engine.app import Engine
from engine.doors.server import Server
from engine.settings import Settings, WrongSetting, settings_from


def main() -> int:
    try:
        settings = _read_settings()
        settings.check()
        listener = _listen(settings)
    except WrongSetting as error:
        print(error, file=sys.stderr)
        return 2
    host, port = listener.getsockname()[:2]
    scheme = "https" if settings.tls_cert else "http"
    print(f"The engine answers at {scheme}://{host}:{port}/v1 (Ctrl-C ends it).", flush=True)
    _serve(settings, listener)
    return 0


def _read_settings() -> Settings:
    settings = settings_from()
    parser = argparse.ArgumentParser(prog="python -m engine", description="OpenAI-compatible local engine.")
    parser.add_argument("--host", default=settings.host, help="default: ENGINE_HOST or 127.0.0.1")
    parser.add_argument("--port", default=settings.port, type=int, help="default: ENGINE_PORT or 8100")
    flags = parser.parse_args()
    return replace(settings, host=flags.host, port=flags.port)


def _listen(settings: Settings) -> socket.socket:
    """Bind before the server starts, so that a taken port is a sentence and not a trace."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise WrongSetting(_why_not(settings, error)) from error
    return listener


def _why_not(settings: Settings, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {settings.port} is taken: stop what uses it, or set ENGINE_PORT to a free port."
    return f"Cannot listen on {settings.host}:{settings.port} ({error}): set ENGINE_HOST and ENGINE_PORT."


def _serve(settings: Settings, listener: socket.socket) -> None:
    engine = Engine(settings)
    # Uvicorn raises the signal again after its shutdown; here it then only ends the process.
    signal.signal(signal.SIGTERM, _leave)
    try:
        Server(settings, engine.app, engine.drain).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
