"""The front of a house: sky, hills, ground, and a few simple shapes in the home's palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageDraw

from .color import RGB, gradient, mix, rgb, shade

GROUND = 0.74


class Canvas(NamedTuple):
    pen: ImageDraw.ImageDraw
    width: int
    height: int
    colors: list[RGB]

    def rectangle(self, x: float, y: float, width: float, height: float, color: RGB) -> None:
        """In shares of the picture."""
        box = (x * self.width, y * self.height, (x + width) * self.width, (y + height) * self.height)
        self.pen.rectangle(box, fill=color)

    def polygon(self, points: list[tuple[float, float]], color: RGB) -> None:
        self.pen.polygon([(x * self.width, y * self.height) for x, y in points], fill=color)

    def ellipse(self, x: float, y: float, width: float, height: float, color: RGB) -> None:
        box = (x * self.width, y * self.height, (x + width) * self.width, (y + height) * self.height)
        self.pen.ellipse(box, fill=color)


def draw_facade(shape: str, palette: list[str], size: tuple[int, int]) -> Image.Image:
    colors = [rgb(color) for color in palette]
    image = gradient(size, rgb("#9fc4e2"), rgb("#f4ece0"))
    canvas = Canvas(ImageDraw.Draw(image), *size, colors)
    _landscape(canvas)
    SHAPES[shape](canvas)
    _front_garden(canvas)
    return image


def _landscape(canvas: Canvas) -> None:
    hill = mix(rgb("#9db4a0"), rgb("#f4ece0"), 0.35)
    canvas.ellipse(-0.3, 0.5, 0.9, 0.6, hill)
    canvas.ellipse(0.35, 0.55, 1.0, 0.6, shade(hill, 0.94))
    canvas.rectangle(0, GROUND, 1, 1 - GROUND, rgb("#a9bd86"))
    for x, size in ((0.05, 0.13), (0.88, 0.16)):
        _tree(canvas, x, size)


def _tree(canvas: Canvas, x: float, size: float) -> None:
    leaves = rgb("#7f9d74")
    canvas.rectangle(x + size * 0.42, GROUND - size, size * 0.1, size, rgb("#8a6f58"))
    canvas.ellipse(x, GROUND - size * 2.4, size, size * 1.7, leaves)
    canvas.ellipse(x + size * 0.25, GROUND - size * 2.7, size * 0.85, size * 1.4, shade(leaves, 1.1))


def _front_garden(canvas: Canvas) -> None:
    canvas.polygon([(0.46, GROUND), (0.54, GROUND), (0.62, 1), (0.38, 1)], rgb("#d9cfc0"))
    bush = rgb("#8aa77a")
    for x in (0.14, 0.2, 0.27, 0.68, 0.75, 0.81):
        canvas.ellipse(x, GROUND - 0.035, 0.09, 0.08, shade(bush, 0.9 + (x * 10 % 1) * 0.2))
    canvas.rectangle(0, 0.97, 1, 0.03, rgb("#c9bda9"))


def _window(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    frame, glass = shade(canvas.colors[0], 1.6), rgb("#8fb0c4")
    canvas.rectangle(x - 0.006, y - 0.009, width + 0.012, height + 0.018, frame)
    canvas.rectangle(x, y, width, height, glass)
    canvas.polygon([(x, y), (x + width * 0.6, y), (x, y + height * 0.7)], shade(glass, 1.25))
    canvas.rectangle(x + width / 2 - 0.002, y, 0.004, height, frame)
    canvas.rectangle(x, y + height * 0.4, width, 0.006, frame)


def _door(canvas: Canvas, x: float, width: float, height: float) -> None:
    color = canvas.colors[3]
    canvas.rectangle(x - 0.008, GROUND - height - 0.012, width + 0.016, height + 0.012, shade(canvas.colors[0], 1.6))
    canvas.rectangle(x, GROUND - height, width, height, color)
    canvas.ellipse(x + width * 0.8, GROUND - height * 0.5, 0.008, 0.012, shade(color, 1.6))
    canvas.rectangle(x - 0.02, GROUND - 0.012, width + 0.04, 0.012, rgb("#cfc6b8"))


def _roof(canvas: Canvas, left: float, right: float, y: float, rise: float, inset: float) -> None:
    color = canvas.colors[4]
    canvas.polygon([(left, y), (left + inset, y - rise), (right - inset, y - rise), (right, y)], color)
    canvas.rectangle(left, y - 0.008, right - left, 0.016, shade(color, 0.8))


def _bungalow(canvas: Canvas) -> None:
    canvas.rectangle(0.2, 0.52, 0.6, GROUND - 0.52, canvas.colors[0])
    _roof(canvas, 0.16, 0.84, 0.53, 0.15, 0.16)
    canvas.polygon([(0.38, 0.53), (0.5, 0.4), (0.62, 0.53)], shade(canvas.colors[0], 1.15))
    for x in (0.41, 0.59):
        canvas.rectangle(x - 0.008, 0.53, 0.016, GROUND - 0.53, shade(canvas.colors[0], 1.6))
    _window(canvas, 0.25, 0.58, 0.1, 0.09)
    _window(canvas, 0.65, 0.58, 0.1, 0.09)
    _door(canvas, 0.47, 0.06, 0.16)


def _terrace_row(canvas: Canvas) -> None:
    for number in range(3):
        x = 0.14 + number * 0.24
        wall = shade(canvas.colors[0], (0.93, 1.04, 0.97)[number])
        canvas.rectangle(x, 0.36, 0.24, GROUND - 0.36, wall)
        canvas.polygon([(x, 0.36), (x + 0.12, 0.2), (x + 0.24, 0.36)], shade(canvas.colors[4], 0.92 + number * 0.08))
        _window(canvas, x + 0.035, 0.42, 0.07, 0.1)
        _window(canvas, x + 0.135, 0.42, 0.07, 0.1)
        _window(canvas, x + 0.135, 0.58, 0.07, 0.1)
        _door(canvas, x + 0.045, 0.05, 0.15)


def _villa(canvas: Canvas) -> None:
    colors = canvas.colors
    canvas.rectangle(0.12, 0.5, 0.76, GROUND - 0.5, shade(colors[0], 1.05))
    canvas.rectangle(0.1, 0.48, 0.8, 0.025, shade(colors[4], 0.85))
    canvas.rectangle(0.34, 0.3, 0.5, 0.18, colors[2])
    canvas.rectangle(0.32, 0.28, 0.54, 0.025, shade(colors[4], 0.85))
    for x in (0.16, 0.26):
        _window(canvas, x, 0.55, 0.08, 0.16)
    for x in (0.6, 0.7, 0.8):
        _window(canvas, x, 0.55, 0.075, 0.16)
    for x in (0.4, 0.52, 0.64):
        _window(canvas, x, 0.34, 0.1, 0.1)
    canvas.rectangle(0.38, 0.5, 0.05, GROUND - 0.5, shade(colors[4], 1.1))
    _door(canvas, 0.47, 0.07, 0.17)


def _farmhouse(canvas: Canvas) -> None:
    wall = canvas.colors[0]
    canvas.rectangle(0.16, 0.5, 0.68, GROUND - 0.5, wall)
    for step in range(9):
        canvas.rectangle(0.16 + step * 0.084, 0.5, 0.008, GROUND - 0.5, shade(canvas.colors[4], 0.7))
    canvas.rectangle(0.16, 0.61, 0.68, 0.01, shade(canvas.colors[4], 0.7))
    _roof(canvas, 0.12, 0.88, 0.51, 0.26, 0.12)
    canvas.rectangle(0.62, 0.2, 0.04, 0.1, shade(wall, 0.75))
    for x in (0.2, 0.3, 0.62, 0.72):
        _window(canvas, x, 0.545, 0.055, 0.055)
        _window(canvas, x, 0.645, 0.055, 0.065)
    _door(canvas, 0.455, 0.09, 0.17)


def _warehouse(canvas: Canvas) -> None:
    wall = canvas.colors[0]
    canvas.rectangle(0.22, 0.2, 0.56, GROUND - 0.2, wall)
    canvas.polygon([(0.2, 0.2), (0.5, 0.07), (0.8, 0.2)], shade(wall, 0.88))
    for row in range(4):
        for place in (0, 1, 3, 4) if row == 3 else range(5):
            _window(canvas, 0.255 + place * 0.104, 0.24 + row * 0.115, 0.07, 0.075)
        canvas.rectangle(0.22, 0.335 + row * 0.115, 0.56, 0.006, shade(wall, 0.85))
    canvas.rectangle(0.487, 0.1, 0.026, 0.12, canvas.colors[4])
    _door(canvas, 0.47, 0.06, 0.1)


SHAPES: dict[str, Callable[[Canvas], None]] = {
    "bungalow": _bungalow,
    "row": _terrace_row,
    "villa": _villa,
    "farm": _farmhouse,
    "warehouse": _warehouse,
}
