"""What the paragraph styles of a Word document state: headings, titles, contents, lists, bold."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from workbench.reading.word_numbering import W

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
_CONTENTS = re.compile(r"(?:toc|目录)\s*[1-9]|toc heading|table of figures|图表目录", re.I)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it takes from those it is based on. `level` is that of headings
    (0: none), `number` and `number_level` its list; `number_level` is None where not named."""

    name: str = ""
    level: int = 0
    number: str = ""
    number_level: int | None = None
    bold: bool = False
    hidden: bool = False

    @property
    def kind(self) -> str:
        """The block kind that the style states, "" for none."""
        if self.name.lower() in ("title", "标题"):
            return "title"
        if _CONTENTS.fullmatch(self.name):
            return "toc_entry"
        return "heading" if self.level else ""


@dataclass(frozen=True, slots=True)
class Styles:
    """`paragraphs` by style id, "" for the default; `characters` tells which character styles are
    bold; `lists` names the numbering instance of each list style."""

    paragraphs: dict[str, Style]
    characters: dict[str, bool]
    lists: dict[str, str]

    def of(self, style: str) -> Style:
        return self.paragraphs.get(style) or self.paragraphs.get("", Style())


def read_styles(root: Any | None) -> Styles:
    """The styles of styles.xml. A style whose bases go round in a circle ends where it closes."""
    if root is None:
        return Styles({}, {}, {})
    elements = {style.get(f"{W}styleId") or "": style for style in root.iter(f"{W}style")}
    paragraphs: dict[str, Style] = {}
    characters: dict[str, bool] = {}
    lists: dict[str, str] = {}
    for key, element in elements.items():
        kind = element.get(f"{W}type") or "paragraph"
        if kind == "paragraph":
            paragraphs[key] = _style(elements, key)
            if element.get(f"{W}default") in ("1", "true", "on"):
                paragraphs[""] = paragraphs[key]
        elif kind == "character":
            characters[key] = bool(flag(element.find(f"{W}rPr"), "b"))
        elif kind == "numbering":
            lists[key] = value(element.find(f"{W}pPr/{W}numPr"), "numId")
    return Styles(paragraphs, characters, lists)


def _style(elements: dict[str, Any], key: str) -> Style:
    name, level, number = "", 0, ""
    number_level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    seen: set[str] = set()
    stated = False
    while key in elements and key not in seen and len(seen) < _DEEPEST:
        seen.add(key)
        element = elements[key]
        properties = element.find(f"{W}pPr")
        own = value(element, "name")
        name = name or own
        outline = value(properties, "outlineLvl")
        found = _HEADING.fullmatch(own)
        if not stated and outline.isdecimal():
            level, stated = (int(outline) + 1 if int(outline) < 9 else 0), True
        elif not stated and found:
            level, stated = int(found[1]), True
        list_properties = properties.find(f"{W}numPr") if properties is not None else None
        if list_properties is not None and not number:
            number = value(list_properties, "numId")
            depth = value(list_properties, "ilvl")
            number_level = int(depth) if depth.isdecimal() and len(depth) < 3 else number_level
        runs = element.find(f"{W}rPr")
        bold = flag(runs, "b") if bold is None else bold
        hidden = flag(runs, "vanish") if hidden is None else hidden
        key = value(element, "basedOn")
    return Style(name, level, number, number_level, bool(bold), bool(hidden))


def value(element: Any | None, tag: str) -> str:
    """The ``w:val`` of a child, "" where there is none."""
    child = element.find(f"{W}{tag}") if element is not None else None
    return (child.get(f"{W}val") or "") if child is not None else ""


def flag(properties: Any | None, tag: str) -> bool | None:
    """A switch among properties: True or False where it is set, None where it is not."""
    child = properties.find(f"{W}{tag}") if properties is not None else None
    return None if child is None else child.get(f"{W}val") not in ("0", "false", "off", "none")
