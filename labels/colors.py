"""Colours as WCAG 2.2 sees them."""
from __future__ import annotations

import re

CONTRAST = 4.5
PAPER = {"light": "#fffefb", "dark": "#1d1f22"}
COLOR = re.compile(r"#[0-9a-f]{6}")


def mix(first: str, second: str, share: float) -> str:
    """`share` of `second` in `first`, 0 to 1."""
    parts = (round(a + (b - a) * share) for a, b in zip(_rgb(first), _rgb(second)))
    return "#" + "".join(f"{part:02x}" for part in parts)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(color)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
