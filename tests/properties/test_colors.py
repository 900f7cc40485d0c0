import random
import re
from pathlib import Path

import pytest

from properties.colors import DARK_SURFACES, LIGHT_SURFACES, contrast, on_color, shades

STYLES = Path(__file__).parents[2] / "static" / "css"
RANDOM = random.Random(7)
COLORS = [
    *("#000000", "#ffffff", "#777777", "#ff0000", "#ffff00", "#00ff00", "#0000ff", "#1f5c4d", "#c2551e"),
    *(f"#{RANDOM.randrange(0x1000000):06x}" for _ in range(200)),
]


@pytest.mark.parametrize("color", COLORS)
def test_every_agency_colour_becomes_readable(color):
    made = shades(color, color)
    for theme, surfaces in (("", LIGHT_SURFACES), ("-dark", DARK_SURFACES)):
        for name in ("brand", "accent"):
            fill = made[f"{name}{theme}"]
            assert contrast(made[f"on-{name}{theme}"], fill) >= 4.5
            assert all(contrast(fill, paper) >= 3 for paper in surfaces)
            assert all(contrast(made[f"{name}-text{theme}"], paper) >= 4.5 for paper in surfaces)


def test_readable_colour_is_left_alone():
    assert shades("#1f5c4d", "#1f5c4d")["brand-text"] == "#1f5c4d"


def test_ink_is_the_better_of_black_and_white():
    assert (on_color("#ffd400"), on_color("#1f5c4d")) == ("#000000", "#ffffff")


def test_surfaces_are_those_of_the_stylesheet():
    found = re.findall(r"--color-surface(?:-raised|-sunk)?: (#\w+);", (STYLES / "tokens.css").read_text())
    assert found == [*LIGHT_SURFACES, *DARK_SURFACES]


@pytest.mark.parametrize("start", [0, 1])
def test_neutral_texts_are_readable(start):
    tokens = (STYLES / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")[start]
    surfaces = (LIGHT_SURFACES, DARK_SURFACES)[start]
    for name in ("text", "text-quiet", "danger", "notice"):
        (ink,) = re.findall(rf"--color-{name}: (#\w+);", tokens)
        assert all(contrast(ink, paper) >= 4.5 for paper in surfaces)
