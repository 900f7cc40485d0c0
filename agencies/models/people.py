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
LAST_OWNER = "This is the agency's last owner. Make somebody else an owner first."


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

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
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

    def change_role(self, role: str) -> None:
        """Raises ValidationError rather than leave the agency without an owner."""
        with transaction.atomic():
            if role != Role.OWNER:
                self._keep_an_owner()
            self.role = role
            self.save(update_fields=["role"])

    def remove(self) -> None:
        """Raises ValidationError rather than leave the agency without an owner."""
        with transaction.atomic():
            self._keep_an_owner()
            self.delete()

    def _keep_an_owner(self) -> None:
        # Locked: two owners who demote each other at once would both find the other one still there.
        owners = Membership.objects.select_for_update().filter(role=Role.OWNER)
        if {owner.pk for owner in owners} == {self.pk}:
            raise ValidationError(LAST_OWNER, code="last_owner")


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
        invitation = cls.find_any(token)
        return invitation if invitation and invitation.is_open() else None

    @classmethod
    def find_any(cls, token: str) -> Invitation | None:
        """Also one that was used or has expired, so that its bearer can be told."""
        invitation: Invitation | None
        invitation = cls.objects.filter(token_hash=hashlib.sha256(token.encode()).hexdigest()).first()
        return invitation

    def is_open(self) -> bool:
        return self.accepted_at is None and self.expires_at > timezone.now()

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
