"""The chat's own settings, each with the value that it has when the settings file says nothing."""

from typing import Final

from django.conf import settings

_DEFAULTS: Final[dict[str, float]] = {
    "CHAT_MESSAGE_CHARACTERS": 2000,
    "CHAT_VISITOR_MESSAGES": 20,  # per CHAT_VISITOR_WINDOW_SECONDS
    "CHAT_VISITOR_WINDOW_SECONDS": 300,
    "CHAT_VISITOR_LEADS": 10,  # per hour
    "CHAT_PROPERTY_DAILY_MESSAGES": 500,
    "CHAT_TOOL_ROUNDS": 4,
    "CHAT_ROUND_SECONDS": 30,
    "CHAT_TOTAL_SECONDS": 60,
    "CHAT_TOOL_SECONDS": 5,
    "CHAT_HISTORY_MESSAGES": 16,
    "CHAT_HISTORY_CHARACTERS": 8000,
    "CHAT_ANSWER_CHARACTERS": 8000,
}
# An answer's lease outlives its deadline by this much, so that a live answer is never taken for a dead one.
LEASE_SLACK_SECONDS = 15


def number(name: str) -> float:
    return float(getattr(settings, name, _DEFAULTS[name]))


def whole(name: str) -> int:
    return int(number(name))
