"""A visitor's request to the agency: saved first and alone, then told by e-mail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.timezone import now

from agencies.scope import agency_scope
from chat import limits
from chat.models import Conversation, Lead

if TYPE_CHECKING:
    from agencies.models import Agency
    from properties.models import Property

logger = logging.getLogger(__name__)

# The words beside the box in templates/chat/_contact_form.html: change both together.
CONSENT_WORDING_VERSION = "share_with_agency-2026-11"


def save_lead(agency: Agency, home: Property, visitor: str, client_id: UUID, details: dict[str, Any]) -> Lead:
    """One lead for each `client_id`, however often it is sent; the e-mail goes out after the commit."""
    known: Lead | None = Lead.objects.filter(client_id=client_id).first()
    if known is not None:
        return known
    conversation = Conversation.objects.of_visitor(visitor, home).first()
    try:
        with transaction.atomic():
            limits.spend_lead(visitor)
            lead: Lead = Lead.objects.create(
                property=home,
                conversation=conversation,
                client_id=client_id,
                locale=agency.locale,
                consent_wording_version=CONSENT_WORDING_VERSION,
                consent_given_at=now(),
                **details,
            )
            transaction.on_commit(lambda: send_email(agency, lead), robust=True)
    except IntegrityError:  # the same form, sent twice at once
        lead = Lead.objects.get(client_id=client_id)
    return lead


def send_email(agency: Agency, lead: Lead) -> None:
    """Tell the agency. A failure is written on the lead and in the log, and is no failure to the visitor."""
    with agency_scope(agency):  # whoever commits last may stand outside of it
        _send_email(agency, lead)


def _send_email(agency: Agency, lead: Lead) -> None:
    context = {"agency": agency, "lead": lead, "home": lead.property}
    message = EmailMessage(
        subject=_one_line(f"{lead.get_kind_display()}: {lead.property.title} ({lead.name})"),
        body=render_to_string("chat/email/lead.txt", context),
        to=[lead.property.list_agent_email or agency.email],
        cc=[agency.email] if lead.property.list_agent_email not in ("", agency.email) else [],
        reply_to=[lead.email] if lead.email else [],
    )
    try:
        sent = message.send()
    except Exception as error:
        # Whatever a mail server can do: the lead is safe, and staff see that nobody was told.
        logger.exception("the e-mail about lead %s was not sent", lead.public_id)
        lead.mark_email_failed(f"{type(error).__name__}: {error}")
        return
    if sent:
        lead.mark_emailed()
    else:
        lead.mark_email_failed("There is no e-mail address to send it to.")


def _one_line(text: str) -> str:
    return " ".join(text.split())
