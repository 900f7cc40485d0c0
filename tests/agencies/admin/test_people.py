import pytest

from agencies.models import Membership
from agencies.scope import agency_scope
from tests.agencies.staff import desk
from tests.make import make_agency, make_member

pytestmark = pytest.mark.django_db


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
