from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from agencies.models import ApiKey
from agencies.models.api_key import SCOPES
from agencies.models.people import Role
from agencies.staff_admin import Deed, OwnersOnly, StaffModelAdmin
from agencies.staff_site import staff_site


class ApiKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        label="It may", choices=list(SCOPES.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = ApiKey
        fields = ("name", "scopes", "expires_at")

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise ValidationError("This moment has passed. Choose one in the future, or leave it empty.")
        return expires_at


@admin.register(ApiKey, site=staff_site)
class ApiKeyAdmin(OwnersOnly, StaffModelAdmin):
    delete_role = None
    change_role = None  # a program relies on what its key may do: revoke it and make another
    form = ApiKeyForm
    list_display = ("name", "token", "may", "state", "last_used_at")
    search_fields = ("name", "prefix")
    deeds = (
        Deed("revoke", "Revoke this key", "block", Role.OWNER, danger=True, when=lambda row: row.revoked_at is None),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if not obj:
            return ("name", "scopes", "expires_at")
        return ("name", "token", "may", "state", "created_at", "expires_at", "last_used_at", "revoked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    @display(description="Key")
    def token(self, row: ApiKey) -> str:
        return f"oh_{row.prefix}_…"

    @display(description="May")
    def may(self, row: ApiKey) -> str:
        return "; ".join(SCOPES.get(scope, scope) for scope in row.scopes)

    @display(description="State", label={"Living": "success", "Expired": "warning", "Revoked": "danger"})
    def state(self, row: ApiKey) -> str:
        if row.revoked_at:
            return "Revoked"
        return "Expired" if row.expires_at and row.expires_at <= timezone.now() else "Living"

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        # For response_add, which runs in this request after the transaction.
        request.api_token = obj.new_token()  # type: ignore[attr-defined]
        obj.save()

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: Any = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Key “{obj.name}”",
            "explanation": "Copy the key now: we keep only a fingerprint of it, and it is not shown again.",
            "label": "API key",
            "secret": request.api_token,  # type: ignore[attr-defined]
            "back": self.address(),
        }
        return TemplateResponse(request, "admin/staff/secret.html", context)

    def revoke(self, request: HttpRequest, row: ApiKey) -> None:
        row.revoke()
