"""System checks that hold every agency model to the rules of agencies/scope.py."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet, OwnAgency


@register()
def check_agency_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [problem for model in apps.get_models(include_auto_created=True) for problem in _model_problems(model)]


def _model_problems(model: type[models.Model]) -> Iterator[CheckMessage]:
    if issubclass(model, AgencyModel):
        yield from _manager_problems(model)
        yield from _rule_problems(model)
        yield from _way_in_problems(model)
    else:
        yield from _shared_model_problems(model)


def _manager_problems(model: type[AgencyModel]) -> Iterator[CheckMessage]:
    for manager in {*model._meta.managers, model._default_manager, model._base_manager}:
        if not _is_locked(manager):
            yield Error(
                f"{model.__name__}.{manager.name} reads or writes around the agency scope.",
                hint="Every manager is AgencyManager.from_queryset(an AgencyQuerySet)(); class Meta(AgencyModel.Meta).",
                obj=model,
                id="agencies.E001",
            )


def _is_locked(manager: Any) -> bool:
    if not isinstance(manager, AgencyManager):
        return False
    queryset = manager.get_queryset()
    predicates = (getattr(node, "lhs", node) for node in queryset.query.where.children)
    return isinstance(queryset, AgencyQuerySet) and any(isinstance(node, OwnAgency) for node in predicates)


def _rule_problems(model: type[AgencyModel]) -> Iterator[CheckMessage]:
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and "agency" not in rule.fields:
            yield Error(f"{rule.name} must contain the agency.", obj=model, id="agencies.E002")
    for fields in model._meta.unique_together:
        if "agency" not in fields:
            yield Error(f"unique_together {fields} must contain the agency.", obj=model, id="agencies.E002")
    for field in model._meta.local_fields:
        if field.unique and not _may_be_unique_alone(field):
            yield Error(f"{field.name} is unique across agencies.", obj=model, id="agencies.E003")
    if not any(rule.name.endswith("_public_id") for rule in model._meta.constraints):
        yield Error(
            f"{model.__name__} lacks the unique rule of its public_id.",
            hint="constraints = [*AgencyModel.Meta.constraints, …]",
            obj=model,
            id="agencies.E004",
        )


def _may_be_unique_alone(field: Any) -> bool:
    # A one-to-one's parent is already inside the agency, if it is an agency's row.
    inside = isinstance(field, models.OneToOneField) and issubclass(field.related_model, AgencyModel)
    return field.primary_key or inside


def _way_in_problems(model: type[AgencyModel]) -> Iterator[CheckMessage]:
    for field in model._meta.local_fields:
        parent, back = field.related_model, field.remote_field
        if isinstance(parent, type) and not issubclass(parent, AgencyModel) and back and not back.hidden:
            yield Error(
                f"{field.name}: a query for {parent.__name__} could join {model.__name__} around the agency scope.",
                hint='related_name="+"',
                obj=model,
                id="agencies.E005",
            )


def _shared_model_problems(model: type[models.Model]) -> Iterator[CheckMessage]:
    for field in model._meta.local_fields:
        if isinstance(field.related_model, type) and issubclass(field.related_model, AgencyModel):
            yield Error(
                f"{field.name} points at an agency's row, but {model.__name__} belongs to no agency.",
                hint="Derive it from AgencyModel; a many-to-many needs such a model as its through.",
                obj=model,
                id="agencies.E006",
            )
