from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import display

from agencies import invitations
from agencies.models import AgencyEntry, Invitation, Membership
from agencies.models.people import LAST_OWNER, Role
from agencies.staff_admin import Deed, OwnersOnly, ReadOnly, StaffModelAdmin
from agencies.staff_site import staff_site


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Membership
        fields = ("role",)

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if role != Role.OWNER and self.instance.pk:
            stored = Membership.objects.get(pk=self.instance.pk)
            if stored.is_last_owner():
                raise ValidationError(LAST_OWNER, code="last_owner")
        return role


@admin.register(Membership, site=staff_site)
class MembershipAdmin(OwnersOnly, StaffModelAdmin):
    """People come by invitation alone: there is no form here that makes a user or grants one rights elsewhere."""

    add_role = None
    form = RoleForm
    fields = ("person", "email", "role", "created_at")
    readonly_fields = ("person", "email", "created_at")
    list_display = ("person", "email", "role_label", "created_at")
    list_filter = ("role",)
    list_select_related = ("user",)
    search_fields = ("user__email", "user__first_name", "user__last_name")
    ordering = ("role", "user__email")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_last_owner())

    @display(description="Person", ordering="user__first_name")
    def person(self, row: Membership) -> str:
        return str(row.user)

    @display(description="E-mail", ordering="user__email")
    def email(self, row: Membership) -> str:
        return row.user.email

    @display(description="Role", ordering="role", label={"Owner": "success", "Editor": "info"})
    def role_label(self, row: Membership) -> str:
        return row.get_role_display()

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        obj.change_role(form.cleaned_data["role"])

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        obj.remove()


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Invitation
        fields = ("email", "role")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if Membership.objects.filter(user__email=email).exists():
            raise ValidationError("This person belongs to your agency already: change the role under People.")
        return email


@admin.register(Invitation, site=staff_site)
class InvitationAdmin(OwnersOnly, StaffModelAdmin):
    change_role = None
    form = InvitationForm
    list_display = ("email", "role", "state", "invited_by", "expires_at")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    readonly_fields = ("state", "invited_by", "created_at", "expires_at")
    deeds = (Deed("new_link", "Make a new link", "link", role=Role.OWNER, when=lambda row: row.accepted_at is None),)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("email", "role", *self.readonly_fields) if obj else ("email", "role")

    @display(description="State", label={"Open": "info", "Accepted": "success", "Expired": "danger"})
    def state(self, row: Invitation) -> str:
        if row.accepted_at:
            return "Accepted"
        return "Open" if row.is_open() else "Expired"

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        obj.invited_by = request.user  # type: ignore[assignment]
        # For response_add, which runs in this request after the transaction.
        request.invitation_token = obj.renew()  # type: ignore[attr-defined]
        obj.save()

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: Any = None) -> HttpResponse:
        return self._show_link(request, obj, request.invitation_token)  # type: ignore[attr-defined]

    def new_link(self, request: HttpRequest, row: Invitation) -> HttpResponse:
        token = row.renew()
        row.save(update_fields=["token_hash", "expires_at"])
        return self._show_link(request, row, token)

    def _show_link(self, request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
        link = request.build_absolute_uri(reverse("agencies:join", args=[token]))
        mailed = invitations.send(request.agency, row, link)  # type: ignore[attr-defined]
        if mailed:
            messages.success(request, f"The invitation was mailed to {row.email}.")
        else:
            messages.warning(request, "The mail could not be sent: pass the link on yourself.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Invitation for {row.email}",
            "explanation": "Whoever opens this link joins your agency. It works once, for seven days, and is not "
            "shown again.",
            "label": "Invitation link",
            "secret": link,
            "back": self.address(),
        }
        return TemplateResponse(request, "admin/staff/secret.html", context)


@admin.register(AgencyEntry, site=staff_site)
class AgencyEntryAdmin(ReadOnly, StaffModelAdmin):
    """When, and why, an operator of the platform was inside."""

    view_role = Role.OWNER
    list_display = ("user", "reason", "entered_at", "ends_at")
    list_select_related = ("user",)
    fields = ("user", "reason", "entered_at", "ends_at")
