"""REST: the published homes of the key's agency, to read."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.db.models import OuterRef, Prefetch, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.http import http_date
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.middleware import AgencyRequest
from agencies.models import ApiKey

from . import api_examples
from .conditional import ConditionalReads, last_change
from .cursor import read_page
from .facts import fact_sheet
from .filters import FactsQuery, KnowledgeQuery, NoQuery, PropertyQuery, find
from .models import KnowledgeEntry, Media, OpenHouse, Property, Room
from .serializers import (
    FactSheetSerializer,
    KnowledgePageSerializer,
    KnowledgeSerializer,
    PropertyDetailSerializer,
    PropertyPageSerializer,
    PropertySerializer,
)


class PropertyViewSet(ConditionalReads, viewsets.GenericViewSet[Property]):
    """Another agency's home, a draft and a missing one are the same 404."""

    queryset = Property.objects.none()
    serializer_class = PropertyDetailSerializer
    lookup_field = "public_id"
    http_method_names = ["get", "head", "options"]
    required_scopes = {
        "list": "properties:read",
        "retrieve": "properties:read",
        "facts": "properties:read",
        "knowledge": "knowledge:read",
    }

    @extend_schema(
        summary="List homes",
        description=(
            "The published homes, a page at a time; follow `next` until it is null. Without `updated_after` the "
            "order is that of creation and never changes. With it, the oldest change comes first: keep the largest "
            "`modification_timestamp` that you saw for the next time. A home that is no longer published is not "
            "listed any more, and answers 404."
        ),
        parameters=[PropertyQuery],
        responses=PropertyPageSerializer,
    )
    def list(self, request: Request) -> Response:
        asked = PropertyQuery.read(request)
        page = read_page(find(published().prefetch_related(shown_media()), asked), asked, request)
        homes = PropertySerializer(page.homes, many=True, context=self.get_serializer_context()).data
        return Response({"next": page.next, "previous": page.previous, "results": homes})

    @extend_schema(summary="Read a home", responses=PropertyDetailSerializer)
    def retrieve(self, request: Request, public_id: str) -> Response:
        """All that may be shown of one home, with its rooms, pictures and the open houses to come."""
        NoQuery.read(request)
        home = self.get_home(public_id, shown_media(), shown_rooms(), open_houses_to_come())
        return self.answer(home, self.get_serializer(home).data)

    @extend_schema(
        summary="Read a home's facts",
        parameters=[FactsQuery],
        responses=FactSheetSerializer,
        examples=[api_examples.FACTS],
    )
    @action(detail=True)
    def facts(self, request: Request, public_id: str) -> Response:
        """The facts as the tour page shows them and as the agent says them; knowledge needs its own scope."""
        asked = FactsQuery.read(request)
        home = self.get_home(public_id)
        sheet = fact_sheet(home, asked.get("locale") or home.locale or home.agency.locale)
        tells_knowledge = cast(ApiKey, request.auth).allows("knowledge:read")
        facts = [
            {**fact.public_dict(), "voice": fact.voice}
            for fact in sheet.facts
            if tells_knowledge or fact.group != "knowledge"
        ]
        return self.answer(home, {**sheet.public_dict(), "facts": facts})

    @extend_schema(
        summary="Read a home's knowledge",
        parameters=[KnowledgeQuery],
        responses=KnowledgePageSerializer,
        examples=[api_examples.KNOWLEDGE],
    )
    @action(detail=True)
    def knowledge(self, request: Request, public_id: str) -> Response:
        """Approved, public questions and answers that are still true, in the agency's order."""
        asked = KnowledgeQuery.read(request)
        home = self.get_home(public_id)
        entries = KnowledgeEntry.objects.public().filter(property=home, **asked).select_related("room")
        return self.answer(home, {"results": KnowledgeSerializer(entries, many=True).data})

    def get_home(self, public_id: str, *prefetches: Prefetch[str]) -> Property:
        try:
            key = uuid.UUID(public_id)
        except ValueError:
            raise Http404 from None
        ended = OpenHouse.objects.filter(property=OuterRef("pk"), end__lte=timezone.now()).order_by("-end")
        homes = published().annotate(ended_at=Subquery(ended.values("end")[:1]))
        home: Property | None = homes.filter(public_id=key).prefetch_related(*prefetches).first()
        if home is None:
            raise Http404
        home.agency = cast(AgencyRequest, self.request._request).agency
        return home

    def answer(self, home: Property, data: Any) -> Response:
        changed = last_change(home.modification_timestamp, getattr(home, "ended_at", None))
        return Response(data, headers={"Last-Modified": http_date(changed.timestamp())})

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "agency": getattr(self.request, "agency", None)}


def published() -> Any:
    return Property.objects.published()


def shown_media() -> Prefetch[str]:
    return Prefetch("media", Media.objects.public().select_related("room"))


def shown_rooms() -> Prefetch[str]:
    return Prefetch("rooms", Room.objects.order_by("order", "pk"))


def open_houses_to_come() -> Prefetch[str]:
    return Prefetch("open_houses", OpenHouse.objects.upcoming().order_by("start"))
