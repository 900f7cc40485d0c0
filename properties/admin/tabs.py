"""The tabs of a listing's page, each with its groups of fields, its rows and the number of its errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.utils import flatten

from properties.models import Property

# The keys are no formset's prefix: the theme finds a tab by its id, `<key>-group`, as it finds a formset.
TITLES = {
    "general": "Facts",
    "spaces": "Rooms and tour",
    "photos": "Photos",
    "answers": "Knowledge",
    "confidential": "Private",
    "publishing": "Publishing",
}
OPEN_GROUPS = 2
# Where a missing thing is added; all else is a fact.
TAB_OF_FINDING = {
    "media": "photos",
    "rooms": "spaces",
    "tour_nodes": "spaces",
    "standard_status": "publishing",
    "display_entire_listing": "publishing",
}


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """`stated` of `total` fields hold something."""

    fieldset: Any
    total: int
    stated: int
    errors: int
    is_open: bool


@dataclass(slots=True)
class Tab:
    key: str
    title: str
    groups: list[FieldGroup] = field(default_factory=list)
    inlines: list[Any] = field(default_factory=list)

    def errors(self) -> int:
        return sum(group.errors for group in self.groups) + sum(map(_row_errors, self.inlines))

    def rows(self) -> int:
        return sum(inline.formset.initial_form_count() for inline in self.inlines[:1])

    def counts_rows(self) -> bool:
        return self.key in ("spaces", "photos", "answers")


def tabs_of(home: Property, adminform: Any, inlines: list[Any]) -> list[Tab]:
    tabs = {key: Tab(key, title) for key, title in TITLES.items()}
    for number, fieldset in enumerate(adminform):
        key = "publishing" if fieldset.name == "Status" else "general"
        tabs[key].groups.append(_group(home, fieldset, number, adminform.form))
    for inline in inlines:
        tabs[inline.opts.place].inlines.append(inline)
    return [tab for tab in tabs.values() if tab.groups or tab.inlines]


def _group(home: Property, fieldset: Any, number: int, form: Any) -> FieldGroup:
    names = [name for name in flatten(fieldset.fields) if hasattr(home, name)]
    errors = sum(name in form.errors for name in flatten(fieldset.fields))
    stated = sum(getattr(home, name) not in (None, "", []) for name in names)
    is_open = number < OPEN_GROUPS or errors > 0 or fieldset.name == "Status"
    return FieldGroup(fieldset, len(names), stated, errors, is_open)


def _row_errors(inline: Any) -> int:
    return sum(bool(errors) for errors in inline.formset.errors) + len(inline.formset.non_form_errors())


@dataclass(frozen=True, slots=True)
class Missing:
    """One line of what keeps a home off its page."""

    label: str
    sentence: str
    tab: str
    is_warning: bool


def missing(home: Property, findings: list[Any]) -> Iterator[Missing]:
    labels = {each.name: str(each.verbose_name) for each in home._meta.concrete_fields}
    labels |= {"media": "photos", "rooms": "rooms", "tour_nodes": "tour"}
    for finding in findings:
        yield Missing(
            label=labels.get(finding.field, finding.field.replace("_", " ")).capitalize(),
            sentence=finding.sentence,
            tab=TAB_OF_FINDING.get(finding.field, "general"),
            is_warning=finding.warning,
        )
