from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldBooleanSwitchWidget

from agencies.connection import try_connection
from agencies.models import ProviderAccount
from agencies.models.people import Role
from agencies.staff_admin import Deed, OwnersOnly, StaffModelAdmin
from agencies.staff_site import staff_site


class ProviderAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The key goes in and never comes out."""

    new_api_key = forms.CharField(
        label="New API key",
        required=False,
        max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text="Replaces the key that is set. Left empty, that one stays.",
    )
    forget_api_key = forms.BooleanField(
        label="Forget the key",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Removes the key that is set.",
    )

    class Meta:
        model = ProviderAccount
        fields = ("profile",)  # the admin asks for those of its fieldsets

    def clean_new_api_key(self) -> str:
        key = str(self.cleaned_data["new_api_key"]).strip()
        if not key.isascii() or any(sign.isspace() for sign in key):
            raise ValidationError("A key has no spaces and no special letters: copy it once more.")
        return key

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("new_api_key") and self.cleaned_data.get("forget_api_key"):
            self.add_error("forget_api_key", "Either replace the key or forget it.")
        return cleaned


@admin.register(ProviderAccount, site=staff_site)
class ProviderAccountAdmin(OwnersOnly, StaffModelAdmin):
    """An agency has one, or none, and then the embedded engine answers."""

    form = ProviderAccountForm
    readonly_fields = ("key_state", "updated_at")
    fieldsets = (
        ("Server", {"fields": ("profile", "base_url")}),
        ("Key", {"fields": ("key_state", "new_api_key", "forget_api_key")}),
        ("Models", {"fields": ("text_model", "voice_model", "transcription_model", "voice")}),
        (None, {"fields": ("updated_at",)}),
    )
    deeds = (Deed("test_connection", "Test the saved connection", "network_check", Role.OWNER),)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not ProviderAccount.objects.exists()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)  # type: ignore[no-any-return]
        account = ProviderAccount.objects.first()
        if account:
            return HttpResponseRedirect(self.address(account))
        return HttpResponseRedirect(reverse("staff:agencies_provideraccount_add"))

    @display(description="Key", label={"Key is set": "success", "Key is not set": "warning"})
    def key_state(self, row: ProviderAccount) -> str:
        return "Key is set" if row.has_api_key() else "Key is not set"

    def save_model(self, request: HttpRequest, obj: ProviderAccount, form: Any, change: bool) -> None:
        # The key is bound to its agency, which a new row takes from the scope only when it is checked.
        obj.check_agency()
        if form.cleaned_data.get("new_api_key"):
            obj.set_api_key(form.cleaned_data["new_api_key"])
        elif form.cleaned_data.get("forget_api_key"):
            obj.set_api_key("")
        super().save_model(request, obj, form, change)

    def test_connection(self, request: HttpRequest, row: ProviderAccount) -> HttpResponse:
        row.agency = request.agency  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "title": "Connection test",
            "address": row.endpoint(),
            "findings": async_to_sync(try_connection)(row),
            "back": self.address(row),
        }
        return TemplateResponse(request, "admin/staff/connection.html", context)
