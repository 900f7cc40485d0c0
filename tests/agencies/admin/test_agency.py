import pytest

from tests.agencies.staff import desk
from tests.make import make_agency

pytestmark = pytest.mark.django_db


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
