"""The frame of a page: its language and the agency's colours."""

import re

from django import template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from agencies.models import Agency
from properties.colors import shades

register = template.Library()
COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")


@register.simple_tag
def page_language() -> str:
    return translation.to_locale(translation.get_language() or "en-us").replace("_", "-")


@register.simple_tag
def agency_colors(agency: Agency) -> SafeString:
    """A `:root` rule; colours are checked hexadecimal numbers, so nothing else can get into the style."""
    primary, accent = (
        color if COLOR.match(color) else field.default
        for color, field in (
            (agency.primary_color, Agency._meta.get_field("primary_color")),
            (agency.accent_color, Agency._meta.get_field("accent_color")),
        )
    )
    values = shades(primary, accent)
    rules = "".join(f"--agency-{name}:{value};" for name, value in values.items())
    return mark_safe(f":root{{{rules}}}")  # noqa: S308
