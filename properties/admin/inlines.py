from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.contrib.inlines.admin import NonrelatedTabularInline
from unfold.decorators import display

from agencies.models.people import Role
from agencies.staff_admin import ByRole, StaffStackedInline
from properties import media as pictures
from properties.admin.fields import NotStatedMixin, SiblingField, Siblings
from properties.admin.forms import PhotoForm, RowForm, RowFormSet, TourNodeForm, TourNodeFormSet, TourRowFormSet
from properties.models import (
    Hotspot,
    KnowledgeEntry,
    Media,
    OpenHouse,
    Property,
    PropertyPrivate,
    Room,
    TourLink,
    TourNode,
)

SIBLINGS: dict[type[Model], str] = {Room: "rooms", Media: "media", TourNode: "tour_nodes"}
PREVIEW_WIDTH = 640
ACCEPTED = ",".join(pictures.FORMATS.values())


class OfOneHome(NotStatedMixin):
    """Relations offer the rows of the home on the page, and nothing of another home of the same agency."""

    place = "general"  # the tab
    template = "admin/properties/rows.html"
    form: Any = RowForm
    formset: Any = RowFormSet
    siblings: dict[type[Model], Siblings]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        request.__dict__.setdefault("_siblings", {})
        request.__dict__["_siblings_of"] = obj
        return super().get_formset(request, obj, **kwargs)  # type: ignore[misc]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        home = request.__dict__["_siblings_of"]
        if db_field.related_model not in SIBLINGS or home is None:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        known: dict[Any, Siblings] = request.__dict__["_siblings"]
        if db_field.related_model not in known:
            known[db_field.related_model] = Siblings(getattr(home, SIBLINGS[db_field.related_model]).all())
        return SiblingField(
            known[db_field.related_model],
            label=str(db_field.verbose_name).capitalize(),
            required=not db_field.blank,
            help_text=db_field.help_text,
        )


class RoomInline(OfOneHome, StaffStackedInline):
    model = Room
    place = "spaces"
    collapsible = True
    ordering_field = "order"
    hide_ordering_field = True
    fields = (
        ("room_name", "room_type"),
        ("room_level", "room_length_width_units"),
        ("room_length", "room_width"),
        ("room_area", "room_area_units"),
        "room_features",
        "room_description",
        ("key", "order"),
    )


class TourNodeInline(OfOneHome, StaffStackedInline):
    model = TourNode
    place = "spaces"
    form = TourNodeForm
    formset = TourNodeFormSet
    verbose_name = "tour stop"
    verbose_name_plural = "tour stops"
    collapsible = True
    ordering_field = "order"
    hide_ordering_field = True
    fields = (
        ("name", "room"),
        ("media", "floor"),
        ("is_start", "initial_zoom"),
        ("initial_yaw", "initial_pitch"),
        "description",
        ("key", "order"),
    )


class ThroughTheTour(OfOneHome, ByRole, NonrelatedTabularInline):
    """Rows that hang on the home's tour stops."""

    place = "spaces"
    extra = 0
    formset = TourRowFormSet
    node_field = ""

    def get_form_queryset(self, obj: Property) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(**{f"{self.node_field}__property": obj})
        return rows.select_related(self.node_field).order_by("pk")

    def save_new_instance(self, parent: Model, instance: Model) -> None:
        """Nothing to add: the row's own stop names its home."""


class TourLinkInline(ThroughTheTour):
    model = TourLink
    node_field = "from_node"
    verbose_name_plural = "ways between the stops"
    fields = ("from_node", "to_node", "yaw", "pitch", "label")


class HotspotInline(ThroughTheTour):
    model = Hotspot
    node_field = "node"
    verbose_name_plural = "spots to point at"
    fields = ("node", "label", "text", "media", "fact", "yaw", "pitch")


class MediaInline(OfOneHome, StaffStackedInline):
    """Pictures come by the upload beside it; here they are described, put in order and taken away."""

    model = Media
    place = "photos"
    form = PhotoForm
    template = "admin/properties/photos.html"
    add_role = None
    fieldsets = (
        (None, {"fields": ("preview", "order", "alt_text", "short_description", "media_alteration")}),
        ("More", {"fields": ("media_category", "image_of", "room", "permission", "media_url")}),
    )
    readonly_fields = ("preview",)

    @display(description="Picture")
    def preview(self, row: Media) -> str:
        if not row.widths:
            return row.media_url
        return format_html(
            '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
            row.url(PREVIEW_WIDTH),
            row.alt_text,
            row.image_width,
            row.image_height,
        )


class KnowledgeInline(OfOneHome, StaffStackedInline):
    model = KnowledgeEntry
    place = "answers"
    collapsible = True
    ordering_field = "order"
    hide_ordering_field = True
    fields = (
        "question",
        "answer",
        ("category", "room"),
        ("source", "source_note"),
        ("as_of", "valid_until"),
        ("audience", "approved"),
        ("locale", "key", "order"),
    )


class PrivateInline(OfOneHome, StaffStackedInline):
    """What must never reach a visitor; viewers do not see it either."""

    model = PropertyPrivate
    place = "confidential"
    view_role = Role.EDITOR
    can_delete = False
    max_num = 1
    min_num = 1
    fields = (
        "private_remarks",
        "private_office_remarks",
        "showing_instructions",
        ("lock_box_type", "lock_box_location"),
        ("lock_box_serial_number", "access_code"),
        ("owner_name", "owner_phone", "owner_email"),
        ("occupant_type", "occupant_name", "occupant_phone"),
        "expiration_date",
    )


class OpenHouseInline(OfOneHome, StaffStackedInline):
    model = OpenHouse
    place = "publishing"
    collapsible = True
    fields = (
        ("open_house_type", "open_house_status"),
        ("start", "end"),
        ("appointment_required", "livestream_url"),
        ("remarks", "refreshments"),
    )
