"""A person at an agency's desk: logged in, with the addresses of its admin."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, User
from agencies.scope import agency_scope
from tests.make import make_member, make_user


def address(agency: Agency, name: str, *args: Any) -> str:
    return f"/{agency.slug}" + reverse(name, urlconf="config.urls_agency", args=args)


class Desk:
    def __init__(self, agency: Agency, user: User) -> None:
        self.agency, self.user, self.client = agency, user, Client()
        self.client.force_login(user)

    def get(self, name: str, *args: Any, query: str = "") -> Any:
        return self.client.get(address(self.agency, name, *args) + query)

    def text(self, name: str, *args: Any, query: str = "") -> str:
        response = self.get(name, *args, query=query)
        assert response.status_code == 200, response.status_code
        page: str = response.content.decode()
        return page

    def post(self, name: str, *args: Any, data: Any = None, **options: Any) -> Any:
        return self.client.post(address(self.agency, name, *args), data or {}, **options)

    def form(self, name: str, *args: Any) -> dict[str, Any]:
        """What a browser would send of this change form if nothing was touched."""
        with agency_scope(self.agency):
            return form_data(self.get(name, *args))

    def history(self) -> list[str]:
        return [entry.get_change_message() for entry in LogEntry.objects.filter(user=self.user)]


def desk(agency: Agency, role: str = "owner") -> Desk:
    return Desk(agency, make_member(agency, role, email=f"{role}-{User.objects.count()}@{agency.slug}.example"))


def operator_desk(agency: Agency) -> Desk:
    return Desk(agency, make_user("operator@platform.example", is_staff=True, is_superuser=True))


def form_data(response: Any) -> dict[str, Any]:
    context = response.context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for each in context.get("inline_admin_formsets", []):
        management = each.formset.management_form
        data |= {management.add_prefix(name): management[name].value() for name in management.fields}
        forms += each.formset.initial_forms
    for form in forms:
        for bound in form:
            data |= _values(bound)
    return {name: value for name, value in data.items() if value is not None}


def _values(bound: Any) -> dict[str, Any]:
    value, widget = bound.value(), bound.field.widget
    if hasattr(widget, "widgets"):
        parts = widget.decompress(value)
        return {f"{bound.html_name}_{number}": part for number, part in enumerate(parts)}
    if value is False:
        return {bound.html_name: "false"} if hasattr(widget, "choices") else {}
    if value is True:
        return {bound.html_name: "true" if hasattr(widget, "choices") else "on"}
    return {bound.html_name: value}
