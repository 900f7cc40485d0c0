from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.contrib.inlines.forms import NonrelatedInlineModelFormSet
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from properties.enums import TRANSITIONS, StandardStatus
from properties.models import Property, TourNode


class PropertyForm(forms.ModelForm):  # type: ignore[type-arg]
    accept_warnings = forms.BooleanField(
        label="Publish in spite of warnings",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Written down with your name. Errors keep a listing off its page in any case.",
    )

    class Meta:
        model = Property
        fields = ("title",)  # the admin asks for those of its groups

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "standard_status" in self.fields:
            self._offer_next_statuses()

    def _offer_next_statuses(self) -> None:
        now = self.instance.standard_status
        reachable = {now, *TRANSITIONS[now]}
        status: Any = self.fields["standard_status"]
        status.choices = [(key, label) for key, label in StandardStatus.choices if key in reachable]


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row among many on one page: what was not touched is not checked against the database again."""

    def _post_clean(self) -> None:
        if self.instance.pk and not self.has_changed():
            return
        super()._post_clean()  # type: ignore[misc]


class PhotoForm(RowForm):
    class Meta:
        widgets = {
            "alt_text": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        }

    def _get_validation_exclusions(self) -> set[str]:
        # Two photos that change places would each find theirs taken: Media.save makes room.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions | {"order"}


class TourNodeForm(RowForm):
    def _get_validation_exclusions(self) -> set[str]:
        # The start may move from one stop to another in one save: the formset looks at all of them.
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions | {"is_start"}


class KnownRow(forms.Field):
    """Which stored row a form of a formset is about; Django's own field asks the database for each."""

    widget = forms.HiddenInput

    def __init__(self, row: Any) -> None:
        super().__init__(required=False, initial=row.pk)
        self.row = row

    def to_python(self, value: Any) -> Any:
        if str(value) != str(self.row.pk):
            raise ValidationError("This row has gone meanwhile. Open the page anew.", code="invalid_choice")
        return self.row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class KnownRows:
    """For formsets: their stored rows have been read once, with the queryset."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)  # type: ignore[misc]
        if form.instance.pk:
            form.fields[form.instance._meta.pk.name] = KnownRow(form.instance)


class RowFormSet(KnownRows, PaginationInlineFormSet):
    pass


class TourRowFormSet(KnownRows, NonrelatedInlineModelFormSet):
    pass


class TourNodeFormSet(RowFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        if sum(bool(form.cleaned_data.get("is_start")) for form in kept if hasattr(form, "cleaned_data")) > 1:
            raise ValidationError("The tour starts at one stop: switch the others off.")

    def save(self, commit: bool = True) -> Any:
        if any("is_start" in form.changed_data for form in self.forms):
            # The database holds one start at a time; the stop that is one now is saved below.
            TourNode.objects.filter(property=self.instance).update(is_start=False)
        return super().save(commit)
