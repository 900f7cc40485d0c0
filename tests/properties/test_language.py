import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.make import make_agency, make_member
from tests.make_properties import make_published_property
from tests.properties.pages import Page

ROOT = Path(__file__).parents[2]
LANGUAGES = ("es", "de")
MARKED = re.compile(r"""{%\s*translate (?:"([^"]+)"|'([^']+)')|\b_\("([^"]+)"\)""")
PLACEHOLDER = re.compile(r"%\(\w+\)s")
# Staff's pages are in English.
STAFF = ("admin", "agencies", "unfold")


def catalogue(language):
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {message.id: message for message in read_po(file, locale=language) if message.id}


def marked_texts():
    folders = [path for path in (ROOT / "templates").iterdir() if path.name not in STAFF]
    files = [file for path in folders for file in ([path] if path.is_file() else path.rglob("*.html"))]
    for file in files:
        for found in MARKED.finditer(file.read_text()):
            yield next(text for text in found.groups() if text)


def texts(value):
    return list(value) if isinstance(value, tuple) else [value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_text_is_translated(language):
    translated = {id for id, message in catalogue(language).items() if all(texts(message.string))}
    marked = set(marked_texts())
    assert len(marked) > 90
    assert marked - translated == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    for id, message in catalogue(language).items():
        for text in texts(message.string):
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(texts(id)[0]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_up_to_date(language):
    compiled = gettext.translation("django", ROOT / "locale", [language])
    for id, message in catalogue(language).items():
        if isinstance(id, tuple):
            one, many = id
            assert tuple(compiled.ngettext(one, many, n) for n in (1, 2)) == tuple(message.string)
        else:
            assert compiled.gettext(id) == message.string


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("locale", "lang", "words"),
    [
        ("en-US", "en-US", "Arrange a viewing"),
        ("en-GB", "en-GB", "Arrange a viewing"),
        ("es", "es", "Concertar una visita"),
        ("de", "de", "Besichtigung vereinbaren"),
    ],
)
def test_page_speaks_the_agencys_language(client, locale, lang, words):
    home = make_published_property(make_agency(locale=locale), title="Casa")
    page = Page(client.get(f"/harbour/{home.slug}/").content.decode())
    assert page.find("html") == [{"lang": lang}]
    assert words in page.text


@pytest.mark.django_db
def test_refusals_speak_the_agencys_language(client):
    make_agency(locale="es")
    make_agency("hill")
    assert "Esta página no existe" in client.get("/harbour/nada/").content.decode()
    assert "Esta búsqueda no conoce el parámetro" in client.get("/harbour/?color=1").content.decode()
    assert "There is no such page" in client.get("/hill/nada/").content.decode()


@pytest.mark.django_db
def test_staff_pages_stay_english(client):
    agency = make_agency(locale="es")
    client.force_login(make_member(agency))
    page = Page(client.get("/harbour/admin/").content.decode())
    assert str(page.find("html")[0]["lang"]).startswith("en")
