from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.scope import AgencyModel, every_agency

SCOPES = {
    "properties:read": "Read published properties and their facts",
    "knowledge:read": "Read the public knowledge of properties",
    "chat:write": "Ask a property questions",
}
LAST_USED_STEP = timedelta(minutes=1)
TOKEN = re.compile(r"oh_([0-9a-f]{8})_[-\w]+\Z", re.ASCII)


def known_scopes(scopes: object) -> None:
    if not isinstance(scopes, list) or not scopes or not set(scopes) <= SCOPES.keys():
        raise ValidationError(f"Choose one or more of: {', '.join(SCOPES)}.", code="unknown_scope")


class ApiKey(AgencyModel):
    """A program's key to one agency. The token is `oh_<prefix>_<secret>`; only the hash of it is stored."""

    name = models.CharField(max_length=100, help_text="What uses this key.")
    scopes = models.JSONField(default=list, validators=[known_scopes])
    prefix = models.CharField(max_length=8, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is revoked.")
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta(AgencyModel.Meta):
        verbose_name = "API key"
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "prefix"], name="agencies_apikey_prefix"),
        ]
        indexes = [models.Index(fields=["prefix"], name="agencies_apikey_prefix_idx")]
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} (oh_{self.prefix}_…)"

    def new_token(self) -> str:
        """Give this key a fresh token and return it; it is never seen again. The caller saves."""
        token = f"oh_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
        self.take_token(token)
        return token

    def take_token(self, token: str) -> None:
        """Answer to this token from now on: the demo's is known beforehand. The caller saves."""
        self.prefix, self.token_hash = token.split("_", 2)[1], _hashed(token)

    @classmethod
    def resolve(cls, token: str) -> ApiKey | None:
        """The living key of an active agency that this token is, with its agency; None for others."""
        now = timezone.now()
        return cls._find(token, Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now)))

    @classmethod
    def why_refused(cls, token: str) -> str:
        """For the holder of a true token that `resolve` refuses: "revoked" or "expired"; else "unknown"."""
        key = cls._find(token, Q(revoked_at__isnull=False) | Q(expires_at__isnull=False))
        if key is None:
            return "unknown"
        return "revoked" if key.revoked_at else "expired"

    @classmethod
    def _find(cls, token: str, condition: Q) -> ApiKey | None:
        match = TOKEN.match(token)
        if match is None:
            return None
        with every_agency("an API key names its agency", logging.DEBUG):  # at every call: no news for the log
            keys = cls.objects.filter(condition, prefix=match[1], agency__is_active=True)
            candidates = list(keys.select_related("agency"))
        return next((key for key in candidates if hmac.compare_digest(key.token_hash, _hashed(token))), None)

    def touch(self) -> None:
        """Note the use, at most once a minute; runs in the agency's scope."""
        now = timezone.now()
        if self.last_used_at and self.last_used_at > now - LAST_USED_STEP:
            return  # an UPDATE of nothing would still take SQLite's write lock
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_STEP)
        ApiKey.objects.filter(stale, pk=self.pk).update(last_used_at=now)

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])


def _hashed(token: str) -> str:
    # The secret has 256 random bits, so a plain hash is as good as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()
