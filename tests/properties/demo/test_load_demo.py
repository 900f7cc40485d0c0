"""The demo is loaded once for this module: drawing and storing its pictures takes a while."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from agencies.models import Agency, ApiKey, Membership, ProviderAccount, User
from agencies.scope import agency_scope, every_agency
from properties.demo import (
    DEMO_AGENCIES,
    DEMO_API_TOKENS,
    DEMO_HOMES,
    DEMO_OPERATOR,
    DEMO_PASSWORD,
    staff_email,
)
from properties.facts import LOCALES, fact_sheet
from properties.models import Property, PropertyPrivate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(IS_DEVELOPMENT=True, MEDIA_ROOT=folder):
        call_command("load_demo", verbosity=0)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture(params=DEMO_AGENCIES)
def agency(request):
    agency = Agency.objects.get(slug=request.param)
    with agency_scope(agency):
        yield agency


def every_row():
    with every_agency("to compare the whole demo"):
        return {
            model._meta.label: sorted(map(repr, model._base_manager.values_list()))
            for app in ("agencies", "properties")
            for model in apps.get_app_config(app).get_models()
        }


def test_loading_twice_changes_nothing(demo):
    before, files = every_row(), sorted(demo.rglob("*"))
    call_command("load_demo", verbosity=0)
    assert every_row() == before
    assert sorted(demo.rglob("*")) == files
    assert len(before["properties.Property"]) == 8


def test_each_agency_has_three_published_homes_and_a_draft(agency):
    assert Property.objects.published().count() == 3
    assert Property.objects.filter(standard_status="incomplete", published_at=None).count() == 1
    assert Property.objects.published().filter(slug=DEMO_HOMES[agency.slug]).exists()


def test_each_published_home_is_complete(agency):
    for home in Property.objects.published():
        assert home.knowledge.public().count() >= 12
        assert {"category", "source", "as_of"} <= {f.name for f in home.knowledge.model._meta.fields}
        assert home.knowledge.public().filter(as_of=None).count() == 0
        assert home.rooms.count() >= 4
        assert home.tour_nodes.count() >= 3
        assert list(home.one_way_links()) == []
        assert home.reachable_nodes() == set(home.tour_nodes.values_list("pk", flat=True))
        assert all(media.is_showable() for media in home.media.all())


def test_demo_shows_every_special_case():
    with every_agency("to look at the whole demo"):
        homes = Property.objects.published()
        assert homes.filter(property_type="residential_lease").count() == 1
        assert homes.filter(display_address=False).count() == 1
        assert homes.filter(price_on_request=True).count() == 1
        assert homes.filter(association_fee__gt=0, currency="USD").count() == 1
        assert homes.filter(association_fee__gt=0, currency="EUR").count() == 1
        assert homes.exclude(previous_list_price=None).count() == 3
        assert PropertyPrivate.objects.count() == 8


def test_private_texts_of_the_demo_are_in_no_fact(agency):
    for home in Property.objects.all():
        private = PropertyPrivate.objects.get(property=home)
        fields = ("private_remarks", "owner_name", "owner_phone", "lock_box_location", "showing_instructions")
        texts = [text for text in (getattr(private, field) for field in fields) if text]
        for locale in LOCALES:
            told = json.dumps(fact_sheet(home, locale).public_dict(), ensure_ascii=False)
            assert [text for text in texts if text in told] == []


def test_hidden_street_of_the_demo_is_in_no_fact():
    with every_agency("to look at the whole demo"):
        home = Property.objects.get(display_address=False)
        told = json.dumps(fact_sheet(home, "de").public_dict(), ensure_ascii=False)
    assert home.street_name not in told
    assert home.city in told


def test_people_can_log_in_and_keep_their_password(agency):
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["editor", "owner", "viewer"]
    for member in Membership.objects.select_related("user"):
        assert member.user.check_password(DEMO_PASSWORD)
    owner = User.objects.get(email=staff_email(agency.slug, "owner"))
    owner.set_password("changed by hand")
    owner.save()
    call_command("load_demo", verbosity=0)
    owner.refresh_from_db()
    assert owner.check_password("changed by hand")


def test_operator_and_provider_are_there(agency):
    assert User.objects.get(email=DEMO_OPERATOR).is_superuser
    assert ProviderAccount.objects.get().profile == "engine"


def test_printed_token_opens_the_api(agency):
    key = ApiKey.resolve(DEMO_API_TOKENS[agency.slug])
    assert key is not None
    assert key.agency == agency
    assert ApiKey.resolve(DEMO_API_TOKENS[agency.slug] + "x") is None


def test_banner_tells_where_to_look():
    out = StringIO()
    call_command("load_demo", "--banner", stdout=out)
    for word in ("/harbour-hill/maple-house/", "/kaikontor/quayside-loft/", "/admin/", DEMO_PASSWORD, "curl"):
        assert word in out.getvalue()


def test_production_refuses_the_public_password(settings):
    settings.IS_DEVELOPMENT = False
    with pytest.raises(CommandError, match="Choose one with --password"):
        call_command("load_demo", verbosity=0)
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("load_demo", "--banner")


def test_production_makes_no_known_key(settings):
    settings.IS_DEVELOPMENT = False
    with every_agency("to begin anew"):
        ApiKey.objects.all().delete()
    call_command("load_demo", "--password", "a long word of ours", verbosity=0)
    with every_agency("to look"):
        assert ApiKey.objects.count() == 0
