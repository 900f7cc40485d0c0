from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.dates import FURTHEST
from chat.models import Lead
from properties.enums import VIEWING_STATUSES
from properties.models import Property

DETAILS = ("kind", "name", "email", "phone", "date", "time", "note")


class ContactForm(forms.Form):
    """Asks for a viewing or leaves a message; a home that takes no viewings takes messages only."""

    kind = forms.ChoiceField(choices=Lead.Kind.choices)
    name = forms.CharField(max_length=120, error_messages={"required": gettext_lazy("Write your name.")})
    email = forms.EmailField(
        required=False, error_messages={"invalid": gettext_lazy("Write the e-mail address like name@example.com.")}
    )
    phone = forms.CharField(required=False, max_length=40)
    date = forms.DateField(required=False, error_messages={"invalid": gettext_lazy("Choose a day from the calendar.")})
    time = forms.TimeField(required=False, error_messages={"invalid": gettext_lazy("Write the time like 15:30.")})
    note = forms.CharField(required=False, max_length=2000)
    consent = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Tick the box, so that the agency may use these details to answer you.")
        }
    )
    client_id = forms.UUIDField(required=False)

    def __init__(self, home: Property, today: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home = home
        self.today = today
        self.takes_viewings = home.standard_status in VIEWING_STATUSES

    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        if kind == Lead.Kind.VIEWING and not self.takes_viewings:
            raise forms.ValidationError(
                _("No viewings can be asked for while the home has this status: leave a message instead.")
            )
        return kind

    def clean_date(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["date"]
        if day and not self.today <= day <= self.today + FURTHEST:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    def clean_client_id(self) -> uuid.UUID:
        return self.cleaned_data["client_id"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        fine = not self.errors
        if fine and not cleaned["email"] and not cleaned["phone"]:
            self.add_error("email", _("Write an e-mail address or a phone number, so that the agency can answer."))
        if fine and cleaned["kind"] == Lead.Kind.MESSAGE and not cleaned["note"]:
            self.add_error("note", _("Write your message."))
        return cleaned

    def details(self) -> dict[str, Any]:
        """The fields of the lead; a message has no date."""
        details = {name: self.cleaned_data[name] for name in DETAILS}
        if details["kind"] == Lead.Kind.MESSAGE:
            details |= {"date": None, "time": None}
        return details
