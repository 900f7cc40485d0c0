import io
import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import set_urlconf
from PIL import Image, ImageCms

from agencies.scope import agency_scope
from properties.media import read_picture
from properties.models import Media
from properties.models.media import NoRendition
from tests.make import make_agency
from tests.make_properties import make_panorama, make_photo, make_property, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    agency = make_agency()
    set_urlconf("config.urls_agency")
    with agency_scope(agency):
        yield agency
    set_urlconf(None)


@pytest.fixture
def home(agency):
    return make_property(agency)


def read(data):
    return read_picture(io.BytesIO(data))


def refusal(data):
    with pytest.raises(ValidationError) as refused:
        read(data)
    return refused.value.code


def stored_files():
    if not default_storage.exists("agencies"):
        return []
    root = Path(default_storage.path("agencies"))
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def png_that_claims(width, height):
    """A few bytes that say they are a huge picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    head = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + head + struct.pack(">I", 100) + b"IDAT"


# What is taken


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_picture_is_known_by_its_bytes(image_format):
    assert read(picture_bytes(image_format=image_format)).media_type == f"image/{image_format.lower()}"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "markup"),
        (b"<!DOCTYPE html><html></html>", "markup"),
        (b"%PDF-1.7 ...", "not_a_picture"),
        (b"", "not_a_picture"),
        (png_that_claims(30_000, 30_000), "too_many_pixels"),
        (png_that_claims(9_000, 9_000), "too_many_pixels"),
        (png_that_claims(800, 600), "damaged"),
        (picture_bytes((800, 600))[:-500], "damaged"),
        (picture_bytes((199, 600)), "too_small"),
        (picture_bytes(image_format="GIF"), "not_a_picture"),
        (picture_bytes(image_format="TIFF"), "not_a_picture"),
    ],
)
def test_upload_is_refused(data, code):
    assert refusal(data) == code


def test_upload_limits_are_settings(settings):
    data = picture_bytes((1600, 1200))
    read(data)
    settings.MAX_IMAGE_MEGAPIXELS = 1
    assert refusal(data) == "too_many_pixels"
    settings.MAX_IMAGE_MEGAPIXELS, settings.MAX_UPLOAD_MB = 64, 1
    assert refusal(data + b"\0" * 1024 * 1024) == "too_large"
    read(data)


def test_upload_loses_its_exif_and_is_turned_upright(home):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera with a name"
    exif.get_ifd(0x8825)[1] = "N"
    upload = io.BytesIO(picture_bytes((800, 600), exif=exif))
    photo = home.add_photo(upload, alt_text="The house", media_alteration=["none"])
    assert (photo.image_width, photo.image_height) == (600, 800)
    for width, extension in [(600, "webp"), (600, "jpg"), (320, "webp")]:
        file, _ = photo.open_rendition(width, extension)
        with file, Image.open(file) as image:
            assert (dict(image.getexif()), image.info.get("exif")) == ({}, None)


def test_transparency_becomes_white_and_profiles_srgb():
    layer = io.BytesIO()
    Image.new("RGBA", (300, 300), (255, 0, 0, 0)).save(layer, "PNG")
    assert read(layer.getvalue()).image.getpixel((5, 5)) == (255, 255, 255)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = read(picture_bytes((300, 300), color=(10, 200, 30), icc_profile=profile, image_format="PNG"))
    assert (picture.image.getpixel((299, 5)), picture.image.info) == ((10, 200, 30), {})
    broken = read(picture_bytes((300, 300), icc_profile=b"nonsense", image_format="PNG"))
    assert broken.image.mode == "RGB"


# What is written


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((2400, 1600), [320, 640, 960, 1440, 1920]),
        ((1000, 800), [320, 640, 960, 1000]),
        ((300, 300), [300]),
        ((5000, 2500), [320, 640, 960, 1440, 1920, 4096]),
        ((1024, 512), [320, 640, 960, 1024]),
        ((5000, 2400), [320, 640, 960, 1440, 1920]),
    ],
)
def test_picture_is_written_in_steps_and_never_enlarged(size, widths):
    assert read(picture_bytes(size)).widths() == widths


def test_renditions_open_in_both_forms(home):
    photo = make_photo(home)
    assert (photo.widths, photo.media_type) == ([320, 640, 800], "image/webp")
    sizes = {}
    for width, extension in [(320, "webp"), (640, "webp"), (800, "webp"), (800, "jpg")]:
        file, content_type = photo.open_rendition(width, extension)
        with file, Image.open(file) as image:
            sizes[width, content_type] = image.size
    assert sizes == {
        (320, "image/webp"): (320, 240),
        (640, "image/webp"): (640, 480),
        (800, "image/webp"): (800, 600),
        (800, "image/jpeg"): (800, 600),
    }


@pytest.mark.parametrize(("width", "extension"), [(321, "webp"), (640, "jpg"), (640, "png"), (640, "../x")])
def test_other_renditions_do_not_exist(home, width, extension):
    with pytest.raises(NoRendition):
        make_photo(home).open_rendition(width, extension)


def test_storage_tells_no_name_of_the_file(agency, home):
    upload = SimpleUploadedFile("12 Maple Street, Olga.jpg", picture_bytes())
    photo = home.add_photo(upload, alt_text="The house", media_alteration=["none"])
    assert photo.file.name == f"agencies/{agency.public_id}/{photo.media_key}/800.webp"


def test_address_is_of_the_smallest_rendition_that_is_wide_enough(home):
    photo = make_photo(home)
    base = f"/pictures/{photo.media_key}"
    assert [photo.url(width) for width in (100, 320, 321, 5000)] == [
        f"{base}/320.webp",
        f"{base}/320.webp",
        f"{base}/640.webp",
        f"{base}/800.webp",
    ]
    assert (photo.url(), photo.jpeg_url()) == (f"{base}/800.webp", f"{base}/800.jpg")
    assert photo.srcset() == f"{base}/320.webp 320w, {base}/640.webp 640w, {base}/800.webp 800w"


def test_panorama_is_twice_as_wide_as_high(home):
    assert make_panorama(home).is_panorama()
    assert not make_photo(home).is_panorama()


# The row


def test_same_picture_twice_is_refused_within_a_property(agency, home):
    data, fields = picture_bytes(), {"alt_text": "The house", "media_alteration": ["none"]}
    home.add_photo(io.BytesIO(data), **fields)
    with pytest.raises(ValidationError) as refused:
        home.add_photo(io.BytesIO(data), **fields)
    assert list(refused.value.message_dict) == ["file"]
    assert len(stored_files()) == 4
    make_property(agency, "Orchard house").add_photo(io.BytesIO(data), **fields)


def test_alteration_is_unset_until_somebody_says(home):
    photo = Media(property=home, alt_text="The house")
    assert photo.media_alteration is None
    for words in (["none", "virtual_renovation"], ["other:painted"], ["photoshop"]):
        photo.media_alteration = words
        with pytest.raises(ValidationError):
            photo.full_clean()
    photo.media_alteration = ["virtual_renovation"]
    photo.full_clean()
    assert photo.is_altered()


def test_only_public_described_and_honest_media_leave(home):
    shown = make_photo(home)
    make_photo(home, permission="agent_only")
    make_photo(home, alt_text="")
    make_photo(home, media_alteration=None)
    assert list(home.media.public()) == [shown]
    assert [photo.is_showable() for photo in home.media.all()] == [True, False, False, False]


def test_order_is_last_by_default_and_swaps(home):
    first, second, third = (make_photo(home) for _ in range(3))
    third.order = 0
    third.save()
    assert list(home.media.values_list("pk", "order")) == [(third.pk, 0), (second.pk, 1), (first.pk, 2)]


def test_order_holds_whatever_way_a_form_saves_it(home):
    photos = [make_photo(home) for _ in range(4)]
    wanted = [photos[2], photos[0], photos[3], photos[1]]
    for photo in photos:
        photo.order = wanted.index(photo)
        photo.save()
    assert list(home.media.all()) == wanted
    assert list(home.media.values_list("order", flat=True)) == [0, 1, 2, 3]


def test_new_picture_in_a_taken_place_sends_the_old_one_last(home):
    first, second = make_photo(home), make_photo(home)
    new = make_photo(home, order=0)
    assert list(home.media.all()) == [new, second, first]


def test_replaced_picture_has_a_new_key_and_leaves_no_files(home, django_capture_on_commit_callbacks):
    photo = make_photo(home)
    before = photo.media_key
    with django_capture_on_commit_callbacks(execute=True):
        photo.attach(io.BytesIO(picture_bytes((640, 480))))
        photo.save()
    assert photo.media_key != before
    assert stored_files() == ["320.webp", "640.jpg", "640.webp"]


def test_deleted_property_leaves_no_files(home, django_capture_on_commit_callbacks):
    make_photo(home)
    assert len(stored_files()) == 4
    with django_capture_on_commit_callbacks(execute=True):
        home.delete()
    assert stored_files() == []


def test_video_is_kept_elsewhere_by_https(home):
    video = Media(property=home, media_category="video", media_url="http://video.example/1")
    with pytest.raises(ValidationError) as refused:
        video.full_clean()
    assert list(refused.value.message_dict) == ["media_url"]
    video.media_url = "https://video.example/1"
    video.full_clean()
