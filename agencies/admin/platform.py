"""What the platform's operators see: agencies, people and their own entries; no row of an agency."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget

from agencies import invitations
from agencies.models import Agency, AgencyEntry, Invitation, User
from agencies.models.people import Role
from agencies.platform_site import platform_site
from agencies.scope import agency_scope, every_agency
from agencies.staff_admin import HTTPS_ASSUMED


class NewAgencyForm(forms.ModelForm):  # type: ignore[type-arg]
    owner_email = forms.EmailField(
        label="First owner's e-mail",
        required=False,
        widget=UnfoldAdminEmailInputWidget,
        help_text="Is invited as owner; you see the link once.",
    )

    class Meta:
        model = Agency
        fields = ("name",)  # the admin asks for those of its fieldsets


@admin.register(Agency, site=platform_site)
class AgencyAdmin(ModelAdmin):
    form = NewAgencyForm
    formfield_overrides = HTTPS_ASSUMED
    list_display = ("name", "slug", "host", "is_active", "enter")
    list_filter = ("is_active", "country")
    search_fields = ("name", "slug", "host")
    view_on_site = False
    fieldsets = (
        ("Address", {"fields": ("name", "slug", "host", "is_active", "owner_email")}),
        ("Contact", {"fields": ("email", "phone")}),
        ("Language and place", {"fields": ("locale", "currency", "country", "time_zone")}),
        ("Limits", {"fields": ("daily_message_limit",)}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # switched off by is_active; deleting takes listings and leads along

    @display(description="Staff admin")
    def enter(self, row: Agency) -> str:
        return format_html('<a href="{}enter/">Enter</a>', row.base_url()) if row.is_active else "–"

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        email = form.cleaned_data.get("owner_email")
        if not email:
            return
        with agency_scope(obj):
            invitation = Invitation(email=email.lower(), role=Role.OWNER, invited_by=request.user)  # type: ignore[misc]
            token = invitation.renew()
            invitation.save()
        # For the response, which is made in this request after the transaction.
        request.invited = (invitation, f"{obj.base_url()}join/{token}/")  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Agency, post_url_continue: Any = None) -> HttpResponse:
        return self._shown_link(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Agency) -> HttpResponse:
        return self._shown_link(request, obj) or super().response_change(request, obj)

    def _shown_link(self, request: HttpRequest, agency: Agency) -> HttpResponse | None:
        if not hasattr(request, "invited"):
            return None
        invitation, link = request.invited
        if not invitations.send(agency, invitation, link):
            messages.warning(request, "The mail could not be sent: pass the link on yourself.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{agency.name} is ready",
            "explanation": f"{invitation.email} becomes an owner by this link. It works once, for seven days, and is "
            "not shown again.",
            "label": "Invitation link",
            "secret": link,
            "back": "../",
        }
        return TemplateResponse(request, "admin/staff/secret.html", context)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("first_name", "last_name", "is_active")

    def clean_is_active(self) -> bool:
        is_active: bool = self.cleaned_data["is_active"]
        if not is_active and self.instance.is_superuser:
            raise ValidationError("An operator's account is switched off on the server, not here.")
        return is_active


@admin.register(User, site=platform_site)
class UserAdmin(ModelAdmin):
    """Names, and a switch. Passwords and rights have no form anywhere: operators are made on the server."""

    form = PersonForm
    list_display = ("email", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    fields = ("email", "first_name", "last_name", "is_active", "is_superuser", "date_joined", "last_login")
    readonly_fields = ("email", "is_superuser", "date_joined", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people come by invitation

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def over_every_agency(view: Callable[..., Any]) -> Callable[..., Any]:
    """Runs an admin view, and renders what it returns, with every agency in scope."""

    @wraps(view)
    def inner(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with every_agency(f"operator {request.user.pk} reads the platform's entries"):
            response = view(self, request, *args, **kwargs)
            return response.render() if isinstance(response, TemplateResponse) else response

    return inner


@admin.register(AgencyEntry, site=platform_site)
class EntryAdmin(ModelAdmin):
    """Who entered which agency, when and why. The only scoped rows here: the platform itself wrote them."""

    list_display = ("user", "agency", "reason", "entered_at", "ends_at")
    list_select_related = ("user", "agency")
    fields = ("user", "agency", "reason", "entered_at", "ends_at")

    changelist_view = over_every_agency(ModelAdmin.changelist_view)
    changeform_view = over_every_agency(ModelAdmin.changeform_view)
    history_view = over_every_agency(ModelAdmin.history_view)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
