from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class AllowanceQuerySet(AgencyQuerySet["Allowance"]):
    def take(self, kind: str, key: str, limit: int, now: datetime, opened_before: datetime) -> bool:
        """Use one unit of `limit` for a day; a day that began before `opened_before` starts anew.

        One conditional UPDATE decides, so two workers never share the last unit.
        """
        stale = Q(window_start__lte=opened_before)
        # `window_start` is read before it is set: within one UPDATE every expression sees the old row.
        change: dict[str, Any] = {
            "used": Case(When(stale, then=Value(1)), default=F("used") + 1),
            "window_start": Case(When(stale, then=Value(now)), default=F("window_start")),
        }
        return limit > 0 and self._change(kind, key, stale | Q(used__lt=limit), change, now)

    def take_within(self, kind: str, key: str, limit: int, now: datetime, window: timedelta) -> datetime | None:
        """Use one of the units that any `window` of time has; None when there was one, else when there will be.

        The moments of the last units lie in the row, and the row is locked while they are counted.
        """
        if limit <= 0:
            return now + window
        with transaction.atomic():
            begin, row = _microseconds(now - window), self._locked(kind, key, now)
            # Another worker's clock may be ahead of `now`: what it has noted counts too.
            moments: list[int] = sorted(moment for moment in row.moments if moment > begin)
            if len(moments) >= limit:
                return EPOCH + moments[-limit] * MICROSECOND + window
            row.moments = [*moments, _microseconds(now)]
            row.used = len(row.moments)
            row.save(update_fields=["moments", "used"])
        return None

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
            self._make(kind, key, now)
        # Asked again even if the row was there: another worker may have made it since the first UPDATE.
        return bool(row.filter(condition).update(**change))

    def _locked(self, kind: str, key: str, now: datetime) -> Allowance:
        # SQLite has no row locks: there an immediate transaction keeps all other writers out from its beginning.
        row = self.filter(kind=kind, key=key).select_for_update()
        found = row.first()
        if found is None:
            self._make(kind, key, now)
            found = row.get()
        return found

    def _make(self, kind: str, key: str, now: datetime) -> None:
        self.bulk_create([self.model(kind=kind, key=key, window_start=now)], ignore_conflicts=True)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


class Allowance(AgencyModel):
    """How much was used, and who holds it: one row per kind and key, changed in place."""

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
    # Of a sliding window: microseconds since 1970 of each unit in it, at most as many as the limit.
    moments = models.JSONField(default=list)
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
