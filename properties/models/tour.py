from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from agencies.scope import AgencyManager, AgencyModel

from .child import ChildQuerySet, PartOfProperty


def angle_errors(**angles: float) -> Iterator[tuple[str, str]]:
    for name, angle in angles.items():
        if name.endswith("yaw") and not 0 <= angle <= 360:
            yield name, "Write an angle from 0 to 360 degrees."
        if name.endswith("pitch") and not -90 <= angle <= 90:
            yield name, "Write an angle from -90 to 90 degrees."


class TourNode(PartOfProperty):
    """A place to stand in the tour. Angles are degrees: yaw 0…360, pitch -90…90."""

    same_home = ("room", "media")

    property = models.ForeignKey("properties.Property", on_delete=models.CASCADE, related_name="tour_nodes")
    # Stable: the agent's tools speak it.
    key = models.SlugField(max_length=60, blank=True, help_text="Left empty, the name makes it.")
    name = models.CharField(max_length=60)
    room = models.ForeignKey(
        "properties.Room", on_delete=models.SET_NULL, null=True, blank=True, related_name="tour_nodes"
    )
    media = models.ForeignKey(
        "properties.Media", on_delete=models.SET_NULL, null=True, blank=True, related_name="tour_nodes"
    )
    floor = models.SmallIntegerField(null=True, blank=True)
    is_start = models.BooleanField("tour starts here", default=False)
    initial_yaw = models.FloatField(default=0)
    initial_pitch = models.FloatField(default=0)
    initial_zoom = models.FloatField(default=50, help_text="0 is the widest view, 100 the closest.")
    description = models.TextField(max_length=1024, blank=True, help_text="What one sees from here.")
    order = models.PositiveIntegerField(default=0)

    objects = AgencyManager.from_queryset(ChildQuerySet)()

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "property", "key"], name="properties_tournode_key"),
            models.UniqueConstraint(
                fields=["agency", "property"],
                condition=models.Q(is_start=True),
                name="properties_tournode_one_start",
            ),
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle_key(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.settle_key(self.name)
        errors = dict(angle_errors(initial_yaw=self.initial_yaw, initial_pitch=self.initial_pitch))
        if not 0 <= self.initial_zoom <= 100:
            errors["initial_zoom"] = "Write a number from 0 to 100."
        if self.media is not None and not self.media.is_panorama():
            errors["media"] = "Choose a 360° picture: twice as wide as high."
        if errors:
            raise ValidationError(errors)


class TourLink(PartOfProperty):
    home_path = "from_node__property_id"
    same_home = ("to_node",)

    from_node = models.ForeignKey(TourNode, on_delete=models.CASCADE, related_name="links")
    to_node = models.ForeignKey(TourNode, on_delete=models.CASCADE, related_name="links_in")
    yaw = models.FloatField(default=0)
    pitch = models.FloatField(default=0)
    label = models.CharField(max_length=60, blank=True)

    objects = AgencyManager.from_queryset(ChildQuerySet)()

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "from_node", "to_node"], name="properties_tourlink_from_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_node} → {self.to_node}"

    def clean(self) -> None:
        super().clean()
        errors = dict(angle_errors(yaw=self.yaw, pitch=self.pitch))
        if self.from_node_id is not None and self.from_node_id == self.to_node_id:
            errors["to_node"] = "A link leads to another stop of the tour."
        if errors:
            raise ValidationError(errors)

    def home_id(self) -> int | None:
        return self.from_node.property_id if self.from_node_id else None


class Hotspot(PartOfProperty):
    home_path = "node__property_id"
    same_home = ("media",)

    node = models.ForeignKey(TourNode, on_delete=models.CASCADE, related_name="hotspots")
    yaw = models.FloatField(default=0)
    pitch = models.FloatField(default=0)
    label = models.CharField(max_length=60)
    text = models.TextField(max_length=500, blank=True)
    media = models.ForeignKey(
        "properties.Media", on_delete=models.SET_NULL, null=True, blank=True, related_name="hotspots"
    )
    fact = models.CharField(
        max_length=60, blank=True, help_text="A field of the listing that this spot shows, like appliances."
    )

    objects = AgencyManager.from_queryset(ChildQuerySet)()

    class Meta(AgencyModel.Meta):
        pass

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        errors = dict(angle_errors(yaw=self.yaw, pitch=self.pitch))
        if self.fact and not self.is_fact(self.fact):
            errors["fact"] = "There is no such field of a listing, like appliances or heating."
        if errors:
            raise ValidationError(errors)

    def home_id(self) -> int | None:
        return self.node.property_id if self.node_id else None

    @staticmethod
    def is_fact(name: str) -> bool:
        home = apps.get_model("properties", "Property")
        return any(field.name == name for field in home._meta.concrete_fields if field.editable)
