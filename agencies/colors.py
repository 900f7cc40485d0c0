"""An agency's colour as the scale of shades that the admin theme is drawn with."""

from __future__ import annotations

import math

# Lightness and share of the colour's strength for each step. 600 carries white text: whatever colour an agency
# chose, its lightness is ours, so that the contrast holds.
STEPS = {
    "50": (0.977, 0.08),
    "100": (0.946, 0.18),
    "200": (0.902, 0.34),
    "300": (0.827, 0.6),
    "400": (0.714, 0.9),
    "500": (0.6, 1.0),
    "600": (0.5, 1.0),
    "700": (0.43, 0.95),
    "800": (0.37, 0.85),
    "900": (0.32, 0.7),
    "950": (0.24, 0.55),
}
STRONGEST = 0.16


def shades(color: str) -> dict[str, str]:
    """`#1f5c4d` → `{"50": "oklch(…)", …, "950": "oklch(…)"}`"""
    strength, hue = _strength_and_hue(color)
    return {
        step: f"oklch({lightness:.1%} {min(strength, STRONGEST) * share:.3f} {hue:.1f})"
        for step, (lightness, share) in STEPS.items()
    }


def _strength_and_hue(color: str) -> tuple[float, float]:
    """Chroma and hue in Oklch; the matrices are those of CSS Color 4."""
    red, green, blue = (_linear(int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
