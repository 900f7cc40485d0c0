from collections.abc import Iterator

import pytest

from evaluation.run import running_engine


@pytest.fixture(scope="session")
def engine_url() -> Iterator[str]:
    """An engine as it comes, on a free port: no key, no delay."""
    with running_engine() as url:
        yield url
