"""The one lock between agencies: a manager that sees only the rows of the agency in scope.

The predicate is written when the query runs, so a queryset built at import time (a form's, a filter's, a related
field's) is as safe as one built in a view. Nothing in scope is an error, never "everything".
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import uuid6
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.expressions import Col, Expression

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from agencies.models import Agency

logger = logging.getLogger(__name__)


class NoAgencyScope(RuntimeError):
    """A query or a write for an agency's rows outside every agency."""


class WrongAgency(PermissionDenied):
    """A write that would touch, or point at, another agency's row."""


class _Every(Enum):
    AGENCY = "every agency"


EVERY_AGENCY = _Every.AGENCY
_scope: ContextVar[int | _Every | None] = ContextVar("agency_scope", default=None)


@contextmanager
def agency_scope(agency: Agency) -> Iterator[None]:
    """Work on the rows of one agency; follows into tasks and worker threads, and may be nested.

    Raises NoAgencyScope for anything that is not a saved agency, None above all.
    """
    agency_id = getattr(agency, "pk", None)
    if agency_id is None or agency._meta.label != "agencies.Agency":
        raise NoAgencyScope(f"agency_scope() takes a saved agency, not {agency!r}.")
    with _entered(agency_id):
        yield


@contextmanager
def every_agency(reason: str) -> Iterator[None]:
    """Work on the rows of all agencies: for the platform's own commands and operators, with a reason for the log."""
    if not reason.strip():
        raise NoAgencyScope("every_agency() needs a reason: it is written to the log.")
    logger.info("every agency in scope: %s", reason)
    with _entered(EVERY_AGENCY):
        yield


@contextmanager
def _entered(scope: int | _Every) -> Iterator[None]:
    # Not ContextVar.reset(): a streamed answer may be closed from another context than it was opened in.
    before = _scope.get()
    _scope.set(scope)
    try:
        yield
    finally:
        _scope.set(before)


def current_scope() -> int | _Every:
    scope = _scope.get()
    if scope is None:
        raise NoAgencyScope("Enter agency_scope() before you touch an agency's rows.")
    return scope


def current_agency_id() -> int:
    """The primary key of the one agency in scope; raises NoAgencyScope when there is none, or when it is all."""
    scope = current_scope()
    if isinstance(scope, _Every):
        raise NoAgencyScope("This needs one agency, and every agency is in scope.")
    return scope


def scope_label() -> str:
    """What is in scope, for a log line."""
    scope = _scope.get()
    return "-" if scope is None else "*" if isinstance(scope, _Every) else str(scope)


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
        if isinstance(scope, _Every):
            return "1 = 1", ()
        sql, params = compiler.compile(cast(Col, self.column))
        return f"{sql} = %s", (*params, scope)


T = TypeVar("T", bound=models.Model, covariant=True)


class AgencyQuerySet(models.QuerySet[T]):
    """What every queryset of an agency's rows refuses, besides what its predicate hides."""

    def update(self, **values: Any) -> int:
        if {"agency", "agency_id"} & values.keys():
            raise WrongAgency("A row stays with its agency: the agency cannot be updated.")
        for name, value in values.items():
            self._check_parent(name, value)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.check_agency()
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        rows, names = list(objs), list(fields)
        if {"agency", "agency_id"} & set(names):
            raise WrongAgency("A row stays with its agency: the agency cannot be updated.")
        for row in rows:
            row.check_agency(update_fields=names)
        return super().bulk_update(rows, names, *args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise NoAgencyScope("raw() would read around the agency scope: use the query API.")

    def _check_parent(self, name: str, value: Any) -> None:
        field = next((f for f in self.model._meta.concrete_fields if name in (f.name, f.attname)), None)
        if not isinstance(field, models.ForeignKey) or value is None or hasattr(value, "resolve_expression"):
            return
        parent_model = field.related_model
        if not (isinstance(parent_model, type) and issubclass(parent_model, AgencyModel)):
            return
        key = value.pk if isinstance(value, models.Model) else value
        if not parent_model._base_manager.filter(pk=key).exists():
            raise WrongAgency(f"{field.verbose_name}: this row is not one of your agency's.")


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

    _agency_id_in_db: int | None = None
    # Any: a model with rules about many rows brings a manager of its own type.
    objects: Any = AgencyManager.from_queryset(AgencyQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["agency", "public_id"], name="%(app_label)s_%(class)s_public_id"),
        ]

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **kwargs: Any) -> Self:
        row = super().from_db(db, field_names, values, **kwargs)
        row._agency_id_in_db = row.__dict__.get("agency_id")
        return row

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        # Here and not in save(): loaddata and deserialized objects come this way too.
        self.check_agency(update_fields=kwargs.get("update_fields"))
        super().save_base(*args, **kwargs)
        self._agency_id_in_db = self.agency_id

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.check_agency(update_fields=())
        return super().delete(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_agency()  # so that unique rules, which all contain the agency, are checked before the save
        super().full_clean(*args, **kwargs)

    def check_agency(self, update_fields: Iterable[str] | None = None) -> None:
        """Fill in the agency of a new row; refuse a row or a parent of another agency (WrongAgency)."""
        self._fill_agency()
        scope = current_scope()
        if not isinstance(scope, _Every) and self.agency_id != scope:
            raise WrongAgency(f"This {self._meta.verbose_name} is not one of your agency's.")
        if self._agency_id_in_db not in (None, self.agency_id):
            raise WrongAgency("A row stays with its agency: the agency cannot be changed.")
        names = None if update_fields is None else set(update_fields)
        for field in self._meta.concrete_fields:
            if names is None or field.name in names or field.attname in names:
                self._check_parent(field)

    def _fill_agency(self) -> None:
        scope = current_scope()
        unset: int | None = self.agency_id
        if unset is None and not isinstance(scope, _Every):
            self.agency_id = scope

    def _check_parent(self, field: Any) -> None:
        parent_model = field.related_model if isinstance(field, models.ForeignKey) else None
        key = getattr(self, field.attname)
        if key is None or not (isinstance(parent_model, type) and issubclass(parent_model, AgencyModel)):
            return
        if field.is_cached(self):
            parent_agency_id = getattr(self, field.name).agency_id
        else:
            parents = parent_model._base_manager.filter(**{field.target_field.attname: key})
            parent_agency_id = parents.values_list("agency_id", flat=True).first()
        if parent_agency_id != self.agency_id:
            raise WrongAgency(f"{field.verbose_name}: this row is not one of your agency's.")
