"""The staff admin of one agency, at `/<agency>/admin/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from agencies.access import access, is_operator
from agencies.base_site import BaseSite
from agencies.logins import LoginForm
from agencies.models import Membership
from agencies.models.people import Role


class StaffLoginForm(LoginForm):
    """Lets in the members of the agency in the URL, and operators, who enter it in a second step."""

    def confirm_login_allowed(self, user: Any) -> None:
        # Past Django's own admin form, which asks for `is_staff`: members are not.
        if not user.is_active:
            raise ValidationError("This account has been switched off.", code="inactive")
        if not is_operator(user) and not Membership.objects.filter(user=user).exists():
            raise ValidationError(not_a_member(self.request), code="not_a_member")


def not_a_member(request: HttpRequest) -> str:
    agency = request.agency  # type: ignore[attr-defined]
    return (
        f"This account does not belong to {agency.name}. "
        "Ask an owner of the agency for an invitation, or log in with another account."
    )


class StaffSite(BaseSite):
    """Members of the agency in the URL, and nobody else's rows."""

    settings_name = "STAFF_UNFOLD"
    login_form = StaffLoginForm
    index_template = "admin/staff/index.html"
    index_title = "Overview"

    def __init__(self, name: str = "staff") -> None:
        super().__init__(name)
        self.cards: list[Callable[[HttpRequest], Card | None]] = []

    def has_permission(self, request: HttpRequest) -> bool:
        return access(request).reaches(Role.VIEWER)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Times are shown, and read from forms, in the agency's own time zone."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def in_agency_time(request: Any, *args: Any, **kwargs: Any) -> Any:
            with timezone.override(request.agency.time_zone):
                response = inner(request, *args, **kwargs)
                # A template response is rendered later, after the zone was left.
                return response.render() if isinstance(response, TemplateResponse) else response

        return in_agency_time

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and request.user.is_authenticated and not self.has_permission(request):
            if is_operator(request.user):
                return HttpResponseRedirect(reverse("agencies:enter"))
            messages.error(request, not_a_member(request))
        return super().login(request, extra_context)

    def card(self, make: Callable[[HttpRequest], Card | None]) -> Callable[[HttpRequest], Card | None]:
        """Put what `make` returns on the overview; an app to the left decorates its own."""
        self.cards.append(make)
        return make

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        cards = [card for make in self.cards if (card := make(request))]
        response: TemplateResponse = super().index(
            request,
            {**(extra_context or {}), "cards": cards, "may_edit": may_edit(request), "is_owner": is_owner(request)},
        )
        return response

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "access": access(request)}


class Card:
    """One figure on the overview, with a link to what it counts."""

    def __init__(self, title: str, value: object, link: str, note: str = "") -> None:
        self.title, self.value, self.link, self.note = title, value, link, note


staff_site = StaffSite(name="staff")


def may_preview(request: HttpRequest) -> bool:
    """Whether the person of this request may see the agency's drafts."""
    return staff_site.has_permission(request)


# --- What config/unfold.py asks about a request ---
def agency_name(request: HttpRequest) -> str:
    return str(request.agency.name)  # type: ignore[attr-defined]


def site_address(request: HttpRequest) -> str:
    return reverse("properties:list")


def may_edit(request: HttpRequest) -> bool:
    return access(request).reaches(Role.EDITOR)


def is_owner(request: HttpRequest) -> bool:
    return access(request).reaches(Role.OWNER)


def entry_label(request: HttpRequest) -> tuple[str, str] | None:
    entry = access(request).entry
    return ("Platform operator", "danger") if entry else None
