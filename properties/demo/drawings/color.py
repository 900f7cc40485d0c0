from __future__ import annotations

from PIL import Image, ImageColor

RGB = tuple[int, int, int]


def rgb(text: str) -> RGB:
    color = ImageColor.getrgb(text)
    return color[0], color[1], color[2]


def mix(one: RGB, two: RGB, share: float) -> RGB:
    """`share` 0 is the first colour, 1 the second."""
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


def shade(color: RGB, light: float) -> RGB:
    """Darker below 1, lighter above."""
    return mix(color, (0, 0, 0), 1 - light) if light < 1 else mix(color, (255, 255, 255), light - 1)


def gradient(size: tuple[int, int], top: RGB, bottom: RGB) -> Image.Image:
    column = Image.new("RGB", (1, 256))
    column.putdata([mix(top, bottom, step / 255) for step in range(256)])
    return column.resize(size, Image.Resampling.BICUBIC)
