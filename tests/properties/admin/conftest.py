import pytest

from tests.agencies.staff import desk
from tests.make import make_agency


@pytest.fixture
def agency(db):
    """Not in scope: a request enters it by itself."""
    return make_agency("alder")


@pytest.fixture
def editor(agency):
    return desk(agency, "editor")
