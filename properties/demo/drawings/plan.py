"""A sketch of the rooms of a home, by their sizes; no drawing to scale, and it says so by its label."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageDraw, ImageFont

from .color import mix, rgb

Rectangle = tuple[float, float, float, float]
MARGIN = 0.06


def draw_plan(rooms: list[dict[str, Any]], palette: list[str], size: tuple[int, int]) -> Image.Image:
    width, height = size
    image = Image.new("RGB", size, "#fbf9f5")
    pen = ImageDraw.Draw(image)
    font, small = ImageFont.load_default(height // 34), ImageFont.load_default(height // 44)
    frame = (width * MARGIN, height * MARGIN, width * (1 - MARGIN), height * (1 - MARGIN) - height * 0.05)
    sized = sorted(((_area(room), room) for room in rooms), key=lambda pair: -pair[0])
    tints = [mix(rgb(palette[number]), (255, 255, 255), 0.62) for number in (1, 3, 5, 2)]
    for number, (box, room) in enumerate(_split(frame, sized)):
        pen.rectangle(box, fill=tints[number % len(tints)], outline="#2b2b2b", width=height // 130)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        pen.text((middle[0], middle[1] - height // 50), room["room_name"], fill="#222", font=font, anchor="mm")
        pen.text((middle[0], middle[1] + height // 50), _size(room), fill="#555", font=small, anchor="mm")
    pen.rectangle(frame, outline="#2b2b2b", width=height // 70)
    return image


def _area(room: dict[str, Any]) -> float:
    return float(room["room_length"] * room["room_width"]) if "room_length" in room else 6.0


def _size(room: dict[str, Any]) -> str:
    if "room_length" not in room:
        return ""
    sign = "ft" if room["room_length_width_units"] == "feet" else "m"
    return f"{float(room['room_length']):.1f} x {float(room['room_width']):.1f} {sign}"


def _split(box: Rectangle, rooms: list[tuple[float, dict[str, Any]]]) -> list[tuple[Rectangle, dict[str, Any]]]:
    """Halve the longer side by area until each room has its part."""
    if len(rooms) == 1:
        return [(box, rooms[0][1])]
    total, first, taken = sum(area for area, _ in rooms), 0.0, 0
    while taken < len(rooms) - 1 and first + rooms[taken][0] / 2 < total / 2:
        first += rooms[taken][0]
        taken += 1
    taken = max(taken, 1)
    share = sum(area for area, _ in rooms[:taken]) / total
    left, top, right, bottom = box
    if right - left > bottom - top:
        cut = left + (right - left) * share
        halves = (left, top, cut, bottom), (cut, top, right, bottom)
    else:
        cut = top + (bottom - top) * share
        halves = (left, top, right, cut), (left, cut, right, bottom)
    return [*_split(halves[0], rooms[:taken]), *_split(halves[1], rooms[taken:])]
