"""Absolute addresses, below the agency's own canonical one whichever door the visitor came in by."""

from django.urls import get_script_prefix

from agencies.models import Agency


def absolute(agency: Agency, path: str) -> str:
    """`path` is what `reverse()` gives inside the agency."""
    return agency.base_url() + path.removeprefix(get_script_prefix()).removeprefix("/")
