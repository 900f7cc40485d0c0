"""An agency picks two colours; these are the shades of them that can be read on our paper, light and dark."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0  # a filled button against the page
# The surfaces of tokens.css; a test holds that they are the same.
LIGHT_SURFACES = ("#faf7f2", "#fffdfa", "#f2ece3")
DARK_SURFACES = ("#171412", "#211d1a", "#100e0c")
STEPS = 100


def shades(primary: str, accent: str) -> dict[str, str]:
    """Custom properties without their `--agency-`: a fill, what stands on it, and text, for each colour and theme."""
    values: dict[str, str] = {}
    for name, color in (("brand", primary), ("accent", accent)):
        for theme, surfaces in (("", LIGHT_SURFACES), ("-dark", DARK_SURFACES)):
            fill = readable(color, surfaces, SHAPE_CONTRAST)
            values[f"{name}{theme}"] = fill
            values[f"on-{name}{theme}"] = on_color(fill)
            values[f"{name}-text{theme}"] = readable(color, surfaces, TEXT_CONTRAST)
    return values


def on_color(fill: str) -> str:
    """Black or white, whichever is read better: the better one never has less than 4.5:1."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, fill))


def readable(color: str, surfaces: Iterable[str], least: float) -> str:
    """The colour itself, or the nearest lightness of its hue with at least this contrast to every surface."""
    papers = list(surfaces)
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(color))
    end = 0.0 if all(luminance(paper) > 0.18 for paper in papers) else 1.0
    for step in range(STEPS + 1):
        shade = _hex(colorsys.hls_to_rgb(hue, lightness + (end - lightness) * step / STEPS, saturation))
        if all(contrast(shade, paper) >= least for paper in papers):
            return shade
    return "#000000" if end == 0.0 else "#ffffff"


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def _hex(channels: Iterable[float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
