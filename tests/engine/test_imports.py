import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = "import {name}, sys; print(*sorted({{module.split('.')[0] for module in sys.modules}}))"


@pytest.mark.parametrize("name", ["engine.__main__", "evaluation.__main__"])
def test_engine_and_its_evaluation_run_without_django(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(name=name)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert name.split(".")[0] in loaded
    assert not loaded & {"django", "channels", "rest_framework", "config", "properties", "agencies"}


def test_engine_imports_no_app() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(name="engine.__main__")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(done.stdout.split()) & {"chat", "evaluation", "openai"}
