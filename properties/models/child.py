from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.text import slugify

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
            fields = {field.name for field in self._meta.concrete_fields} - set(exclude or ())
            raise ValidationError(_at_fields(error, fields)) from None

    def clean_fields(self, exclude: Any = None) -> None:
        """Also holds long texts to their length, which Django asks of forms alone."""
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self._meta.concrete_fields:
            if isinstance(field, models.TextField) and field.name not in (exclude or ()):
                excess = len(getattr(self, field.attname) or "") - (field.max_length or sys.maxsize)
                if excess > 0:
                    errors.setdefault(field.name, []).append(f"Too long by {excess} characters: shorten it.")
        if errors:
            raise ValidationError(errors)


def _at_fields(error: ValidationError, fields: set[str]) -> dict[str, list[ValidationError]]:
    shown: dict[str, list[ValidationError]] = {}
    for field, errors in error.error_dict.items():
        shown.setdefault(field if field in fields else NON_FIELD_ERRORS, []).extend(errors)
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
    same_home: tuple[str, ...] = ()  # relations whose other end must stand on the same home

    class Meta(AgencyModel.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refuse_other_homes()
        with transaction.atomic():
            super().save(*args, **kwargs)
            _touch({self.home_id()})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        home_id = self.home_id()
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            _touch({home_id})
        return deleted

    def clean(self) -> None:
        super().clean()
        self.refuse_other_homes()

    def home_id(self) -> int | None:
        home_id: int | None = getattr(self, "property_id", None)
        return home_id

    def refuse_other_homes(self) -> None:
        errors = {}
        for name in self.same_home:
            other: PartOfProperty | None = None
            if getattr(self, f"{name}_id") is not None:
                other = getattr(self, name)
            if other is not None and other.home_id() != self.home_id():
                errors[name] = ValidationError("Choose one of the same property.", code="other_property")
        if errors:
            raise ValidationError(errors)

    def settle_key(self, text: str) -> None:
        """Give a new row a key from its words, unique on its home; a key once given stays."""
        if getattr(self, "key", "") or self.home_id() is None:
            return  # on the page that adds a home, its rows are cleaned before it has a key itself
        base = slugify(text)[:50].strip("-") or "item"
        rows: Any = type(self)._base_manager  # this abstract class has neither of the two fields
        taken = set(rows.filter(property_id=self.home_id()).exclude(pk=self.pk).values_list("key", flat=True))
        candidate, number = base, 1
        while candidate in taken:
            number += 1
            candidate = f"{base}-{number}"
        self.key = candidate


def lock_home(home_id: int) -> None:
    """Until the transaction ends, others wait who write an order on this home."""
    from .property import Property

    Property.objects.select_for_update().filter(pk=home_id).values_list("pk").first()


def _touch(home_ids: set[Any]) -> None:
    from .property import Property

    Property.objects.filter(pk__in=home_ids - {None}).touch()
