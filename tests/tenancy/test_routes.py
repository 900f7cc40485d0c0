import pytest

from agencies.staff_site import staff_site
from tests.tenancy.routes import OPERATORS, STAFF, collected, decided


@pytest.mark.parametrize("urlconf", ["config.urls", "config.urls_agency"])
def test_every_route_has_a_decision(urlconf: str) -> None:
    assert collected(urlconf) - decided(urlconf) == set(), "New: decide in tests/tenancy/routes.py."
    assert decided(urlconf) - collected(urlconf) == set(), "Gone: take them out of tests/tenancy/routes.py."


def test_every_staff_admin_has_a_decision() -> None:
    assert {model._meta.label_lower for model in staff_site._registry} == STAFF.keys()
    assert not any("user" in name for name in STAFF)
    assert "agencies.user" in OPERATORS
