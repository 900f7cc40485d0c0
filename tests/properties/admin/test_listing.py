from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.scope import agency_scope
from properties.models import PriceChange, Property
from tests.make_properties import make_knowledge, make_photo, make_private, make_property, make_room
from tests.properties.admin.listing_page import CHANGE, LIST, errors, page_data, save, stored

pytestmark = pytest.mark.django_db


def values(home: Property):
    with agency_scope(home.agency):
        row: dict = dict(Property.objects.values().get(pk=home.pk))
    row.pop("modification_timestamp")
    return row


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
