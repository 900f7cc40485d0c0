from __future__ import annotations

from django.db import models

from agencies.scope import AgencyModel
from properties.enums import OccupantType


class PropertyPrivate(AgencyModel):
    """What must never reach a page, a prompt, a tool result, a log line or the public API.

    Not in `Property`, so that no serializer or template meets it by accident; and a change here does not
    change the home's public `modification_timestamp`.
    """

    property = models.OneToOneField("properties.Property", on_delete=models.CASCADE, related_name="private")
    private_remarks = models.TextField(blank=True)
    private_office_remarks = models.TextField(blank=True)
    showing_instructions = models.TextField(blank=True)
    lock_box_type = models.CharField(max_length=60, blank=True)
    lock_box_location = models.CharField(max_length=255, blank=True)
    lock_box_serial_number = models.CharField(max_length=60, blank=True)
    access_code = models.CharField(max_length=60, blank=True)
    owner_name = models.CharField(max_length=120, blank=True)
    owner_phone = models.CharField(max_length=40, blank=True)
    owner_email = models.EmailField(blank=True)
    occupant_type = models.CharField(max_length=10, choices=OccupantType, blank=True)
    occupant_name = models.CharField(max_length=120, blank=True)
    occupant_phone = models.CharField(max_length=40, blank=True)
    expiration_date = models.DateField(null=True, blank=True)

    class Meta(AgencyModel.Meta):
        verbose_name = "private record"
        verbose_name_plural = "private records"

    def __str__(self) -> str:
        return f"Private record of {self.property}"
