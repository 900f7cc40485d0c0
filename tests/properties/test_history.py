from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from properties.enums import TRANSITIONS, StandardStatus
from properties.models import HistoryIsFixed, PriceChange, Property, StatusChange
from properties.publishing import NotPublishable
from tests.make import make_user
from tests.make_properties import make_photo, make_property, make_published_property
from tests.properties.rows import statuses

pytestmark = pytest.mark.django_db


def prices(home):
    return [(change.old_price, change.new_price) for change in home.price_changes.order_by("pk")]


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
