import pytest

from agencies.scope import agency_scope
from properties.models import Property
from tests.agencies.staff import desk
from tests.make import make_agency
from tests.make_properties import make_photo, make_property, make_published_property
from tests.properties.admin.listing_page import CHANGE, save, stored

pytestmark = pytest.mark.django_db


def test_publish_saves_first_and_puts_the_home_on_its_page(agency, editor):
    home = make_property(agency)
    make_photo(home)
    response = save(editor, home, title="Quay loft", accept_warnings="on", _publish="1")
    assert response.url.endswith("#publishing")
    home = stored(home)
    assert (home.title, home.is_public(), home.published_by) == ("Quay loft", True, editor.user)


def test_publish_says_what_is_missing_and_keeps_what_was_typed(agency, editor):
    home = make_property(agency, city="")
    response = save(editor, home, title="Quay loft", _publish="1")
    page = editor.get(CHANGE, home.pk)
    assert response.status_code == 302
    assert (stored(home).title, stored(home).is_public()) == ("Quay loft", False)
    missing = {each.label: (each.tab, each.sentence) for each in page.context["missing"] if not each.is_warning}
    assert missing["City"] == ("general", "Add the city.")
    assert missing["Photos"][0] == "photos"


def test_withdraw_takes_the_home_off_its_page(agency, editor):
    home = make_published_property(agency)
    assert save(editor, home, _withdraw="1").status_code == 302
    assert (stored(home).standard_status, stored(home).is_public()) == ("withdrawn", False)


def test_status_offers_only_where_one_can_go(agency, editor):
    home = make_property(agency)
    form = editor.get(CHANGE, home.pk).context["adminform"].form
    offered = {key for key, _ in form.fields["standard_status"].choices}
    assert offered == {"incomplete", "coming_soon", "active", "delete"}


def test_published_listing_is_withdrawn_and_not_deleted(agency, editor):
    draft, public = make_property(agency, "Draft"), make_published_property(agency)
    name = "staff:properties_property_delete"
    assert editor.post(name, public.pk, data={"post": "yes"}).status_code == 403
    assert editor.post(name, draft.pk, data={"post": "yes"}).status_code == 302
    with agency_scope(agency):
        assert list(Property.objects.all()) == [public]


def test_draft_is_previewed_by_staff_alone(agency, editor, client):
    home = make_property(agency)
    page = editor.get(CHANGE, home.pk)
    link = page.context["page_address"]
    assert "Preview the draft" in page.content.decode()
    assert editor.client.get(link).status_code == 200
    assert client.get(link).status_code == 404
    assert desk(make_agency("birch"), "owner").client.get(link).status_code == 404
