"""Who is asking: a random name in a signed cookie, one per agency, and nothing else about the person."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_script_prefix

from agencies.middleware import AgencyRequest

COOKIE = "chat_visitor"
LIFETIME = timedelta(days=30)


def visitor_of(request: AgencyRequest) -> str | None:
    """The visitor's name from an intact cookie of this agency; None for anybody else."""
    try:
        name = request.get_signed_cookie(COOKIE, salt=_salt(request), max_age=LIFETIME)
    except (KeyError, signing.BadSignature):
        return None
    return str(name)


def new_visitor() -> str:
    return uuid.uuid4().hex


def remember(request: AgencyRequest, response: HttpResponseBase, visitor: str) -> None:
    response.set_signed_cookie(
        COOKIE,
        visitor,
        salt=_salt(request),
        max_age=LIFETIME,
        path=get_script_prefix(),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _salt(request: HttpRequest) -> str:
    return f"chat.visitor:{request.agency.public_id}"  # type: ignore[attr-defined]
