"""The rooms that the illustrations show: boxes on a plan, in metres; colours are places in the home's palette."""

from __future__ import annotations

from dataclasses import dataclass

EYE = 1.5
NORTH, EAST, SOUTH, WEST = range(4)
# Palette: wall, floor, main furniture, accent, frames and wood, textile.
WALL, FLOOR, MAIN, ACCENT, WOOD, CLOTH = range(6)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    depth: float
    bottom: float
    top: float
    color: int
    tone: float = 1.0


@dataclass(frozen=True, slots=True)
class Opening:
    wall: int
    start: float
    end: float
    bottom: float
    top: float
    is_door: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    width: float
    depth: float
    eye: tuple[float, float]
    looks: float  # where the flat picture looks, in degrees clockwise from north
    openings: tuple[Opening, ...]
    boxes: tuple[Box, ...]
    height: float = 2.6
    accent: int = -1
    outdoors: bool = False


def _table(x: float, y: float, width: float, depth: float, top: float = 0.74, color: int = WOOD) -> tuple[Box, ...]:
    legs = ((x + 0.06, y + 0.06), (x + width - 0.12, y + 0.06), (x + 0.06, y + depth - 0.12))
    corners = (*legs, (x + width - 0.12, y + depth - 0.12))
    return (
        *(Box(a, b, 0.06, 0.06, 0, top - 0.04, color, 0.8) for a, b in corners),
        Box(x, y, width, depth, top - 0.04, top, color),
    )


def _chair(x: float, y: float) -> tuple[Box, ...]:
    return Box(x, y, 0.42, 0.42, 0.4, 0.46, WOOD, 0.9), Box(x, y, 0.42, 0.42, 0, 0.4, WOOD, 0.62)


def _picture(x: float, y: float, width: float, depth: float) -> tuple[Box, ...]:
    return (Box(x, y, width, depth, 1.25, 1.95, ACCENT, 0.92),)


