from __future__ import annotations

from django.db import models

from properties.fields import KeyListField


class Features(models.Model):
    """Lists of what the home has. Null: not stated. `["none"]`: there is none."""

    levels = KeyListField("levels")
    architectural_style = KeyListField("architectural_style")
    construction_materials = KeyListField("construction_materials")
    roof = KeyListField("roof")
    foundation_details = KeyListField("foundation_details")
    property_condition = KeyListField("property_condition")
    basement = KeyListField("basement")
    heating = KeyListField("heating")
    cooling = KeyListField("cooling")
    appliances = KeyListField("appliances")
    flooring = KeyListField("flooring")
    interior_features = KeyListField("interior_features")
    laundry_features = KeyListField("laundry_features")
    fireplace_features = KeyListField("fireplace_features")
    fireplaces_total = models.PositiveSmallIntegerField("fireplaces", null=True, blank=True)
    exterior_features = KeyListField("exterior_features")
    patio_and_porch_features = KeyListField("patio_and_porch_features")
    pool_features = KeyListField("pool_features")
    has_private_pool = models.BooleanField("private pool", null=True, blank=True)
    view = KeyListField("view")
    waterfront_features = KeyListField("waterfront_features")
    lot_features = KeyListField("lot_features")
    fencing = KeyListField("fencing")
    accessibility_features = KeyListField("accessibility_features")
    security_features = KeyListField("security_features")
    sewer = KeyListField("sewer")
    water_source = KeyListField("water_source")
    utilities = KeyListField("utilities")
    electric = KeyListField("electric")
    green_energy_efficient = KeyListField("green_energy_efficient")
    green_energy_generation = KeyListField("green_energy_generation")
    power_production_type = KeyListField("power_production_type")

    class Meta:
        abstract = True


class Parking(models.Model):
    parking_features = KeyListField("parking_features")
    garage_spaces = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    carport_spaces = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    covered_spaces = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    open_parking_spaces = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    parking_total = models.DecimalField("parking spaces", max_digits=6, decimal_places=1, null=True, blank=True)
    has_attached_garage = models.BooleanField("attached garage", null=True, blank=True)
    has_ev_charging = models.BooleanField("EV charging", null=True, blank=True)

    class Meta:
        abstract = True
