from django import template

from properties import home_page
from properties.facts import Fact

register = template.Library()


@register.filter
def provenance(fact: Fact) -> str:
    return home_page.provenance(fact)
