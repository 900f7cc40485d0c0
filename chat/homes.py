"""Which homes may be talked about, and by whom."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from agencies.errors import Problem
from agencies.middleware import AgencyRequest
from agencies.staff_site import may_preview
from properties.enums import ANSWERING_STATUSES
from properties.models import Property


def find_home(request: AgencyRequest, slug: str) -> Property:
    """A published home, or for the agency's own people any home; otherwise 404, as for one that never was."""
    home: Property | None = Property.objects.published().filter(slug=slug).first()
    if home is None and may_preview(request):
        home = Property.objects.filter(slug=slug).first()
    if home is None:
        raise Http404("No such home.")
    return home


def is_answering(home: Property) -> bool:
    """A published home that is for sale answers; so does a draft, to the staff that try it out."""
    return home.standard_status in ANSWERING_STATUSES or home.published_at is None


def check_answering(home: Property) -> None:
    if not is_answering(home):
        raise Problem(
            _("This home is no longer on offer and answers no questions: leave a message for the agency."),
            code="chat_closed",
            status=409,
        )
