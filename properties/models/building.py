from __future__ import annotations

from decimal import Decimal

from django.db import models

from properties.enums import AreaUnits, LotSizeUnits, PropertySubType, PropertyType
from properties.fields import KeyField
from properties.units import in_square_meters


class Building(models.Model):
    """What the home is: kind, rooms, sizes, age, floors. Null is "the listing does not say"."""

    property_type = models.CharField("type", max_length=30, choices=PropertyType, blank=True)
    property_sub_type = models.CharField("sub type", max_length=30, choices=PropertySubType, blank=True)

    bedrooms_total = models.PositiveSmallIntegerField("bedrooms", null=True, blank=True)
    bathrooms_full = models.PositiveSmallIntegerField("full bathrooms", null=True, blank=True)
    bathrooms_three_quarter = models.PositiveSmallIntegerField("three-quarter bathrooms", null=True, blank=True)
    bathrooms_half = models.PositiveSmallIntegerField("half bathrooms", null=True, blank=True)
    bathrooms_one_quarter = models.PositiveSmallIntegerField("quarter bathrooms", null=True, blank=True)
    rooms_total = models.PositiveSmallIntegerField("rooms", null=True, blank=True)

    living_area = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    living_area_units = models.CharField(max_length=20, choices=AreaUnits, blank=True)
    living_area_source = KeyField("area_source")
    building_area_total = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    building_area_units = models.CharField(max_length=20, choices=AreaUnits, blank=True)
    building_area_source = KeyField("area_source")
    lot_size_area = models.DecimalField("lot size", max_digits=16, decimal_places=4, null=True, blank=True)
    lot_size_units = models.CharField(max_length=20, choices=LotSizeUnits, blank=True)
    lot_size_dimensions = models.CharField(max_length=150, blank=True)

    year_built = models.PositiveSmallIntegerField(null=True, blank=True)
    year_built_source = KeyField("area_source")
    year_built_effective = models.PositiveSmallIntegerField("effective year built", null=True, blank=True)
    year_renovated = models.PositiveSmallIntegerField(null=True, blank=True)
    is_new_construction = models.BooleanField("new construction", null=True, blank=True)
    stories = models.PositiveSmallIntegerField("floors of this home", null=True, blank=True)
    stories_total = models.PositiveSmallIntegerField("floors of the building", null=True, blank=True)
    entry_level = models.SmallIntegerField("floor of the entrance", null=True, blank=True)
    direction_faces = KeyField("direction_faces", verbose_name="entrance faces")

    energy_label = models.CharField(max_length=10, blank=True)
    energy_label_date = models.DateField(null=True, blank=True)
    energy_label_url = models.URLField("energy certificate", blank=True)
    is_senior_community = models.BooleanField("senior community", null=True, blank=True)

    class Meta:
        abstract = True

    def bathrooms_total(self) -> int | None:
        """A count of rooms: two full and one half are three. None when no kind is stated."""
        counts = [
            count
            for count in (
                self.bathrooms_full,
                self.bathrooms_three_quarter,
                self.bathrooms_half,
                self.bathrooms_one_quarter,
            )
            if count is not None
        ]
        return sum(counts) if counts else None

    def living_area_m2(self) -> Decimal | None:
        return in_square_meters(self.living_area, self.living_area_units)

    def lot_size_m2(self) -> Decimal | None:
        return in_square_meters(self.lot_size_area, self.lot_size_units)
