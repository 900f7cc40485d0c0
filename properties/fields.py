"""Fields whose values are keys of a vocabulary in `lists/`."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from .lists import OTHER, choices, vocabulary

if TYPE_CHECKING:
    CharFieldBase = models.CharField[str, str]
    JSONFieldBase = models.JSONField[list[str] | None, list[str] | None]
else:
    CharFieldBase = models.CharField
    JSONFieldBase = models.JSONField


class KeyField(CharFieldBase):
    """One key of a vocabulary; empty is "not stated". The choices stay out of migrations."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("blank", True)
        kwargs["choices"] = lambda: choices(vocabulary)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, {**kwargs, "vocabulary": self.vocabulary}


class KeyListField(JSONFieldBase):
    """A list of keys. Null is "not stated"; `["none"]` is "there is none"; an empty list becomes null.

    `closed` refuses words from outside; otherwise they are kept as `other:<text>`.
    """

    def __init__(self, vocabulary: str, closed: bool = False, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        self.closed = closed
        super().__init__(**{**kwargs, "null": True, "blank": True})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("null", None)
        kwargs.pop("blank", None)
        if self.closed:
            kwargs["closed"] = True
        return name, path, args, {**kwargs, "vocabulary": self.vocabulary}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        return value or None

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value is not None:
            self.check_keys(value)

    def check_keys(self, value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
            raise ValidationError('Give a list of keys, for example ["none"].', code="not_a_list")
        if len(set(value)) != len(value):
            raise ValidationError("The same entry stands here twice. Remove one.", code="duplicate")
        if "none" in value and len(value) > 1:
            raise ValidationError("“None” cannot stand beside other entries. Remove one.", code="none_alone")
        for key in value:
            if not self.accepts(key):
                raise ValidationError(
                    "“%(key)s” is not in the list. Choose an entry from the list.",
                    code="unknown_key",
                    params={"key": key},
                )

    def accepts(self, key: str) -> bool:
        if key in vocabulary(self.vocabulary):
            return True
        return not self.closed and key.startswith(OTHER) and key.removeprefix(OTHER).strip() != ""

    def formfield(self, **kwargs: Any) -> Any:
        # Not JSONField's: a person ticks words, nobody types JSON.
        defaults = {
            "form_class": KeyListFormField,
            "choices": choices(self.vocabulary),
            "closed": self.closed,
        }
        return models.Field.formfield(self, **{**defaults, **kwargs})


class KeyListWidget(forms.SelectMultiple):
    """Also offers the `other:` words that the row holds, so that saving the form does not lose them."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        known = {str(key) for key, _ in self.choices}
        mine = [(key, key.removeprefix(OTHER)) for key in value if key and key not in known]
        shown = self.choices
        self.choices = [*shown, *mine]
        try:
            return super().optgroups(name, value, attrs)
        finally:
            self.choices = shown


class KeyListFormField(forms.MultipleChoiceField):
    widget = KeyListWidget

    def __init__(self, *, closed: bool = False, **kwargs: Any) -> None:
        self.closed = closed
        # JSONField's own arguments may come along from an admin's overrides.
        for unused in ("encoder", "decoder"):
            kwargs.pop(unused, None)
        super().__init__(**kwargs)

    def valid_value(self, value: Any) -> bool:
        return super().valid_value(value) or (not self.closed and str(value).startswith(OTHER))

    def clean(self, value: Any) -> list[str] | None:
        return super().clean(value) or None
