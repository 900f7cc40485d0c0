import socket
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from agencies.scope import agency_scope
from chat.leads import CONSENT_WORDING_VERSION, save_lead
from chat.models import Lead
from tests.chat.asking import Visitor
from tests.chat.workers import all_at_once
from tests.make import make_agency
from tests.make_properties import make_photo, make_property, make_published_property
from tests.provider_server import say

pytestmark = pytest.mark.django_db

PAGE = "/harbour/maple-house/"
JSON = {"accept": "application/json"}


def form(**fields: object) -> dict[str, object]:
    """What a visitor fills in; a field that is None is left out."""
    day = timezone.localdate() + timedelta(days=3)
    filled = {
        "kind": "viewing",
        "name": "Ann Buyer",
        "email": "ann@example.com",
        "phone": "",
        "date": day.isoformat(),
        "time": "15:30",
        "note": "Two of us.",
        "consent": "on",
        "client_id": str(uuid4()),
        **fields,
    }
    return {name: value for name, value in filled.items() if value is not None}


@pytest.fixture
def send(home, django_capture_on_commit_callbacks):
    """Post the form as a browser without scripts does; e-mails go out as after a commit."""

    def post(page: str = PAGE, headers: dict[str, str] | None = None, client: Client | None = None, **fields: object):
        with django_capture_on_commit_callbacks(execute=True):
            return (client or Client()).post(f"{page}viewing/", form(**fields), headers=headers or {})

    return post


def test_viewing_request_is_saved_with_its_consent(send, scope):
    response = send()
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}?sent=viewing#contact")
    lead = Lead.objects.get()
    assert (lead.kind, lead.name, lead.email, lead.note) == ("viewing", "Ann Buyer", "ann@example.com", "Two of us.")
    assert (lead.consent_wording_version, lead.status) == (CONSENT_WORDING_VERSION, "new")
    assert lead.consent_given_at is not None


def test_the_agency_is_told_by_email(send, home, scope):
    send()
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == ([home.agency.email], ["ann@example.com"])
    assert message.subject == "Viewing: Maple house (Ann Buyer)"
    assert "Wished time: 15:30" in message.body
    assert Lead.objects.get().email_state == "sent"


def test_a_name_cannot_add_a_header(send):
    send(name="Ann\nBcc: all@example.com")
    assert mail.outbox[0].subject == "Viewing: Maple house (Ann Bcc: all@example.com)"


def test_a_dead_mail_server_is_recorded_and_not_shown(send, settings, scope):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert send().status_code == 303
    lead = Lead.objects.get()
    assert lead.email_state == "failed"
    assert lead.email_error.startswith("ConnectionRefusedError")


def test_a_mail_server_that_never_answers_is_not_waited_for(send, settings, scope):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        assert send().status_code == 303
    assert Lead.objects.get().email_error.endswith("timed out")


def test_an_agency_without_an_address_is_not_taken_as_told(send, home, scope):
    home.agency.email = ""
    home.agency.save()
    send()
    assert (Lead.objects.get().email_state, mail.outbox) == ("failed", [])


def test_a_failure_after_the_commit_is_not_shown(send, scope, monkeypatch):
    def fail(lead):
        raise DatabaseError

    monkeypatch.setattr(Lead, "mark_emailed", fail)
    assert send().status_code == 303
    assert (Lead.objects.count(), len(mail.outbox)) == (1, 1)


