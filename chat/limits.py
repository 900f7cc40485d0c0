"""How much a visitor, a listing and an agency may ask, and that a visitor hears one answer at a time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.errors import Problem
from chat.models import Allowance

if TYPE_CHECKING:
    from agencies.models import Agency
    from properties.models import Property

Kind = Allowance.Kind
# An answer's lease outlives its deadline by this much, so that a live answer is never taken for a dead one.
LEASE_SLACK_SECONDS = 15


class TooMany(Problem):
    type = "rate_limit_error"
    code = "too_many_requests"
    status = 429


def check_length(text: str) -> str:
    """The text without its outer blanks; refuses nothing and too much with a sentence."""
    text = text.replace("\0", "").strip()  # PostgreSQL keeps no NUL
    longest = settings.CHAT_MESSAGE_CHARACTERS
    if not text:
        raise Problem(_("Write your question first."), code="message_empty", param="text")
    if len(text) > longest:
        raise Problem(
            _("Your message has %(count)s characters: shorten it to %(longest)s.")
            % {"count": len(text), "longest": longest},
            code="message_too_long",
            param="text",
        )
    return text


def spend_message(agency: Agency, home: Property, visitor: str) -> None:
    """Count one message against all three limits, or against none of them: raises TooMany."""
    moment = now()
    window = timedelta(seconds=settings.CHAT_VISITOR_WINDOW_SECONDS)
    midnight, tomorrow = _day(agency, moment)
    listing = str(home.public_id)
    with transaction.atomic():
        # The agency's row is shared by everybody, so it is locked last.
        free = Allowance.objects.take_within(
            Kind.VISITOR_MESSAGES, visitor, settings.CHAT_VISITOR_MESSAGES, moment, window
        )
        if free:
            raise _wait_until(free, moment)
        if not _take_today(Kind.PROPERTY_MESSAGES, listing, settings.CHAT_PROPERTY_DAILY_MESSAGES, midnight):
            raise _come_tomorrow(
                _("This home has answered all it can today. Leave a message, or come back tomorrow."), tomorrow, moment
            )
        if not _take_today(Kind.AGENCY_MESSAGES, "", agency.daily_message_limit, midnight):
            raise _come_tomorrow(
                _("The assistant has answered all it can today. Leave a message, or come back tomorrow."),
                tomorrow,
                moment,
            )


def spend_lead(visitor: str) -> None:
    moment = now()
    free = Allowance.objects.take_within(
        Kind.VISITOR_LEADS, visitor, settings.CHAT_VISITOR_LEADS, moment, timedelta(hours=1)
    )
    if free:
        raise TooMany(
            _("You have sent several requests already: the agency has them and will answer."),
            retry_after=_seconds_until(free, moment),
        )


def hold_stream(visitor: str, holder: str) -> None:
    """One answer at a time for each visitor; the lease ends by itself should its worker die."""
    moment = now()
    lease = timedelta(seconds=settings.CHAT_TOTAL_SECONDS + LEASE_SLACK_SECONDS)
    if not Allowance.objects.hold(Kind.STREAM, visitor, holder, moment, moment + lease):
        raise TooMany(
            _("One answer is still being written: wait for its end, or stop it."),
            code="answer_running",
            retry_after=5,
        )


def release_stream(visitor: str, holder: str) -> None:
    Allowance.objects.let_go(Kind.STREAM, visitor, holder)


def _take_today(kind: str, key: str, limit: int, midnight: datetime) -> bool:
    return Allowance.objects.take(kind, key, limit, now(), midnight)


def _day(agency: Agency, moment: datetime) -> tuple[datetime, datetime]:
    zone = ZoneInfo(agency.time_zone)
    today = moment.astimezone(zone).date()
    start = datetime.combine(today, time.min, zone)
    # An instant before midnight: a window that opened at midnight sharp belongs to the new day.
    return start - timedelta(microseconds=1), datetime.combine(today + timedelta(days=1), time.min, zone)


def _wait_until(free: datetime, moment: datetime) -> TooMany:
    seconds = _seconds_until(free, moment)
    minutes = ceil(seconds / 60)
    return TooMany(
        ngettext(
            "That was many questions in a short time: go on in %(minutes)s minute.",
            "That was many questions in a short time: go on in %(minutes)s minutes.",
            minutes,
        )
        % {"minutes": minutes},
        retry_after=seconds,
    )


def _come_tomorrow(sentence: str, tomorrow: datetime, moment: datetime) -> TooMany:
    return TooMany(sentence, code="daily_limit_reached", retry_after=_seconds_until(tomorrow, moment))


def _seconds_until(free: datetime, moment: datetime) -> int:
    return max(1, ceil((free - moment).total_seconds()))
