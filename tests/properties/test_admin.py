from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.scope import agency_scope
from properties.models import KnowledgeEntry, Media, PriceChange, Property, Room, TourLink, TourNode
from tests.agencies.staff import Desk, desk
from tests.make import make_agency
from tests.make_properties import (
    make_knowledge,
    make_node,
    make_panorama,
    make_photo,
    make_private,
    make_property,
    make_published_property,
    make_room,
    picture_file,
)

pytestmark = pytest.mark.django_db

CHANGE = "staff:properties_property_change"
LIST = "staff:properties_property_changelist"


@pytest.fixture
def agency():
    return make_agency("alder")


@pytest.fixture
def editor(agency):
    return desk(agency, "editor")


def page_data(person: Desk, home: Property):
    return person.form(CHANGE, home.pk)


def save(person: Desk, home: Property, **changes):
    """Post the page as a browser would, with some fields changed; None takes one out."""
    data = {**page_data(person, home), **changes}
    data = {name: value for name, value in data.items() if value is not None}
    return person.post(CHANGE, home.pk, data=data)


def stored(home: Property) -> Property:
    with agency_scope(home.agency):
        return Property.objects.get(pk=home.pk)


def values(home: Property):
    with agency_scope(home.agency):
        row: dict = dict(Property.objects.values().get(pk=home.pk))
    row.pop("modification_timestamp")
    return row


def errors(response):
    return {name: list(each) for name, each in response.context["adminform"].form.errors.items()}


# --- Adding ---
def test_new_listing_is_a_draft_and_opens_its_page(agency, editor):
    response = editor.post("staff:properties_property_add", data={"title": "Quay loft", "list_price": "100"})
    with agency_scope(agency):
        home = Property.objects.get()
    assert response.url == f"/alder/admin/properties/property/{home.pk}/change/"
    assert (home.title, home.standard_status, home.currency) == ("Quay loft", "incomplete", "USD")


def test_every_field_that_people_fill_in_is_on_the_page(agency, editor):
    home = make_property(agency)
    shown = set(editor.get(CHANGE, home.pk).context["adminform"].form.fields)
    editable = {field.name for field in Property._meta.concrete_fields if field.editable and not field.primary_key} - {
        "published_at"
    }
    assert editable - shown == set()


# --- Saving ---
def test_untouched_page_saves_without_a_change(agency, editor):
    home = make_property(agency)
    make_photo(home)
    make_room(home)
    make_knowledge(home)
    make_private(home, access_code="1234")
    before = values(home)
    response = save(editor, home)
    assert response.status_code == 302, [errors(response)]
    assert values(home) == before


def test_price_change_is_written_into_the_history_with_its_person(agency, editor):
    home = make_property(agency, list_price=Decimal(500000))
    assert save(editor, home, list_price="475000").status_code == 302
    with agency_scope(agency):
        change = PriceChange.objects.all()[0]
    assert (change.old_price, change.new_price, change.by) == (Decimal(500000), Decimal(475000), editor.user)


def test_not_stated_is_neither_zero_nor_no_nor_none(agency, editor):
    home = make_property(agency, bedrooms_total=0, has_association=False, heating=["none"], stories=None)
    assert save(editor, home, stories="0", bedrooms_total="", has_association="unknown", heating=[]).status_code == 302
    home = stored(home)
    assert (home.bedrooms_total, home.has_association, home.heating, home.stories) == (None, None, None, 0)
    assert save(editor, home, has_association="false", heating=["none"], bedrooms_total="0").status_code == 302
    home = stored(home)
    assert (home.bedrooms_total, home.has_association, home.heating) == (0, False, ["none"])


def test_page_offers_not_stated_yes_and_no(agency, editor):
    home = make_property(agency)
    form = editor.get(CHANGE, home.pk).context["adminform"].form
    assert [label for _, label in form.fields["has_association"].widget.choices] == ["Not stated", "Yes", "No"]
    assert form.fields["furnished"].choices[0] == ("", "Not stated")
    assert '<option value="none">None</option>' in str(form["heating"])