LIVING = Scene(
    6.2,
    4.8,
    (3.4, 1.5),
    -18,
    (
        Opening(NORTH, 0.9, 3.1, 0.35, 2.2),
        Opening(WEST, 1.6, 3.4, 0.35, 2.2),
        Opening(EAST, 0.6, 1.6, 0, 2.1, True),
    ),
    (
        Box(1.0, 2.0, 3.2, 2.1, 0, 0.015, CLOTH, 1.05),
        Box(1.1, 3.55, 2.4, 0.9, 0, 0.42, MAIN),
        Box(1.1, 4.2, 2.4, 0.25, 0.42, 0.82, MAIN, 0.94),
        Box(0.95, 3.55, 0.18, 0.9, 0, 0.6, MAIN, 0.9),
        Box(3.47, 3.55, 0.18, 0.9, 0, 0.6, MAIN, 0.9),
        Box(1.35, 4.0, 0.5, 0.2, 0.42, 0.75, ACCENT),
        Box(2.75, 4.0, 0.5, 0.2, 0.42, 0.75, CLOTH, 0.9),
        *_table(1.8, 2.5, 1.1, 0.6, 0.4),
        Box(4.9, 4.35, 1.1, 0.35, 0, 2.0, WOOD),
        *(Box(4.95, 4.3, 1.0, 0.05, z, z + 0.33, MAIN, 0.75) for z in (0.15, 0.62, 1.09, 1.56)),
        *_picture(3.75, 4.76, 0.9, 0.03),
        Box(0.25, 4.25, 0.3, 0.3, 0, 0.5, ACCENT, 0.8),
        Box(0.15, 4.15, 0.5, 0.5, 0.5, 1.35, CLOTH, 0.72),
    ),
    accent=NORTH,
)
KITCHEN = Scene(
    5.0,
    4.4,
    (2.3, 0.9),
    10,
    (
        Opening(NORTH, 1.6, 3.4, 1.1, 2.15),
        Opening(EAST, 0.5, 1.5, 0, 2.1, True),
        Opening(WEST, 1.0, 2.6, 0.9, 2.1),
    ),
    (
        Box(0.3, 3.8, 3.9, 0.6, 0.08, 0.88, MAIN),
        Box(0.25, 3.77, 4.0, 0.63, 0.88, 0.92, WALL, 1.25),
        Box(4.35, 3.7, 0.65, 0.7, 0, 2.05, MAIN, 0.9),
        Box(0.3, 4.05, 1.1, 0.35, 1.45, 2.2, MAIN, 0.94),
        Box(3.55, 4.05, 0.7, 0.35, 1.45, 2.2, MAIN, 0.94),
        Box(1.5, 2.1, 2.0, 0.85, 0, 0.88, ACCENT),
        Box(1.42, 2.02, 2.16, 1.0, 0.88, 0.93, WOOD),
        *(Box(x, 1.55, 0.34, 0.34, 0.62, 0.66, WOOD, 0.85) for x in (1.65, 2.3, 2.95)),
        *(Box(x + 0.14, 1.69, 0.06, 0.06, 0, 0.62, WOOD, 0.6) for x in (1.65, 2.3, 2.95)),
        *(Box(x, 2.4, 0.18, 0.18, 1.75, 1.95, ACCENT, 1.2) for x in (1.8, 2.4, 3.0)),
        Box(2.2, 3.95, 0.5, 0.3, 0.92, 0.95, WOOD, 0.7),
    ),
)
BEDROOM = Scene(
    4.6,
    4.0,
    (2.9, 0.9),
    -14,
    (
        Opening(WEST, 1.2, 3.0, 0.8, 2.15),
        Opening(EAST, 0.5, 1.4, 0, 2.1, True),
        Opening(NORTH, 3.2, 4.2, 0.9, 2.1),
    ),
    (
        Box(0.7, 1.3, 2.8, 1.9, 0, 0.015, CLOTH, 1.05),
        Box(1.1, 1.85, 1.8, 2.05, 0.1, 0.3, WOOD),
        Box(1.12, 1.9, 1.76, 1.95, 0.3, 0.52, WALL, 1.3),
        Box(1.1, 1.86, 1.8, 0.9, 0.52, 0.56, ACCENT),
        Box(1.1, 3.88, 1.8, 0.1, 0.1, 1.1, WOOD, 0.92),
        Box(1.25, 3.45, 0.65, 0.38, 0.52, 0.68, CLOTH, 1.1),
        Box(2.1, 3.45, 0.65, 0.38, 0.52, 0.68, CLOTH, 1.1),
        Box(0.5, 3.5, 0.45, 0.42, 0, 0.5, WOOD),
        Box(3.0, 3.5, 0.45, 0.42, 0, 0.5, WOOD),
        Box(0.63, 3.62, 0.18, 0.18, 0.5, 0.85, ACCENT, 1.25),
        Box(3.13, 3.62, 0.18, 0.18, 0.5, 0.85, ACCENT, 1.25),
        *_picture(1.55, 3.96, 0.9, 0.03),
        Box(4.0, 2.0, 0.6, 1.5, 0, 2.1, MAIN),
    ),
    accent=NORTH,
)
BATH = Scene(
    3.2,
    2.8,
    (1.6, 0.5),
    0,
    (Opening(NORTH, 1.1, 2.1, 1.35, 2.1), Opening(WEST, 0.4, 1.2, 0, 2.1, True)),
    (
        Box(0.75, 2.0, 1.7, 0.75, 0, 0.55, WALL, 1.35),
        Box(0.85, 2.1, 1.5, 0.55, 0.55, 0.56, CLOTH, 0.85),
        Box(2.65, 0.9, 0.55, 1.0, 0.3, 0.8, WOOD),
        Box(2.6, 0.88, 0.6, 1.04, 0.8, 0.84, WALL, 1.3),
        Box(3.16, 1.0, 0.03, 0.8, 1.1, 1.95, CLOTH, 1.1),
        Box(0.0, 1.5, 0.38, 0.5, 0, 0.42, WALL, 1.35),
        Box(0.0, 1.6, 0.18, 0.36, 0.42, 0.85, WALL, 1.3),
        Box(0.4, 2.2, 0.25, 0.25, 0, 0.45, ACCENT),
    ),
    accent=NORTH,
)
STUDY = Scene(
    3.8,
    3.4,
    (1.9, 0.7),
    6,
    (Opening(NORTH, 1.0, 2.8, 0.85, 2.15), Opening(SOUTH, 0.3, 1.2, 0, 2.1, True)),
    (
        Box(0.8, 1.2, 2.2, 1.5, 0, 0.015, CLOTH),
        *_table(1.0, 2.6, 1.8, 0.7),
        Box(1.6, 2.95, 0.6, 0.05, 0.8, 1.15, MAIN, 0.7),
        *_chair(1.75, 2.1),
        Box(3.45, 0.8, 0.35, 2.2, 0, 2.1, WOOD),
        *(Box(3.4, 0.85, 0.05, 2.1, z, z + 0.32, MAIN, 0.8) for z in (0.2, 0.66, 1.12, 1.58)),
        Box(0.15, 2.85, 0.4, 0.4, 0, 0.45, ACCENT, 0.85),
        Box(0.05, 2.75, 0.6, 0.6, 0.45, 1.2, CLOTH, 0.7),
    ),
    accent=WEST,
)
TERRACE = Scene(
    7.0,
    5.0,
    (3.5, 1.2),
    8,
    (),
    (
        *_table(2.4, 2.8, 2.0, 0.95),
        *(b for x in (2.6, 3.2, 3.8) for b in _chair(x, 2.25)),
        *(b for x in (2.6, 3.2, 3.8) for b in _chair(x, 3.95)),
        Box(0.4, 4.3, 1.6, 0.4, 0, 0.5, ACCENT, 0.85),
        Box(0.45, 4.33, 1.5, 0.34, 0.5, 0.95, CLOTH, 0.68),
        Box(5.4, 4.2, 0.45, 0.45, 0, 0.5, ACCENT),
        Box(5.3, 4.1, 0.65, 0.65, 0.5, 1.4, CLOTH, 0.68),
        Box(0, 4.95, 7.0, 0.04, 0.95, 1.02, WOOD),
        *(Box(x / 2, 4.95, 0.05, 0.04, 0, 0.95, WOOD, 0.9) for x in range(15)),
        Box(0, 0, 7.0, 0.12, 0, 2.7, WALL),
    ),
    outdoors=True,
)
SCENES = {
    "living": LIVING,
    "kitchen": KITCHEN,
    "bedroom": BEDROOM,
    "bath": BATH,
    "study": STUDY,
    "terrace": TERRACE,
}
