"""The one lock between agencies: a manager that sees only the rows of the agency in scope.

The predicate is written when the query runs, so a queryset built at import time (a form's, a filter's, a related
field's) is as safe as one built in a view. Nothing in scope is an error, never "everything".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import uuid6
from django.db import models
from django.db.models.expressions import Col, Expression
from django.db.models.signals import pre_save
from django.dispatch import receiver

from agencies.entering import (
    EVERY_AGENCY,
    Every,
    NoAgencyScope,
    WrongAgency,
    agency_scope,
    current_agency_id,
    current_scope,
    every_agency,
    outside_agencies,
    scope_label,
    scope_or_none,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

__all__ = [
    "EVERY_AGENCY",
    "AgencyManager",
    "AgencyModel",
    "AgencyQuerySet",
    "NoAgencyScope",
    "OwnAgency",
    "WrongAgency",
    "agency_scope",
    "current_agency_id",
    "current_scope",
    "every_agency",
    "new_public_id",
    "outside_agencies",
    "scope_label",
]

AGENCY_NAMES = frozenset({"agency", "agency_id"})


class OwnAgency(Expression):
    """True for the rows of the agency in scope; the value is read when the query runs."""

    output_field = models.BooleanField()

    def __init__(self, column: Any = "agency_id") -> None:
        super().__init__()
        self.column = models.F(column) if isinstance(column, str) else column

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        scope = current_scope()
        if isinstance(scope, Every):
            return "1 = 1", ()
        sql, params = compiler.compile(cast(Col, self.column))
        return f"{sql} = %s", (*params, scope)


T = TypeVar("T", bound=models.Model, covariant=True)


class AgencyQuerySet(models.QuerySet[T]):
    """What every queryset of an agency's rows refuses, besides what its predicate hides."""

    _parents_are_checked = False

    @property
    def _result_cache(self) -> list[Any] | None:
        # Rows that one scope has fetched are not shown in another: a class-level queryset may be evaluated in both.
        if self.__dict__["_cached_in"] != scope_or_none():
            self._result_cache, self._prefetch_done = None, False
        return cast("list[Any] | None", self.__dict__["_result_cache"])

    @_result_cache.setter
    def _result_cache(self, rows: list[Any] | None) -> None:
        self.__dict__.update(_result_cache=rows, _cached_in=scope_or_none())

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._parents_are_checked = self._parents_are_checked
        return clone

    def update(self, **values: Any) -> int:
        _refuse_agency(values.keys())
        for name, value in values.items():
            self._check_parent(name, value)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Any]:
        _refuse_agency(update_fields or ())
        if update_conflicts and AGENCY_NAMES.isdisjoint(unique_fields or ()):
            raise WrongAgency("Name the agency among unique_fields: the row in conflict may be another's.")
        rows = list(objs)
        for row in rows:
            row.check_agency()
        return super().bulk_create(rows, batch_size, ignore_conflicts, update_conflicts, update_fields, unique_fields)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), list(fields)
        _refuse_agency(names)
        for row in rows:
            row.check_agency(update_fields=names)
        checked = self._clone()
        checked._parents_are_checked = True  # Django writes them as expressions, which update() refuses
        return super(AgencyQuerySet, checked).bulk_update(rows, names, *args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise NoAgencyScope("raw() would read around the agency scope: use the query API.")

    def _check_parent(self, name: str, value: Any) -> None:
        field = next((f for f in parent_fields(self.model) if name in (f.name, f.attname)), None)
        if field is None or value is None or self._parents_are_checked:
            return
        key = getattr(value, field.target_field.attname) if isinstance(value, models.Model) else value
        agency_id = _agency_of_parent(field, key)
        if current_scope() is EVERY_AGENCY and self.exclude(agency_id=agency_id).exists():
            raise _wrong_parent(field)


@cache
def parent_fields(model: type[models.Model]) -> list[Any]:
    """The foreign keys by which a row hangs on other rows of its agency."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return [field for field in keys if issubclass(cast(type, field.related_model), AgencyModel)]


def _agency_of_parent(field: Any, key: Any, parent: AgencyModel | None = None) -> int:
    """The agency of the row that `field` is about to point at; WrongAgency when that is not in scope."""
    if hasattr(key, "resolve_expression"):
        raise WrongAgency(f"{field.verbose_name}: give the row itself, an expression cannot be checked.")
    stored_key, agency_id = parent._stored if parent and field.target_field.primary_key else (None, None)
    if stored_key != key or agency_id is None:
        parents = field.related_model._base_manager.filter(**{field.target_field.attname: key})
        agency_id = parents.values_list("agency_id", flat=True).first()
    if agency_id is None:
        raise _wrong_parent(field)
    return agency_id


def _wrong_parent(field: Any) -> WrongAgency:
    return WrongAgency(f"{field.verbose_name}: this row is not one of your agency's.")


def _refuse_agency(names: Iterable[str]) -> None:
    if not AGENCY_NAMES.isdisjoint(names):
        raise WrongAgency("A row stays with its agency: the agency cannot be updated.")


class AgencyManager(models.Manager[T]):
    """Default and base manager of an agency's rows: late-bound, fail-closed."""

    def get_queryset(self) -> models.QuerySet[T]:
        return super().get_queryset().filter(OwnAgency())


def new_public_id() -> UUID:
    """A sortable UUID (version 7) made here, so that a row has its outside name before it is saved."""
    return uuid6.uuid7()


class AgencyModel(models.Model):
    """A row that belongs to one agency for life.

    Subclasses inherit `Meta` (base manager, unique public_id; add to `AgencyModel.Meta.constraints`) and name `agency`
    in every unique rule; system checks hold both.
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, editable=False, related_name="+")
    public_id = models.UUIDField(default=new_public_id, editable=False)

    # Any: a model with rules about many rows brings a manager of its own type.
    objects: Any = AgencyManager.from_queryset(AgencyQuerySet)()

    # Key and agency as they are in the database: what a caller may set on the row is not believed.
    _stored: tuple[Any, int | None] = (None, None)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["agency", "public_id"], name="%(app_label)s_%(class)s_public_id"),
        ]

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        row = super().from_db(db, field_names, values, **kwargs)
        row._stored = (row.pk, row.__dict__.get("agency_id"))
        return row

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        super().save_base(*args, **kwargs)
        self._stored = (self.pk, self.agency_id)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.check_agency(update_fields=())
        # Django deletes by the key alone, and this may be a row made up with another's.
        if self._stored != (self.pk, self.agency_id) and not type(self)._base_manager.filter(pk=self.pk).exists():
            raise WrongAgency(f"This {self._meta.verbose_name} is not one of your agency's.")
        return super().delete(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_agency()
        super().full_clean(*args, **kwargs)

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        super().validate_unique(exclude=set(exclude or ()) - AGENCY_NAMES)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        # No form has the agency, and a rule with a field that the form lacks is not checked; but all rules contain it.
        self._fill_agency()
        super().validate_constraints(exclude=set(exclude or ()) - AGENCY_NAMES)

    def unique_error_message(self, model_class: Any, unique_check: Any) -> Any:
        # "… with this slug already exists": the agency goes without saying.
        names = [name for name in unique_check if name not in AGENCY_NAMES]
        return super().unique_error_message(model_class, names or unique_check)

    def check_agency(self, update_fields: Iterable[str] | None = None) -> None:
        """Fill in the agency of a new row; refuse a row or a parent of another agency (WrongAgency)."""
        self._fill_agency()
        scope = current_scope()
        if not isinstance(scope, Every) and self.agency_id != scope:
            raise WrongAgency(f"This {self._meta.verbose_name} is not one of your agency's.")
        if self._stored_agency_id() not in (None, self.agency_id):
            raise WrongAgency("A row stays with its agency: the agency cannot be changed.")
        names = None if update_fields is None else set(update_fields)
        for field in parent_fields(type(self)):
            if names is None or field.name in names or field.attname in names:
                self._check_parent(field)

    def _fill_agency(self) -> None:
        scope = current_scope()
        unset: int | None = self.agency_id
        if unset is None and not isinstance(scope, Every):
            self.agency_id = scope

    def _stored_agency_id(self) -> int | None:
        key, agency_id = self._stored
        if self.pk is None or (key == self.pk and agency_id is not None):
            return agency_id
        return type(self)._base_manager.filter(pk=self.pk).values_list("agency_id", flat=True).first()

    def _check_parent(self, field: Any) -> None:
        parent = field.get_cached_value(self, default=None)
        key = getattr(self, field.attname)
        if key is None and parent is not None:
            key = getattr(parent, field.target_field.attname)  # saved since it was set here: Django looks again too
        if key is not None and _agency_of_parent(field, key, parent) != self.agency_id:
            raise _wrong_parent(field)


@receiver(pre_save)
def guard_write(instance: models.Model, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    # A signal and not save(): a fixture is loaded through Model.save_base(), past every override.
    if isinstance(instance, AgencyModel):
        instance.check_agency(update_fields=update_fields)
