from __future__ import annotations

from django.db import models
from django.utils import timezone

from properties.enums import Locale, StandardStatus


class Identity(models.Model):
    """What a home is called, where it stands in its sale, and who may see it."""

    title = models.CharField(max_length=120, help_text="Headline of the page.")
    slug = models.SlugField(
        max_length=80,
        blank=True,
        help_text="Last part of the page's address. Left empty, the title makes it.",
    )
    locale = models.CharField(
        "language", max_length=5, choices=Locale, blank=True, help_text="Language the remarks are written in."
    )
    listing_key = models.CharField(max_length=255, blank=True, editable=False)
    listing_id = models.CharField(
        "listing ID", max_length=255, blank=True, help_text="The number people read out on the phone."
    )
    universal_property_id = models.CharField("universal property ID", max_length=128, blank=True)
    originating_system_name = models.CharField(max_length=255, blank=True, editable=False)
    originating_system_key = models.CharField(max_length=255, blank=True, editable=False)

    standard_status = models.CharField(
        "status", max_length=30, choices=StandardStatus, default=StandardStatus.INCOMPLETE
    )
    agency_status = models.CharField(max_length=50, blank=True, help_text="Your own word for the status.")
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        "agencies.User", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    warnings_accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    warnings_accepted_by = models.ForeignKey(
        "agencies.User", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    list_date = models.DateField("listed on", null=True, blank=True)
    on_market_date = models.DateField("on the market since", null=True, blank=True)
    close_date = models.DateField("closed on", null=True, blank=True)
    close_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    verified_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When somebody last checked these facts. Old facts are told with this date.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # The ETag and the cursor of replication: changes with every child row too.
    modification_timestamp = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    display_entire_listing = models.BooleanField(
        "show this listing", default=True, help_text="Off: no page, no API row, no answers."
    )
    display_address = models.BooleanField(
        "show the address", default=True, help_text="Off: only the area is shown and told, never the street."
    )
    copyright_notice = models.CharField(max_length=500, blank=True)
    disclaimer = models.CharField(max_length=500, blank=True)

    list_agent_name = models.CharField("agent's name", max_length=120, blank=True)
    list_agent_email = models.EmailField("agent's e-mail", blank=True)
    list_agent_phone = models.CharField("agent's phone", max_length=40, blank=True)

    class Meta:
        abstract = True
