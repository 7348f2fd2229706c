"""Label colours that can be read: tint and ink from one colour of the schema, by WCAG contrast."""
from __future__ import annotations

import re
from dataclasses import dataclass

from labels.colors import CONTRAST, PAPER, contrast, mix
from labels.schema import Schema

TEXT = {"light": "#22201c", "dark": "#e6e3dc"}
WORD_JOINER = "\u2060"
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


def stylesheet(schema: Schema) -> str:
    """CSS for all labels: colours in both themes, the code after a span, and what is hidden."""
    lines = []
    for label in schema.labels:
        name = css_name(label.name)
        light, dark = shade(label.color, "light"), shade(label.color, "dark")
        lines += [
            f".l-{name} {{ --ink: {light.ink}; --tint: {light.tint} }}",
            f".code.l-{name}::after {{ content: {css_string(label.code)} }}",
            # A word joiner before it: the code does not go to the next line alone.
            f".l-{name}.ends::after {{ content: {css_string(WORD_JOINER + label.code)} }}",
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
