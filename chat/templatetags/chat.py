"""The chat panel and the contact form, for the page of a home."""

from __future__ import annotations

import uuid
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from agencies.middleware import AgencyRequest
from chat.forms import ContactForm
from chat.greeting import greeting
from chat.homes import is_answering
from chat.models import Conversation, Lead, Message
from chat.provider import SENTENCES
from chat.record import today_at
from chat.suggestions import suggestions
from chat.visitors import visitor_of
from properties.facts import FactSheet, fact_sheet
from properties.models import Property

register = template.Library()
# Set by the server before it redirects a plain form here; nothing else of the address is read.
PREFILLED = ("date", "time", "note")


@register.inclusion_tag("chat/_panel.html", takes_context=True)
def chat_panel(context: Any, property: Property, sheet: FactSheet | None = None) -> dict[str, Any]:
    """The sheet of the page is used where there is one, so that it is not made twice."""
    request: AgencyRequest = context["request"]
    sheet = sheet or context.get("sheet") or fact_sheet(property, request.agency.locale)
    is_open = is_answering(property)
    return {
        "request": request,
        "agency": request.agency,
        "action": reverse("chat:send", args=[property.slug]),
        "is_open": is_open,
        "greeting": greeting(request.agency) if is_open else "",
        "messages": _messages(request, property),
        "suggestions": suggestions(sheet),
        "longest": settings.CHAT_MESSAGE_CHARACTERS,
        "client_id": uuid.uuid4(),
    }


def _messages(request: AgencyRequest, home: Property) -> list[Message]:
    visitor = visitor_of(request)
    if visitor is None:
        return []
    messages = Message.objects.filter(conversation__in=Conversation.objects.of_visitor(visitor, home))
    return list(messages.select_related("reply_to").order_by("number"))


@register.inclusion_tag("chat/_contact_form.html", takes_context=True)
def contact_form(context: Any, property: Property, form: ContactForm | None = None) -> dict[str, Any]:
    request: AgencyRequest = context["request"]
    today = today_at(request.agency, property)
    form = form or ContactForm(property, today, initial=_prefilled(request))
    return {
        "request": request,
        "agency": request.agency,
        "action": reverse("chat:viewing", args=[property.slug]),
        "form": form,
        "kind": form["kind"].value() or (Lead.Kind.VIEWING if form.takes_viewings else Lead.Kind.MESSAGE),
        "sent": request.GET.get("sent") if request.GET.get("sent") in Lead.Kind.values else "",
        "client_id": form["client_id"].value() or uuid.uuid4(),
    }


def _prefilled(request: AgencyRequest) -> dict[str, str]:
    kind = request.GET.get("form", "")
    if kind not in Lead.Kind.values:
        return {}
    return {"kind": kind} | {name: request.GET.get(name, "")[:500] for name in PREFILLED}


@register.filter
def failure_sentence(message: Message) -> str:
    return str(SENTENCES.get(message.error_code, SENTENCES["visitor_left"]))
