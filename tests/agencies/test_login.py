import pytest

from agencies.models import Agency, Membership, User
from agencies.scope import agency_scope
from tests.agencies.staff import Desk, address, desk
from tests.make import PASSWORD, make_agency, make_member, make_user

pytestmark = pytest.mark.django_db


def log_in(client, agency: Agency, user: User, password: str = PASSWORD):
    return client.post(address(agency, "staff:login"), {"username": user.email, "password": password})


def test_login_lets_a_member_in(client):
    agency = make_agency("alder")
    response = log_in(client, agency, make_member(agency, "viewer"))
    assert (response.status_code, response.url) == (302, "/alder/admin/")
    assert client.get(address(agency, "staff:index")).status_code == 200


def test_login_says_that_a_person_is_no_member(client):
    alder, birch = make_agency("alder"), make_agency("birch")
    response = log_in(client, birch, make_member(alder, "owner"))
    assert response.status_code == 200
    assert "This account does not belong to Birch." in response.content.decode()


def test_login_tells_a_logged_in_stranger_why(client):
    alder, birch = make_agency("alder"), make_agency("birch")
    stranger = Desk(birch, make_member(alder, "owner"))
    assert stranger.get("staff:index").status_code == 302
    assert "This account does not belong to Birch." in stranger.text("staff:login")


def test_login_refuses_a_wrong_password(client):
    agency = make_agency("alder")
    response = log_in(client, agency, make_member(agency), "not it")
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_member_who_was_removed_is_out_at_once():
    agency = make_agency("alder")
    person = desk(agency, "editor")
    assert person.get("staff:index").status_code == 200
    with agency_scope(agency):
        Membership.objects.get(user=person.user).remove()
    assert person.get("staff:index").status_code == 302


def test_django_rights_open_nothing():
    agency = make_agency("alder")
    person = Desk(agency, make_user("staff@platform.example", is_staff=True))
    assert person.get("staff:index").status_code == 302
