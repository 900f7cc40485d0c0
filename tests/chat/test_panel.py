import pytest
from django.test import Client

from agencies.models import Agency
from agencies.scope import agency_scope
from chat.models import Message
from chat.suggestions import suggestions
from properties.facts import fact_sheet
from tests.make import make_agency
from tests.make_properties import make_published_property
from tests.provider_server import call, quote_tools, say

pytestmark = pytest.mark.django_db

PAGE = "/harbour/maple-house/"


def page() -> str:
    return Client().get(PAGE).content.decode()


def test_panel_says_that_an_ai_answers_before_the_first_question(home):
    text = page()
    assert "An AI assistant answers, from this listing's own record." in text
    assert text.index("An AI assistant answers") < text.index('name="text"')


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en-GB", "Hello! What would you like to know about this home?"),
        ("es", "¡Hola! ¿Qué le gustaría saber de esta vivienda?"),
        ("de", "Guten Tag! Was möchten Sie über diese Immobilie wissen?"),
    ],
)
def test_panel_greets_in_the_language_of_the_page(home, locale, sentence):
    Agency.objects.update(locale=locale)
    assert f'<p class="chat-greeting">{sentence}</p>' in page()


def test_panel_greets_in_the_agencys_own_words_beside_the_disclosure(home):
    Agency.objects.update(greeting=" Ask <me> anything. ")
    other = make_published_property(make_agency("hill", greeting="Come in."))
    text = page()
    assert '<p class="chat-greeting">Ask &lt;me&gt; anything.</p>' in text
    assert text.index("chat-greeting") < text.index("An AI assistant answers") < text.index('name="text"')
    assert '<p class="chat-greeting">Come in.</p>' in Client().get(f"/hill/{other.slug}/").content.decode()


def test_panel_suggests_what_this_home_can_answer(home):
    with agency_scope(home.agency):
        assert suggestions(fact_sheet(home)) == [
            "How much are the property taxes?",
            "How is it heated?",
            "Is there parking?",
            "When was it built?",
        ]
    assert 'value="How is it heated?"' in page()
    assert "What is the HOA fee?" not in page()


def test_panel_shows_the_facts_as_they_were_said(provider, visitor, home):
    provider.play(call(("get_facts", {"keys": ["tax_annual_amount"]})), quote_tools)
    visitor.ask("What are the taxes?")
    with agency_scope(home.agency):
        home.tax_annual_amount = 7000
        home.save()
    assert '<span class="chat-fact-value">$6,120' in visitor.read()


def test_panel_escapes_what_was_said(provider, visitor):
    provider.play(say("<script>alert(1)</script>"))
    visitor.ask("<img src=x onerror=alert(2)>")
    text = visitor.read()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<img src=x" not in text


def test_panel_has_no_inline_script_or_style(home):
    text = page()
    chat = text[text.index('id="chat"') : text.index("</section>", text.index('id="chat"'))]
    assert "style=" not in chat
    assert "onclick" not in chat


def test_panel_of_a_sold_home_leads_to_the_form(home):
    with agency_scope(home.agency):
        home.change_status("active_under_contract")
        home.change_status("closed")
    text = page()
    assert "This home answers no more questions." in text
    assert ('id="chat-text"' in text, "chat-greeting" in text) == (False, False)


def test_panel_offers_another_try_for_an_answer_that_was_left(provider, visitor, home):
    provider.play(say("Three "))
    visitor.ask("How many?")
    assert "Try again" not in visitor.read().split("<template")[0]
    with agency_scope(home.agency):
        Message.objects.filter(number=2).update(state="interrupted", error_code="visitor_left")
    text = visitor.read().split("<template")[0]
    assert "This answer was not finished: try again." in text
