"""Who may do what inside the agency of a request: by membership, or by an operator's entry with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from agencies.models import AgencyEntry, Membership
from agencies.models.people import Role

RANK: dict[str, int] = {Role.VIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Access:
    """`role` is empty for everybody who has no business here; `entry` is set for an operator of the platform."""

    role: str = ""
    entry: AgencyEntry | None = None

    def reaches(self, role: str | None) -> bool:
        """Whether this role includes `role`; no role at all includes None."""
        return role is not None and RANK.get(self.role, 0) >= RANK[role]


def is_operator(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_staff and user.is_superuser)


def access(request: HttpRequest) -> Access:
    """What the person of this request may do in the request's agency; asked of the database once a request."""
    user, agency = getattr(request, "user", None), getattr(request, "agency", None)
    if agency is None or user is None or not user.is_authenticated or not user.is_active:
        return Access()
    # The key, since a login changes the person within one request.
    known: dict[tuple[int, int], Access] = request.__dict__.setdefault("_agency_access", {})
    key = (agency.pk, user.pk)
    if key not in known:
        known[key] = _look_up(user)
    return known[key]


def _look_up(user: Any) -> Access:
    membership = Membership.objects.filter(user=user).first()
    if membership:
        return Access(role=membership.role)
    if not is_operator(user):
        return Access()
    entry = AgencyEntry.objects.filter(user=user, ends_at__gt=timezone.now()).first()
    return Access(role=Role.OWNER, entry=entry) if entry else Access()
