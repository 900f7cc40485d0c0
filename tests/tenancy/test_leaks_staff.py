"""As alder's people, every address with alder's ids and with birch's: no trace of birch; its rows are missing ones."""

import pytest

from agencies.models import AgencyEntry
from agencies.scope import agency_scope
from properties.models import Property
from tests.tenancy.canaries import found
from tests.tenancy.routes import STAFF, decided
from tests.tenancy.walk import Visitor, addresses_of, comparable, fixed_addresses, member, staff_key, traces
from tests.tenancy.world import World

ROLES = ["anonymous", "viewer", "editor", "owner"]
# Shown by the person's name; by what was said.
SHOWN_OTHERWISE = {"agencies.membership": "cnry-a-user", "chat.conversation": "cnry-a-message"}


@pytest.mark.parametrize("role", ROLES)
def test_own_addresses_show_nothing_of_another_agency(a: World, b: World, role: str) -> None:
    visitor = member(a, role)
    for path in [path for _, path in fixed_addresses()] + [here for _, here, _, _ in addresses_of(a)]:
        status, text = visitor.read(path)
        assert status < 500, path
        assert traces(text, b) == set(), path


@pytest.mark.parametrize("role", ROLES)
def test_row_of_another_agency_is_like_a_missing_one(a: World, b: World, role: str) -> None:
    visitor = member(a, role)
    for _, here, there, ids in addresses_of(b):
        answer = visitor.read(here)
        assert traces(answer[1], b, echoed=tuple(map(str, ids))) == set(), here
        assert comparable(answer, *ids) == comparable(visitor.read(there), *ids), here


def test_walk_calls_every_route(a: World) -> None:
    called = {name for name, _ in fixed_addresses()} | {name for name, *_ in addresses_of(a)} | {"staff:logout"}
    named = {name.split(" ")[0] for _, name in decided("config.urls_agency")}
    assert called == named


@pytest.mark.parametrize("label", STAFF)
def test_owner_reads_own_words_of_each_model(a: World, label: str) -> None:
    """The positive control: the words are there, and would be found."""
    app, model = label.split(".")
    owner = member(a, "owner")
    word = SHOWN_OTHERWISE.get(label, f"cnry-a-{model}-")
    status, text = owner.read(f"/admin/{app}/{model}/{staff_key(a, label)}/change/")
    assert status == 200
    assert any(each.startswith(word) for each in found(text, a.agency)), found(text, a.agency)


def test_anonymous_is_sent_to_the_login(a: World) -> None:
    nobody = member(a, "anonymous")
    for name, path in fixed_addresses():
        if name.startswith("staff:") and name not in ("staff:login", "staff:jsi18n"):
            assert nobody.read(path)[0] == 302, path


@pytest.mark.parametrize("role", ["viewer", "editor", "owner"])
def test_member_is_nobody_at_the_other_agency(a: World, b: World, role: str) -> None:
    own, other = member(a, role), member(a, role, at=b)
    assert own.read("/admin/")[0] == 200
    for path in [path for name, path in fixed_addresses() if name.startswith("staff:")]:
        status, text = other.read(path)
        assert found(text, b.agency) == set(), path
        assert status in (302, 404) or "login" in path or "jsi18n" in path, path
    for name, here, _, _ in addresses_of(b):
        if name.startswith("staff:"):
            status, text = other.read(here)
            assert (status, found(text, b.agency)) == (302, set()), here


def test_operator_in_one_agency_sees_nothing_of_another(a: World, b: World) -> None:
    operator = Visitor("/alder")
    operator.client.force_login(a.one(AgencyEntry).user)
    assert operator.read("/admin/")[0] == 302
    operator.read("/enter/", "post", {"reason": "A support call."})
    assert operator.read("/admin/")[0] == 200
    for _, here, there, ids in addresses_of(b):
        answer = operator.read(here)
        assert traces(answer[1], b, echoed=tuple(map(str, ids))) == set(), here
        assert comparable(answer, *ids) == comparable(operator.read(there), *ids), here
    operator.home = "/birch"
    assert operator.read("/admin/")[0] == 302  # the entry was for alder alone


def test_logout_is_of_the_session_alone(a: World) -> None:
    owner = member(a, "owner")
    assert owner.read("/admin/logout/", "post")[0] in (200, 302)
    assert owner.read("/admin/")[0] == 302


def test_search_of_the_menu_finds_own_rows_alone(a: World, b: World) -> None:
    owner = member(a, "owner")
    with agency_scope(b.agency):
        title = Property.objects.get(pk=b.only.pk).title
    assert found(owner.read(f"/admin/search/?s={a.only.title}")[1], a.agency)
    assert traces(owner.read(f"/admin/search/?s={title}")[1], b, echoed=(title,)) == set()
    assert traces(owner.read("/admin/search/?s=cnry")[1], b) == set()
    assert found(owner.read("/admin/search/?s=cnry")[1], a.agency)
