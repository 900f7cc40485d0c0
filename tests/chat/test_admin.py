from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from agencies.scope import agency_scope
from chat.models import Conversation, Lead, Message, Question
from properties.models import KnowledgeEntry, Property
from tests.agencies.staff import desk
from tests.make import make_agency
from tests.make_properties import make_property

pytestmark = pytest.mark.django_db

CONVERSATIONS = "staff:chat_conversation_changelist"
QUESTION = "staff:chat_question_change"
LEAD = "staff:chat_lead_change"


@pytest.fixture
def home():
    return make_property(make_agency("alder"), "Twin house")


def make_conversation(home: Property, *texts: str) -> Conversation:
    """The texts are said in turn, the visitor first."""
    with agency_scope(home.agency):
        conversation = Conversation.objects.create(property=home, visitor=uuid4().hex)
        for number, text in enumerate(texts):
            conversation.add_message((Message.Role.VISITOR, Message.Role.AGENT)[number % 2], text)
    return conversation


def make_question(home: Property, text: str = "Is there a bunker?") -> Question:
    with agency_scope(home.agency):
        return Question.objects.note(home, text, "en-US")


def make_lead(home: Property, name: str = "Ann Buyer", **fields):
    values = {"kind": "message", "email": "ann@buyer.example", "consent_wording_version": "1"}
    with agency_scope(home.agency):
        return Lead.objects.create(
            property=home, name=name, client_id=uuid4(), consent_given_at=now(), **{**values, **fields}
        )


def stored(row):
    with agency_scope(row.agency):
        return type(row).objects.get(pk=row.pk)


# --- Conversations ---
def test_conversation_reads_as_one(home):
    conversation = make_conversation(home, "How many bedrooms?", "Three bedrooms.", "<b>Bold</b> {{ 7 }}")
    page = desk(home.agency, "viewer").text("staff:chat_conversation_change", conversation.pk)
    assert page.index("How many bedrooms?") < page.index("Three bedrooms.") < page.index("&lt;b&gt;Bold")
    assert "<b>Bold</b>" not in page
    assert 'data-live="3"' in page


def test_conversation_list_shows_the_last_question_and_refreshes(home):
    make_conversation(home, "First question", "Answer", "Last question")
    page = desk(home.agency, "viewer").text(CONVERSATIONS)
    assert ("Last question" in page, "First question" in page) == (True, False)
    assert 'data-live="5"' in page
    assert "js/admin/live.js" in page


def test_conversation_is_read_only_even_for_owners(home):
    conversation = make_conversation(home, "Hello")
    owner = desk(home.agency)
    assert owner.post("staff:chat_conversation_change", conversation.pk, data={"locale": "de"}).status_code == 403
    assert owner.get("staff:chat_conversation_add").status_code == 403
    assert owner.get("staff:chat_conversation_delete", conversation.pk).status_code == 403
    assert owner.get("staff:chat_conversation_change", conversation.pk).status_code == 200


def test_conversation_list_asks_the_same_whatever_it_shows(home):
    viewer = desk(home.agency, "viewer")
    counts = []
    for number in (1, 4):
        for _ in range(number):
            make_conversation(home, "Question", "Answer")
        with CaptureQueriesContext(connection) as captured:
            viewer.get(CONVERSATIONS)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 9


# --- Questions ---
ANSWER = {"wording": "Is there a shelter?", "answer": "No, there is none.", "category": "building"}


def test_answer_becomes_approved_knowledge(home):
    question = make_question(home)
    editor = desk(home.agency, "editor")
    assert editor.post(QUESTION, question.pk, data=ANSWER).status_code == 302
    with agency_scope(home.agency):
        entry = KnowledgeEntry.objects.public().get()
    assert (entry.question, entry.answer, entry.category) == tuple(ANSWER.values())
    assert (entry.property_id, entry.approved_by, entry.source) == (home.pk, editor.user, "agency")
    assert stored(question).status == "answered"


def test_answer_takes_the_visitor_s_words_by_default(home):
    question = make_question(home)
    desk(home.agency, "editor").post(QUESTION, question.pk, data={"answer": "No."})
    with agency_scope(home.agency):
        assert KnowledgeEntry.objects.get().question == "Is there a bunker?"


def test_empty_answer_is_refused_at_its_field(home):
    question = make_question(home)
    response = desk(home.agency, "editor").post(QUESTION, question.pk, data={**ANSWER, "answer": " "})
    assert response.context["adminform"].form.errors["answer"] == ["Write the answer first."]
    assert stored(question).status == "open"


def test_question_is_dismissed_and_opened_again(home):
    question = make_question(home)
    editor = desk(home.agency, "editor")
    editor.post("staff:chat_question_do", question.pk, "dismiss")
    assert stored(question).status == "dismissed"
    editor.post("staff:chat_question_do", question.pk, "reopen")
    assert stored(question).status == "open"


def test_questions_are_dismissed_from_the_list(home):
    first, second = make_question(home), make_question(home, "Who lived here?")
    data = {"action": "dismiss_selected", "_selected_action": [first.pk]}
    desk(home.agency, "editor").post("staff:chat_question_changelist", data=data)
    assert (stored(first).status, stored(second).status) == ("dismissed", "open")


