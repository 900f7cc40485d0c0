from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.make import make_user
from tests.tenancy.world import World, make_world


@pytest.fixture(scope="package")
def world_media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def media_root(settings: Any, world_media: Path) -> Path:
    """One folder for all tests here: the worlds' pictures are in it."""
    settings.MEDIA_ROOT = world_media
    settings.ALLOWED_HOSTS = ["testserver", "alder.example", "birch.example", "cedar.example"]
    return world_media


@pytest.fixture(scope="package")
def worlds(django_db_setup: None, django_db_blocker: Any, world_media: Path) -> Iterator[tuple[World, World]]:
    """Alder and birch, made once: every test's own writes are rolled back around them."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=world_media), transaction.atomic():
        operator = make_user("operator@platform.example", is_staff=True, is_superuser=True)
        yield make_world("alder", operator), make_world("birch", operator)
        transaction.set_rollback(True)


@pytest.fixture
def a(worlds: tuple[World, World], db: None) -> World:
    return worlds[0]


@pytest.fixture
def b(worlds: tuple[World, World], db: None) -> World:
    return worlds[1]
