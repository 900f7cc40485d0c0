"""The asynchronous doors to the same rows, and agencies side by side in one event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db.models import Count, Prefetch, aprefetch_related_objects
from django.shortcuts import aget_list_or_404, aget_object_or_404

from agencies.models import Agency
from agencies.scope import NoAgencyScope, agency_scope
from properties.models import Property, Room
from tests.agencies.scene import Scene, make_scene

pytestmark = pytest.mark.django_db

HOMES = Property.objects.order_by("pk")
ROOMS = Room.objects.all()
A, B = ["alder"], ["birch", "birch"]


async def words(homes: Any) -> list[str]:
    return [home.public_remarks async for home in homes]


async def word(home: Awaitable[Any]) -> list[str]:
    return [(await home).public_remarks]


async def in_thread() -> list[str]:
    return await sync_to_async(lambda: [home.public_remarks for home in HOMES])()


async def of_task() -> list[str]:
    return await asyncio.create_task(words(HOMES.all()))


async def rooms(lookup: Any) -> list[str]:
    return [room.property.public_remarks async for home in HOMES.prefetch_related(lookup) for room in home.rooms.all()]


async def rooms_after() -> list[str]:
    homes = [home async for home in HOMES.filter(slug="twin-house")]
    await aprefetch_related_objects(homes, "rooms")
    return [room.property.public_remarks for home in homes for room in home.rooms.all()]


async def in_bulk() -> list[str]:
    return [home.public_remarks for home in (await HOMES.ain_bulk()).values()]


async def listed() -> list[str]:
    return [home.public_remarks for home in await aget_list_or_404(HOMES)]


async def explained() -> bool:
    return bool(await HOMES.aexplain())


async def values() -> list[Any]:
    return [each async for each in HOMES.values_list("public_remarks", flat=True)]


def row(name: str, read: Callable[[], Awaitable[Any]], in_alder: Any = A, in_birch: Any = B) -> Any:
    return pytest.param(read, in_alder, in_birch, id=name)


ONE = (["alder"], ["birch"])
ROWS = [
    row("async for", lambda: words(HOMES.all())),
    row("async for over exclude", lambda: words(HOMES.exclude(pk=0))),
    row("async for over a union", lambda: words(HOMES.order_by().union(HOMES.order_by()).order_by("pk"))),
    row("async for over values", values),
    row("aiterator", lambda: words(HOMES.aiterator())),
    row("aiterator over exclude", lambda: words(HOMES.exclude(title="").aiterator(chunk_size=1))),
    row("aexists", lambda: HOMES.filter(slug="second").aexists(), False, True),
    row("acount", lambda: HOMES.acount(), 1, 2),
    row("aaggregate", lambda: HOMES.aaggregate(n=Count("pk")), {"n": 1}, {"n": 2}),
    row("aget", lambda: word(HOMES.aget(slug="twin-house")), *ONE),
    row("afirst", lambda: word(HOMES.afirst()), *ONE),
    row("alast", lambda: word(HOMES.alast()), *ONE),
    row("aearliest", lambda: word(HOMES.aearliest("pk")), *ONE),
    row("alatest", lambda: word(HOMES.alatest("pk")), *ONE),
    row("ain_bulk", in_bulk),
    row("aexplain", explained, True, True),
    row("aget_object_or_404", lambda: word(aget_object_or_404(HOMES, slug="twin-house")), *ONE),
    row("aget_list_or_404", listed),
    row("prefetch_related", lambda: rooms("rooms__property"), *ONE),
    row("Prefetch", lambda: rooms(Prefetch("rooms", queryset=ROOMS.select_related("property"))), *ONE),
    row("aprefetch_related_objects", rooms_after, *ONE),
    row("sync_to_async", in_thread),
    row("task", of_task),
]


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.mark.parametrize(("read", "in_alder", "in_birch"), ROWS)
def test_async_read_sees_the_rows_of_the_scope(scene: Scene, read: Any, in_alder: Any, in_birch: Any) -> None:
    @async_to_sync
    async def check() -> None:
        with pytest.raises(NoAgencyScope):
            await read()
        with agency_scope(scene.a.agency):
            assert await read() == in_alder
        with agency_scope(scene.b.agency):
            assert await read() == in_birch

    check()


def test_arefresh_and_acontains_stay_in_scope(scene: Scene) -> None:
    @async_to_sync
    async def check() -> None:
        with pytest.raises(NoAgencyScope):
            await HOMES.acontains(scene.a.home)
        with agency_scope(scene.a.agency):
            assert await HOMES.acontains(scene.a.home)
            await scene.a.home.arefresh_from_db()
        with agency_scope(scene.b.agency):
            assert not await HOMES.acontains(scene.a.home)
            with pytest.raises(Property.DoesNotExist):
                await scene.a.home.arefresh_from_db()

    check()


def test_agencies_side_by_side_see_their_own_rows(scene: Scene) -> None:
    async def visit(agency: Agency) -> list[str]:
        with agency_scope(agency):
            seen = await words(HOMES.all())
            for _ in range(5):
                await asyncio.sleep(0)
                seen = await words(HOMES.exclude(pk=0))
            return seen

    @async_to_sync
    async def check() -> None:
        visits = [visit(side.agency) for side in (scene.a, scene.b)] * 1
        visits += [visit(side.agency) for side in (scene.b, scene.a)]
        assert await asyncio.gather(*visits) == [A, B, B, A]
        with pytest.raises(NoAgencyScope):
            await HOMES.acount()

    check()


def test_task_keeps_the_scope_it_was_born_in(scene: Scene) -> None:
    @async_to_sync
    async def check() -> None:
        with agency_scope(scene.a.agency):
            task = asyncio.create_task(_later())
        with agency_scope(scene.b.agency):
            assert await task == A

    check()


async def _later() -> list[str]:
    await asyncio.sleep(0.01)
    return await words(HOMES.all())
