"""As alder's owner, every staff form and button aimed at birch's rows: refused, and birch is as it was."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models.fields.files import FieldFile

from agencies.models import Agency, User
from agencies.scope import agency_scope, every_agency
from agencies.staff_site import staff_site
from agencies.tenancy import agency_models, mixed_rows
from properties.models import KnowledgeEntry, Media, Property, Room
from tests.agencies.staff import form_data
from tests.make_properties import make_knowledge, make_photo, make_property, make_room
from tests.tenancy.routes import STAFF
from tests.tenancy.walk import MISSING_KEY, Visitor, comparable, member, staff_key, traces
from tests.tenancy.world import World


def everything_of(world: World) -> Any:
    """All rows of an agency, its own included, and its people's."""
    with every_agency("a test compares before and after"):
        rows = {
            m.__name__: list(m.objects.filter(agency=world.agency).order_by("pk").values()) for m in agency_models()
        }
    people = User.objects.filter(pk__in=[user.pk for user in world.users.values()]).order_by("pk")
    return (
        rows,
        list(Agency.objects.filter(pk=world.agency.pk).values()),
        list(people.values("email", "is_active", "password")),
    )


def deeds_of(label: str) -> list[str]:
    return [deed.name for deed in getattr(staff_site._registry[apps.get_model(label)], "deeds", ())]


def actions_of(label: str) -> list[str]:
    return [str(name) for name in staff_site._registry[apps.get_model(label)].actions or ()]


@pytest.mark.parametrize("label", STAFF)
def test_post_at_another_agencys_row_is_like_at_a_missing_one(a: World, b: World, label: str) -> None:
    before, owner, path = everything_of(b), member(a, "owner"), f"/admin/{label.replace('.', '/')}"
    key = staff_key(b, label)
    data = form_at(a, owner, f"{path}/{staff_key(a, label)}/change/") | {"post": "yes"}
    for verb in ["change", "delete", "history", *[f"do/{deed}" for deed in deeds_of(label)], "photos"]:
        answer = owner.read(f"{path}/{key}/{verb}/", "post", data)
        missing = owner.read(f"{path}/{MISSING_KEY}/{verb}/", "post", data)
        assert comparable(answer, key, MISSING_KEY) == comparable(missing, key, MISSING_KEY), verb
        assert answer[0] in (302, 403, 404), verb
        assert traces(answer[1], b) == set()
    assert everything_of(b) == before


def form_at(a: World, owner: Visitor, path: str) -> dict[str, Any]:
    """What alder's own form at this address would send."""
    response = owner.client.get(f"/alder{path}")
    with agency_scope(a.agency):
        data = form_data(response)
    return {name: value for name, value in data.items() if not isinstance(value, FieldFile)}


def plain_home(a: World) -> Property:
    """A draft whose form saves as it is: planted words are not always what a field takes."""
    home = make_property(a.agency, "Plain house")
    room = make_room(home)
    make_knowledge(home, room=room)
    make_photo(home)
    return home


@pytest.mark.parametrize("label", STAFF)
def test_action_on_another_agencys_rows_touches_none(a: World, b: World, label: str) -> None:
    before, owner = everything_of(b), member(a, "owner")
    model = apps.get_model(label)
    keys = b.keys(model) if label != "agencies.agency" else [b.agency.pk]
    for action in [*actions_of(label), "delete_selected"]:
        for everywhere in ("0", "1"):
            data = {
                "action": action,
                "_selected_action": keys,
                "select_across": everywhere,
                "post": "yes",
                "index": "0",
            }
            status, text = owner.read(f"/admin/{label.replace('.', '/')}/", "post", data)
            assert status < 500
            assert traces(text, b) == set()
    assert everything_of(b) == before


def test_action_works_on_own_rows(a: World) -> None:
    """The positive control."""
    keys = a.keys(apps.get_model("chat.Lead"))
    data = {"action": "mark_closed", "_selected_action": keys, "index": "0"}
    assert member(a, "owner").read("/admin/chat/lead/", "post", data)[0] == 302
    assert a.one(apps.get_model("chat.Lead")).status == "closed"


