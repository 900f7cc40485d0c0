"""Homes as REST gives them: names of the RESO dictionary in snake case, null for "the listing does not say"."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from agencies.middleware import AGENCY_URLCONF
from agencies.models import Agency

from . import api_fields
from .addresses import absolute
from .enums import StandardStatus
from .fields import KeyField, KeyListField
from .lists import OTHER
from .media import CONTENT_TYPES, jpeg_width
from .models import KnowledgeEntry, Media, OpenHouse, Property, Room


class StatedSerializer(serializers.ModelSerializer[Any]):
    """Read-only; an empty text is "not stated", like null."""

    def build_standard_field(self, field_name: str, model_field: models.Field[Any, Any]) -> Any:
        if isinstance(model_field, KeyListField):
            return KeyList, {"allow_null": True}
        field_class, options = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, KeyField):
            field_class, options = serializers.CharField, {}
        options.pop("help_text", None)  # it advises the editor, not the reader
        if model_field.blank or model_field.null:
            options["allow_null"] = True
        return field_class, options

    def to_representation(self, instance: Any) -> dict[str, Any]:
        row = super().to_representation(instance)
        return {name: None if value == "" else value for name, value in row.items()}


class KeyList(serializers.ListField):
    """Keys of a vocabulary; `["none"]` says that there is none."""

    child = serializers.CharField()


@cache
def _path_of_picture() -> str:
    """`/pictures/{key}/{width}.{extension}`: one look at the address map instead of one per rendition."""
    path = reverse("properties:picture", urlconf=AGENCY_URLCONF, args=[UUID(int=0), 0, "webp"])
    return path.replace(str(UUID(int=0)), "{key}").replace("/0.webp", "/{width}.{extension}")


class RenditionSerializer(serializers.Serializer[Any]):
    url = serializers.URLField()
    media_type = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField(allow_null=True)


class MediaSerializer(StatedSerializer):
    room = serializers.CharField(source="room.key", read_only=True, allow_null=True)
    renditions = serializers.SerializerMethodField()

    class Meta:
        model = Media
        fields = (
            "media_key",
            "media_category",
            "media_type",
            "media_url",
            "order",
            "short_description",
            "alt_text",
            "image_of",
            "room",
            "image_width",
            "image_height",
            "media_alteration",
            "modification_timestamp",
            "renditions",
        )
        read_only_fields = fields

    @extend_schema_field(RenditionSerializer(many=True))
    def get_renditions(self, media: Media) -> list[dict[str, Any]]:
        """Smallest first; the JPEG is for readers that do not know WebP."""
        if not media.file or not media.widths:
            return []
        address = absolute(self.context["agency"], _path_of_picture()).replace("{key}", str(media.media_key))
        ratio = media.image_height / media.image_width if media.image_height and media.image_width else None
        forms = [(width, "webp") for width in media.widths] + [(jpeg_width(media.widths), "jpg")]
        return [
            {
                "url": address.format(width=width, extension=extension),
                "media_type": CONTENT_TYPES[extension],
                "width": width,
                "height": max(1, round(width * ratio)) if ratio else None,
            }
            for width, extension in forms
        ]


class RoomSerializer(StatedSerializer):
    class Meta:
        model = Room
        fields = (
            "key",
            "room_type",
            "room_name",
            "room_level",
            "room_length",
            "room_width",
            "room_length_width_units",
            "room_area",
            "room_area_units",
            "room_features",
            "room_description",
            "order",
        )
        read_only_fields = fields


class OpenHouseSerializer(StatedSerializer):
    class Meta:
        model = OpenHouse
        fields = (
            "open_house_key",
            "open_house_type",
            "open_house_status",
            "start",
            "end",
            "appointment_required",
            "livestream_url",
            "remarks",
            "refreshments",
        )
        read_only_fields = fields


class KnowledgeSerializer(StatedSerializer):
    room = serializers.CharField(source="room.key", read_only=True, allow_null=True)

    class Meta:
        model = KnowledgeEntry
        fields = (
            "key",
            "category",
            "question",
            "answer",
            "source",
            "source_note",
            "as_of",
            "valid_until",
            "locale",
            "room",
        )
        read_only_fields = fields


class PropertySerializer(StatedSerializer):
    """A home in a list."""

    url = serializers.SerializerMethodField()
    bathrooms_total = serializers.IntegerField(read_only=True, allow_null=True)
    living_area_m2 = serializers.DecimalField(14, 2, read_only=True, allow_null=True)
    lot_size_m2 = serializers.DecimalField(16, 2, read_only=True, allow_null=True)
    association_fee_monthly = serializers.DecimalField(14, 2, read_only=True, allow_null=True)
    latitude = serializers.FloatField(read_only=True, allow_null=True)
    longitude = serializers.FloatField(read_only=True, allow_null=True)
    media = MediaSerializer(many=True, read_only=True)

    class Meta:
        model = Property
        fields: tuple[str, ...] = api_fields.HOME
        read_only_fields = fields

    @extend_schema_field(serializers.URLField())
    def get_url(self, home: Property) -> str:
        agency: Agency = self.context["agency"]
        return f"{agency.base_url()}{home.slug}/"

    def to_representation(self, instance: Property) -> dict[str, Any]:
        row = super().to_representation(instance)
        if not instance.display_address:
            hide_address(row)
        if instance.price_on_request:
            row.update(dict.fromkeys(api_fields.HIDDEN_ON_REQUEST))
        if not shows_close_price(instance, self.context["agency"]):
            row["close_price"] = None
        # A free text among the security features could tell where a camera hangs: keys of the vocabulary cannot.
        features = row["security_features"] or []
        row["security_features"] = [key for key in features if not key.startswith(OTHER)] or None
        return row


class PropertyDetailSerializer(PropertySerializer):
    """A home by itself, with its rooms and the open houses to come."""

    rooms = RoomSerializer(many=True, read_only=True)
    open_houses = OpenHouseSerializer(many=True, read_only=True)

    class Meta(PropertySerializer.Meta):
        fields = (*api_fields.HOME, "rooms", "open_houses")
        read_only_fields = fields


def hide_address(row: dict[str, Any]) -> None:
    row.update(dict.fromkeys(api_fields.HIDDEN_WITH_ADDRESS))
    for name in ("latitude", "longitude"):
        if row[name] is not None:
            row[name] = round(row[name], api_fields.BLURRED_PLACES)


def shows_close_price(home: Property, agency: Agency) -> bool:
    return home.standard_status == StandardStatus.CLOSED and agency.publishes_close_price


@extend_schema_serializer(many=False)
class PropertyPageSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PropertySerializer(many=True)


class KnowledgePageSerializer(serializers.Serializer[Any]):
    results = KnowledgeSerializer(many=True)


class SheetFactSerializer(serializers.Serializer[Any]):
    """One fact of the one record: `written` is for the eye, `spoken` for the ear, `voice` what an agent may do."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, not of the class
    value = serializers.JSONField(help_text="Typed: money and areas as decimal text, lists of keys as lists.")
    unit = serializers.CharField()
    written = serializers.CharField()
    spoken = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    as_of = serializers.CharField(allow_null=True, help_text="A day or a year.")
    dated = serializers.CharField(help_text="To be said with a fact that was checked long ago; empty for others.")
    dated_spoken = serializers.CharField(help_text="The same for the ear.")
    group = serializers.CharField()
    voice = serializers.ChoiceField(["core", "tool", "refer"])


class NotStatedSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, not of the class


class FactSheetSerializer(serializers.Serializer[Any]):
    locale = serializers.CharField()
    identity = serializers.CharField()
    facts = SheetFactSerializer(many=True)
    not_stated = NotStatedSerializer(many=True, help_text="What the listing does not say.")
