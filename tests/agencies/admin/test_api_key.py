import pytest

from agencies.models import Agency, ApiKey
from agencies.scope import agency_scope
from tests.agencies.staff import desk
from tests.make import make_agency

pytestmark = pytest.mark.django_db


def make_key(agency: Agency) -> ApiKey:
    with agency_scope(agency):
        key = ApiKey(name="feed", scopes=["properties:read"])
        key.new_token()
        key.save()
    return key


def test_row_of_another_agency_is_as_missing_as_one_that_is_not_there():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner = desk(alder)
    mine = make_key(alder)
    theirs = make_key(birch)
    for verb in ("change", "delete", "history"):
        name = f"staff:agencies_apikey_{verb}"
        there = owner.get(name, theirs.pk)
        assert there.status_code == owner.get(name, 10**6).status_code == (403 if verb == "delete" else 404)
    assert owner.get("staff:agencies_apikey_change", mine.pk).status_code == 200


def test_deed_needs_a_post_a_role_and_a_row_of_ones_own():
    alder, birch = make_agency("alder"), make_agency("birch")
    owner, editor = desk(alder), desk(alder, "editor")
    mine, theirs = make_key(alder), make_key(birch)
    name = "staff:agencies_apikey_do"
    assert owner.get(name, mine.pk, "revoke").status_code == 405
    assert editor.post(name, mine.pk, "revoke").status_code in (403, 404)
    assert owner.post(name, theirs.pk, "revoke").status_code == 404
    assert owner.post(name, mine.pk, "has_add_permission").status_code == 404
    assert owner.post(name, mine.pk, "revoke").status_code == 302
    with agency_scope(alder):
        assert ApiKey.objects.get().revoked_at is not None
    with agency_scope(birch):
        assert ApiKey.objects.get().revoked_at is None


def test_new_key_is_shown_once():
    agency = make_agency("alder")
    owner = desk(agency)
    response = owner.post("staff:agencies_apikey_add", data={"name": "feed", "scopes": ["chat:write"]})
    token = next(word for word in response.content.decode().split('"') if word.startswith("oh_"))
    key = ApiKey.resolve(token)
    assert key is not None
    assert key.scopes == ["chat:write"]
    assert token not in owner.text("staff:agencies_apikey_change", key.pk)
    assert "no-store" in response["Cache-Control"]


def test_key_needs_a_scope():
    agency = make_agency("alder")
    response = desk(agency).post("staff:agencies_apikey_add", data={"name": "feed"})
    assert response.context["adminform"].form.errors == {"scopes": ["This field is required."]}
