"""Looks for what agencies/scope.py makes impossible: a row that hangs on another agency's row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F

from agencies.scope import AgencyModel, every_agency, parent_fields


@dataclass(frozen=True, slots=True)
class MixedRow:
    """`model` with key `pk` belongs to `agency_id`, but its `field` points at `parent_pk` of `parent_agency_id`."""

    model: str
    pk: Any
    agency_id: int
    field: str
    parent: str
    parent_pk: Any
    parent_agency_id: int

    def __str__(self) -> str:
        return (
            f"{self.model} {self.pk} of agency {self.agency_id}: its {self.field} is "
            f"{self.parent} {self.parent_pk} of agency {self.parent_agency_id}"
        )


def agency_models() -> list[type[AgencyModel]]:
    return [model for model in apps.get_models(include_auto_created=True) if issubclass(model, AgencyModel)]


def relations() -> list[tuple[type[AgencyModel], Any]]:
    """Each foreign key from one agency's row to another, with its model."""
    return [(model, field) for model in agency_models() for field in parent_fields(model)]


def mixed_rows() -> list[MixedRow]:
    with every_agency("both ends of every relation are compared"):
        return [row for model, field in relations() for row in _mixed(model, field)]


def _mixed(model: type[AgencyModel], field: Any) -> Iterator[MixedRow]:
    rows = model.objects.order_by("pk").annotate(parent_agency_id=F(f"{field.name}__agency_id"))
    rows = rows.filter(parent_agency_id__isnull=False).exclude(parent_agency_id=F("agency_id"))
    for pk, agency_id, parent_pk, parent_agency_id in rows.values_list(
        "pk", "agency_id", field.attname, "parent_agency_id"
    ):
        parent = field.related_model._meta.label
        yield MixedRow(model._meta.label, pk, agency_id, field.name, parent, parent_pk, parent_agency_id)
