"""Each rule of the system checks, on a model that breaks it alone."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from django.apps import apps
from django.db import models

from agencies.checks import _model_problems, check_agency_models
from agencies.models import User
from agencies.scope import AgencyManager, AgencyModel, AgencyQuerySet
from properties.models import Property


@pytest.fixture(autouse=True)
def models_of_the_project_alone() -> Iterator[None]:
    known = set(apps.all_models["agencies"])
    yield
    for name in apps.all_models["agencies"].keys() - known:
        del apps.all_models["agencies"][name]
    apps.clear_cache()


def problems(model: type[models.Model]) -> list[str | None]:
    return [problem.id for problem in _model_problems(model)]


class Meta(AgencyModel.Meta):
    app_label = "agencies"


def agency_model(meta: Any = Meta, **attributes: Any) -> type[AgencyModel]:
    return type("Thing", (AgencyModel,), {"__module__": __name__, "Meta": meta, **attributes})


def test_models_of_the_project_have_no_problem() -> None:
    assert check_agency_models(None) == []


def test_plain_agency_model_has_no_problem() -> None:
    assert problems(agency_model()) == []


def unlocked_default() -> type[models.Model]:
    return agency_model(objects=models.Manager())


def unlocked_second_manager() -> type[models.Model]:
    return agency_model(all_rows=models.Manager())


def unguarded_queryset() -> type[models.Model]:
    return agency_model(more=AgencyManager())


def unlocked_override() -> type[models.Model]:
    class Wide(AgencyManager.from_queryset(AgencyQuerySet)):  # type: ignore[misc]
        def get_queryset(self) -> Any:
            return AgencyQuerySet(self.model)

    return agency_model(wide=Wide())


def rule_without_agency() -> type[models.Model]:
    class Rules(Meta):
        constraints = [*AgencyModel.Meta.constraints, models.UniqueConstraint(fields=["name"], name="thing_name")]

    return agency_model(meta=Rules, name=models.CharField(max_length=9))


def unique_together_without_agency() -> type[models.Model]:
    class Rules(Meta):
        unique_together = [("name", "size")]

    fields = {"name": models.CharField(max_length=9), "size": models.IntegerField()}
    return agency_model(meta=Rules, **fields)


def unique_field() -> type[models.Model]:
    return agency_model(name=models.CharField(max_length=9, unique=True))


def one_to_one_with_a_person() -> type[models.Model]:
    return agency_model(person=models.OneToOneField(User, models.CASCADE, related_name="+"))


def no_public_id_rule() -> type[models.Model]:
    class Rules(Meta):
        constraints = AgencyModel.Meta.constraints[:0]

    return agency_model(meta=Rules)


def visible_from_a_person() -> type[models.Model]:
    return agency_model(person=models.ForeignKey(User, models.CASCADE, related_name="things"))


def shared_child() -> type[models.Model]:
    class Shared(models.Model):
        home = models.ForeignKey(Property, models.CASCADE, related_name="+")

        class Meta:
            app_label = "agencies"

        def __str__(self) -> str:
            return "shared"

    return Shared


def many_to_many() -> type[models.Model]:
    model = agency_model(homes=models.ManyToManyField(Property, related_name="+"))
    (homes,) = model._meta.local_many_to_many
    return cast(type[models.Model], homes.remote_field.through)


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (unlocked_default, ["agencies.E001"]),
        (unlocked_second_manager, ["agencies.E001"]),
        (unguarded_queryset, ["agencies.E001"]),
        (unlocked_override, ["agencies.E001"]),
        (rule_without_agency, ["agencies.E002"]),
        (unique_together_without_agency, ["agencies.E002"]),
        (unique_field, ["agencies.E003"]),
        (one_to_one_with_a_person, ["agencies.E003"]),
        (no_public_id_rule, ["agencies.E004"]),
        (visible_from_a_person, ["agencies.E005"]),
        (shared_child, ["agencies.E006"]),
        (many_to_many, ["agencies.E006", "agencies.E006"]),
    ],
)
def test_model_that_opens_a_hole_is_reported(broken: Callable[[], Any], expected: list[str]) -> None:
    assert problems(broken()) == expected


def test_every_model_of_the_project_has_a_decision() -> None:
    """A new model belongs to an agency, or stands here as one that all agencies share."""
    ours = {"agencies", "properties", "chat", "voice"}
    shared = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in ours and not issubclass(model, AgencyModel)
    }
    assert shared == {"agencies.Agency", "agencies.User"}
