from __future__ import annotations

import io
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from PIL import Image
from unfold.widgets import UnfoldAdminColorInputWidget

from agencies.models import Agency
from agencies.staff_admin import OwnersOnly, StaffModelAdmin
from agencies.staff_site import staff_site

LOGO_MEGABYTES = 2
LOGO_PIXELS = 4_000_000
LOGO_BOX = (600, 240)


class AgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Agency
        fields = ("logo", "primary_color", "accent_color")  # the admin asks for those of its fieldsets
        widgets = {
            "primary_color": UnfoldAdminColorInputWidget,
            "accent_color": UnfoldAdminColorInputWidget,
        }

    def clean_logo(self) -> Any:
        logo = self.cleaned_data.get("logo")
        # Also False (cleared) and the stored file (untouched) pass here.
        if "logo" not in self.changed_data or not logo:
            return logo
        return _written_anew(logo)


def _written_anew(upload: Any) -> ContentFile[bytes]:
    """A PNG of the uploaded picture and of nothing else that was in the file."""
    if upload.size > LOGO_MEGABYTES * 1024 * 1024:
        raise ValidationError(f"This file is larger than {LOGO_MEGABYTES} MB. Save it smaller.")
    upload.seek(0)
    image = Image.open(upload, formats=["PNG", "JPEG", "WEBP"])  # the form field has opened it before us
    if image.width * image.height > LOGO_PIXELS:
        raise ValidationError("This picture has too many pixels for a logo. Save it smaller.")
    clean = image.convert("RGBA")
    clean.thumbnail(LOGO_BOX)
    written = io.BytesIO()
    clean.save(written, "PNG")
    return ContentFile(written.getvalue(), name="logo.png")


@admin.register(Agency, site=staff_site)
class OwnAgencyAdmin(OwnersOnly, StaffModelAdmin):
    """The one agency of the request. Its slug, its host and its being there are the platform's."""

    add_role = delete_role = None
    form = AgencyForm
    readonly_fields = ("slug", "host")
    fieldsets = (
        ("Name and look", {"fields": ("name", "slug", "host", "logo", "primary_color", "accent_color")}),
        ("Contact", {"fields": ("email", "phone", "address", "website", "privacy_url")}),
        ("Language and place", {"fields": ("locale", "currency", "country", "time_zone")}),
        ("The assistant", {"fields": ("greeting", "persona", "daily_message_limit", "facts_stale_after_days")}),
        (
            "Rules of your market",
            {"fields": ("requires_energy_label", "requires_living_area_source", "publishes_close_price")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agency]:
        # Agencies are no scoped rows: they are what the scope is made of.
        queryset: QuerySet[Agency] = super().get_queryset(request)
        return queryset.filter(pk=request.agency.pk)  # type: ignore[attr-defined]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]
        return HttpResponseRedirect(self.address(request.agency))  # type: ignore[attr-defined]