def test_errors_stand_at_their_field_in_plain_words(agency, editor):
    home = make_property(agency)
    response = save(editor, home, year_built="1200", heating=["none", "forced_air"], list_price="-1")
    found = errors(response)
    assert {"year_built", "heating", "list_price"} == set(found)
    assert found["heating"] == ["“None” cannot stand beside other entries. Remove one."]
    general = response.context["tabs"][0]
    assert (general.title, general.errors()) == ("Facts", 3)
    assert stored(home).list_price == 649000


def test_words_of_ones_own_survive_a_save(agency, editor):
    home = make_property(agency, appliances=["dishwasher", "other:pizza oven"])
    assert save(editor, home).status_code == 302
    assert stored(home).appliances == ["dishwasher", "other:pizza oven"]


def test_saving_a_rich_page_takes_few_queries(agency, editor):
    counts = []
    for number in (1, 6):
        home = make_property(agency, f"Home {number}")
        for each in range(number):
            make_photo(home)
            make_room(home, f"Bedroom {each}", "bedroom")
            make_knowledge(home, f"Question {each}?")
        data = {**page_data(editor, home), "title": f"Home {number} again"}
        with CaptureQueriesContext(connection) as captured:
            assert editor.post(CHANGE, home.pk, data=data).status_code == 302
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 40


def test_page_and_list_ask_the_same_whatever_they_show(agency, editor):
    counts = []
    for number in (1, 5):
        home = make_property(agency, f"Home {number}")
        for each in range(number):
            make_photo(home)
            make_room(home, f"Bedroom {each}", "bedroom")
        with CaptureQueriesContext(connection) as page:
            editor.get(CHANGE, home.pk)
        with CaptureQueriesContext(connection) as listing:
            editor.get(LIST)
        counts.append((len(page), len(listing)))
    assert counts[0] == counts[1]
    assert counts[0][1] <= 10


# --- Rows ---
def rows(prefix: str, number: int, **values):
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}


def test_room_is_added_and_its_error_stands_in_its_tab(agency, editor):
    home = make_property(agency)
    room = rows("rooms", 0, room_name="Hall", room_type="kitchen", room_length="3", order="0")
    response = save(editor, home, **{"rooms-TOTAL_FORMS": 1}, **room)
    tab = next(tab for tab in response.context["tabs"] if tab.key == "spaces")
    assert tab.errors() == 1
    whole = rows("rooms", 0, room_width="2", room_length_width_units="meters")
    assert save(editor, home, **{"rooms-TOTAL_FORMS": 1}, **room, **whole).status_code == 302
    with agency_scope(agency):
        assert Room.objects.get().room_name == "Hall"


def test_photos_change_places_in_one_save(agency, editor):
    home = make_property(agency)
    first, second, third = (make_photo(home) for _ in range(3))
    changes = rows("media", 0, order="2") | rows("media", 1, order="0") | rows("media", 2, order="1")
    assert save(editor, home, **changes).status_code == 302
    with agency_scope(agency):
        assert list(Media.objects.order_by("order")) == [second, third, first]


def test_photo_is_described_and_deleted(agency, editor):
    home = make_property(agency)
    make_photo(home)
    assert save(editor, home, **rows("media", 0, alt_text="The garden", media_alteration=["none"])).status_code == 302
    with agency_scope(agency):
        assert Media.objects.get().alt_text == "The garden"
    assert save(editor, home, **rows("media", 0, DELETE="on")).status_code == 302
    with agency_scope(agency):
        assert not Media.objects.exists()


def test_start_of_the_tour_moves_in_one_save(agency, editor):
    home = make_property(agency)
    hall, kitchen = make_node(home, "Hall", is_start=True), make_node(home, "Kitchen")
    both = rows("tour_nodes", 1, is_start="on")
    response = save(editor, home, **both)
    assert "The tour starts at one stop" in response.content.decode()
    moved = {"tour_nodes-0-is_start": None, **both}
    assert save(editor, home, **moved).status_code == 302
    with agency_scope(agency):
        assert list(TourNode.objects.filter(is_start=True)) == [kitchen]
    assert hall.is_start


