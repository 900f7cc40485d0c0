"""Entering and leaving: nesting, errors, threads, generators."""

import contextvars
import threading
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest

from agencies.models import Agency
from agencies.scope import (
    NoAgencyScope,
    agency_scope,
    current_agency_id,
    every_agency,
    outside_agencies,
    scope_label,
)
from tests.make import make_agency

pytestmark = pytest.mark.django_db


@pytest.fixture
def alder() -> Agency:
    return make_agency("alder")


@pytest.fixture
def birch() -> Agency:
    return make_agency("birch")


@pytest.mark.parametrize(
    "wrong",
    [None, 1, "alder", Agency(slug="unsaved"), SimpleNamespace(pk=None), every_agency],
    ids=["nothing", "a key", "a slug", "an unsaved agency", "something else", "a function"],
)
def test_scope_takes_a_saved_agency_alone(wrong: Any) -> None:
    with pytest.raises(NoAgencyScope), agency_scope(wrong):
        pytest.fail("entered")


def test_every_agency_wants_a_reason_and_logs_it(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NoAgencyScope), every_agency(" "):
        pytest.fail("entered")
    with caplog.at_level("INFO"), every_agency("rotate the keys"):
        assert scope_label() == "*"
    assert "rotate the keys" in caplog.text


def test_every_agency_is_not_one_agency() -> None:
    with every_agency("a test"), pytest.raises(NoAgencyScope):
        current_agency_id()


def test_scope_is_restored_after_nesting(alder: Agency, birch: Agency) -> None:
    assert scope_label() == "-"
    with agency_scope(alder):
        with agency_scope(birch):
            assert current_agency_id() == birch.pk
        assert current_agency_id() == alder.pk
        with outside_agencies(), pytest.raises(NoAgencyScope):
            current_agency_id()
        assert current_agency_id() == alder.pk
    assert scope_label() == "-"


def test_scope_is_left_after_an_error(alder: Agency) -> None:
    with pytest.raises(ZeroDivisionError), agency_scope(alder):
        raise ZeroDivisionError
    assert scope_label() == "-"


def test_plain_thread_starts_outside(alder: Agency) -> None:
    seen: list[str] = []
    with agency_scope(alder):
        thread = threading.Thread(target=lambda: seen.append(scope_label()))
        thread.start()
        thread.join()
        inside = contextvars.copy_context()
        copied = threading.Thread(target=lambda: inside.run(lambda: seen.append(scope_label())))
        copied.start()
        copied.join()
    assert seen == ["-", str(alder.pk)]


def stream(agency: Agency) -> Generator[str, None, None]:
    with agency_scope(agency):
        yield scope_label()
        yield scope_label()


def test_generator_closed_in_another_context_leaves_that_one_alone(alder: Agency, birch: Agency) -> None:
    with agency_scope(birch):
        parts = stream(alder)
        contextvars.copy_context().run(next, parts)
    with agency_scope(alder):
        parts.close()  # must not bring back birch, which was in scope where it was opened
        assert current_agency_id() == alder.pk
    assert scope_label() == "-"


def test_generator_closed_out_of_turn_leaves_nothing_behind(alder: Agency, birch: Agency) -> None:
    parts = stream(alder)
    next(parts)
    with agency_scope(birch):
        parts.close()
        assert current_agency_id() == birch.pk
    assert scope_label() == "-"
