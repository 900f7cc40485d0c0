from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from agencies.scope import AgencyManager, AgencyModel
from properties.enums import AreaUnits, LengthUnits
from properties.fields import KeyField, KeyListField

from .child import ChildQuerySet, PartOfProperty


class Room(PartOfProperty):
    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="rooms")
    # Stable: the agent's tools speak it.
    key = models.SlugField(max_length=60, blank=True, help_text="Left empty, the name makes it.")
    room_type = KeyField("room_type", blank=False, verbose_name="type")
    room_name = models.CharField("name", max_length=60)
    room_level = KeyField("room_level", verbose_name="level")
    room_length = models.DecimalField("length", max_digits=8, decimal_places=2, null=True, blank=True)
    room_width = models.DecimalField("width", max_digits=8, decimal_places=2, null=True, blank=True)
    room_length_width_units = models.CharField("units of length", max_length=10, choices=LengthUnits, blank=True)
    room_area = models.DecimalField("area", max_digits=10, decimal_places=2, null=True, blank=True)
    room_area_units = models.CharField("units of area", max_length=20, choices=AreaUnits, blank=True)
    room_dimensions = models.CharField(max_length=50, blank=True, editable=False)
    room_features = KeyListField("interior_features")
    room_description = models.TextField("description", max_length=1024, blank=True)
    order = models.PositiveIntegerField(default=0)

    objects = AgencyManager.from_queryset(ChildQuerySet)()

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "property", "key"], name="properties_room_key"),
            models.UniqueConstraint(fields=["agency", "property", "room_name"], name="properties_room_name"),
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.room_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle_key(self.room_name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.settle_key(self.room_name)
        errors = dict(self._size_errors())
        twins = Room.objects.filter(property_id=self.property_id, room_name__iexact=self.room_name)
        if self.property_id and twins.exclude(pk=self.pk).exists():
            errors["room_name"] = "Another room has this name. Tell them apart, like “Bedroom 2”."
        if errors:
            raise ValidationError(errors)

    def _size_errors(self) -> Iterator[tuple[str, str]]:
        for field in ("room_length", "room_width", "room_area"):
            size = getattr(self, field)
            if size is not None and size <= 0:
                yield field, "Write a size above 0, or leave it empty."
        if (self.room_length is None) != (self.room_width is None):
            missing = "room_length" if self.room_length is None else "room_width"
            yield missing, "Length and width go together. Add this one or empty both."
        if self.room_length is not None and not self.room_length_width_units:
            yield "room_length_width_units", "Say in which units the length and width are."
        if self.room_area is not None and not self.room_area_units:
            yield "room_area_units", "Say in which units the area is."
