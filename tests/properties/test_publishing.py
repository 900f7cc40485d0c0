from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.scope import agency_scope
from properties.enums import TRANSITIONS, StandardStatus
from properties.models import HistoryIsFixed, PriceChange, Property, StatusChange
from properties.publishing import NotPublishable
from tests.make import make_agency, make_user
from tests.make_properties import (
    make_link,
    make_node,
    make_panorama,
    make_photo,
    make_property,
    make_published_property,
    make_room,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    agency = make_agency()
    with agency_scope(agency):
        yield agency


def refusals(home, **kwargs):
    """(field, code) of everything that keeps the home off its page."""
    with pytest.raises(NotPublishable) as refused:
        home.publish(**kwargs)
    assert home.published_at is None
    return [(finding.field, finding.code) for finding in refused.value.findings]


def prices(home):
    return [(change.old_price, change.new_price) for change in home.price_changes.order_by("pk")]


def statuses(home):
    return [change.new_status for change in home.status_changes.order_by("pk")]


# Publishing


def test_publish_puts_the_home_on_its_page(agency):
    home, ann = make_property(agency), make_user()
    make_photo(home)
    assert list(Property.objects.published()) == []
    home.publish(ann)
    home.refresh_from_db()
    assert list(Property.objects.published()) == [home]
    assert (home.is_public(), home.standard_status, home.published_by) == (True, "active", ann)
    assert (home.takes_viewings(), home.answers_questions()) == (True, True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"list_price": None}, "list_price"),
        ({"property_type": ""}, "property_type"),
        ({"property_sub_type": ""}, "property_sub_type"),
        ({"city": ""}, "city"),
        ({"public_remarks": ""}, "public_remarks"),
        ({"bedrooms_total": None}, "bedrooms_total"),
        ({"street_number": "", "street_name": "", "street_suffix": ""}, "street_name"),
        ({"property_type": "residential_lease"}, "lease_amount_frequency"),
    ],
)
def test_publish_needs(agency, fields, field):
    home = make_property(agency, **fields)
    make_photo(home)
    assert refusals(home) == [(field, "required")]


@pytest.mark.parametrize(
    "fields",
    [
        {"list_price": None, "price_on_request": True},
        {"street_number": "", "street_name": "", "display_address": False, "title": "Craftsman"},
        {"property_type": "residential_lease", "lease_amount_frequency": "monthly"},
        {"property_type": "land", "property_sub_type": "residential_lot", "bedrooms_total": None},
    ],
)
def test_publish_takes_the_other_way(agency, fields):
    home = make_property(agency, **fields)
    make_photo(home)
    home.publish()
    assert home.is_public()


def test_publish_gives_every_reason_at_once_errors_first(agency):
    home = make_property(agency, city="", list_price=None, public_remarks="Perfect for families.")
    assert refusals(home) == [
        ("list_price", "required"),
        ("city", "required"),
        ("media", "required"),
        ("public_remarks", "fair_housing"),
    ]


def test_publish_needs_one_honest_public_photo(agency):
    home = make_property(agency)
    photo = make_photo(home, alt_text="", media_alteration=None)
    assert refusals(home) == [("media", "required"), ("media", "alt_text"), ("media", "media_alteration")]
    photo.alt_text, photo.media_alteration, photo.permission = "The house", ["none"], "private"
    photo.save()
    assert refusals(home) == [("media", "required")]
    photo.permission, photo.media_category = "public", "floor_plan"
    photo.save()
    assert refusals(home) == [("media", "required")]
    photo.media_category = "photo"
    photo.save()
    home.publish()


def test_publish_needs_somebody_to_reach(agency):
    home = make_property(agency)
    make_photo(home)
    agency.email = agency.phone = ""
    agency.save()
    home.agency = agency
    assert refusals(home) == [("list_agent_email", "required")]
    home.list_agent_phone = "+1 503 555 0134"
    home.publish()


def test_publish_needs_what_the_market_asks(agency):
    agency.requires_energy_label = agency.requires_living_area_source = True
    agency.save()
    home = make_property(agency, living_area_source="")
    home.agency = agency
    make_photo(home)
    assert refusals(home) == [("energy_label", "required"), ("living_area_source", "required")]
    home.energy_label, home.living_area_source = "B", "owner"
    home.publish()


def test_publish_does_not_show_a_switched_off_listing(agency):
    home = make_property(agency, display_entire_listing=False)
    make_photo(home)
    assert refusals(home) == [("display_entire_listing", "off")]


def test_publish_checks_pictures_for_a_hidden_street(agency):
    home = make_property(agency, "Craftsman", display_address=False)
    photo = make_photo(home, alt_text="View along Maple Street")
    assert refusals(home) == [("media", "street")]
    photo.alt_text = "View along the street"
    photo.save()
    home.publish()


