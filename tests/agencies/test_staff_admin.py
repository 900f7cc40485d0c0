from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from agencies.access import access
from agencies.colors import shades
from agencies.models import Agency, AgencyEntry, ApiKey, Membership, User
from agencies.scope import agency_scope
from agencies.staff_site import staff_site
from tests.agencies.staff import Desk, address, desk, operator_desk
from tests.make import PASSWORD, make_agency, make_member, make_user

pytestmark = pytest.mark.django_db

OWNER_PAGES = [
    "staff:agencies_agency_changelist",
    "staff:agencies_membership_changelist",
    "staff:agencies_invitation_changelist",
    "staff:agencies_provideraccount_changelist",
    "staff:agencies_apikey_changelist",
    "staff:agencies_agencyentry_changelist",
]


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


@pytest.mark.parametrize("page", OWNER_PAGES)
def test_owner_pages_are_the_owners_alone(page):
    agency = make_agency("alder")
    owner, editor = desk(agency, "owner"), desk(agency, "editor")
    assert editor.get(page).status_code == 403
    assert owner.get(page).status_code in (200, 302)


def test_shortcut_by_content_type_is_gone():
    agency = make_agency("alder")
    owner = desk(agency)
    assert owner.client.get("/alder/admin/r/1/1/").status_code == 404
    assert owner.client.get("/alder/admin/search/").status_code == 200


def test_site_has_no_forms_of_users_groups_or_logs():
    names = {model._meta.label for model in staff_site._registry}
    assert not names & {"agencies.User", "auth.Group", "auth.Permission", "admin.LogEntry"}
    assert "agencies.Membership" in names


def test_index_shows_no_recent_actions():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner = desk(alder)
    with agency_scope(birch):
        Membership.objects.create(user=owner.user, role="owner")
    LogEntry.objects.create(user=owner.user, action_flag=2, object_repr="Birch's secret", object_id="1")
    page = owner.text("staff:index")
    assert "Birch&#x27;s secret" not in page
    assert "On the page" in page


def test_search_does_not_remember_across_agencies():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner = desk(alder)
    with agency_scope(birch):
        Membership.objects.create(user=owner.user, role="owner")
        ApiKey(name="Twin key").save()
    with agency_scope(alder):
        ApiKey(name="Twin key").save()
        mine = ApiKey.objects.get()
    found = owner.text("staff:search", query="?s=twin")
    assert f"/alder/admin/agencies/apikey/{mine.pk}/change/" in found
    assert found.count("Twin key") == 1
    there = Desk(birch, owner.user).text("staff:search", query="?s=twin")
    assert "/alder/" not in there
    assert there.count("Twin key") == 1


def test_search_finds_nothing_of_what_a_role_may_not_see():
    agency = make_agency("alder")
    with agency_scope(agency):
        ApiKey(name="Twin key").save()
    assert "Twin key" not in desk(agency, "editor").text("staff:search", query="?s=twin")
    assert "Twin key" in desk(agency, "owner").text("staff:search", query="?s=twin")


def test_row_of_another_agency_is_as_missing_as_one_that_is_not_there():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner = desk(alder)
    mine = make_key(alder)
    theirs = make_key(birch)
    for verb in ("change", "delete", "history"):
        name = f"staff:agencies_apikey_{verb}"
        there = owner.get(name, theirs.pk)
        assert there.status_code == owner.get(name, 10**6).status_code == (403 if verb == "delete" else 404)
    assert owner.get("staff:agencies_apikey_change", mine.pk).status_code == 200


def test_deed_needs_a_post_a_role_and_a_row_of_ones_own():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner, editor = desk(alder), desk(alder, "editor")
    mine, theirs = make_key(alder), make_key(birch)
    name = "staff:agencies_apikey_do"
    assert owner.get(name, mine.pk, "revoke").status_code == 405
    assert editor.post(name, mine.pk, "revoke").status_code in (403, 404)
    assert owner.post(name, theirs.pk, "revoke").status_code == 404
    assert owner.post(name, mine.pk, "has_add_permission").status_code == 404
    assert owner.post(name, mine.pk, "revoke").status_code == 302
    with agency_scope(alder):
        assert ApiKey.objects.get().revoked_at is not None
    with agency_scope(birch):
        assert ApiKey.objects.get().revoked_at is None