@pytest.mark.parametrize("of", ["a", "b"])
def test_new_row_hangs_on_own_home_alone(a: World, b: World, of: str) -> None:
    home = {"a": a, "b": b}[of].only
    data = {"property": home.pk, "question": "Whose?", "answer": "Mine.", "category": "other", "source": "agency"}
    data |= {"audience": "public", "order": "0"}
    status, text = member(a, "owner").read("/admin/properties/knowledgeentry/add/", "post", data)
    with every_agency("a test"):
        made = KnowledgeEntry.objects.filter(question="Whose?").values_list("agency_id", "property_id")
        assert list(made) == ([(a.agency.pk, home.pk)] if of == "a" else [])
    assert status == (302 if of == "a" else 200)
    assert traces(text, b) == set()


@pytest.mark.parametrize("field", ["agency", "agency_id", "published_by", "public_id"])
def test_field_that_no_form_has_is_not_taken(a: World, b: World, field: str) -> None:
    owner = member(a, "owner")
    path = f"/admin/properties/knowledgeentry/{a.one(KnowledgeEntry).pk}/change/"
    data = form_at(a, owner, path) | {field: b.agency.pk, "answer": "Changed."}
    assert owner.read(path, "post", data)[0] == 302
    entry = a.one(KnowledgeEntry)
    assert (entry.agency_id, entry.answer) == (a.agency.pk, "Changed.")


@pytest.mark.parametrize("model", [Room, KnowledgeEntry, Media])
def test_inline_row_of_another_agency_is_not_taken(a: World, b: World, model: Any) -> None:
    before, owner = everything_of(b), member(a, "owner")
    path = f"/admin/properties/property/{plain_home(a).pk}/change/"
    data = form_at(a, owner, path)
    prefix = next(name for name in data if name.endswith("-TOTAL_FORMS") and name.split("-")[0] in _prefixes(model))
    prefix = prefix.removesuffix("-TOTAL_FORMS")
    for delete in ("", "on"):
        tampered = {f"{prefix}-0-id": b.keys(model)[0], f"{prefix}-0-DELETE": delete}
        status, text = owner.read(path, "post", data | tampered)
        assert status < 500
        assert traces(text, b) == set()
    assert everything_of(b) == before
    assert mixed_rows() == []


def _prefixes(model: Any) -> set[str]:
    names = {rel.get_accessor_name() for rel in Property._meta.related_objects if rel.related_model is model}
    return {str(name) for name in names}


def test_home_form_saves_own_rows(a: World) -> None:
    """The positive control of the inlines: the form that the tests tamper with is one that saves."""
    owner, home = member(a, "owner"), plain_home(a)
    path = f"/admin/properties/property/{home.pk}/change/"
    data = form_at(a, owner, path) | {"public_remarks": "New words."}
    response = owner.client.post(f"/alder{path}", data)
    with agency_scope(a.agency):
        assert response.status_code == 302, _errors(response)
        assert Property.objects.get(pk=home.pk).public_remarks == "New words."


def _errors(response: Any) -> Any:
    forms = [formset.formset for formset in response.context["inline_admin_formsets"]]
    return response.context["adminform"].form.errors, [form.errors for form in forms]


def test_history_that_the_admin_wrote_of_others_stays_theirs(a: World, b: World) -> None:
    """Log entries belong to no agency: no staff page lists them beyond one own row's."""
    assert LogEntry.objects.filter(object_repr__startswith="cnry-b-log").exists()
    owner = member(a, "owner")
    for label in STAFF:
        text = owner.read(f"/admin/{label.replace('.', '/')}/{staff_key(a, label)}/history/")[1]
        assert "cnry-b-log" not in text
    assert "cnry-a-log-property" in owner.read(f"/admin/properties/property/{a.keys(Property)[0]}/history/")[1]
