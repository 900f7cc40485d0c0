from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet


class AllowanceQuerySet(AgencyQuerySet["Allowance"]):
    def take(self, kind: str, key: str, limit: int, now: datetime, opened_before: datetime) -> bool:
        """Use one unit of `limit`; a window opened before `opened_before` starts anew.

        One conditional UPDATE decides, so two workers never share the last unit.
        """
        stale = Q(window_start__lte=opened_before)
        # `window_start` is read before it is set: within one UPDATE every expression sees the old row.
        change: dict[str, Any] = {
            "used": Case(When(stale, then=Value(1)), default=F("used") + 1),
            "window_start": Case(When(stale, then=Value(now)), default=F("window_start")),
        }
        return limit > 0 and self._change(kind, key, stale | Q(used__lt=limit), change, now)

    def hold(self, kind: str, key: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take a lease that ends by itself at `until`; False while another holder has it."""
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        return self._change(kind, key, free, {"holder": holder, "held_until": until}, now)

    def let_go(self, kind: str, key: str, holder: str) -> None:
        self.filter(kind=kind, key=key, holder=holder).update(held_until=None)

    def _change(self, kind: str, key: str, condition: Q, change: dict[str, Any], now: datetime) -> bool:
        row = self.filter(kind=kind, key=key)
        if row.filter(condition).update(**change):
            return True
        if not row.exists():
            self.bulk_create([self.model(kind=kind, key=key, window_start=now)], ignore_conflicts=True)
        # Asked again even if the row was there: another worker may have made it since the first UPDATE.
        return bool(row.filter(condition).update(**change))


class Allowance(AgencyModel):
    """How much was used in its window, and who holds it: one row per kind and key, changed in place."""

    class Kind(models.TextChoices):
        VISITOR_MESSAGES = "visitor_messages", "Messages of a visitor"
        PROPERTY_MESSAGES = "property_messages", "Messages about a listing"
        AGENCY_MESSAGES = "agency_messages", "Messages to the agency"
        VISITOR_LEADS = "visitor_leads", "Requests of a visitor"
        STREAM = "stream", "Answer being streamed"

    kind = models.CharField(max_length=24, choices=Kind.choices)
    key = models.CharField(max_length=64)
    used = models.PositiveIntegerField(default=0)
    window_start = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=64, blank=True)

    objects = AgencyManager.from_queryset(AllowanceQuerySet)()

    class Meta(AgencyModel.Meta):
        constraints = [
            *AgencyModel.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "kind", "key"], name="chat_allowance_key"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}: {self.used}"