def test_warnings_are_accepted_with_name_and_time(agency):
    home, ann = make_property(agency, public_remarks="Ideal for couples."), make_user()
    make_photo(home)
    assert refusals(home) == [("public_remarks", "fair_housing")]
    home.publish(ann, accept_warnings=True)
    home.refresh_from_db()
    assert home.warnings_accepted_by == ann
    assert home.warnings_accepted_at is not None
    assert make_published_property(agency, "Orchard").warnings_accepted_at is None


def test_errors_are_not_accepted_with_the_warnings(agency):
    home = make_property(agency, public_remarks="Ideal for couples.", city="")
    make_photo(home)
    assert refusals(home, accept_warnings=True) == [("city", "required")]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"postal_code": "9721"}, "postal_code", "pattern"),
        ({"living_area": Decimal(40000)}, "living_area", "huge"),
        (
            {"building_area_total": Decimal(2000), "building_area_units": "square_feet"},
            "living_area",
            "above_building",
        ),
        ({"covered_spaces": Decimal(3), "carport_spaces": Decimal(1)}, "covered_spaces", "sum"),
    ],
)
def test_doubtful_figures_warn(agency, fields, field, code):
    home = make_property(agency, **fields)
    make_photo(home)
    assert refusals(home) == [(field, code)]
    home.publish(accept_warnings=True)


def test_bedrooms_and_tour_warn(agency):
    home = make_property(agency, bedrooms_total=0)
    make_photo(home)
    panoramas = [make_panorama(home) for _ in range(2)]
    make_room(home, "Bedroom", "bedroom")
    hall, attic = (make_node(home, name, media=pano) for name, pano in zip(["Hall", "Attic"], panoramas, strict=True))
    assert refusals(home) == [("bedrooms_total", "fewer_than_rooms"), ("tour_nodes", "unreachable")]
    make_link(hall, attic)
    home.bedrooms_total = 1
    home.publish()


def test_publishing_again_keeps_the_first_day(agency):
    home = make_published_property(agency)
    first = home.published_at
    home.publish()
    assert (home.published_at, statuses(home)) == (first, ["incomplete", "active"])


def test_refusal_reads_as_sentences_at_their_fields(agency):
    home = make_property(agency, city="")
    make_photo(home)
    with pytest.raises(ValidationError) as refused:
        home.publish()
    assert refused.value.message_dict == {"city": ["Add the city."]}


# Status


def test_status_goes_only_where_the_table_says(agency):
    for old in StandardStatus:
        for new in StandardStatus:
            moved = make_property(agency, f"{old} {new}", standard_status=old)
            if new in TRANSITIONS[old]:
                moved.change_status(new)
                assert moved.standard_status == new
            elif new != old:
                with pytest.raises(ValidationError):
                    moved.change_status(new)
                assert moved.standard_status == old


def test_status_change_writes_history_with_its_author(agency):
    home, ann = make_published_property(agency), make_user()
    home.change_status("pending", ann)
    home.standard_status = "active"
    home.save()
    assert statuses(home) == ["incomplete", "active", "pending", "active"]
    assert home.status_changes.get(new_status="pending").by == ann


def test_status_refusal_stands_at_the_field_and_names_the_ways(agency):
    home = make_published_property(agency)
    home.standard_status = "coming_soon"
    with pytest.raises(ValidationError) as refused:
        home.full_clean()
    sentence = refused.value.message_dict["standard_status"][0]
    assert sentence.startswith("A listing that is active cannot become coming soon. It may become: ")
    with pytest.raises(ValidationError):
        home.save()


@pytest.mark.parametrize(
    ("status", "public", "gone", "viewings"),
    [
        ("active_under_contract", True, False, True),
        ("pending", True, False, False),
        ("closed", True, False, False),
        ("hold", False, False, False),
        ("withdrawn", False, True, False),
        ("canceled", False, True, False),
        ("expired", False, True, False),
    ],
)
def test_page_follows_the_status(agency, status, public, gone, viewings):
    home = make_published_property(agency, standard_status=status)
    assert (home.is_public(), home.is_gone(), home.takes_viewings()) == (public, gone, viewings)
    assert list(Property.objects.published()) == ([home] if public else [])


def test_coming_soon_stays_so_when_published_and_takes_no_viewings(agency):
    home = make_property(agency, standard_status="coming_soon")
    make_photo(home)
    home.publish()
    assert (home.standard_status, home.is_public(), home.takes_viewings()) == ("coming_soon", True, False)


def test_closed_home_is_shown_for_a_year(agency):
    home = make_published_property(agency, standard_status="closed")
    assert home.close_date == timezone.localdate()
    home.close_date -= timedelta(days=364)
    home.save()
    assert list(Property.objects.published()) == [home]
    home.close_date -= timedelta(days=1)
    home.save()
    assert list(Property.objects.published()) == []
    assert (home.is_public(), home.is_gone()) == (False, True)


