import pytest

from agencies.scope import agency_scope
from properties.models import KnowledgeEntry, Room
from tests.agencies.staff import desk
from tests.make import make_agency
from tests.make_properties import make_knowledge, make_private, make_property, make_room
from tests.properties.admin.listing_page import CHANGE, LIST, errors, page_data, rows, save

pytestmark = pytest.mark.django_db


def test_viewer_sees_and_cannot_change(agency, editor):
    home = make_property(agency)
    data = {**page_data(editor, home), "title": "Changed"}
    viewer = desk(agency, "viewer")
    page = viewer.text(CHANGE, home.pk)
    assert ("Maple house" in page, 'name="_save"' in page, "Save and publish" in page) == (True, False, False)
    assert viewer.post(CHANGE, home.pk, data=data).status_code == 403
    assert viewer.get("staff:properties_property_add").status_code == 403
    assert editor.post(CHANGE, home.pk, data=data).status_code == 302


def test_private_record_is_hidden_from_viewers(agency, editor):
    home = make_property(agency)
    make_private(home, access_code="4711-secret")
    assert "4711-secret" in editor.text(CHANGE, home.pk)
    assert "4711-secret" not in desk(agency, "viewer").text(CHANGE, home.pk)


@pytest.fixture
def twins(agency):
    """Two homes of the same title, one in each agency."""
    mine = make_property(agency, "Twin house", public_remarks="mine")
    other = make_agency("birch")
    theirs = make_property(other, "Twin house", listing_id="BIRCH-1", city="Birchtown")
    make_knowledge(mine, "Who is the twin?", "Mine is.")
    make_knowledge(theirs, "Who is the twin?", "Theirs is birch-planted.")
    return mine, theirs


@pytest.mark.parametrize(
    ("name", "query"),
    [
        (LIST, ""),
        (LIST, "?q=twin"),
        (LIST, "?standard_status__exact=incomplete"),
        ("staff:search", "?s=twin"),
        ("staff:properties_knowledgeentry_changelist", "?q=twin"),
        ("staff:properties_knowledgeentry_changelist", "?category__exact=building"),
    ],
)
def test_lists_search_and_filters_stay_inside_the_agency(editor, twins, name, query):
    mine, theirs = twins
    page = editor.text(name, query=query)
    assert "twin" in page.lower()
    assert f"/property/{mine.pk}/" in page or "/knowledgeentry/" in page
    assert f"/property/{theirs.pk}/" not in page
    assert "Birchtown" not in page
    with agency_scope(theirs.agency):
        entry = KnowledgeEntry.objects.get()
    assert f"/knowledgeentry/{entry.pk}/" not in page


def test_autocomplete_stays_inside_the_agency(editor, twins):
    mine, _ = twins
    query = "?term=twin&app_label=properties&model_name=knowledgeentry&field_name=property"
    found = editor.get("staff:autocomplete", query=query).json()["results"]
    assert found == [{"id": str(mine.pk), "text": "Twin house"}]


def test_filter_by_another_agency_s_row_finds_nothing(editor, twins):
    mine, theirs = twins
    name = "staff:properties_knowledgeentry_changelist"
    assert editor.get(name, query=f"?property__id__exact={theirs.pk}").context["cl"].result_count == 0
    assert editor.get(name, query=f"?property__id__exact={mine.pk}").context["cl"].result_count == 1


def test_another_agency_s_listing_is_not_there(editor, twins):
    mine, theirs = twins
    for verb in ("change", "delete", "history"):
        assert editor.get(f"staff:properties_property_{verb}", theirs.pk).status_code == 404
        assert editor.get(f"staff:properties_property_{verb}", mine.pk).status_code == 200


def test_entry_cannot_be_given_to_another_agency_s_listing(agency, editor, twins):
    mine, theirs = twins
    data = {"question": "New?", "answer": "Yes.", "category": "other", "source": "agency", "audience": "public"}
    refused = editor.post("staff:properties_knowledgeentry_add", data={**data, "property": theirs.pk})
    assert "property" in errors(refused)
    assert editor.post("staff:properties_knowledgeentry_add", data={**data, "property": mine.pk}).status_code == 302


def test_rows_of_another_agency_cannot_be_posted_into_the_page(agency, editor, twins):
    mine, theirs = twins
    foreign = make_room(theirs, "Cellar", "basement")
    changes = {"rooms-TOTAL_FORMS": 1, "rooms-INITIAL_FORMS": 1, "rooms-0-id": foreign.pk, "rooms-0-property": mine.pk}
    response = save(editor, mine, **changes, **rows("rooms", 0, room_name="Taken", room_type="basement", order="0"))
    assert response.status_code in (200, 302)
    with agency_scope(theirs.agency):
        assert Room.objects.get().room_name == "Cellar"
