"""Pictures of a home: `{% picture media sizes="50vw" %}`, their addresses for others, and what was done to them."""

from typing import Any

from django import template
from django.utils import translation

from agencies.models import Agency
from properties import lists
from properties.addresses import absolute
from properties.models import Media

register = template.Library()
WITHOUT_SRCSET = 960  # the width for browsers that cannot choose


@register.inclusion_tag("properties/_picture.html")
def picture(media: Media, sizes: str = "100vw", eager: bool = False) -> dict[str, Any]:
    """`eager` is for the one picture that a page opens with."""
    return {"media": media, "sizes": sizes, "eager": eager, "src": media.url(WITHOUT_SRCSET)}


@register.simple_tag
def absolute_jpeg(agency: Agency, media: Media) -> str:
    """For link previews, whose readers know no WebP and no relative addresses."""
    return absolute(agency, media.jpeg_url())


@register.filter
def alterations(media: Media) -> str:
    """ "Virtually staged: items were added", in the page's language."""
    language = translation.get_language() or "en"
    keys = media.media_alteration or []
    return ", ".join(lists.label("media_alteration", key, language) for key in keys)
