from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from agencies.scope import AgencyModel

INVITATION_LIFETIME = timedelta(days=7)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person who works at agencies (by Membership) or for the platform (`is_staff`); logs in by e-mail."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class Membership(AgencyModel):
    """What one person may do at one agency: an owner everything, an editor the listings, a viewer only look."""

    Role = Role

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "user"], name="agencies_membership_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def may_edit(self) -> bool:
        return self.role in (Role.OWNER, Role.EDITOR)

    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    def is_last_owner(self) -> bool:
        others = Membership.objects.filter(role=Role.OWNER).exclude(pk=self.pk)
        return self.role == Role.OWNER and not others.exists()


class Invitation(AgencyModel):
    """A link that makes its bearer a member; only the hash of its secret is stored, and it works once."""

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    token_hash = models.CharField(max_length=64, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "token_hash"], name="agencies_invitation_token"),
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"

    def renew(self) -> str:
        """Set a fresh secret and a fresh week; returns the secret, which is never seen again."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hashlib.sha256(token.encode()).hexdigest()
        self.expires_at = timezone.now() + INVITATION_LIFETIME
        return token

    @classmethod
    def find(cls, token: str) -> Invitation | None:
        """The open invitation of the agency in scope that this secret opens."""
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        open_ones = cls.objects.filter(accepted_at=None, expires_at__gt=timezone.now())
        invitation: Invitation | None = open_ones.filter(token_hash=token_hash).first()
        return invitation

    def accept(self, user: User) -> Membership:
        if user.email != self.email.strip().lower():
            raise ValidationError("This invitation is for another e-mail address: log in with that one.")
        with transaction.atomic():
            taken = Invitation.objects.filter(pk=self.pk, accepted_at=None).update(accepted_at=timezone.now())
            if not taken:
                raise ValidationError("This invitation has been used: ask for a new one.")
            membership: Membership
            membership, _created = Membership.objects.get_or_create(user=user, defaults={"role": self.role})
        return membership
