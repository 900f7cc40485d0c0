"""Illustrations for the homes that have no pictures, drawn when the demo is loaded, and labelled as what they are."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from .facade import draw_facade
from .interior import draw_panorama, draw_view
from .label import add_label
from .plan import draw_plan

SCALE = 2  # drawn twice as large and made smaller: that smooths the edges
PHOTO = (1440, 960)
PANORAMA = (1600, 800)


def draw(home: dict[str, Any], file: str) -> bytes:
    """A JPEG for a file name of a home's list: facade, plan, room-<key> or pano-<key>."""
    kind, _, key = file.removesuffix(".jpg").partition("-")
    palette = home["drawing"]["palette"]
    if kind == "facade":
        image = draw_facade(home["drawing"]["shape"], palette, _twice(PHOTO))
    elif kind == "plan":
        image = draw_plan(home["rooms"], palette, _twice(PHOTO))
    elif kind == "pano":
        image = draw_panorama(_scene(home, key), palette, _twice(PANORAMA))
    else:
        image = draw_view(_scene(home, key), palette, _twice(PHOTO))
    size = PANORAMA if kind == "pano" else PHOTO
    return _jpeg(add_label(image.resize(size, Image.Resampling.LANCZOS)))


def _scene(home: dict[str, Any], key: str) -> str:
    scene: str = home["drawing"]["scenes"][key]
    return scene


def _twice(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] * SCALE, size[1] * SCALE


def _jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
