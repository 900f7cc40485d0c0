"""Widgets and form fields that know "not stated" from zero, no and none."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from unfold.widgets import (
    UnfoldAdminNullBooleanSelectWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
)

from agencies.staff_admin import HTTPS_ASSUMED
from properties.fields import KeyListField, KeyListWidget

NOT_STATED = "Not stated"


class KeyListSelect(KeyListWidget, UnfoldAdminSelect2MultipleWidget):
    """Words to pick from; empty is not stated, and “None” is one of the words."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        # A width in the markup: this is drawn while its tab is hidden, and could not measure itself.
        super().__init__({"data-placeholder": NOT_STATED, "data-width": "100%", **(attrs or {})}, choices)

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().create_option(name, value, capfirst(label), *args, **kwargs)


class NotStatedYesNo(UnfoldAdminNullBooleanSelectWidget):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", NOT_STATED), ("true", "Yes"), ("false", "No")]


class NotStatedMixin:
    """For the admin and the inlines of a home."""

    formfield_overrides = {**HTTPS_ASSUMED, KeyListField: {"widget": KeyListSelect}}

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        # A field that must be chosen, and has no default, starts with nothing rather than with the first word.
        has_blank = db_field.blank or not db_field.has_default()
        blank = [("", NOT_STATED if db_field.blank else "Choose")]
        choices = db_field.get_choices(include_blank=has_blank, blank_choice=blank)
        kwargs["choices"] = [(key, capfirst(label)) for key, label in choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_nullboolean_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return db_field.formfield(**{"widget": NotStatedYesNo, **kwargs})


class Siblings:
    """The rows of one home that its other rows may point at; read once for a whole page of forms."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.queryset = rows

    @cached_property
    def rows(self) -> dict[str, Model]:
        return {str(row.pk): row for row in self.queryset}

    def choices(self) -> list[tuple[str, str]]:
        return [("", NOT_STATED), *((key, str(row)) for key, row in self.rows.items())]


class SiblingField(forms.Field):
    """A relation to a row of the same home, without a query for each form and each choice."""

    widget = UnfoldAdminSelectWidget

    def __init__(self, siblings: Siblings, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.siblings = siblings
        self.widget.choices = siblings.choices()

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Model) else value

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        try:
            return self.siblings.rows[str(value)]
        except KeyError:
            raise ValidationError("Choose one of this listing's.", code="invalid_choice") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")
