"""Uploaded pictures: judged by their bytes, decoded within limits, written anew in several widths.

Nothing of the uploaded file is kept: not its name, not its EXIF position, nothing hidden in it.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

WIDTHS = (320, 640, 960, 1440, 1920)
PANORAMA_WIDTHS = (*WIDTHS, 4096)
# Readers of link previews and old mail programs do not know WebP: they get one JPEG.
JPEG_WIDTH = 960
WEBP_QUALITY = 80
JPEG_QUALITY = 82
SMALLEST_SIDE = 200
CONTENT_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}
MARKUP = (b"<svg", b"<!doctype", b"<html", b"<?xml", b"<script")


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded upload: upright, sRGB, no larger than its largest rendition."""

    image: Image.Image
    media_type: str
    sha256: str

    def widths(self) -> list[int]:
        """Ascending, never above the picture's own."""
        steps = PANORAMA_WIDTHS if is_panorama(*self.image.size) else WIDTHS
        return [*(width for width in steps if width < self.image.width), self.image.width]


def is_panorama(width: int, height: int) -> bool:
    """Equirectangular: twice as wide as high, within one per cent."""
    return height > 0 and abs(width / height - 2) <= 0.02


def read_picture(upload: IO[bytes]) -> Picture:
    """Decode an upload; raises ValidationError with what to do about it."""
    data = _read_bytes(upload)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=list(FORMATS))
            _check_size(image)
            media_type = FORMATS[str(image.format)]
            return Picture(_upright(image), media_type, hashlib.sha256(data).hexdigest())
    except UnidentifiedImageError:
        raise _refusal(data) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow's decoders raise all of these for a file that is cut off or lies about itself.
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(
            "This picture is damaged. Save it again and upload the new file.", code="damaged"
        ) from error


def _read_bytes(upload: IO[bytes]) -> bytes:
    limit = settings.MAX_UPLOAD_MB * 1024 * 1024
    upload.seek(0)
    data = upload.read(limit + 1)
    if len(data) > limit:
        raise ValidationError(
            f"This file is larger than {settings.MAX_UPLOAD_MB} MB. Save it smaller and upload it again.",
            code="too_large",
        )
    return data


def _check_size(image: Image.Image) -> None:
    """From the header alone, before a pixel is decoded."""
    width, height = image.size
    if width * height > settings.MAX_IMAGE_MEGAPIXELS * 1_000_000:
        raise _too_many_pixels()
    if min(width, height) < SMALLEST_SIDE:
        raise ValidationError(
            f"This picture is too small: each side needs {SMALLEST_SIDE} pixels or more.", code="too_small"
        )


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        f"This picture has more than {settings.MAX_IMAGE_MEGAPIXELS} million pixels. Save it smaller.",
        code="too_many_pixels",
    )


def _refusal(data: bytes) -> ValidationError:
    if any(sign in data[:1024].lower() for sign in MARKUP):
        return ValidationError("SVG and HTML files are not taken. Save it as JPEG or PNG.", code="markup")
    return ValidationError("This is not a picture we can read. Use JPEG, PNG, WebP or AVIF.", code="not_a_picture")


def _upright(image: Image.Image) -> Image.Image:
    """Decoded at the size we keep, turned as its EXIF says, in sRGB, on white where it was transparent."""
    steps = PANORAMA_WIDTHS if is_panorama(*image.size) else WIDTHS
    image.draft("RGB", (steps[-1], steps[-1]))  # a JPEG is then decoded near the size that is needed
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    rgb = _in_srgb(_on_white(upright), profile)
    if rgb.width > steps[-1]:
        height = max(1, round(rgb.height * steps[-1] / rgb.width))
        rgb = rgb.resize((steps[-1], height), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", rgb.size)
    clean.paste(rgb)
    return clean


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: the colours may be a shade off, the picture is still good
    return image.convert("RGB")


def folder(agency_key: UUID, media_key: UUID) -> str:
    return f"agencies/{agency_key}/{media_key}"


def store(picture: Picture, place: str) -> tuple[str, list[int]]:
    """Write every rendition below `place`; the name of the largest one, and the widths."""
    widths = picture.widths()
    name = ""
    for width in widths:
        scaled = _scaled(picture.image, width)
        name = _write(scaled, f"{place}/{width}.webp", "WEBP", quality=WEBP_QUALITY, method=2)
        if width == jpeg_width(widths):
            _write(scaled, f"{place}/{width}.jpg", "JPEG", quality=JPEG_QUALITY, progressive=True)
    return name, widths


def jpeg_width(widths: list[int]) -> int:
    return max((width for width in widths if width <= JPEG_WIDTH), default=widths[0])


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _write(image: Image.Image, name: str, image_format: str, **options: int) -> str:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return default_storage.save(name, ContentFile(buffer.getvalue()))


def remove(place: str) -> None:
    """Delete what `store` wrote; a file that is already gone is no error."""
    for name in default_storage.listdir(place)[1] if default_storage.exists(place) else []:
        default_storage.delete(f"{place}/{name}")
