from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.errors import Problem, problem_body
from agencies.middleware import AgencyRequest
from chat import sse
from chat.agent import Answer
from chat.forms import ContactForm
from chat.homes import check_answering, find_home
from chat.leads import save_lead
from chat.record import today_at
from chat.turns import Ask, Turn, open_turn
from chat.visitors import new_visitor, remember, visitor_of
from properties.models import Property


@require_POST
async def send(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A visitor's message: answered as a stream, or, to a plain form, with the page once the answer is there."""
    return await answer_message(cast(AgencyRequest, request), slug)


async def answer_message(request: AgencyRequest, slug: str) -> HttpResponseBase:
    visitor = visitor_of(request) or new_visitor()
    try:
        turn = await sync_to_async(_open)(request, slug, visitor)
    except Problem as problem:
        return _refused(request, slug, problem)
    except Http404:
        if not _is_program(request):
            raise
        return _refused(request, slug, Problem(_("There is no such home."), code="not_found", status=404))
    if sse.wanted(request.headers.get("Accept", "")):
        response: HttpResponseBase = streamed(turn)
    else:
        response = await _page_with(turn, slug)
    remember(request, response, visitor)
    return response


def _open(request: AgencyRequest, slug: str, visitor: str) -> Turn:
    home = find_home(request, slug)
    check_answering(home)
    client_id = _client_id(request.POST.get("client_id", ""))
    return open_turn(Ask(request.agency, home, visitor, request.POST.get("text", ""), client_id))


def _client_id(text: str) -> uuid.UUID:
    """A form without a valid one is a message of its own."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def streamed(turn: Turn, *extra: tuple[str, dict[str, Any]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_encoded(turn, extra), content_type=sse.CONTENT_TYPE)
    for name, value in sse.HEADERS.items():
        response[name] = value
    return response


async def _encoded(turn: Turn, extra: tuple[tuple[str, dict[str, Any]], ...]) -> AsyncIterator[bytes]:
    for event in extra:
        yield sse.encode(*event)
    async with aclosing(Answer(turn).events()) as events:
        async for event in events:
            yield sse.encode(*event)


async def _page_with(turn: Turn, slug: str) -> HttpResponse:
    form: dict[str, Any] | None = None
    async with aclosing(Answer(turn).events()) as events:
        async for name, data in events:
            form = data if name == "form" else form
    if form is None:
        return _see_other(slug, "#chat")
    query = urlencode({"form": form["kind"]} | {k: form[k] for k in ("date", "time", "note") if form[k]})
    return _see_other(slug, f"?{query}#contact")


def _see_other(slug: str, rest: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("properties:detail", args=[slug]) + rest})


def _refused(request: AgencyRequest, slug: str, problem: Problem) -> HttpResponse:
    """As JSON to a program, as a page that keeps the question to a plain form."""
    if _is_program(request):
        response: HttpResponse = JsonResponse(problem_body(problem), status=problem.status)
    elif problem.code == "answer_running":
        return _see_other(slug, "#chat")  # a second click: the first one's answer is on its way
    else:
        context = {"problem": problem, "text": request.POST.get("text", ""), "slug": slug}
        response = render(request, "chat/refused.html", context, status=problem.status)
    if problem.retry_after:
        response["Retry-After"] = str(problem.retry_after)
    return response


def _is_program(request: HttpRequest) -> bool:
    return sse.wanted(request.headers.get("Accept", "")) or _wants_json(request)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@require_POST
def viewing(request: HttpRequest, slug: str) -> HttpResponse:
    """A visitor's request for a viewing, or a message."""
    request = cast(AgencyRequest, request)
    home = find_home(request, slug)
    form = ContactForm(home, today_at(request.agency, home), request.POST)
    if not form.is_valid():
        return _corrected(request, home, form)
    visitor = visitor_of(request) or new_visitor()
    try:
        lead = save_lead(request.agency, home, visitor, form.cleaned_data["client_id"], form.details())
    except Problem as problem:
        if _wants_json(request):
            return _refused(request, slug, problem)
        form.add_error(None, problem.message)
        return _corrected(request, home, form, problem)
    if _wants_json(request):
        response: HttpResponse = JsonResponse({"lead": str(lead.public_id), "kind": lead.kind}, status=201)
    else:
        response = _see_other(slug, f"?sent={lead.kind}#contact")
    remember(request, response, visitor)
    return response


def _corrected(
    request: AgencyRequest, home: Property, form: ContactForm, problem: Problem | None = None
) -> HttpResponse:
    """The form once more, with what was written and what is wrong with it."""
    if _wants_json(request):
        name, errors = next(iter(form.errors.items()))
        problem = Problem(str(errors[0]), code="form_invalid", param=name)
        return JsonResponse(problem_body(problem), status=problem.status)
    context = {"form": form, "property": home, "agency": request.agency}
    response = render(request, "chat/contact.html", context, status=problem.status if problem else 400)
    if problem and problem.retry_after:
        response["Retry-After"] = str(problem.retry_after)
    return response
