"""The first line of a conversation. That an AI answers is said beside it, whatever an agency writes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from agencies.models import Agency


def greeting(agency: Agency) -> str:
    """The agency's own words, else a sentence in the language of the page."""
    return agency.greeting.strip() or _("Hello! What would you like to know about this home?")
