from django import template
from django.utils.formats import date_format

from properties.facts import Fact

register = template.Library()


@register.filter
def provenance(fact: Fact) -> str:
    """Where a fact is from and of when: "according to the assessor, March 2, 2026"."""
    day = fact.as_of if fact.as_of is None or isinstance(fact.as_of, int) else date_format(fact.as_of)
    return ", ".join(str(part) for part in (fact.source, day) if part)
