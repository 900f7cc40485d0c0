"""The staff's admin of listings: one page for a home with everything that belongs to it."""

from properties.admin import cards, knowledge, listing

__all__ = ["cards", "knowledge", "listing"]
