"""What the product imports stands in its own lock: a fresh clone has nothing of the test tools."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = packages_distributions()


def imported(package: str) -> Iterator[str]:
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("package", ["agencies", "chat", "config", "engine", "properties"])
def test_every_import_is_in_the_runtime_lock(package: str) -> None:
    lock = (ROOT / "requirements.txt").read_text()
    locked = {normalized(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    foreign = {name for name in imported(package) if name in INSTALLED and name not in sys.stdlib_module_names}

    assert foreign
    assert {name for name in foreign if locked.isdisjoint(map(normalized, INSTALLED[name]))} == set()
