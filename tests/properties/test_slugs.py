import pytest

from properties.models import Property, SlugRedirect
from tests.make import make_agency
from tests.make_properties import make_property

pytestmark = pytest.mark.django_db


def test_slug_is_made_from_the_title_and_unique_in_the_agency(agency):
    slugs = [make_property(agency, "Ático en el Born").slug for _ in range(3)]
    assert slugs == ["atico-en-el-born", "atico-en-el-born-2", "atico-en-el-born-3"]
    assert make_property(make_agency("hill"), "Ático en el Born").slug == "atico-en-el-born"


@pytest.mark.parametrize("word", ["Admin", "API", "Static", "Media", "Pictures", "Chat", "Sitemap"])
def test_slug_is_never_an_address_of_the_site(agency, word):
    assert make_property(agency, word).slug == f"{word.lower()}-2"
    assert make_property(agency, "Loft", slug=word.lower()).slug.startswith("loft")


def test_slug_of_a_title_without_letters_is_the_city(agency):
    assert make_property(agency, "家").slug == "portland"
    assert make_property(agency, "家", city="").slug == "home"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("12 Maple Street", "portland"),
        ("Craftsman on Maple Street", "craftsman-on"),
        ("Maple", "portland"),
        ("Craftsman house", "craftsman-house"),
    ],
)
def test_slug_does_not_name_a_hidden_street(agency, title, slug):
    assert make_property(agency, title, display_address=False).slug == slug


def test_slug_does_not_name_a_hidden_one_line_address(agency):
    address = {"street_number": "", "street_name": "", "street_suffix": ""}
    home = make_property(
        agency,
        "Piso en Carrer de Mallorca 120",
        display_address=False,
        unparsed_address="Carrer de Mallorca 120, Barcelona",
        **address,
    )
    assert "mallorca" not in home.slug


def test_slug_change_keeps_a_redirect(agency):
    home = make_property(agency, "Maple house")
    home.slug = "craftsman"
    home.save()
    assert Property.objects.formerly_at("maple-house").get() == home
    other = make_property(agency, "Maple house")
    assert other.slug == "maple-house-2"
    home.slug = "maple-house"
    home.save()
    assert [redirect.slug for redirect in home.slug_redirects.all()] == ["craftsman"]


def test_hiding_the_address_makes_a_new_slug_and_no_redirect(agency):
    home = make_property(agency, "12 Maple Street")
    home.slug = "maple-street-porch"
    home.save()
    assert SlugRedirect.objects.count() == 1
    home.display_address = False
    home.save()
    assert (home.slug, SlugRedirect.objects.count()) == ("portland", 0)
