"""Unique words in every text field of every row of an agency, by walking `_meta`: a new field is covered by itself.

A word is `cnry-<agency>-<model>-<key>-<field>`, or `cnry<agency><number>x` where a field is too short for it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from django.db import models

from agencies.models import Agency, User
from agencies.scope import AgencyQuerySet
from agencies.tenancy import agency_models
from properties.fields import KeyField, KeyListField

# What code parses or compares: a planted word would break the row and prove nothing.
PARSED = {
    "agencies.Agency": {"name", "slug", "host", "primary_color", "accent_color", "logo"},
    "agencies.ApiKey": {"prefix", "token_hash", "scopes"},
    "agencies.Invitation": {"token_hash"},
    "agencies.ProviderAccount": {"base_url", "encrypted_api_key"},  # the key in it is a canary
    "agencies.User": {"password"},
    "chat.Allowance": {"moments"},
    "properties.Media": {"file", "widths"},
    "properties.Property": {"property_time_zone_name"},
}
CODES = {"locale", "currency", "country", "state_or_province", "time_zone"}
JSON_SHAPES: dict[str, Any] = {
    "chat.Message.fact_keys": lambda word: [word],
    "chat.Message.facts": lambda word: [{"key": word, "label": word, "written": word, "source": None, "as_of": None}],
    "chat.Message.form": lambda word: {"kind": "viewing", "date": "", "time": "", "note": word},
    "chat.ToolCall.result": lambda word: {"note": word},
}
numbers = itertools.count(1)


def plant(agency: Agency, users: list[User], keep: dict[tuple[str, Any], set[str]]) -> None:
    """Write the words; the caller is in the agency's scope. `keep`: fields to leave, by model and key."""
    rows = [agency, *users, *(row for model in agency_models() for row in model.objects.all())]
    for row in rows:
        label = row._meta.label
        values = dict(_words(agency, row, keep.get((label, row.pk), set())))
        # Not the model's own update(): history refuses it.
        update = AgencyQuerySet.update if hasattr(row, "agency_id") else models.QuerySet.update
        if values:
            update(type(row)._base_manager.filter(pk=row.pk), **values)


def _words(agency: Agency, row: models.Model, kept: set[str]) -> Iterator[tuple[str, Any]]:
    left_out = PARSED.get(row._meta.label, set()) | CODES | kept
    for field in row._meta.concrete_fields:
        if field.name not in left_out and _is_text(field):
            yield field.name, _shaped(field, _word(agency, row, field))


def _is_text(field: Any) -> bool:
    if isinstance(field, KeyListField):
        return not field.closed
    if isinstance(field, KeyField) or field.choices:
        return False
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def _word(agency: Agency, row: models.Model, field: Any) -> str:
    whole = f"cnry-{agency.slug[0]}-{row._meta.model_name}-{row.pk}-{field.name}".replace("_", "-")
    room = (field.max_length or 1000) - len("https://.example")
    return whole if len(whole) <= room else f"cnry{agency.slug[0]}{next(numbers):04}x"


def _shaped(field: Any, word: str) -> Any:
    if isinstance(field, KeyListField):
        return [f"other:{word}"]
    if isinstance(field, models.JSONField):
        return JSON_SHAPES[f"{field.model._meta.label}.{field.name}"](word)
    if isinstance(field, models.EmailField):
        return f"{word}@x.example"
    if isinstance(field, models.URLField):
        return f"https://{word}.example"
    return word


def found(text: str, agency: Agency) -> set[str]:
    """The agency's words in a text."""
    return set(re.findall(rf"cnry-?{agency.slug[0]}[-\w]*", text))
