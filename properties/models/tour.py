from __future__ import annotations

from django.db import models

from agencies.scope import AgencyManager, AgencyModel

from .child import ChildQuerySet, PartOfProperty


class TourNode(PartOfProperty):
    """A place to stand in the tour. Angles are degrees: yaw 0…360, pitch -90…90."""

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


class TourLink(PartOfProperty):
    home_path = "from_node__property_id"

    from_node = models.ForeignKey(TourNode, on_delete=models.CASCADE, related_name="links")
    to_node = models.ForeignKey(TourNode, on_delete=models.CASCADE, related_name="links_in")
    yaw = models.FloatField(default=0)
    pitch = models.FloatField(default=0)
    label = models.CharField(max_length=60, blank=True)

    objects = AgencyManager.from_queryset(ChildQuerySet)()

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "from_node", "to_node"], name="properties_tourlink_from_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_node} → {self.to_node}"


class Hotspot(PartOfProperty):
    home_path = "node__property_id"

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