def test_viewer_reads_questions_and_cannot_answer(home):
    question = make_question(home)
    viewer = desk(home.agency, "viewer")
    page = viewer.text(QUESTION, question.pk)
    assert ("Is there a bunker?" in page, "Answer it" in page) == (True, False)
    assert viewer.post(QUESTION, question.pk, data=ANSWER).status_code == 403
    assert viewer.post("staff:chat_question_do", question.pk, "dismiss").status_code == 403
    assert stored(question).status == "open"


# --- Leads ---
def test_lead_changes_its_status_and_nothing_else(home):
    lead = make_lead(home)
    editor = desk(home.agency, "editor")
    assert editor.post(LEAD, lead.pk, data={"status": "contacted", "name": "Other"}).status_code == 302
    assert (stored(lead).status, stored(lead).name) == ("contacted", "Ann Buyer")


def test_leads_are_marked_from_the_list_by_editors(home):
    lead = make_lead(home)
    data = {"action": "mark_closed", "_selected_action": [lead.pk]}
    desk(home.agency, "viewer").post("staff:chat_lead_changelist", data=data)
    assert stored(lead).status == "new"
    desk(home.agency, "editor").post("staff:chat_lead_changelist", data=data)
    assert stored(lead).status == "closed"


def test_lead_is_forgotten_by_owners_alone(home):
    lead = make_lead(home)
    name = "staff:chat_lead_delete"
    assert desk(home.agency, "editor").post(name, lead.pk, data={"post": "yes"}).status_code == 403
    assert desk(home.agency, "owner").post(name, lead.pk, data={"post": "yes"}).status_code == 302


def test_overview_counts_what_waits(home):
    make_question(home)
    make_lead(home)
    make_lead(home, "Bob Buyer")
    cards = {card.title: card.value for card in desk(home.agency).get("staff:index").context["cards"]}
    assert (cards["New leads"], cards["Open questions"], cards["Drafts"]) == (2, 1, 1)


# --- Two agencies with the same titles ---
@pytest.fixture
def theirs():
    """Planted rows of another agency."""
    home = make_property(make_agency("birch"), "Twin house")
    return (
        make_conversation(home, "birch-planted question", "birch-planted answer"),
        make_question(home, "birch-planted bunker?"),
        make_lead(home, "birch-planted buyer"),
    )


@pytest.mark.parametrize("model", ["conversation", "question", "lead"])
@pytest.mark.parametrize("query", ["", "?q=planted", "?q=twin", "?status__exact=open&status__exact=new"])
def test_lists_and_search_stay_inside_the_agency(home, theirs, model, query):
    make_conversation(home, "own-planted question")
    make_question(home, "own-planted bunker?")
    make_lead(home, "own-planted buyer")
    if model == "conversation" and "status" in query:
        query = "?source__exact=web"
    elif "status" in query:
        query = "?status__exact=open" if model == "question" else "?status__exact=new"
    page = desk(home.agency).text(f"staff:chat_{model}_changelist", query=query)
    assert ("own-planted" in page, "birch-planted" in page) == (True, False)


def test_menu_search_stays_inside_the_agency(home, theirs):
    make_lead(home, "own-planted buyer")
    page = desk(home.agency).text("staff:search", query="?s=planted")
    assert ("own-planted" in page, "birch-planted" in page) == (True, False)


def test_rows_of_another_agency_are_not_there(home, theirs):
    owner = desk(home.agency)
    for row in theirs:
        name = f"staff:chat_{row._meta.model_name}"
        assert owner.get(f"{name}_change", row.pk).status_code == 404
        assert owner.get(f"{name}_history", row.pk).status_code == 404
    assert owner.post("staff:chat_question_do", theirs[1].pk, "dismiss").status_code == 404
    assert owner.post(QUESTION, theirs[1].pk, data=ANSWER).status_code == 404
    data = {"action": "mark_closed", "_selected_action": [theirs[2].pk]}
    owner.post("staff:chat_lead_changelist", data=data)
    assert (stored(theirs[1]).status, stored(theirs[2]).status) == ("open", "new")


@pytest.mark.parametrize("model", ["conversation", "question", "lead"])
def test_filter_by_listing_offers_and_finds_the_own_ones(home, theirs, model):
    make_conversation(home, "Hello")
    make_question(home)
    make_lead(home)
    owner = desk(home.agency)
    name = f"staff:chat_{model}_changelist"
    assert owner.get(name, query=f"?property__id__exact={home.pk}").context["cl"].result_count == 1
    there = owner.get(name, query=f"?property__id__exact={theirs[0].property_id}")
    assert there.status_code in (200, 302)
    assert "birch-planted" not in there.content.decode()
    query = f"?term=twin&app_label=chat&model_name={model}&field_name=property"
    assert owner.get("staff:autocomplete", query=query).json()["results"] == [
        {"id": str(home.pk), "text": "Twin house"}
    ]
