"""The frame of a page: its language and the agency's colours."""

from django import template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from agencies.models import Agency
from properties.colors import shades

register = template.Library()


@register.simple_tag
def page_language() -> str:
    return translation.get_language() or "en-us"


@register.simple_tag
def agency_colors(agency: Agency) -> SafeString:
    """A `:root` rule; colours are checked hexadecimal numbers, so nothing else can get into the style."""
    values = shades(agency.primary_color, agency.accent_color)
    rules = "".join(f"--agency-{name}:{value};" for name, value in values.items())
    return mark_safe(f":root{{{rules}}}")  # noqa: S308
