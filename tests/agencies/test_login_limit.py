import logging
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from agencies.logins import client_address
from agencies.models import Agency, Invitation
from agencies.scope import agency_scope
from tests.make import PASSWORD, make_agency, make_member, make_user

pytestmark = pytest.mark.django_db
STAFF, PLATFORM = "/alder/admin/login/", "/admin/login/"
LIMIT = 5
LOCKED = "Too many attempts to log in to this account have failed. Wait 15 minutes, then try again."


@pytest.fixture
def person():
    return make_member(make_agency("alder"), "owner", "ann@alder.example")


@pytest.fixture
def operator():
    return make_user("operator@platform.example", is_staff=True, is_superuser=True)


def log_in(page: str, email: str, password: str = PASSWORD, address: str = "192.0.2.7", client: Any = None) -> Any:
    """As a worker of its own would see it: nothing is kept in memory between two logins."""
    cache.clear()
    return (client or Client()).post(page, {"username": email, "password": password}, REMOTE_ADDR=address)


def fail(page: str, email: str, times: int = LIMIT, **options: Any) -> list[int]:
    return [log_in(page, email, "wrong", **options).status_code for _ in range(times)]


def let_pass(**time: float) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**time))


@pytest.mark.parametrize(("page", "email"), [(STAFF, "ann@alder.example"), (PLATFORM, "operator@platform.example")])
def test_after_five_failures_one_is_told_to_wait(person, operator, page, email):
    assert fail(page, email) == [200, 200, 200, 200, 429]
    refused = log_in(page, email)
    assert (refused.status_code, LOCKED in refused.content.decode()) == (429, True)
    assert 0 < int(refused["Retry-After"]) <= 900
    let_pass(minutes=15)
    assert log_in(page, email).status_code == 302


@pytest.mark.parametrize(("page", "email"), [(STAFF, "ann@alder.example"), (PLATFORM, "operator@platform.example")])
def test_four_failures_and_a_success_begin_anew(person, operator, page, email):
    for _ in range(3):
        fail(page, email, LIMIT - 1)
        assert log_in(page, email).status_code == 302


def test_both_sites_count_together(operator):
    make_agency("alder")
    fail(STAFF, operator.email, 3)
    assert fail(PLATFORM, operator.email, 2) == [200, 429]


def test_other_accounts_and_other_addresses_go_on(person):
    fail(STAFF, person.email)
    other = make_member(Agency.objects.get(), "editor", "bob@alder.example")
    assert log_in(STAFF, other.email).status_code == 302
    assert log_in(STAFF, person.email, address="192.0.2.8").status_code == 302
    assert log_in(STAFF, person.email).status_code == 429


@pytest.mark.parametrize("spelling", ["ANN@ALDER.example", " ann@alder.example "])
def test_other_spellings_are_the_same_account(person, spelling):
    assert log_in(STAFF, spelling).status_code == 302
    fail(STAFF, person.email, LIMIT - 1)
    assert log_in(STAFF, spelling, "wrong").status_code == 429


def test_account_that_does_not_exist_is_treated_alike(person):
    assert fail(STAFF, "nobody@alder.example") == [200, 200, 200, 200, 429]


def test_attempts_meanwhile_do_not_lengthen_the_wait(person):
    fail(STAFF, person.email)
    let_pass(minutes=14, seconds=1)
    refused = log_in(STAFF, person.email)
    assert "Wait a minute, then try again." in refused.content.decode()
    assert 0 < int(refused["Retry-After"]) <= 59
    let_pass(minutes=1)
    assert log_in(STAFF, person.email).status_code == 302


def test_changing_the_browsers_name_does_not_help(person):
    clients = [Client(headers={"user-agent": f"Browser {number}"}) for number in range(LIMIT)]
    assert [log_in(STAFF, person.email, "wrong", client=each).status_code for each in clients][-1] == 429


def test_limit_and_wait_are_settings(person, settings):
    settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME = 2, timedelta(minutes=3)
    assert fail(STAFF, person.email, 2) == [200, 429]
    assert "Wait 3 minutes" in log_in(STAFF, person.email).content.decode()


def test_invitation_is_no_way_round(person, caplog):
    """And its secret, which stands in the page's path, is neither stored nor logged."""
    caplog.set_level(logging.DEBUG)
    birch = make_agency("birch")
    with agency_scope(birch):
        invitation = Invitation(email=person.email, role="viewer")
        token = invitation.renew()
        invitation.save()
    answers = [Client().post(f"/birch/join/{token}/", {"password": "wrong"}) for _ in range(LIMIT)]
    assert [LOCKED in answer.content.decode() for answer in answers] == [False] * 4 + [True]
    assert LOCKED in Client().post(f"/birch/join/{token}/", {"password": PASSWORD}).content.decode()
    (attempt,) = AccessAttempt.objects.values()
    assert (attempt["username"], attempt["failures_since_start"]) == (person.email, LIMIT)
    assert token not in str(attempt) + caplog.text
    assert person.email not in caplog.text
    let_pass(minutes=15)
    assert Client().post(f"/birch/join/{token}/", {"password": PASSWORD}).status_code == 302


def test_nothing_that_was_posted_is_kept(person):
    for _ in range(2):
        Client().post(STAFF + "?next=/x", {"username": person.email, "password": "s3cret", "more": "s3cret"})
    attempt = AccessAttempt.objects.values().get()
    assert attempt["failures_since_start"] == 2
    assert [attempt[name] for name in ("get_data", "post_data", "path_info", "http_accept")] == [""] * 4


@pytest.mark.parametrize(
    ("is_behind_proxy", "remote", "forwarded", "address"),
    [
        (False, "192.0.2.7", "", "192.0.2.7"),
        (False, "192.0.2.7", "198.51.100.9", "192.0.2.7"),
        (True, "10.0.0.1", "198.51.100.9", "198.51.100.9"),
        (True, "10.0.0.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (True, "10.0.0.1", "unknown", None),
        (False, "", "", None),
        (False, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::"),
        (False, "2001:db8:1:2:bbbb::2", "", "2001:db8:1:2::"),
        (False, "fe80::1%eth0", "", "fe80::"),
        (False, "::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_address_is_the_visitors_own(rf, settings, is_behind_proxy, remote, forwarded, address):
    settings.IS_BEHIND_PROXY = is_behind_proxy
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address(rf.get("/", REMOTE_ADDR=remote, headers=headers)) == address


def test_login_from_no_address_is_counted_too(person):
    assert fail(STAFF, person.email, address="") == [200, 200, 200, 200, 429]
