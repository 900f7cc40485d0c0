"""Every way to read a table: who is in scope sees its own rows, and with nothing in scope there is an error.

Alder has one home, birch has two; see tests/agencies/scene.py.
"""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.utils import NestedObjects
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Prefetch, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_list_or_404, get_object_or_404

from agencies.models import Agency
from agencies.scope import NoAgencyScope, agency_scope, every_agency
from properties.models import Property, Room
from tests.agencies.scene import Scene, make_scene

pytestmark = pytest.mark.django_db

# As a form or a filter has them: made when the module is imported, with nothing in scope.
HOMES = Property.objects.order_by("pk")
UNSORTED = Property.objects.order_by()
ROOMS = Room.objects.order_by("pk")
AGENCIES = Agency.objects.order_by("slug")

A, B = ["alder"], ["birch", "birch"]


def words(homes: Any) -> list[str]:
    return [home.public_remarks for home in homes]


def locked() -> list[str]:
    with transaction.atomic():
        return words(HOMES.select_for_update())


def from_pickled_query() -> list[str]:
    homes = UNSORTED.all()
    homes.query = pickle.loads(pickle.dumps(homes.query))  # noqa: S301
    return words(homes.order_by("pk"))


def rooms_by_prefetch(lookup: Any) -> list[str]:
    return [room.property.public_remarks for home in HOMES.prefetch_related(lookup) for room in home.rooms.all()]


def taken_along() -> list[str]:
    """What the admin's delete page lists."""
    collector = NestedObjects(using="default", origin=HOMES)
    collector.collect(HOMES.all())
    return sorted(words(collector.data[Property]))


def row(name: str, read: Callable[[], Any], in_alder: Any = A, in_birch: Any = B) -> Any:
    return pytest.param(read, in_alder, in_birch, id=name)


