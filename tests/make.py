"""Rows for tests: agencies and the people in them. Each opens the scope that it needs."""

from typing import Any

from agencies.models import Agency, ApiKey, Membership, ProviderAccount, User
from agencies.scope import agency_scope

PASSWORD = "correct horse battery staple"


def make_agency(slug: str = "harbour", **fields: Any) -> Agency:
    values: dict[str, Any] = {"name": slug.title(), "slug": slug, "email": f"office@{slug}.example"}
    return Agency.objects.create(**{**values, **fields})


def make_user(email: str = "ann@harbour.example", **fields: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **fields)


def make_member(agency: Agency, role: str = "editor", email: str | None = None) -> User:
    """A user with one role at one agency; by default named after both."""
    user = make_user(email or f"{role}@{agency.slug}.example")
    with agency_scope(agency):
        Membership.objects.create(user=user, role=role)
    return user


def make_api_key(agency: Agency, *scopes: str, **fields: Any) -> str:
    """A new key's token."""
    with agency_scope(agency):
        key = ApiKey(name="test", scopes=list(scopes) or ["properties:read"], **fields)
        token = key.new_token()
        key.save()
    return token


def make_provider(agency: Agency, api_key: str = "", **fields: Any) -> ProviderAccount:
    with agency_scope(agency):
        account = ProviderAccount(agency=agency, **fields)
        account.set_api_key(api_key)
        account.save()
    return account
