import pytest

from agencies.scope import agency_scope
from tests.chat.asking import Visitor
from tests.make import make_agency, make_provider
from tests.make_properties import make_published_property
from tests.provider_server import ProviderServer, running_provider


@pytest.fixture(scope="session")
def provider_server():
    with running_provider() as server:
        yield server


@pytest.fixture
def provider(provider_server: ProviderServer):
    provider_server.play()
    return provider_server


@pytest.fixture
def home(db, provider: ProviderServer):
    """A published home of an agency whose answers come from the scripted provider."""
    agency = make_agency("harbour", time_zone="America/Los_Angeles")
    make_provider(agency, "sk-secret", profile="custom", base_url=provider.base_url, text_model="scripted")
    return make_published_property(agency, has_association=None)


@pytest.fixture
def scope(home):
    with agency_scope(home.agency):
        yield


@pytest.fixture
def visitor(home):
    return Visitor(home)
