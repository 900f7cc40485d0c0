from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet
from properties.enums import StandardStatus

T = TypeVar("T", bound=models.Model, covariant=True)


class HistoryIsFixed(RuntimeError):
    """History is only ever added to."""


class HistoryQuerySet(AgencyQuerySet[T]):
    def update(self, **values: Any) -> int:
        raise HistoryIsFixed("History cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed("History cannot be deleted.")


class Change(AgencyModel):
    """One line of history; goes only when its whole property goes."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey("agencies.User", on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta(AgencyModel.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsFixed("History cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed("History cannot be deleted.")


class PriceChange(Change):
    property = models.ForeignKey(
        "properties.Property", on_delete=models.CASCADE, editable=False, related_name="price_changes"
    )
    old_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)
    new_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, editable=False)
    currency = models.CharField(max_length=3, editable=False)

    objects = AgencyManager.from_queryset(HistoryQuerySet)()

    class Meta(Change.Meta):
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.old_price} → {self.new_price} {self.currency}"


class StatusChange(Change):
    property = models.ForeignKey(
        "properties.Property", on_delete=models.CASCADE, editable=False, related_name="status_changes"
    )
    old_status = models.CharField(max_length=30, choices=StandardStatus, blank=True, editable=False)
    new_status = models.CharField(max_length=30, choices=StandardStatus, editable=False)

    objects = AgencyManager.from_queryset(HistoryQuerySet)()

    class Meta(Change.Meta):
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.old_status or 'new'} → {self.new_status}"
