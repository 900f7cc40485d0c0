"""Rooms of boxes, drawn column by column: a column of the picture is one direction, level and plumb."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageDraw

from .color import RGB, mix, rgb, shade
from .scenes import EYE, SCENES, Box, Opening, Scene

FLOOR_STEPS = 46
PLANK = 0.22
# How bright the north, east, south and west wall are.
LIGHTS = (0.98, 0.9, 1.04, 0.94)
SKY_TOP, SKY_LOW, LEAVES, LAWN = rgb("#a9cbe6"), rgb("#eef5f8"), rgb("#7f9d74"), rgb("#a7bb84")


class Lens(Protocol):
    """How one column of the picture sees heights, by their distance on the plan."""

    def row(self, z: float, distance: float) -> float: ...

    def distance(self, row: float) -> float:
        """Of the floor that is seen on a row below the horizon."""


@dataclass(frozen=True, slots=True)
class Around:
    """Equirectangular."""

    height: int

    def row(self, z: float, distance: float) -> float:
        return self.height * (0.5 - math.atan2(z - EYE, distance) / math.pi)

    def distance(self, row: float) -> float:
        return EYE / math.tan((row / self.height - 0.5) * math.pi)


@dataclass(frozen=True, slots=True)
class Flat:
    horizon: float
    focal: float
    bend: float  # the cosine of the angle off the middle

    def row(self, z: float, distance: float) -> float:
        return self.horizon - self.focal * (z - EYE) / max(distance * self.bend, 0.01)

    def distance(self, row: float) -> float:
        return self.focal * EYE / (row - self.horizon) / self.bend


@dataclass(frozen=True, slots=True)
class Column:
    """One direction in a room, and where it meets the wall."""

    x: int
    dx: float
    dy: float
    distance: float
    wall: int
    along: float
    lens: Lens

    def row(self, z: float, distance: float = 0) -> float:
        return self.lens.row(z, distance or self.distance)


def draw_panorama(name: str, palette: list[str], size: tuple[int, int]) -> Image.Image:
    """North is in the middle."""
    width, height = size
    lens = Around(height)
    return _draw(SCENES[name], palette, size, ((x, (x / width - 0.5) * math.tau, lens) for x in range(width)))


def draw_view(name: str, palette: list[str], size: tuple[int, int]) -> Image.Image:
    """A flat picture of the same room, with a wide lens."""
    width, height = size
    scene = SCENES[name]
    focal = width / 2 / math.tan(math.radians(41))
    offs = ((x, math.atan2(x - width / 2, focal)) for x in range(width))
    looks = math.radians(scene.looks)
    columns = ((x, looks + off, Flat(height * 0.42, focal, math.cos(off))) for x, off in offs)
    return _draw(scene, palette, size, columns)


def _draw(
    scene: Scene, palette: list[str], size: tuple[int, int], columns: Iterable[tuple[int, float, Lens]]
) -> Image.Image:
    image = Image.new("RGB", size)
    pen = ImageDraw.Draw(image)
    colors = [rgb(color) for color in palette]
    for x, yaw, lens in columns:
        column = _column(scene, x, yaw, lens)
        _draw_shell(pen, scene, column, colors, size[1])
        for opening in scene.openings:
            if opening.wall == column.wall and opening.start <= column.along <= opening.end:
                _draw_opening(pen, opening, column, colors)
        _draw_boxes(pen, scene, column, colors)
    return image


def _column(scene: Scene, x: int, yaw: float, lens: Lens) -> Column:
    """The eye stands at `scene.eye`; x is east, y is north."""
    dx, dy = math.sin(yaw), math.cos(yaw)
    east, north = scene.eye
    to_x = ((scene.width - east) / dx if dx > 0 else -east / dx) if abs(dx) > 1e-9 else math.inf
    to_y = ((scene.depth - north) / dy if dy > 0 else -north / dy) if abs(dy) > 1e-9 else math.inf
    if to_y < to_x:
        return Column(x, dx, dy, to_y, 0 if dy > 0 else 2, east + dx * to_y, lens)
    return Column(x, dx, dy, to_x, 1 if dx > 0 else 3, north + dy * to_x, lens)


def _draw_shell(pen: ImageDraw.ImageDraw, scene: Scene, column: Column, colors: list[RGB], height: int) -> None:
    wall_color, floor_color = colors[0], colors[1]
    top, bottom = column.row(scene.height), column.row(0)
    if scene.outdoors:
        _draw_outdoors(pen, column, height, bottom)
    else:
        ceiling = shade(wall_color, 1.55)
        pen.line((column.x, 0, column.x, top), fill=ceiling)
        color = shade(colors[3] if column.wall == scene.accent else wall_color, LIGHTS[column.wall])
        pen.line((column.x, top, column.x, bottom), fill=color)
        skirting = column.row(0.1)
        pen.line((column.x, skirting, column.x, bottom), fill=shade(wall_color, 1.6))
    _draw_floor(pen, scene, column, floor_color, height, bottom)


def _draw_outdoors(pen: ImageDraw.ImageDraw, column: Column, height: int, bottom: float) -> None:
    horizon = column.row(EYE, 1)
    steps = 24
    for step in range(steps):
        begin, end = horizon * step / steps, horizon * (step + 1) / steps
        pen.line((column.x, begin, column.x, end), fill=mix(SKY_TOP, SKY_LOW, step / steps))
    crown = EYE + 0.9 + 0.35 * math.sin(math.atan2(column.dx, column.dy) * 9) + 0.15 * math.sin(column.along * 5)
    pen.line((column.x, column.row(crown, 9), column.x, height), fill=LEAVES)
    pen.line((column.x, column.row(0.1, 11), column.x, height), fill=LAWN)


def _draw_floor(pen: ImageDraw.ImageDraw, scene: Scene, column: Column, color: RGB, height: int, bottom: float) -> None:
    """Boards that run from west to east, each in a shade of its own."""
    rows = height - bottom
    for step in range(FLOOR_STEPS):
        begin, end = bottom + rows * step / FLOOR_STEPS, bottom + rows * (step + 1) / FLOOR_STEPS
        distance = column.lens.distance(begin + 0.5)
        north = scene.eye[1] + column.dy * distance
        board = int(north / PLANK)
        tone = 0.95 + ((board * 2654435761) % 97) / 97 * 0.11
        pen.line((column.x, begin, column.x, end), fill=shade(color, tone))


def _draw_opening(pen: ImageDraw.ImageDraw, opening: Opening, column: Column, colors: list[RGB]) -> None:
    top, bottom = (column.row(z) for z in (opening.top, opening.bottom))
    edge = min(column.along - opening.start, opening.end - column.along)
    frame = colors[4]
    if opening.is_door:
        pen.line((column.x, top, column.x, bottom), fill=shade(frame, 0.9 if edge < 0.06 else 1.12))
        return
    middle = abs(column.along - (opening.start + opening.end) / 2)
    if edge < 0.05 or middle < 0.025:
        pen.line((column.x, top, column.x, bottom), fill=frame)
        return
    steps = 14
    for step in range(steps):
        begin, end = top + (bottom - top) * step / steps, top + (bottom - top) * (step + 1) / steps
        pen.line((column.x, begin, column.x, end), fill=mix(SKY_TOP, SKY_LOW, step / steps))
    hill = opening.bottom + (opening.top - opening.bottom) * (0.3 + 0.06 * math.sin(column.along * 4))
    pen.line((column.x, column.row(hill), column.x, bottom), fill=LEAVES)
    for z in (opening.top - 0.05, opening.bottom):
        rail = column.row(z + 0.05), column.row(z)
        pen.line((column.x, rail[0], column.x, rail[1]), fill=frame)


def _draw_boxes(pen: ImageDraw.ImageDraw, scene: Scene, column: Column, colors: list[RGB]) -> None:
    hits = [(span, box) for box in scene.boxes if (span := _span(box, scene, column))]
    for (near, far, side), box in sorted(hits, key=lambda hit: -hit[0][0]):
        color = shade(colors[box.color], box.tone)
        if box.top < EYE:
            begin, end = column.row(box.top, far), column.row(box.top, near)
            pen.line((column.x, begin, column.x, end), fill=shade(color, 1.14))
        else:
            begin, end = column.row(box.bottom, near), column.row(box.bottom, far)
            pen.line((column.x, begin, column.x, end), fill=shade(color, 0.7))
        top, bottom = column.row(box.top, near), column.row(box.bottom, near)
        pen.line((column.x, top, column.x, bottom), fill=shade(color, 0.96 if side else 0.84))


def _span(box: Box, scene: Scene, column: Column) -> tuple[float, float, bool] | None:
    """Where the direction enters and leaves a box on the plan, and whether through a side that faces north or south."""
    near, far, side = 0.02, column.distance, False
    for origin, way, low, high, is_y in (
        (scene.eye[0], column.dx, box.x, box.x + box.width, False),
        (scene.eye[1], column.dy, box.y, box.y + box.depth, True),
    ):
        if abs(way) < 1e-9:
            if not low <= origin <= high:
                return None
            continue
        enter, leave = sorted(((low - origin) / way, (high - origin) / way))
        if enter > near:
            near, side = enter, is_y
        far = min(far, leave)
    return (near, far, side) if near < far else None