def test_active_draft_and_switched_off_listing_are_not_public(agency):
    draft = make_property(agency, standard_status="active")
    off = make_published_property(agency, "Orchard")
    off.display_entire_listing = False
    off.save()
    assert [draft.is_public(), off.is_public(), off.is_gone()] == [False, False, False]
    assert list(Property.objects.published()) == []


def test_withdraw_takes_it_off_and_publish_brings_it_back(agency):
    home, ann = make_published_property(agency), make_user()
    home.withdraw(ann)
    assert list(Property.objects.published()) == []
    home.publish(ann)
    assert list(Property.objects.published()) == [home]
    assert statuses(home) == ["incomplete", "active", "withdrawn", "active"]


def test_coming_back_needs_what_publishing_needs(agency):
    home = make_published_property(agency, standard_status="hold")
    home.city = ""
    home.save()
    with pytest.raises(NotPublishable):
        home.change_status("active")
    assert home.standard_status == "hold"
    home.city = "Portland"
    home.change_status("active")
    assert home.is_public()


def test_withdrawn_for_good_is_not_published_again(agency):
    home = make_published_property(agency, standard_status="canceled")
    with pytest.raises(NotPublishable) as refused:
        home.publish()
    assert [finding.field for finding in refused.value.findings] == ["standard_status"]


def test_days_on_market_count_active_days(agency):
    home = make_published_property(agency)
    assert home.days_on_market() == 0
    assert home.days_on_market(today=timezone.localdate() + timedelta(days=9)) == 9
    home.withdraw()
    assert home.days_on_market(today=timezone.localdate() + timedelta(days=9)) == 0


# Price


def test_price_change_writes_history(agency):
    home, ann = make_property(agency), make_user()
    home.change_price(Decimal(629000), ann)
    home.refresh_from_db()
    assert prices(home) == [(None, Decimal(649000)), (Decimal(649000), Decimal(629000))]
    assert home.price_changes.get(new_price=629000).by == ann
    assert (home.original_list_price, home.previous_list_price) == (Decimal(649000), Decimal(649000))


def test_price_changed_by_any_save_writes_history(agency):
    home = make_property(agency)
    for price in (Decimal(629000), Decimal(629000), Decimal(599000)):
        home.list_price = price
        home.save()
    home.refresh_from_db()
    assert [new for _, new in prices(home)] == [Decimal(649000), Decimal(629000), Decimal(599000)]
    assert (home.original_list_price, home.previous_list_price) == (Decimal(649000), Decimal(629000))


def test_price_follows_from_a_row_loaded_without_it(agency):
    home = Property.objects.only("title").get(pk=make_property(agency).pk)
    home.list_price = Decimal(1)
    home.save(update_fields=["list_price"])
    assert prices(home)[-1] == (Decimal(649000), Decimal(1))


def test_saving_other_fields_writes_no_price(agency):
    home = make_property(agency)
    home.list_price = Decimal(1)
    home.save(update_fields=["title"])
    home.refresh_from_db()
    assert (home.list_price, len(prices(home))) == (Decimal(649000), 1)


def test_price_cannot_be_updated_around_its_history(agency):
    home = make_property(agency)
    for change in ({"list_price": 1}, {"standard_status": "closed"}, {"slug": "x"}):
        with pytest.raises(HistoryIsFixed):
            Property.objects.filter(pk=home.pk).update(**change)
    assert Property.objects.filter(pk=home.pk).update(title="Craftsman") == 1


def test_price_cannot_be_updated_in_bulk_around_its_history(agency):
    home = make_property(agency)
    home.list_price, home.title = Decimal(1), "Craftsman"
    assert Property.objects.bulk_update([home], ["title"]) == 1
    with pytest.raises(HistoryIsFixed):
        Property.objects.bulk_update([home], ["list_price"])


def test_currency_stays_once_there_is_a_history(agency):
    home = make_property(agency)
    home.currency = "EUR"
    home.full_clean()
    home.save()
    home.change_price(Decimal(1))
    home.currency = "USD"
    with pytest.raises(ValidationError) as refused:
        home.full_clean()
    assert list(refused.value.message_dict) == ["currency"]
    with pytest.raises(ValidationError):
        home.save()


@pytest.mark.parametrize("history", [PriceChange, StatusChange])
def test_history_is_only_added_to(agency, history):
    make_property(agency)
    line = history.objects.get()
    with pytest.raises(HistoryIsFixed):
        line.save()
    with pytest.raises(HistoryIsFixed):
        line.delete()
    with pytest.raises(HistoryIsFixed):
        history.objects.update(at=timezone.now())
    with pytest.raises(HistoryIsFixed):
        history.objects.all().delete()
    assert history.objects.count() == 1
