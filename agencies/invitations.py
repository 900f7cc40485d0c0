"""How an invitation reaches its person: by mail, and as a link that the inviter sees once."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import send_mail

from agencies.models import Agency, Invitation

logger = logging.getLogger(__name__)

TEXT = """Hello,

{agency} invites you to its listings on Openhouse, as {role}.

Open this link to accept. It works once, and until {until}:
{link}

If you did not expect this, you can ignore this message.
"""


def send(agency: Agency, invitation: Invitation, link: str) -> bool:
    """Mail the link; False when the mail could not be sent, so that the inviter passes it on by hand."""
    text = TEXT.format(
        agency=agency.name,
        role=invitation.get_role_display().lower(),
        until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
        link=link,
    )
    # A name with a line break in it must not become a header.
    subject = " ".join(f"Your invitation to {agency.name}".split())
    try:
        send_mail(subject, text, None, [invitation.email])
    except (OSError, SMTPException):
        logger.exception("an invitation could not be mailed")
        return False
    return True
