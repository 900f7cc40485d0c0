from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from agencies.models import Agency, Invitation, Membership, User
from agencies.scope import agency_scope
from tests.agencies.staff import Desk, address, desk
from tests.make import PASSWORD, make_agency, make_member, make_user

pytestmark = pytest.mark.django_db

NEWCOMER = {
    "first_name": "Nia",
    "last_name": "Comer",
    "password": "a long enough secret",
    "password_again": "a long enough secret",
}


def invite(agency: Agency, email: str = "nia@home.example", role: str = "editor") -> str:
    """The address of the accept page."""
    with agency_scope(agency):
        invitation = Invitation(email=email, role=role)
        token = invitation.renew()
        invitation.save()
    return address(agency, "agencies:join", token)


def role_of(agency: Agency, email: str):
    with agency_scope(agency):
        return Membership.objects.filter(user__email=email).values_list("role", flat=True).first()


def test_owner_invites_by_mail_and_sees_the_link_once():
    agency = make_agency("alder")
    owner = desk(agency)
    response = owner.post("staff:agencies_invitation_add", data={"email": "Nia@Home.example", "role": "viewer"})
    page = response.content.decode()
    link = next(word for word in page.split('"') if "/join/" in word)
    assert [message.to for message in mail.outbox] == [["nia@home.example"]]
    assert link in mail.outbox[0].body
    with agency_scope(agency):
        invitation = Invitation.objects.get()
    assert link.rsplit("/", 2)[1] not in owner.text("staff:agencies_invitation_change", invitation.pk)
    assert "no-store" in response["Cache-Control"]


def test_invitation_of_a_member_is_refused():
    agency = make_agency("alder")
    make_member(agency, "viewer", "vi@alder.example")
    owner = desk(agency)
    response = owner.post("staff:agencies_invitation_add", data={"email": "vi@alder.example", "role": "owner"})
    assert "belongs to your agency already" in response.context["adminform"].form.errors["email"][0]


def test_mail_that_fails_leaves_the_link(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = desk(make_agency("alder")).post(
        "staff:agencies_invitation_add", data={"email": "nia@home.example", "role": "viewer"}
    )
    page = response.content.decode()
    assert "The mail could not be sent" in page
    assert "/alder/join/" in page


def test_newcomer_sets_a_name_and_a_password(client):
    agency = make_agency("alder")
    link = invite(agency)
    assert "nia@home.example" in client.get(link).content.decode()
    response = client.post(link, NEWCOMER)
    assert (response.status_code, response.url) == (302, "/alder/admin/")
    assert client.get("/alder/admin/").status_code == 200
    person = User.objects.get(email="nia@home.example")
    assert (person.first_name, person.is_staff, person.is_superuser) == ("Nia", False, False)
    assert role_of(agency, person.email) == "editor"


def test_newcomer_cannot_choose_role_or_rights(client):
    agency = make_agency("alder")
    client.post(
        invite(agency, role="viewer"), {**NEWCOMER, "role": "owner", "is_superuser": "on", "email": "x@y.example"}
    )
    assert role_of(agency, "nia@home.example") == "viewer"
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"password": "12345678", "password_again": "12345678"}, "password", "too common"),
        ({"password_again": "another"}, "password_again", "not the same"),
        ({"first_name": ""}, "first_name", "required"),
    ],
)
def test_newcomer_is_told_what_to_mend(client, change, field, words):
    agency = make_agency("alder")
    response = client.post(invite(agency), {**NEWCOMER, **change})
    assert words in " ".join(response.context["form"].errors[field])
    assert not User.objects.exists()


def test_known_person_joins_by_password(client):
    agency = make_agency("alder")
    make_user("nia@home.example")
    link = invite(agency)
    assert "You have an account" in client.get(link).content.decode()
    assert client.post(link, {"password": "not it"}).status_code == 200
    assert role_of(agency, "nia@home.example") is None
    assert client.post(link, {"password": PASSWORD}).status_code == 302
    assert role_of(agency, "nia@home.example") == "editor"


def test_logged_in_person_joins_with_a_click(client):
    agency = make_agency("alder")
    client.force_login(make_user("nia@home.example"))
    link = invite(agency)
    assert client.get(link).status_code == 200
    assert role_of(agency, "nia@home.example") is None
    assert client.post(link).status_code == 302
    assert role_of(agency, "nia@home.example") == "editor"


def test_somebody_else_cannot_take_the_invitation():
    agency = make_agency("alder")
    stranger = Desk(agency, make_user("other@home.example"))
    response = stranger.client.post(invite(agency))
    assert "This invitation is for" in response.content.decode()
    assert role_of(agency, "other@home.example") is None


def test_used_link_says_so(client):
    agency = make_agency("alder")
    link = invite(agency)
    assert client.post(link, NEWCOMER).status_code == 302
    response = Client().get(link)
    assert response.status_code == 410
    assert "has been used" in response.content.decode()


def test_expired_link_says_so(client):
    agency = make_agency("alder")
    link = invite(agency)
    with agency_scope(agency):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    response = client.post(link, NEWCOMER)
    assert response.status_code == 410
    assert "has expired" in response.content.decode()
    assert not User.objects.exists()


def test_link_of_another_agency_is_unknown(client):
    alder = make_agency("alder")
    make_agency("birch")
    link = invite(alder)
    response = client.get(link.replace("/alder/", "/birch/"))
    assert (response.status_code, client.get(link).status_code) == (410, 200)
    assert "is not known here" in response.content.decode()


def test_new_link_ends_the_old_one(client):
    agency = make_agency("alder")
    link = invite(agency)
    with agency_scope(agency):
        invitation = Invitation.objects.get()
    response = desk(agency).post("staff:agencies_invitation_do", invitation.pk, "new_link")
    fresh = next(word for word in response.content.decode().split('"') if "/join/" in word)
    assert client.get(link).status_code == 410
    assert client.get(fresh).status_code == 200
