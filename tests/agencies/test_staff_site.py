import pytest
from django.contrib.admin.models import LogEntry

from agencies.colors import shades
from agencies.models import ApiKey, Membership
from agencies.scope import agency_scope
from agencies.staff_site import staff_site
from tests.agencies.staff import Desk, desk
from tests.make import make_agency

pytestmark = pytest.mark.django_db
OWNER_PAGES = [
    "staff:agencies_agency_changelist",
    "staff:agencies_membership_changelist",
    "staff:agencies_invitation_changelist",
    "staff:agencies_provideraccount_changelist",
    "staff:agencies_apikey_changelist",
    "staff:agencies_agencyentry_changelist",
]


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


def test_page_wears_the_agency_name_and_colour():
    agency = make_agency("alder", primary_color="#0055aa")
    page = desk(agency, "viewer").text("staff:index")
    assert "<title>" in page
    assert "| Alder" in page
    assert shades("#0055aa")["600"] in page


def test_shades_carry_white_text_whatever_the_colour():
    for color in ("#ffff00", "#ffffff", "#000000", "#1f5c4d"):
        assert shades(color)["600"].startswith("oklch(50.0% ")
