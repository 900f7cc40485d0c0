from __future__ import annotations

import zoneinfo
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from agencies.scope import AgencyModel, new_public_id

# First path segments that are the platform's own.
RESERVED_SLUGS = frozenset({"accounts", "admin", "api", "healthz", "media", "robots", "sitemap", "static", "ws"})
LOCALES = [("en-US", "English (US)"), ("en-GB", "English (UK)"), ("es", "Español"), ("de", "Deutsch")]

hex_color = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "Write the colour as # and six hexadecimal digits, like #1f5c4d.")
currency_code = RegexValidator(r"^[A-Z]{3}\Z", "Write the currency as its three-letter ISO 4217 code, like USD.")
country_code = RegexValidator(r"^[A-Z]{2}\Z", "Write the country as its two-letter ISO 3166 code, like US.")


def known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Write the time zone as its IANA name, like Europe/Madrid.", code="unknown_time_zone")


class Agency(models.Model):
    """An estate agency: the owner of everything below it, reached by its slug or by a host of its own."""

    public_id = models.UUIDField(default=new_public_id, editable=False, unique=True)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True, help_text="First part of the agency's addresses.")
    host = models.CharField(
        max_length=253,
        unique=True,
        null=True,
        blank=True,
        help_text="The agency's own host name, without https://. It must also stand in ALLOWED_HOSTS.",
    )
    is_active = models.BooleanField(
        default=True, help_text="Off: the agency's pages answer 404 and its keys open nothing."
    )

    locale = models.CharField(max_length=5, choices=LOCALES, default="en-US")
    currency = models.CharField(max_length=3, default="USD", validators=[currency_code])
    country = models.CharField(max_length=2, default="US", validators=[country_code])
    time_zone = models.CharField(max_length=64, default="UTC", validators=[known_time_zone])

    email = models.EmailField(help_text="Viewing requests and messages are sent here.")
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=255, blank=True)
    website = models.URLField(blank=True)
    privacy_url = models.URLField(blank=True)

    primary_color = models.CharField(max_length=7, default="#1f5c4d", validators=[hex_color])
    accent_color = models.CharField(max_length=7, default="#c2551e", validators=[hex_color])
    logo = models.ImageField(upload_to="logos/", blank=True)

    persona = models.TextField(
        max_length=1000,
        blank=True,
        help_text="How the listing speaks, for example: warm and brief. The buyer may read it: nothing private.",
    )
    greeting = models.CharField(
        max_length=300,
        blank=True,
        help_text="First line of the chat, in your language. Empty: a standard sentence. "
        "That an AI answers is always said beside it.",
    )
    daily_message_limit = models.PositiveIntegerField(
        default=2000, help_text="Messages from visitors a day, over all listings."
    )
    publishes_close_price = models.BooleanField(default=False)
    requires_energy_label = models.BooleanField(default=False)
    requires_living_area_source = models.BooleanField(default=False)
    facts_stale_after_days = models.PositiveIntegerField(
        default=90, help_text="A fact that was last checked longer ago is shown and told with its date."
    )

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.host = self.host or None
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "This word is used by the platform: choose another."})
        self.host = (self.host or "").strip().lower() or None
        if self.host and (urlsplit(f"//{self.host}").hostname != self.host.partition(":")[0]):
            raise ValidationError({"host": "Write the bare host name, like homes.example.com."})

    def base_url(self) -> str:
        """The address of the agency's list of homes, with its closing slash; the canonical one."""
        if self.host:
            scheme = urlsplit(settings.SITE_URL).scheme
            return f"{scheme}://{self.host}/"
        return f"{settings.SITE_URL}/{self.slug}/"


class AgencyEntry(AgencyModel):
    """A platform operator entered this agency's admin, and why; the agency can read it."""

    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    entered_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()

    class Meta(AgencyModel.Meta):
        verbose_name = "entry by the platform"
        verbose_name_plural = "entries by the platform"
        ordering = ["-entered_at"]

    def __str__(self) -> str:
        return f"{self.user} on {self.entered_at:%Y-%m-%d %H:%M}"