def test_ways_are_laid_between_the_stops_of_this_home_alone(agency, editor):
    home, other = make_property(agency), make_property(agency, "Other")
    hall, kitchen, foreign = make_node(home, "Hall"), make_node(home, "Kitchen"), make_node(other, "Attic")
    prefix = "properties-tourlink"
    link = rows(prefix, 0, from_node=hall.pk, to_node=foreign.pk, yaw="0", pitch="0")
    response = save(editor, home, **{f"{prefix}-TOTAL_FORMS": 1}, **link)
    assert "Choose one of this listing&#x27;s." in response.content.decode()
    link[f"{prefix}-0-to_node"] = kitchen.pk
    assert save(editor, home, **{f"{prefix}-TOTAL_FORMS": 1}, **link).status_code == 302
    with agency_scope(agency):
        assert [(way.from_node, way.to_node) for way in TourLink.objects.all()] == [(hall, kitchen)]


def test_stop_takes_a_panorama_of_its_home(agency, editor):
    home = make_property(agency)
    make_node(home, "Hall")
    panorama = make_panorama(home)
    assert save(editor, home, **rows("tour_nodes", 0, media=panorama.pk)).status_code == 302
    with agency_scope(agency):
        assert TourNode.objects.get().media == panorama


def test_approved_entry_names_who_approved_it(agency, editor):
    home = make_property(agency)
    make_knowledge(home, approved=False)
    assert save(editor, home, **rows("knowledge", 0, approved="on")).status_code == 302
    with agency_scope(agency):
        entry = KnowledgeEntry.objects.get()
    assert (entry.approved, entry.approved_by) == (True, editor.user)


# --- Pictures ---
UPLOAD = "staff:properties_property_photos"


def test_several_pictures_come_at_once(agency, editor):
    home = make_property(agency)
    response = editor.post(UPLOAD, home.pk, data={"photos": [picture_file(), picture_file()]})
    assert response.url.endswith("/change/#photos")
    with agency_scope(agency):
        assert Media.objects.photos().count() == 2


def test_bad_picture_is_named_and_the_good_one_stays(agency, editor):
    home = make_property(agency)
    small = picture_file((50, 50), "small.jpg")
    response = editor.post(UPLOAD, home.pk, data={"photos": [small, picture_file()]}, follow=True)
    page = response.content.decode()
    assert "small.jpg: This picture is too small" in page
    with agency_scope(agency):
        assert Media.objects.count() == 1


def test_video_elsewhere_is_linked(agency, editor):
    home = make_property(agency)
    link = {"media_url": "https://video.example/1", "media_category": "video"}
    editor.post(UPLOAD, home.pk, data=link)
    editor.post(UPLOAD, home.pk, data={**link, "media_url": "javascript:alert(1)"})
    with agency_scope(agency):
        assert [row.media_url for row in Media.objects.all()] == ["https://video.example/1"]


def test_upload_is_for_editors_and_for_ones_own_listing(agency, editor):
    home = make_property(agency)
    foreign = make_property(make_agency("birch"))
    assert desk(agency, "viewer").post(UPLOAD, home.pk, data={"photos": picture_file()}).status_code == 403
    assert editor.post(UPLOAD, foreign.pk, data={"photos": picture_file()}).status_code == 404
    assert editor.get(UPLOAD, home.pk).status_code == 405
    assert editor.post(UPLOAD, home.pk, data={"photos": picture_file()}).status_code == 302


# --- Publishing ---
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


# --- Roles and other agencies ---
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


def test_entries_are_approved_from_the_list(agency, editor):
    entry = make_knowledge(make_property(agency), approved=False)
    data = {"action": "approve", "_selected_action": [entry.pk]}
    desk(agency, "viewer").post("staff:properties_knowledgeentry_changelist", data=data)
    with agency_scope(agency):
        assert not KnowledgeEntry.objects.get().approved
    editor.post("staff:properties_knowledgeentry_changelist", data=data)
    with agency_scope(agency):
        assert KnowledgeEntry.objects.get().approved_by == editor.user
