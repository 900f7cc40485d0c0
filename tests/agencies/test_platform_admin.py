import pytest

from agencies.models import Agency, AgencyEntry, Invitation, User
from agencies.platform_site import platform_site
from agencies.scope import agency_scope
from tests.agencies.staff import desk
from tests.make import make_agency, make_member, make_user

pytestmark = pytest.mark.django_db

NEW_AGENCY = {
    "name": "Birch",
    "slug": "birch",
    "is_active": "on",
    "email": "office@birch.example",
    "locale": "en-US",
    "currency": "USD",
    "country": "US",
    "time_zone": "UTC",
    "daily_message_limit": "2000",
}


@pytest.fixture
def operator(client):
    client.force_login(make_user("operator@platform.example", is_staff=True, is_superuser=True))
    return client


def test_platform_is_the_operators_alone(client, operator):
    assert operator.get("/admin/").status_code == 200
    owner = desk(make_agency("alder"), "owner")
    assert owner.client.get("/admin/").status_code == 302
    client.force_login(make_user("staff@platform.example", is_staff=True))
    assert client.get("/admin/").status_code == 302


def test_platform_has_no_row_of_an_agency():
    names = {model._meta.label for model in platform_site._registry}
    assert names == {"agencies.Agency", "agencies.User", "agencies.AgencyEntry"}


def test_platform_has_no_shortcut_by_content_type(operator):
    assert operator.get("/admin/r/1/1/").status_code == 404


def test_new_agency_comes_with_an_invited_owner(operator):
    response = operator.post("/admin/agencies/agency/add/", {**NEW_AGENCY, "owner_email": "ann@birch.example"})
    agency = Agency.objects.get(slug="birch")
    link = next(word for word in response.content.decode().split('"') if "/birch/join/" in word)
    with agency_scope(agency):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role) == ("ann@birch.example", "owner")
        assert Invitation.find(link.rstrip("/").rsplit("/", 1)[-1]) == invitation


def test_new_agency_refuses_the_platform_s_own_words(operator):
    response = operator.post("/admin/agencies/agency/add/", {**NEW_AGENCY, "slug": "admin"})
    assert response.context["adminform"].form.errors["slug"] == ["This word is used by the platform: choose another."]


def test_agency_is_switched_off_and_never_deleted(operator):
    agency = make_agency("alder")
    assert operator.get(f"/admin/agencies/agency/{agency.pk}/delete/").status_code == 403
    data = {**NEW_AGENCY, "name": "Alder", "slug": "alder"}
    data.pop("is_active")
    assert operator.post(f"/admin/agencies/agency/{agency.pk}/change/", data).status_code == 302
    agency.refresh_from_db()
    assert agency.is_active is False


def test_user_form_changes_no_right_and_no_password(operator):
    person = make_member(make_agency("alder"), "viewer")
    before = person.password
    data = {
        "first_name": "Vi",
        "last_name": "Ewer",
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
        "password": "x",
        "email": "other@alder.example",
    }
    operator.post(f"/admin/agencies/user/{person.pk}/change/", data)
    person.refresh_from_db()
    assert person.first_name == "Vi"
    assert (person.is_staff, person.is_superuser, person.password) == (False, False, before)
    assert person.email == "viewer@alder.example"
    assert operator.get(f"/admin/agencies/user/{person.pk}/password/").status_code in (302, 404)


def test_operator_cannot_switch_off_an_operator(operator):
    mine = User.objects.get(email="operator@platform.example")
    response = operator.post(f"/admin/agencies/user/{mine.pk}/change/", {"first_name": "", "last_name": ""})
    assert "is_active" in response.context["adminform"].form.errors


def test_entries_of_all_agencies_are_listed(operator):
    for slug in ("alder", "birch"):
        make_agency(slug)
        operator.post(f"/{slug}/enter/", {"reason": f"Look at {slug}"})
    page = operator.get("/admin/agencies/agencyentry/").content.decode()
    assert ("Look at alder" in page, "Look at birch" in page) == (True, True)
    with agency_scope(Agency.objects.get(slug="alder")):
        entry = AgencyEntry.objects.get()
    assert "Look at alder" in operator.get(f"/admin/agencies/agencyentry/{entry.pk}/change/").content.decode()


def test_search_of_the_platform_finds_agencies_and_people(operator):
    make_agency("alder")
    assert "Alder" in operator.get("/admin/search/?s=alder").content.decode()
    assert operator.get("/admin/search/").content == b""
