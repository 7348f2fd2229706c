"""The text of one Word paragraph, as a reader of the accepted document sees it.

Insertions are kept, deletions and moved-away text dropped, fields show their last result, hidden
text is left out. Raised digits become ¹²³, so that m² and the marks of notes stay what they are.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator

from workbench.reading.word_numbering import W
from workbench.reading.word_styles import Style, Styles, flag, value

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
SUPERSCRIPTS = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")

_RAISED = frozenset("0123456789")
_BOXES = {"f0a8": "□", "f06f": "□", "f0a3": "□", "f0fe": "☑", "f052": "☑", "f0fd": "☒", "f054": "☒",
          "f0fc": "√", "f050": "√", "f0b7": "·", "f0e0": "→"}
# What stands around text and is no text itself: its children are read in its place.
TRANSPARENT = frozenset(W + tag for tag in (
    "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "hyperlink", "fldSimple", "dir",
    "bdo")) | {MC + "AlternateContent", MC + "Choice"}
_ENTERED = frozenset(W + tag for tag in ("ruby", "rubyBase", "drawing", "pict", "object", "r"))


@dataclass(slots=True)
class Paragraph:
    """`text` without the number that Word sets before it; `bold` ends the bold text it begins
    with; `notes` holds (kind, id, offset) of note references; `boxes` the text boxes anchored in
    it; `joined` tells that its end was deleted, so the next paragraph goes on with it."""

    text: str = ""
    bold: int = 0
    notes: list[tuple[str, str, int]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    joined: bool = False


def read_paragraph(element: Any, style: Style, styles: Styles) -> Paragraph:
    """Read a <w:p>. Keeps its own stack: markup may be nested deeper than Python's."""
    found = Paragraph(joined=element.find(f"{W}pPr/{W}rPr/{W}del") is not None)
    pieces: list[tuple[str, bool]] = []
    length = 0
    for kind, content, bold in _runs(element, style, styles):
        if kind == "box":
            found.boxes.append(content)
        elif kind in ("footnote", "endnote"):
            found.notes.append((kind, content, length))
        else:
            pieces.append((content, bold))
            length += len(content)
    found.text = "".join(content for content, _ in pieces)
    for content, bold in pieces:
        if not bold and content.strip():
            break
        found.bold += len(content)
    return found


def is_bold(properties: Any | None, style: Style, styles: Styles) -> bool:
    own = flag(properties, "b")
    if own is None and properties is not None:
        own = styles.characters.get(value(properties, "rStyle")) or None
    return style.bold if own is None else own


def _runs(element: Any, style: Style, styles: Styles) -> Iterator[tuple[str, Any, bool]]:
    """(kind, content, bold) of what a paragraph holds, in order."""
    stack: list[tuple[Any, Any]] = [(child, None) for child in reversed(element)]
    while stack:
        one, properties = stack.pop()
        tag = one.tag
        if tag == W + "r":
            properties = one.find(f"{W}rPr")
            hidden = flag(properties, "vanish")
            if style.hidden if hidden is None else hidden:
                continue
        if tag == f"{W}txbxContent":
            yield "box", one, False
        elif tag == f"{MC}AlternateContent":
            chosen = one.find(f"{MC}Choice")
            chosen = chosen if chosen is not None else one.find(f"{MC}Fallback")
            if chosen is not None:
                stack.extend((child, properties) for child in reversed(chosen))
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            if one.get(f"{W}customMarkFollows") not in ("1", "true", "on"):
                yield tag[len(W):-len("Reference")], one.get(f"{W}id") or "", False
        elif tag in TRANSPARENT or tag in _ENTERED or not tag.startswith(W):
            # Shapes and formulas have elements of their own around their text.
            content = _content(one, properties)
            if content:
                yield "text", content, False
            stack.extend((child, properties) for child in reversed(one))
        else:
            content = _content(one, properties)
            if content:
                yield "text", content, is_bold(properties, style, styles)


def _content(element: Any, properties: Any | None) -> str:
    """The characters that a child of a run stands for, "" for none."""
    tag = element.tag
    if tag in (f"{W}t", f"{M}t"):
        text = element.text or ""
        raised = value(properties, "vertAlign") == "superscript"
        return text.translate(SUPERSCRIPTS) if raised and set(text) <= _RAISED else text
    if tag in (f"{W}tab", f"{W}ptab"):
        return "\t"
    if tag in (f"{W}br", f"{W}cr"):
        return "\n"
    if tag == f"{W}noBreakHyphen":
        return "-"
    return _BOXES.get((element.get(f"{W}char") or "").lower(), "") if tag == f"{W}sym" else ""
