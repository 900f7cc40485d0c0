"""The demo's agencies and the people in them; made once, never changed again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agencies.models import Agency, ApiKey, Membership, ProviderAccount, User
from agencies.models.api_key import SCOPES
from agencies.models.people import Role
from agencies.scope import agency_scope

from . import DEMO_API_TOKENS, DEMO_OPERATOR, staff_email

FOLDER = Path(__file__).parent


def agencies() -> list[dict[str, Any]]:
    """Fields of an Agency, and `homes`: the names of its files."""
    rows: list[dict[str, Any]] = json.loads((FOLDER / "agencies.json").read_text(encoding="utf-8"))
    return rows


def load_agency(row: dict[str, Any], password: str, *, with_api_key: bool) -> Agency:
    """An agency with its provider, its three people and, on a laptop, its known API key."""
    fields = {name: value for name, value in row.items() if name != "homes"}
    agency, _ = Agency.objects.get_or_create(slug=row["slug"], defaults=fields)
    with agency_scope(agency):
        ProviderAccount.objects.get_or_create(defaults={"profile": ProviderAccount.Profile.ENGINE})
        for role in Role.values:
            user = load_user(staff_email(agency.slug, role), password, first_name=role.capitalize())
            Membership.objects.get_or_create(user=user, defaults={"role": role})
        if with_api_key:
            load_api_key(DEMO_API_TOKENS[agency.slug])
    return agency


def load_operator(password: str) -> User:
    return load_user(DEMO_OPERATOR, password, first_name="Operator", is_staff=True, is_superuser=True)


def load_user(email: str, password: str, **fields: Any) -> User:
    """A person who is there already keeps the password that they have."""
    return User.objects.filter(email=email).first() or User.objects.create_user(email, password, **fields)


def load_api_key(token: str) -> None:
    key = ApiKey(name="Demo", scopes=list(SCOPES))
    key.take_token(token)
    if not ApiKey.objects.filter(prefix=key.prefix).exists():
        key.save()
