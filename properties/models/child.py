from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from agencies.scope import AgencyModel, AgencyQuerySet

T = TypeVar("T", bound=models.Model, covariant=True)


class ErrorsAtShownFields(models.Model):
    """A form that shows only some fields gets the errors of the others above it, instead of a crash."""

    class Meta:
        abstract = True

    def full_clean(self, exclude: Any = None, *args: Any, **kwargs: Any) -> None:
        try:
            super().full_clean(exclude, *args, **kwargs)
        except ValidationError as error:
            raise ValidationError(_at_shown(error, set(exclude or ()))) from None


def _at_shown(error: ValidationError, hidden: set[str]) -> dict[str, list[ValidationError]]:
    shown: dict[str, list[ValidationError]] = {}
    for field, errors in error.error_dict.items():
        shown.setdefault(NON_FIELD_ERRORS if field in hidden else field, []).extend(errors)
    return shown


class ChildQuerySet(AgencyQuerySet[T]):
    """Writes in bulk touch the homes they belong to, as single writes do."""

    def update(self, **values: Any) -> int:
        homes = self._homes()
        changed = super().update(**values)
        _touch(homes)
        return changed

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        homes = self._homes()
        deleted = super().delete()
        _touch(homes)
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        created = super().bulk_create(objs, *args, **kwargs)
        _touch({row.home_id() for row in created})
        return created

    def _homes(self) -> set[int]:
        path = self.model.home_path  # type: ignore[attr-defined]
        return set(self.order_by().values_list(path, flat=True))


class PartOfProperty(ErrorsAtShownFields, AgencyModel):
    """A row that belongs to a home: writing it changes the home's `modification_timestamp`."""

    home_path = "property_id"

    class Meta(AgencyModel.Meta):
        abstract = True

    def home_id(self) -> int | None:
        home_id: int | None = getattr(self, "property_id", None)
        return home_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            _touch({self.home_id()})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        home_id = self.home_id()
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            _touch({home_id})
        return deleted

    def refuse_other_home(self, field: str, other: PartOfProperty | None) -> None:
        """Both ends of a relation stand on one property."""
        if other is not None and other.home_id() != self.home_id():
            raise ValidationError(
                {field: ValidationError("Choose one of the same property.", code="other_property")}
            )


def _touch(home_ids: set[Any]) -> None:
    from .property import Property

    Property.objects.filter(pk__in=home_ids - {None}).touch()
