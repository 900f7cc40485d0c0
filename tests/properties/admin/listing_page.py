"""The page of a listing in the staff's admin, as a browser sends it."""

from agencies.scope import agency_scope
from properties.models import Property
from tests.agencies.staff import Desk

CHANGE = "staff:properties_property_change"
LIST = "staff:properties_property_changelist"


def page_data(person: Desk, home: Property):
    return person.form(CHANGE, home.pk)


def save(person: Desk, home: Property, **changes):
    """Post the page as a browser would, with some fields changed; None takes one out."""
    data = {**page_data(person, home), **changes}
    data = {name: value for name, value in data.items() if value is not None}
    return person.post(CHANGE, home.pk, data=data)


def stored(home: Property) -> Property:
    with agency_scope(home.agency):
        return Property.objects.get(pk=home.pk)


def errors(response):
    return {name: list(each) for name, each in response.context["adminform"].form.errors.items()}


def rows(prefix: str, number: int, **values):
    """Fields of one row of a table on the page."""
    return {f"{prefix}-{number}-{name}": value for name, value in values.items()}
