"""What a staff list can be asked for: search, filters, lookups, autocompletes, choices in forms and prefilled forms."""

import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.utils import get_fields_from_path
from django.db import models

from agencies.scope import AgencyModel, agency_scope
from agencies.staff_site import staff_site
from agencies.tenancy import agency_models
from properties.models import Property, Room
from tests.tenancy.canaries import found
from tests.tenancy.routes import STAFF
from tests.tenancy.walk import Visitor, comparable, member, staff_key, traces
from tests.tenancy.world import World

# Two lead to their only row.
LISTS = [label for label in STAFF if label not in ("agencies.agency", "agencies.provideraccount")]


def address(label: str, tail: str = "") -> str:
    return f"/admin/{label.replace('.', '/')}/{tail}"


@pytest.mark.parametrize("label", LISTS)
def test_list_shows_own_rows(a: World, b: World, label: str) -> None:
    status, text = member(a, "owner").read(address(label))
    assert status == 200
    assert f"{address(label)}{staff_key(a, label)}/change/" in text
    assert f"{address(label)}{staff_key(b, label)}/change/" not in text


@pytest.mark.parametrize("label", LISTS)
def test_search_for_another_agencys_words_finds_nothing(a: World, b: World, label: str) -> None:
    owner = member(a, "owner")
    fields = staff_site._registry[apps.get_model(label)].search_fields
    for field in fields:
        own, theirs = _value(a, label, field), _value(b, label, field)
        theirs = b.only.title if theirs == own else theirs
        assert _row_links(owner.read(f"{address(label)}?q={own}")[1], label), field
        status, text = owner.read(f"{address(label)}?q={theirs}")
        assert (status, _row_links(text, label)) == (200, set())
        assert traces(text, b, echoed=(theirs, theirs.partition("@")[0])) == set(), field


def _value(world: World, label: str, path: str) -> str:
    with agency_scope(world.agency):
        rows = apps.get_model(label)._default_manager.exclude(**{f"{path}__isnull": True})
        return str(rows.order_by("pk").values_list(path, flat=True)[0])


def _row_links(text: str, label: str) -> set[str]:
    return set(re.findall(rf"{address(label)}\d+/change/", text))


@pytest.mark.parametrize("label", LISTS)
def test_filter_by_another_agencys_row_is_like_a_missing_one(a: World, b: World, label: str) -> None:
    """Filters and any other lookup that a person may write into the address."""
    owner = member(a, "owner")
    for field in apps.get_model(label)._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        theirs, missing = _parent_key(b, field), 10**9
        for lookup in (f"{field.name}__id__exact", f"{field.attname}__in"):
            answer = owner.read(f"{address(label)}?{lookup}={theirs}")
            nowhere = owner.read(f"{address(label)}?{lookup}={missing}")
            assert comparable(answer, theirs, missing) == comparable(nowhere, theirs, missing), lookup
            assert traces(answer[1], b) == set(), lookup


def _parent_key(world: World, field: Any) -> Any:
    if issubclass(field.related_model, AgencyModel):
        return world.keys(field.related_model)[0]
    return world.agency.pk if field.name == "agency" else world.users["owner"].pk


@pytest.mark.parametrize("label", LISTS)
@pytest.mark.parametrize("lookup", ["agency__slug", "agency__slug__startswith", "agency__provideraccount__pk"])
def test_lookup_beyond_the_agency_is_refused(a: World, b: World, label: str, lookup: str) -> None:
    owner = member(a, "owner")
    right, wrong = (owner.read(f"{address(label)}?{lookup}={word}") for word in ("birch", "b0000"))
    assert comparable(right, "birch", "b0000") == comparable(wrong, "birch", "b0000")
    assert right[0] in (302, 400)


@pytest.mark.parametrize("label", LISTS)
@pytest.mark.parametrize("query", ["o=1.-2", "all=", "e=1", "_popup=1", "p=2", "_facets=True", "_to_field=id"])
def test_list_in_any_order_and_form_shows_nothing_of_another(a: World, b: World, label: str, query: str) -> None:
    status, text = member(a, "owner").read(f"{address(label)}?{query}")
    assert status < 500
    assert traces(text, b) == set()


# --- Choices ---
def _relations() -> list[Any]:
    """Each foreign key of each model that the staff admin may show: an autocomplete may be asked of all of them."""
    keys = [field for model in agency_models() for field in model._meta.concrete_fields]
    return [field for field in keys if isinstance(field, models.ForeignKey)]


@pytest.mark.parametrize("role", ["anonymous", "viewer", "editor", "owner"])
def test_autocomplete_offers_own_rows_alone(a: World, b: World, role: str) -> None:
    visitor = member(a, role)
    for field in _relations():
        meta = field.model._meta
        query = f"app_label={meta.app_label}&model_name={meta.model_name}&field_name={field.name}"
        for term in ("", "cnry", "birch") if role == "owner" else ("",):
            status, text = visitor.read(f"/admin/autocomplete/?{query}&term={term}")
            assert status in ((200, 403, 404) if role != "anonymous" else (302,)), query
            assert traces(text, b, echoed=(f"term={term}",)) == set(), query


def test_autocomplete_offers_ones_own_homes(a: World, b: World) -> None:
    query = "app_label=properties&model_name=knowledgeentry&field_name=property&term="
    status, text = member(a, "editor").read(f"/admin/autocomplete/?{query}")
    assert status == 200
    results = json.loads(text[text.index('{"results"') :])["results"]
    assert {result["id"] for result in results} == {str(key) for key in a.keys(Property)}


@pytest.mark.parametrize("label", STAFF)
@pytest.mark.parametrize("verb", ["add", "change"])
def test_form_offers_own_rows_alone(a: World, b: World, label: str, verb: str) -> None:
    """Also when the address asks it to begin with another's rows."""
    owner = member(a, "owner")
    fields = [field.name for field in apps.get_model(label)._meta.concrete_fields]
    keys = {name: _parent_key_of(b, label, name) for name in fields}
    query = "&".join(f"{name}={key}" for name, key in keys.items() if key)
    path = address(label, "add/" if verb == "add" else f"{staff_key(a, label)}/change/")
    status, text = owner.read(f"{path}?{query}")
    assert status in (200, 403)
    assert traces(text, b, echoed=(query,)) == set()


def _parent_key_of(world: World, label: str, name: str) -> Any:
    (field,) = get_fields_from_path(apps.get_model(label), name)
    return _parent_key(world, field) if isinstance(field, models.ForeignKey) else None


def test_form_of_a_home_offers_rooms_of_that_agency(a: World, b: World) -> None:
    text = member(a, "owner").read(f"/admin/properties/property/{a.draft.pk}/change/")[1]
    with agency_scope(a.agency):
        own = Room.objects.filter(property=a.draft)[0]
        assert f'<option value="{own.pk}"' in text
    assert traces(text, b) == set()


def test_visitor_reads_the_words_that_are_planted(a: World) -> None:
    """The net is not torn: what is shown is found."""
    text = Visitor("/alder").read(f"/{a.only.slug}/")[1]
    assert {word.split("-")[2] for word in found(text, a.agency) if word.startswith("cnry-")} >= {"property", "room"}


def test_autocomplete_refuses_a_nul_before_the_database_does(a: World, b: World) -> None:
    visitor = member(a, "owner")
    query = "app_label=chat&model_name=lead&field_name=property"
    assert visitor.read(f"/admin/autocomplete/?{query}&term=maple")[0] == 200
    assert visitor.read(f"/admin/autocomplete/?{query}&term=%00")[0] == 400
