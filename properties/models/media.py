from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel
from properties.enums import MediaCategory, Permission
from properties.fields import KeyField, KeyListField

from .child import ChildQuerySet, PartOfProperty


class Media(PartOfProperty):
    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="media")
    # A new file gets a new key, so that a picture's address never changes its content.
    media_key = models.UUIDField(default=uuid4, editable=False)
    media_category = models.CharField(
        "kind", max_length=30, choices=MediaCategory, default=MediaCategory.PHOTO
    )
    media_type = models.CharField(max_length=60, blank=True, editable=False)
    media_url = models.URLField(
        "address elsewhere", blank=True, help_text="For a video or tour that is kept elsewhere; https only."
    )
    file = models.FileField(max_length=200, blank=True, editable=False)
    widths = models.JSONField(default=list, editable=False)
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    order = models.PositiveIntegerField(null=True, blank=True, help_text="0 is the main picture.")
    short_description = models.CharField("caption", max_length=200, blank=True)
    alt_text = models.CharField(
        max_length=500, blank=True, help_text="What one sees, for people who cannot see the picture."
    )
    image_of = KeyField("image_of", verbose_name="shows")
    room = models.ForeignKey(
        "properties.Room", on_delete=models.SET_NULL, null=True, blank=True, related_name="media"
    )
    media_alteration = KeyListField(
        "media_alteration", closed=True, verbose_name="alterations", help_text="None, or what was done to it."
    )
    permission = models.CharField(max_length=20, choices=Permission, default=Permission.PUBLIC)
    modification_timestamp = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgencyManager.from_queryset(ChildQuerySet)()

    class Meta(AgencyModel.Meta):
        verbose_name_plural = "media"
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "media_key"], name="properties_media_media_key"),
            models.UniqueConstraint(fields=["agency", "property", "order"], name="properties_media_order"),
            models.UniqueConstraint(
                fields=["agency", "property", "sha256"],
                condition=~models.Q(sha256=""),
                name="properties_media_sha256",
            ),
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.short_description or self.alt_text or f"{self.get_media_category_display()} {self.order}"