ROWS = [
    row("list", lambda: words(list(HOMES))),
    row("for", lambda: [home.public_remarks for home in HOMES.all()]),
    row("default manager", lambda: words(Property._default_manager.order_by("pk"))),
    row("base manager", lambda: words(Property._base_manager.order_by("pk"))),
    row("len", lambda: len(HOMES.all()), 1, 2),
    row("bool", lambda: bool(HOMES.filter(slug="second")), False, True),
    row("index", lambda: HOMES.all()[0].public_remarks, "alder", "birch"),
    row("slice", lambda: words(HOMES.all()[:5])),
    row("slice with a step", lambda: words(HOMES.all()[0:9:1])),
    row("count", lambda: HOMES.count(), 1, 2),
    row("count of a slice", lambda: HOMES.all()[:9].count(), 1, 2),
    row("exists", lambda: HOMES.filter(slug="second").exists(), False, True),
    row("aggregate", lambda: HOMES.aggregate(x=Max("public_remarks")), {"x": "alder"}, {"x": "birch"}),
    row("aggregate of distinct", lambda: HOMES.distinct().aggregate(n=Count("pk")), {"n": 1}, {"n": 2}),
    row("annotate", lambda: list(HOMES.annotate(n=Count("rooms")).values_list("n", flat=True)), [1], [1, 0]),
    row(
        "group by",
        lambda: list(UNSORTED.values_list("public_remarks").annotate(Count("pk"))),
        [("alder", 1)],
        [("birch", 2)],
    ),
    row("having", lambda: words(HOMES.annotate(n=Count("rooms")).filter(n__gte=0))),
    row("window", lambda: list(HOMES.annotate(n=Window(RowNumber())).values_list("n", flat=True)), [1], [1, 2]),
    row("iterator", lambda: words(HOMES.iterator())),
    row("iterator in chunks", lambda: words(HOMES.iterator(chunk_size=1))),
    row("first", lambda: words([HOMES.first()]), ["alder"], ["birch"]),
    row("last", lambda: words([HOMES.last()]), ["alder"], ["birch"]),
    row("earliest", lambda: words([HOMES.earliest("pk")]), ["alder"], ["birch"]),
    row("latest", lambda: words([HOMES.latest("pk")]), ["alder"], ["birch"]),
    row("get", lambda: words([HOMES.get(slug="twin-house")]), ["alder"], ["birch"]),
    row("in_bulk", lambda: words(HOMES.in_bulk().values())),
    row("dates", lambda: len(HOMES.filter(slug="second").dates("modification_timestamp", "year")), 0, 1),
    row("datetimes", lambda: len(HOMES.filter(slug="second").datetimes("modification_timestamp", "day")), 0, 1),
    row("values", lambda: [each["public_remarks"] for each in HOMES.values("public_remarks")]),
    row("values_list", lambda: list(HOMES.values_list("public_remarks", flat=True))),
    row("named values_list", lambda: words(HOMES.values_list("public_remarks", named=True))),
    row(
        "distinct",
        lambda: list(UNSORTED.values_list("title").distinct().order_by("title")),
        [("Twin house",)],
        [("Second",), ("Twin house",)],
    ),
    row("exclude", lambda: words(HOMES.exclude(title=""))),
    row("Q or Q", lambda: words(HOMES.filter(~Q(title="") | Q(pk__gt=0)))),
    row("only", lambda: words(HOMES.only("title"))),
    row("defer", lambda: words(HOMES.defer("agency", "public_remarks"))),
    row("alias", lambda: words(HOMES.alias(name=F("title")).exclude(name=""))),
    row("extra", lambda: words(HOMES.extra(where=["1=1 OR 1=1"]))),
    row("explain", lambda: bool(HOMES.explain()), True, True),
    row("or", lambda: words(HOMES.filter(pk=0) | HOMES.exclude(pk=0))),
    row("and", lambda: words(HOMES.exclude(pk=0) & HOMES.exclude(title=""))),
    row("xor", lambda: words(HOMES.filter(pk=0) ^ HOMES.exclude(pk=0))),
    row("union", lambda: words(UNSORTED.filter(pk=0).union(UNSORTED).order_by("pk"))),
    row("union all", lambda: UNSORTED.union(UNSORTED, all=True).count(), 2, 4),
    row("intersection", lambda: words(UNSORTED.intersection(UNSORTED.exclude(pk=0)).order_by("pk"))),
    row("difference", lambda: words(UNSORTED.difference(UNSORTED.filter(pk=0)).order_by("pk"))),
    row("select_for_update", locked),
    row("subquery", lambda: words(HOMES.filter(pk__in=UNSORTED.values("pk")))),
    row(
        "subquery of another table", lambda: words(HOMES.filter(pk__in=ROOMS.values("property"))), ["alder"], ["birch"]
    ),
    row(
        "agencies by subquery",
        lambda: [str(each) for each in AGENCIES.filter(pk__in=ROOMS.values("agency"))],
        ["Alder"],
        ["Birch"],
    ),
    row(
        "agencies by Exists",
        lambda: [str(each) for each in AGENCIES.filter(Exists(ROOMS.filter(agency=OuterRef("pk"))))],
        ["Alder"],
        ["Birch"],
    ),
    row(
        "agencies by Subquery",
        lambda: [
            each.word
            for each in AGENCIES.annotate(
                word=Subquery(HOMES.filter(agency=OuterRef("pk")).values("public_remarks")[:1])
            )
        ],
        ["alder", None],
        [None, "birch"],
    ),
    row(
        "FilteredRelation",
        lambda: (
            HOMES.annotate(kitchen=FilteredRelation("rooms", condition=Q(rooms__key="kitchen")))
            .filter(kitchen__isnull=False)
            .count()
        ),
        1,
        1,
    ),
    row("filter over a join", lambda: words(HOMES.filter(rooms__key="kitchen")), ["alder"], ["birch"]),
    row("exclude over a join", lambda: words(HOMES.exclude(rooms__key="kitchen")), [], ["birch"]),
    row(
        "select_related",
        lambda: words(room.property for room in ROOMS.select_related("property")),
        ["alder"],
        ["birch"],
    ),
    row(
        "select_related in reverse",
        lambda: [str(home.private) for home in HOMES.select_related("private")[:1]],
        ["Private record of Twin house"],
        ["Private record of Twin house"],
    ),
    row("prefetch_related", lambda: rooms_by_prefetch("rooms"), ["alder"], ["birch"]),
    row(
        "Prefetch of a class-level queryset",
        lambda: rooms_by_prefetch(Prefetch("rooms", queryset=ROOMS)),
        ["alder"],
        ["birch"],
    ),
    row(
        "serialize", lambda: [each["fields"]["public_remarks"] for each in serializers.serialize("python", HOMES.all())]
    ),
    row("pickled rows", lambda: words(pickle.loads(pickle.dumps(HOMES.all())))),  # noqa: S301
    row("pickled query", from_pickled_query),
    row("deepcopy", lambda: words(copy.deepcopy(HOMES))),
    row("paginator", lambda: words(Paginator(HOMES.all(), 5).page(1))),
    row("get_list_or_404", lambda: words(get_list_or_404(HOMES))),
    row("get_object_or_404", lambda: words([get_object_or_404(Property, slug="twin-house")]), ["alder"], ["birch"]),
    row(
        "content type",
        lambda: ContentType.objects.get_for_model(Property).get_all_objects_for_this_type().count(),
        1,
        2,
    ),
    row("delete page", taken_along),
]


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.mark.parametrize(("read", "in_alder", "in_birch"), ROWS)
def test_read_sees_the_rows_of_the_scope(scene: Scene, read: Any, in_alder: Any, in_birch: Any) -> None:
    with pytest.raises(NoAgencyScope):
        read()
    with agency_scope(scene.a.agency):
        assert read() == in_alder
    with agency_scope(scene.b.agency):
        assert read() == in_birch
    with pytest.raises(NoAgencyScope):
        read()


def test_raw_is_refused_in_every_scope(scene: Scene) -> None:
    with agency_scope(scene.a.agency), pytest.raises(NoAgencyScope):
        Property.objects.raw("SELECT * FROM properties_property")
    with every_agency("a test"), pytest.raises(NoAgencyScope):
        HOMES.raw("SELECT * FROM properties_property")


def test_every_agency_sees_all_rows(scene: Scene) -> None:
    with every_agency("a test"):
        assert words(HOMES) == [*A, *B]


def test_queryset_is_bound_when_it_runs(scene: Scene) -> None:
    with agency_scope(scene.a.agency):
        homes = HOMES.exclude(pk=0)
    with agency_scope(scene.b.agency):
        assert words(homes) == B


def test_fetched_rows_are_not_shown_in_another_scope(scene: Scene) -> None:
    homes = HOMES.all()
    with agency_scope(scene.a.agency):
        assert words(homes) == A
    with agency_scope(scene.b.agency):
        assert (len(homes), words(homes)) == (2, B)
        assert homes.exists()
    with pytest.raises(NoAgencyScope):
        len(homes)


def test_fetched_rows_are_fetched_once_in_their_scope(scene: Scene, django_assert_num_queries: Any) -> None:
    homes = HOMES.prefetch_related("rooms")
    with agency_scope(scene.a.agency), django_assert_num_queries(2):
        assert (words(homes), len(homes), homes.count()) == (A, 1, 1)
        assert [len(home.rooms.all()) for home in homes] == [1]