def make_key(agency: Agency) -> ApiKey:
    with agency_scope(agency):
        key = ApiKey(name="feed", scopes=["properties:read"])
        key.new_token()
        key.save()
    return key


def test_new_key_is_shown_once():
    agency = make_agency("alder")
    owner = desk(agency)
    response = owner.post("staff:agencies_apikey_add", data={"name": "feed", "scopes": ["chat:write"]})
    token = next(word for word in response.content.decode().split('"') if word.startswith("oh_"))
    key = ApiKey.resolve(token)
    assert key is not None
    assert key.scopes == ["chat:write"]
    assert token not in owner.text("staff:agencies_apikey_change", key.pk)
    assert "no-store" in response["Cache-Control"]


def test_key_needs_a_scope():
    agency = make_agency("alder")
    response = desk(agency).post("staff:agencies_apikey_add", data={"name": "feed"})
    assert response.context["adminform"].form.errors == {"scopes": ["This field is required."]}


# --- People ---
def test_owner_changes_a_role():
    agency = make_agency("alder")
    owner, other = desk(agency), desk(agency, "viewer")
    with agency_scope(agency):
        row = Membership.objects.get(user=other.user)
    owner.post("staff:agencies_membership_change", row.pk, data={"role": "editor"})
    with agency_scope(agency):
        assert Membership.objects.get(pk=row.pk).role == "editor"


def test_role_form_grants_no_right_of_the_platform():
    agency = make_agency("alder")
    owner = desk(agency)
    with agency_scope(agency):
        row = Membership.objects.get(user=owner.user)
    data = {"role": "owner", "is_superuser": "on", "is_staff": "on", "user": "999", "agency": "999"}
    assert owner.post("staff:agencies_membership_change", row.pk, data=data).status_code == 302
    owner.user.refresh_from_db()
    assert (owner.user.is_staff, owner.user.is_superuser) == (False, False)


def test_last_owner_cannot_step_down_or_leave():
    agency = make_agency("alder")
    owner = desk(agency)
    with agency_scope(agency):
        row = Membership.objects.get(user=owner.user)
    response = owner.post("staff:agencies_membership_change", row.pk, data={"role": "viewer"})
    assert "last owner" in response.context["adminform"].form.errors["role"][0]
    assert owner.post("staff:agencies_membership_delete", row.pk, data={"post": "yes"}).status_code == 403
    desk(agency)
    assert owner.post("staff:agencies_membership_delete", row.pk, data={"post": "yes"}).status_code == 302
    with agency_scope(agency):
        assert not Membership.objects.filter(pk=row.pk).exists()


def test_people_list_shows_nobody_of_another_agency():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner = desk(alder)
    make_member(birch, "viewer", "hidden@birch.example")
    make_member(alder, "viewer", "shown@alder.example")
    page = owner.text("staff:agencies_membership_changelist")
    assert "shown@alder.example" in page
    assert "hidden@birch.example" not in page


# --- The agency itself ---
def test_owner_edits_the_own_agency_and_not_its_slug():
    agency = make_agency("alder")
    owner = desk(agency)
    page = owner.get("staff:agencies_agency_change", agency.pk)
    data = {name: value for name, value in page.context["adminform"].form.initial.items() if value}
    owner.post("staff:agencies_agency_change", agency.pk, data={**data, "name": "Alder Homes", "slug": "admin2"})
    agency.refresh_from_db()
    assert (agency.name, agency.slug) == ("Alder Homes", "alder")


def test_agency_of_others_is_not_there():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner = desk(alder)
    assert owner.get("staff:agencies_agency_change", birch.pk).status_code == 404
    assert owner.get("staff:agencies_agency_changelist").url == f"/alder/admin/agencies/agency/{alder.pk}/change/"


def test_page_wears_the_agency_name_and_colour():
    agency = make_agency("alder", primary_color="#0055aa")
    page = desk(agency, "viewer").text("staff:index")
    assert "<title>" in page
    assert "| Alder" in page
    assert shades("#0055aa")["600"] in page


def test_shades_carry_white_text_whatever_the_colour():
    for color in ("#ffff00", "#ffffff", "#000000", "#1f5c4d"):
        assert shades(color)["600"].startswith("oklch(50.0% ")


# --- Operators ---
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
