import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agencies.scope import agency_scope
from tests.make import make_agency, make_member
from tests.make_properties import make_photo, make_property, make_published_property, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_published_property(make_agency())


def address(home, extension="webp", width=None):
    with agency_scope(home.agency):
        media = home.media.first()
    return f"/harbour/pictures/{media.media_key}/{width or media.widths[0]}.{extension}"


@pytest.mark.parametrize(("extension", "kind"), [("webp", "WEBP"), ("jpg", "JPEG")])
def test_picture_of_a_published_home_is_for_everybody(client, home, extension, kind):
    width = 800 if extension == "jpg" else 320
    response = client.get(address(home, extension, width))
    assert response.status_code == 200
    assert response["Content-Type"] == {"webp": "image/webp", "jpg": "image/jpeg"}[extension]
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    image = Image.open(io.BytesIO(response.content))
    assert (image.format, image.width) == (kind, width)


def test_every_address_of_the_page_answers(client, home):
    make_photo(home)
    with agency_scope(home.agency):
        pictures = [(media.media_key, width) for media in home.media.all() for width in media.widths]
    answers = [client.get(f"/harbour/pictures/{key}/{width}.webp").status_code for key, width in pictures]
    assert set(answers) == {200}


def test_picture_is_sent_once(client, home):
    etag = client.get(address(home))["ETag"]
    again = client.get(address(home), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address(home), headers={"if-none-match": '"other"'}).status_code == 200


def test_picture_needs_no_session(client, home, django_assert_num_queries):
    path = address(home)
    with django_assert_num_queries(3):
        response = client.get(path)
    assert "Vary" not in response


@pytest.mark.parametrize("path", ["321.webp", "320.png", "320.svg", "0.webp", "99999999999999999999.webp"])
def test_unknown_rendition_is_not_there(client, home, path):
    with agency_scope(home.agency):
        key = home.media.first().media_key
    assert client.get(f"/harbour/pictures/{key}/{path}").status_code == 404
    assert client.get(f"/harbour/pictures/{key}/320.webp").status_code == 200


def test_picture_of_a_draft_is_for_its_staff(client):
    agency, other = make_agency(), make_agency("hill")
    home = make_property(agency)
    make_photo(home)
    assert client.get(address(home)).status_code == 404
    client.force_login(make_member(other))
    assert client.get(address(home)).status_code == 404
    client.force_login(make_member(agency, "viewer"))
    response = client.get(address(home))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-cache"
    etag = response["ETag"]
    client.logout()
    assert client.get(address(home), headers={"if-none-match": etag}).status_code == 404


@pytest.mark.parametrize("hidden", [{"permission": "office_only"}, {"media_alteration": None}])
def test_picture_that_may_not_leave_the_admin_stays(client, home, hidden):
    with agency_scope(home.agency):
        media = home.media.first()
        assert client.get(address(home)).status_code == 200
        for name, value in hidden.items():
            setattr(media, name, value)
        media.save()
    assert client.get(address(home)).status_code == 404
    assert str(media.media_key) not in client.get(f"/harbour/{home.slug}/").content.decode()


def test_picture_of_another_agency_is_not_there(client, home):
    make_agency("hill")
    assert client.get(address(home)).status_code == 200
    assert client.get(address(home).replace("harbour", "hill")).status_code == 404


def test_picture_of_a_withdrawn_home_is_not_there(client, home):
    with agency_scope(home.agency):
        home.withdraw()
    assert client.get(address(home)).status_code == 404


def test_picture_is_not_written_to(client, home):
    assert client.post(address(home)).status_code == 405


def test_logo_is_served(client):
    agency = make_agency()
    assert client.get("/harbour/pictures/logo").status_code == 404
    agency.logo = SimpleUploadedFile("logo.png", picture_bytes((64, 64), "PNG"), content_type="image/png")
    agency.save()
    response = client.get("/harbour/pictures/logo")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert client.get("/harbour/pictures/logo", headers={"if-none-match": response["ETag"]}).status_code == 304
    assert 'src="/harbour/pictures/logo"' in client.get("/harbour/").content.decode()


def test_logo_that_is_no_picture_is_not_served(client):
    agency = make_agency()
    agency.logo = SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>", content_type="image/svg+xml")
    agency.save()
    assert client.get("/harbour/pictures/logo").status_code == 404
