from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agencies.access import access
from agencies.models import AgencyEntry
from agencies.scope import agency_scope
from tests.agencies.staff import Desk, address, desk, operator_desk
from tests.make import make_agency

pytestmark = pytest.mark.django_db


def test_operator_is_asked_for_a_reason_first():
    agency = make_agency("alder")
    operator = operator_desk(agency)
    response = operator.client.get(address(agency, "staff:index"), follow=True)
    assert response.redirect_chain[-1] == ("/alder/enter/", 302)
    assert "Say why you enter" in response.content.decode()
    assert operator.post("agencies:enter", data={"reason": " "}).status_code == 200
    assert operator.get("staff:index").status_code == 302


def test_operator_inside_is_announced_and_recorded():
    agency = make_agency("alder")
    operator, owner = operator_desk(agency), desk(agency)
    assert operator.post("agencies:enter", data={"reason": "Ticket 7"}).status_code == 302
    page = operator.text("staff:index")
    assert "You are inside as an operator of the platform" in page
    assert "Ticket 7" in owner.text("staff:agencies_agencyentry_changelist")
    assert "You are inside" not in owner.text("staff:index")


def test_operator_entry_ends(rf):
    agency = make_agency("alder")
    operator = operator_desk(agency)
    operator.post("agencies:enter", data={"reason": "Ticket 7"})
    assert operator.get("staff:index").status_code == 200
    operator.post("agencies:enter", data={"leave": "1"})
    assert operator.get("staff:index").status_code == 302
    with agency_scope(agency):
        AgencyEntry.objects.create(user=operator.user, reason="Old", ends_at=timezone.now() - timedelta(seconds=1))
        request = rf.get("/")
        request.agency, request.user = agency, operator.user
        assert access(request).role == ""


def test_operator_entry_opens_one_agency_alone():
    alder, birch = make_agency("alder"), make_agency("birch")
    operator = operator_desk(alder)
    operator.post("agencies:enter", data={"reason": "Ticket 7"})
    assert operator.get("staff:index").status_code == 200
    assert Desk(birch, operator.user).get("staff:index").status_code == 302


def test_entry_page_is_not_there_for_others():
    alder = make_agency("alder")
    assert desk(alder, "owner").get("agencies:enter").status_code == 404


def test_times_are_the_agency_s(settings):
    agency = make_agency("alder", time_zone="Europe/Madrid")
    operator, owner = operator_desk(agency), desk(agency)
    operator.post("agencies:enter", data={"reason": "Ticket 7"})
    with agency_scope(agency):
        entry = AgencyEntry.objects.get()
        AgencyEntry.objects.filter(pk=entry.pk).update(ends_at=datetime(2026, 1, 2, 12, tzinfo=UTC))
    assert "1 p.m." in owner.text("staff:agencies_agencyentry_change", entry.pk)
