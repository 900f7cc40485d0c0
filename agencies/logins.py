"""How often a login may fail. django-axes counts by account and address, in the database, so for all workers.

The forms say it in place, so its middleware, which answers with a bare page, is left out.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.forms import AuthenticationForm

HOUSEHOLD = 64  # bits of an IPv6 address that one customer keeps; the others change at will (RFC 8981)


class LoginForm(AuthenticationForm):
    def get_invalid_login_error(self) -> ValidationError:
        error: ValidationError = lockout(self.request) or super().get_invalid_login_error()
        return error


def lockout(request: HttpRequest) -> ValidationError | None:
    """Why the login of this request was not even tried; None where that is not so."""
    if not _is_locked_out(request):
        return None
    minutes = ceil(_seconds_left(request) / 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    sentence = f"Too many attempts to log in to this account have failed. Wait {wait}, then try again."
    return ValidationError(sentence, code="locked_out")


def with_lockout(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page of a login, with the status and the time to wait of one that was locked out."""
    if _is_locked_out(request):
        response.status_code = 429
        response["Retry-After"] = str(_seconds_left(request))
    return response


def _is_locked_out(request: HttpRequest) -> bool:
    return getattr(request, "axes_locked_out", False)


def _seconds_left(request: HttpRequest) -> int:
    mine = AccessAttempt.objects.filter(
        username=account(request, request.axes_credentials),  # type: ignore[attr-defined]
        ip_address=client_address(request),
    )
    last = mine.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    wait: timedelta = settings.AXES_COOLOFF_TIME
    return max(1, ceil((last + wait - timezone.now()).total_seconds()))


# --- What the settings name for django-axes ---
def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that logs in, as the user table spells it: other spellings of it are no other account."""
    return str((credentials or {}).get("username") or "").strip().lower()[:255]


def client_address(request: HttpRequest) -> str | None:
    """Of the visitor, not of our own proxy: it appends whom it saw to X-Forwarded-For. Of IPv6 the household's part."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.IS_BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or seen
    try:
        return _household(ip_address(seen.partition("%")[0]))
    except ValueError:
        return None  # a Unix socket has none


def _household(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, HOUSEHOLD), strict=False).network_address)


def log_name(username: str, address: str | None, user_agent: str, path: str, request: HttpRequest) -> str:
    """Whom the log blames: neither people's names, nor a path that may hold an invitation's secret."""
    return address or "an unknown address"


@receiver(pre_save, sender="axes.AccessAttempt")
def keep_only_who_failed(instance: AccessAttempt, **kwargs: Any) -> None:
    """A row says who failed how often. What was posted, and to which path, may be secret, and may be long."""
    instance.get_data = instance.post_data = instance.path_info = instance.http_accept = ""
