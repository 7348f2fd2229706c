"""Which parts of a web page are the document, and which belong to the site around it.

Sites differ in every name, so this reads only what all share: navigation elements, lists that are
nothing but links, and where the running text stands.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

DROPPED = frozenset((
    "script", "style", "head", "noscript", "template", "iframe", "object", "svg", "canvas",
    "select", "option", "button", "input", "textarea", "map", "audio", "video"))
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption", "dir"))
_FURNITURE = frozenset(("nav", "header", "footer", "aside", "menu"))
_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search"))
_CONTAINERS = frozenset(("div", "td", "section", "article", "main", "body", "html", "form"))
_LINKED = 0.75
_HOLDS = 0.8
_SENTENCE = re.compile("[，。；]")


@dataclass(slots=True)
class Weight:
    """What an element holds: characters, those inside links, links, characters of running text."""

    text: int = 0
    linked: int = 0
    links: int = 0
    prose: int = 0


def weigh(root: Any) -> dict[Any, Weight]:
    """The weight of every element, in one pass from the leaves up; no recursion, for pages may be
    nested very deeply."""
    weights: dict[Any, Weight] = {}
    for element in reversed(list(root.iter())):
        if not isinstance(element.tag, str) or element.tag in DROPPED:
            continue
        own = Weight()
        pieces = [element.text or ""]
        for child in element:
            pieces.append(child.tail or "")
            held = weights.get(child)
            if held is not None:
                own.text += held.text
                own.linked += held.linked
                own.links += held.links
                own.prose += held.prose
        for piece in pieces:
            length = len("".join(piece.split()))
            own.text += length
            if _SENTENCE.search(piece):
                own.prose += length
        if element.tag == "a" and own.text:
            own.linked, own.links, own.prose = own.text, 1, 0
        weights[element] = own
    return weights


def is_furniture(element: Any, weights: dict[Any, Weight]) -> bool:
    """Whether an element by its name, its role or its links belongs to the site."""
    if element.tag in _FURNITURE or element.get("role") in _ROLES:
        # Some themes put the headline of an article into a <header> of its own.
        return not (element.tag == "header" and any(
            parent.tag in ("article", "main") for parent in element.iterancestors()))
    weight = weights.get(element)
    return bool(weight and element.tag in BLOCKS and weight.text and element.tag not in (
        "body", "html", "table", "tbody", "tr", "td", "th", "h1") and weight.linked >= (
            _LINKED * weight.text) and (weight.links > 1 or weight.linked == weight.text)
            and weight.prose < 20)


def main_element(root: Any, weights: dict[Any, Weight]) -> Any:
    """The deepest container that holds most of the running text of the page."""
    best = root
    total = weights[root].prose
    if total < 100:
        return root
    while True:
        inner = next((child for child in best if child in weights and child.tag in BLOCKS
                      and weights[child].prose >= _HOLDS * total), None)
        if inner is None:
            break
        best = inner
    while best.tag not in _CONTAINERS and best is not root:
        best = best.getparent()
    return best
