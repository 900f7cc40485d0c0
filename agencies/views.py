"""The two ways into an agency's admin: an invitation, and an operator's entry with a reason."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agencies.access import access, is_operator
from agencies.forms import EnterForm, KnownPersonForm, LoggedInForm, NewPersonForm
from agencies.models import AgencyEntry, Invitation, User
from agencies.staff_site import staff_site

logger = logging.getLogger(__name__)

ENTRY_LIFETIME = timedelta(hours=1)
GONE = 410


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation as a new person, by password, or as who one is logged in as."""
    invitation = Invitation.find_any(token)
    if invitation is None or not invitation.is_open():
        return _page(request, "agencies/join_closed.html", {"reason": _closed_because(invitation)}, status=GONE)
    email = invitation.email.strip().lower()
    if request.user.is_authenticated and request.user.email != email:
        return _page(request, "agencies/join_other.html", {"invitation": invitation})
    form = _join_form(request, email)
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, invitation, form)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, "agencies/join.html", {"invitation": invitation, "form": form})


def _closed_because(invitation: Invitation | None) -> str:
    if invitation is None:
        return "This invitation link is not known here. Check that you have copied all of it."
    if invitation.accepted_at:
        return "This invitation has been used. If it was you, just log in."
    return "This invitation has expired: ask for a new one."


def _join_form(request: HttpRequest, email: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if request.user.is_authenticated:
        return LoggedInForm(data, user=request.user)
    if User.objects.filter(email=email).exists():
        return KnownPersonForm(data, email=email, request=request)
    return NewPersonForm(data, email=email)


def _joined(request: HttpRequest, invitation: Invitation, form: Any) -> HttpResponse:
    # One transaction, so that a link that was used meanwhile leaves no account behind.
    with transaction.atomic():
        user = form.save()
        invitation.accept(user)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("staff:index")


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Let an operator of the platform in for an hour, with a reason that the owners read."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("staff:login"))
    if not is_operator(request.user):
        raise Http404
    entry = access(request).entry
    if request.method == "POST" and "leave" in request.POST:
        return _left(request)
    form = EnterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _write_entry(request, form.cleaned_data["reason"])
        return redirect("staff:index")
    return _page(request, "agencies/enter.html", {"entry": entry, "form": form})


def _write_entry(request: HttpRequest, reason: str) -> None:
    AgencyEntry.objects.create(user_id=request.user.pk, reason=reason, ends_at=timezone.now() + ENTRY_LIFETIME)
    logger.warning("operator %s entered the agency's admin: %s", request.user.pk, reason)


def _left(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    AgencyEntry.objects.filter(user_id=request.user.pk, ends_at__gt=now).update(ends_at=now)
    return redirect("agencies:enter")


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {**staff_site.each_context(request), "title": "Welcome", **context}, status=status)
