"""Label colours that can be read: tint and ink from one colour of the schema, by WCAG contrast."""
from __future__ import annotations

import re
from dataclasses import dataclass

from labels.schema import Schema

CONTRAST = 4.5
PAPER = {"light": "#fffefb", "dark": "#1d1f22"}
TEXT = {"light": "#22201c", "dark": "#e6e3dc"}
_TINT = {"light": 0.13, "dark": 0.26}


@dataclass(frozen=True, slots=True)
class Shade:
    """`ink` (underline and code) on `tint` has a contrast of at least `CONTRAST`."""

    ink: str
    tint: str


def shade(color: str, theme: str) -> Shade:
    """The shade of a ``#rrggbb`` colour on the paper of `theme` ("light" or "dark")."""
    tint = mix(PAPER[theme], color, _TINT[theme])
    ink, step = color, 0.0
    while contrast(ink, tint) < CONTRAST and step < 1:
        step += 0.05
        ink = mix(color, "#000000" if theme == "light" else "#ffffff", min(step, 1.0))
    return Shade(ink, tint)


def mix(first: str, second: str, share: float) -> str:
    """`share` of `second` in `first`, 0 to 1."""
    parts = (round(a + (b - a) * share) for a, b in zip(_rgb(first), _rgb(second)))
    return "#" + "".join(f"{part:02x}" for part in parts)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(color)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def stylesheet(schema: Schema) -> str:
    """CSS for all labels: colours in both themes, the code after a span, and what is hidden."""
    lines = []
    for label in schema.labels:
        name = css_name(label.name)
        light, dark = shade(label.color, "light"), shade(label.color, "dark")
        lines += [
            f".l-{name} {{ --ink: {light.ink}; --tint: {light.tint} }}",
            f".l-{name}.ends::after, .code.l-{name}::after"
            f" {{ content: {css_string(label.code)} }}",
            f".hide-{name} .l-{name} {{ all: unset }}",
            f".hide-{name} .l-{name}::after {{ content: none }}",
            f"@media (prefers-color-scheme: dark) {{ .l-{name}"
            f" {{ --ink: {dark.ink}; --tint: {dark.tint} }} }}",
        ]
    return "\n".join(lines) + "\n"


def css_name(name: str) -> str:
    """`name` as part of a class name."""
    return re.sub(r"[^\w-]", "_", name)


def css_string(text: str) -> str:
    """`text` as a CSS string, every unusual character escaped."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'