def test_a_form_sent_twice_is_one_lead_and_one_email(send, scope):
    client_id = str(uuid4())
    locations = {send(client_id=client_id)["Location"] for _ in range(2)}
    assert locations == {f"{PAGE}?sent=viewing#contact"}
    assert (Lead.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_by_many_clicks_at_once_is_one_lead(home, tmp_path):
    client_id, leads = uuid4(), []
    details = {"kind": "message", "name": "Ann", "email": "ann@example.com", "note": "Call me."}

    def work(number):
        leads.append(save_lead(home.agency, home, "ann", client_id, dict(details)).pk)

    all_at_once(6, home.agency, tmp_path, work)
    assert (len(leads), len(set(leads)), len(mail.outbox)) == (6, 1, 1)


def test_the_lead_belongs_to_the_conversation(provider, visitor, send, scope):
    provider.play(say("Please send the form."))
    visitor.ask("Can I see it?")
    client = Client()
    client.cookies = visitor.client.cookies
    send(client=client)
    assert Lead.objects.get().conversation.messages.count() == 2


def test_a_script_gets_json(send, scope):
    response = send(headers=JSON)
    assert (response.status_code, response.json()["lead"]) == (201, str(Lead.objects.get().public_id))


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"name": ""}, "name"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "ann"}, "email"),
        ({"consent": None}, "consent"),
        ({"date": "2020-01-01"}, "date"),
        ({"date": "2999-01-01"}, "date"),
        ({"kind": "message", "note": ""}, "note"),
        ({"kind": "purchase"}, "kind"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_a_wrong_form_names_its_field_and_saves_nothing(send, scope, fields, param):
    error = send(headers=JSON, **fields).json()["error"]
    assert (error["param"], error["code"]) == (param, "form_invalid")
    assert Lead.objects.count() == 0


def test_a_wrong_plain_form_comes_back_filled_in(send):
    response = send(email="ann", note="Two of us.")
    page = response.content.decode()
    assert response.status_code == 400
    assert "Write the e-mail address like name@example.com." in page
    assert "Two of us.</textarea>" in page
    assert 'value="Ann Buyer"' in page


def test_a_phone_number_alone_is_enough(send, scope):
    send(email="", phone="+1 503 555 0100")
    assert Lead.objects.get().phone == "+1 503 555 0100"


def test_a_message_has_no_date(send, scope):
    send(kind="message")
    lead = Lead.objects.get()
    assert (lead.kind, lead.date, lead.time) == ("message", None, None)


@pytest.mark.parametrize("status", ["coming_soon", "pending"])
def test_a_home_without_viewings_takes_messages_only(send, home, scope, status):
    begin = "incomplete" if status == "pending" else status
    quiet = make_property(home.agency, "Quiet house", standard_status=begin)
    make_photo(quiet)
    quiet.publish(None, accept_warnings=True)
    if quiet.standard_status != status:
        quiet.change_status(status)
    page = "/harbour/quiet-house/"
    assert "leave a message instead" in send(page, JSON).json()["error"]["message"]
    send(page, kind="message")
    assert [lead.kind for lead in Lead.objects.all()] == ["message"]
    assert 'value="viewing"' not in Client().get(page).content.decode()


def test_requests_are_limited_for_each_visitor(send, settings, scope):
    settings.CHAT_VISITOR_LEADS = 1
    client = Client()
    assert send(client=client).status_code == 303
    refused = send(client=client, headers=JSON)
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    plain = send(client=client, note="Two of us, please.")
    assert (plain.status_code, "Retry-After" in plain.headers) == (429, True)
    assert "Two of us, please.</textarea>" in plain.content.decode()
    assert "You have sent several requests already" in plain.content.decode()
    assert Lead.objects.count() == 1


def test_a_draft_takes_no_requests(send, home, scope):
    make_property(home.agency, "Draft house")
    assert send("/harbour/draft-house/", JSON).status_code == 404
    assert Lead.objects.count() == 0


def test_a_lead_is_its_own_agencys(send, home):
    hill = make_agency("hill")
    make_published_property(hill, "Maple house")
    send()
    with agency_scope(hill):
        assert Lead.objects.count() == 0
    with agency_scope(home.agency):
        assert Lead.objects.count() == 1


def test_the_form_wants_a_csrf_token(home, scope):
    assert Client(enforce_csrf_checks=True).post(f"{PAGE}viewing/", form()).status_code == 403
    assert Lead.objects.count() == 0


def test_the_page_prefills_the_form_from_its_address(home):
    page = Client().get(f"{PAGE}?form=viewing&date=2026-12-05&note=two+of+us").content.decode()
    assert 'value="2026-12-05"' in page
    assert "two of us</textarea>" in page


def test_the_visitor_stays_the_same_from_form_to_chat(send, provider, home, scope):
    provider.play(say("Yes."))
    client = Client()
    send(client=client)
    visitor = Visitor(home)
    visitor.client.cookies = client.cookies
    visitor.ask("Is it quiet?")
    assert (
        visitor.client.cookies["chat_visitor"].value.split(":")[0] == client.cookies["chat_visitor"].value.split(":")[0]
    )
