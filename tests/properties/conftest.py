import pytest

from agencies.scope import agency_scope
from tests.make import make_agency
from tests.make_properties import make_property


@pytest.fixture
def agency(db):
    """In scope while the test runs."""
    agency = make_agency(time_zone="America/Los_Angeles")
    with agency_scope(agency):
        yield agency


@pytest.fixture
def home(agency):
    return make_property(agency)
