import pytest

from agencies.scope import agency_scope
from properties.models import Media
from tests.agencies.staff import desk
from tests.make import make_agency
from tests.make_properties import make_property, picture_file

pytestmark = pytest.mark.django_db
UPLOAD = "staff:properties_property_photos"


def test_several_pictures_come_at_once(agency, editor):
    home = make_property(agency)
    response = editor.post(UPLOAD, home.pk, data={"photos": [picture_file(), picture_file()]})
    assert response.url.endswith("/change/#photos")
    with agency_scope(agency):
        assert Media.objects.photos().count() == 2


def test_bad_picture_is_named_and_the_good_one_stays(agency, editor):
    home = make_property(agency)
    small = picture_file((50, 50), "small.jpg")
    response = editor.post(UPLOAD, home.pk, data={"photos": [small, picture_file()]}, follow=True)
    page = response.content.decode()
    assert "small.jpg: This picture is too small" in page
    with agency_scope(agency):
        assert Media.objects.count() == 1


def test_video_elsewhere_is_linked(agency, editor):
    home = make_property(agency)
    link = {"media_url": "https://video.example/1", "media_category": "video"}
    editor.post(UPLOAD, home.pk, data=link)
    editor.post(UPLOAD, home.pk, data={**link, "media_url": "javascript:alert(1)"})
    with agency_scope(agency):
        assert [row.media_url for row in Media.objects.all()] == ["https://video.example/1"]


def test_upload_is_for_editors_and_for_ones_own_listing(agency, editor):
    home = make_property(agency)
    foreign = make_property(make_agency("birch"))
    assert desk(agency, "viewer").post(UPLOAD, home.pk, data={"photos": picture_file()}).status_code == 403
    assert editor.post(UPLOAD, foreign.pk, data={"photos": picture_file()}).status_code == 404
    assert editor.get(UPLOAD, home.pk).status_code == 405
    assert editor.post(UPLOAD, home.pk, data={"photos": picture_file()}).status_code == 302
