from datetime import timedelta

import pytest
from django.utils import timezone

from properties.facts import fact_sheet
from properties.models import OpenHouse, StatusChange
from tests.make_properties import make_property
from tests.properties.sheets import fact_of, sheet_of

pytestmark = pytest.mark.django_db


def test_days_on_the_market_begin_where_the_record_says(agency):
    began = timezone.now().date() - timedelta(days=10)
    home = make_property(agency, standard_status="active", on_market_date=began)
    fact = fact_of(fact_sheet(home), "days_on_market")
    assert fact.value in (9, 10, 11)
    assert fact.written == f"{fact.value} days"
    assert sheet_of(agency, title="B", on_market_date=began).get("days_on_market") is None


def test_days_on_the_market_are_the_active_ones(agency):
    home, noon = make_property(agency), timezone.now().replace(hour=20, minute=0)  # in Portland
    for days, status in ((10, "active"), (4, "withdrawn"), (3, "active"), (1, "pending")):
        StatusChange.objects.create(property=home, new_status=status, at=noon - timedelta(days=days))
    fact = fact_of(fact_sheet(home), "days_on_market")
    assert (fact.value, fact.written) == (8, "8 days")


def test_next_open_house_is_the_next_public_one(agency):
    home = make_property(agency)
    now = timezone.now()
    hours = timedelta(hours=2)
    for kind, status, begins in (
        ("public", "active", now - timedelta(days=1)),
        ("broker", "active", now + timedelta(days=1)),
        ("public", "canceled", now + timedelta(days=2)),
        ("public", "active", now + timedelta(days=4)),
        ("public", "active", now + timedelta(days=3)),
    ):
        OpenHouse.objects.create(
            property=home, open_house_type=kind, open_house_status=status, start=begins, end=begins + hours
        )
    sheet = fact_sheet(home)
    assert fact_of(sheet, "open_house").value == (now + timedelta(days=3), now + timedelta(days=3) + hours)
    both = fact_of(sheet, "open_houses").value
    assert isinstance(both, tuple)
    assert len(both) == 2
