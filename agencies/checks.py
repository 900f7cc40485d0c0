"""System checks that hold every agency model to the rules of agencies/scope.py."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from agencies.scope import AgencyManager, AgencyModel


@register()
def check_agency_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        problem
        for model in apps.get_models()
        if issubclass(model, AgencyModel)
        for problem in _model_problems(model)
    ]


def _model_problems(model: type[AgencyModel]) -> Iterator[CheckMessage]:
    if not all(isinstance(m, AgencyManager) for m in (model._default_manager, model._base_manager)):
        yield Error(
            f"{model.__name__} can be read around the agency scope.",
            hint="Its default and base manager must be an AgencyManager: class Meta(AgencyModel.Meta).",
            obj=model,
            id="agencies.E001",
        )
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and "agency" not in rule.fields:
            yield Error(f"{rule.name} must contain the agency.", obj=model, id="agencies.E002")
    if not any(rule.name.endswith("_public_id") for rule in model._meta.constraints):
        yield Error(
            f"{model.__name__} lacks the unique rule of its public_id.",
            hint="constraints = [*AgencyModel.Meta.constraints, …]",
            obj=model,
            id="agencies.E004",
        )
    for field in model._meta.local_fields:
        if field.unique and not _may_be_unique_alone(field):
            yield Error(f"{field.name} is unique across agencies.", obj=model, id="agencies.E003")


def _may_be_unique_alone(field: Any) -> bool:
    # A one-to-one's parent is already inside the agency.
    return field.primary_key or isinstance(field, models.OneToOneField)
