"""A complete agency: people of every role and at least one row of every model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from agencies.models import Agency, AgencyEntry, Invitation, User
from agencies.scope import agency_scope
from agencies.tenancy import agency_models
from chat.models import Allowance, Conversation, Lead, Question, ToolCall
from properties.models import Hotspot, KnowledgeEntry, OpenHouse, PriceChange, Property, SlugRedirect
from tests.make import make_agency, make_api_key, make_member, make_provider
from tests.make_properties import (
    make_knowledge,
    make_link,
    make_node,
    make_panorama,
    make_private,
    make_property,
    make_published_property,
    make_room,
)
from tests.tenancy.canaries import plant

TWIN = "twin-house"  # a published home that both agencies have under this slug and title


@dataclass
class World:
    agency: Agency
    users: dict[str, User]
    token: str
    twin: Property
    draft: Property
    only: Property  # published; its slug exists in this agency alone
    invitation: str

    def one(self, model: type[models.Model], **wanted: Any) -> Any:
        with agency_scope(self.agency):
            return model._default_manager.filter(**wanted).order_by("pk")[0]

    def keys(self, model: type[models.Model]) -> list[Any]:
        with agency_scope(self.agency):
            return list(model._default_manager.order_by("pk").values_list("pk", flat=True))


def make_world(slug: str, operator: User) -> World:
    agency = make_agency(slug, host=f"{slug}.example")
    users = {role: make_member(agency, role) for role in ("owner", "editor", "viewer")}
    make_provider(agency, f"sk-cnry-{slug[0]}-provider-key", profile="custom", base_url=f"https://{slug}.invalid/v1")
    token = make_api_key(agency, "properties:read", "knowledge:read", "chat:write")
    twin = make_published_property(agency, "Twin house", slug=TWIN)
    draft = make_property(agency, "Draft")
    only = make_published_property(agency, "Only here")
    for home in (twin, draft, only):
        furnish(home)
    with agency_scope(agency):
        converse(twin)
        AgencyEntry.objects.create(user=operator, reason="x", ends_at=timezone.now() - timedelta(days=1))
        invitation = Invitation(email=f"new@{slug}.example", role="editor", invited_by=users["owner"])
        secret = invitation.renew()
        invitation.save()
        plant(agency, list(users.values()), {("properties.Property", twin.pk): {"title", "slug"}})
        for model in agency_models():
            assert model.objects.exists(), f"make_world() makes no {model.__name__}."
            log(users["owner"], model.objects.order_by("pk")[0], slug)
        for row in (twin, draft, only):
            row.refresh_from_db()
    agency.refresh_from_db()
    return World(agency, users, token, twin, draft, only, secret)


def furnish(home: Property) -> None:
    """What belongs to a home."""
    make_private(home)
    room = make_room(home)
    make_knowledge(home, room=room)
    make_knowledge(home, "What is behind the wall?", audience="staff")
    make_knowledge(home, "Is this checked?", approved=False)
    panorama = make_panorama(home, room=room)
    here, there = make_node(home, room=room, media=panorama, is_start=True), make_node(home, "Hall")
    make_link(here, there)
    now = timezone.now()
    with agency_scope(home.agency):
        Hotspot.objects.create(node=here, label="Oven")
        for kind in ("public", "broker"):
            day = {"start": now + timedelta(days=1), "end": now + timedelta(days=1, hours=2)}
            OpenHouse.objects.create(property=home, open_house_type=kind, **day)
        SlugRedirect.objects.create(property=home, slug=f"old-{home.pk}")
        PriceChange.objects.create(property=home, old_price=1, new_price=2, currency="USD")


def converse(home: Property) -> None:
    now = timezone.now()
    conversation = Conversation.objects.create(property=home, visitor="v")
    answer = conversation.begin_answer(uuid4(), "How old is it?")
    answer.finish("It was built in 1926.", [], None)
    ToolCall.objects.create(message=answer, call_id="1", name="get_facts")
    Question.objects.create(property=home, text="q", normalised="q", conversation=conversation)
    Lead.objects.create(
        property=home,
        conversation=conversation,
        kind="viewing",
        name="n",
        client_id=uuid4(),
        consent_wording_version="1",
        consent_given_at=now,
    )
    Allowance.objects.create(kind="visitor_messages", key="k", window_start=now)


def log(user: User, row: Any, slug: str) -> None:
    """What the admin writes about a change; these rows belong to no agency."""
    word = f"cnry-{slug[0]}-log-{row._meta.model_name}"
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=word,
        action_flag=CHANGE,
        change_message=word,
    )


def private_words(world: World) -> set[str]:
    """Prefixes of the words that no visitor may read on the agency's own pages."""
    visible = {"agency", "property", "room", "media", "tournode", "tourlink", "hotspot", "slugredirect"}
    slug = world.agency.slug[0]
    hidden = {f"cnry-{slug}-{model._meta.model_name}-" for model in agency_models()} | {f"cnry-{slug}-user-"}
    hidden = {word for word in hidden if word.split("-")[2] not in visible | {"openhouse", "knowledgeentry"}}
    with agency_scope(world.agency):
        told = set(
            KnowledgeEntry.objects.filter(
                property__in=[world.twin, world.only], approved=True, audience="public"
            ).values_list("pk", flat=True)
        )
        hidden |= {f"cnry-{slug}-knowledgeentry-{pk}-" for pk in set(world.keys(KnowledgeEntry)) - told}
        hidden |= {
            f"cnry-{slug}-openhouse-{pk}-"
            for pk in OpenHouse.objects.filter(open_house_type="broker").values_list("pk", flat=True)
        }
        hidden |= {f"cnry-{slug}-{name}-{row.pk}-" for name, row in _of_draft(world.draft)}
    return hidden | {f"sk-cnry-{slug}", f"cnry-{slug}-log-", f"cnry-{slug}-property-{world.twin.pk}-originating"}


def _of_draft(draft: Property) -> list[tuple[str, Any]]:
    rows = [draft, *draft.rooms.all(), *draft.media.all(), *draft.tour_nodes.all(), *draft.open_houses.all()]
    rows += [spot for node in draft.tour_nodes.all() for spot in node.hotspots.all()]
    return [(str(row._meta.model_name), row) for row in rows]
