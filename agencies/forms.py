"""Forms of the pages that lead into an agency's admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from agencies.logins import lockout
from agencies.models import User


def _input(autocomplete: str) -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget(attrs={"autocomplete": autocomplete})


def _secret(autocomplete: str) -> UnfoldAdminPasswordWidget:
    return UnfoldAdminPasswordWidget(attrs={"autocomplete": autocomplete})


class EnterForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text="The agency's owners read it.",
    )


class NewPersonForm(forms.Form):
    """Somebody who has no account yet; the e-mail address is the invitation's."""

    first_name = forms.CharField(max_length=150, widget=_input("given-name"))
    last_name = forms.CharField(max_length=150, widget=_input("family-name"))
    password = forms.CharField(strip=False, widget=_secret("new-password"))
    password_again = forms.CharField(strip=False, widget=_secret("new-password"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if not password:
            return cleaned
        if password != cleaned.get("password_again"):
            self.add_error("password_again", "The two passwords are not the same.")
        names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
        try:
            password_validation.validate_password(password, User(email=self.email, **names))
        except ValidationError as error:
            self.add_error("password", error)
        return cleaned

    def save(self) -> User:
        fields = {name: self.cleaned_data[name] for name in ("first_name", "last_name")}
        return User.objects.create_user(self.email, self.cleaned_data["password"], **fields)


class KnownPersonForm(forms.Form):
    """Somebody who has an account proves it by its password."""

    password = forms.CharField(strip=False, widget=_secret("current-password"))

    def __init__(self, *args: Any, email: str, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email, self.request = email, request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        self.user = authenticate(self.request, username=self.email, password=password)
        if self.user is None:
            raise lockout(self.request) or ValidationError("This is not the password of this account.")
        return password

    def save(self) -> Any:
        return self.user


class LoggedInForm(forms.Form):
    """Nothing to fill in: the person is logged in as who was invited."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def save(self) -> Any:
        return self.user
