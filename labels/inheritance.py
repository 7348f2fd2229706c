"""Passages that say again what a settled one says, and how its labels are brought over.

Two passages are the same *word for word* if their folded texts are equal (`labels.folding`: white
space and width of extraction do not count), and the same *up to figures* if they are equal once
every figure is one sign: digits with their separators, and two numerals of Chinese or more, each
kind its own sign. That is finer than `labels.near`, so that what inherits is a near duplicate too.

Labels are kept with offsets into the text as it is compared, where both passages are one string. A
label that begins or ends within a figure, or on a character that folding drops, has no place there
and is not brought over; nor is a relation that loses an end.
"""
from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Iterable, Mapping, Sequence

from labels import near
from labels.document import Block
from labels.folding import fold

# Who suggests what is inherited, where a rule would stand.
WORDS, FIGURES = "gold.words", "gold.figures"
SOURCES = (WORDS, FIGURES)
# How sure a suggestion of theirs is: declared, like the score of a rule by its author.
SCORES = {WORDS: 0.98, FIGURES: 0.95}
# Changes with what is compared, so that stored prints are made anew.
METHOD = 1

_FIGURE = re.compile(r"([0-9]+(?:[.,][0-9]+)*)|[〇零一二三四五六七八九十百千]{2,}")
_LETTER = re.compile(r"[^\W\d_〇零一二三四五六七八九十百千万亿]")
_DIGITS, _NUMERALS = "\x00", "\x01"


@dataclass(frozen=True, slots=True)
class Form:
    """A passage as it is compared: ``key[i]`` stands for ``text[starts[i]:ends[i]]``."""

    key: str
    starts: Sequence[int]
    ends: Sequence[int]

    def inward(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``text[start:end]`` stands in the key; None if a border has no place there."""
        first, last = bisect_left(self.starts, start), bisect_left(self.ends, end)
        if first > last or last == len(self.ends) or \
                (self.starts[first], self.ends[last]) != (start, end):
            return None
        return first, last + 1

    def outward(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text of ``key[start:end]``, which is not empty."""
        return self.starts[start], self.ends[end - 1]


def form(text: str, source: str) -> Form:
    """`text`, one passage, as it is compared by `source`: `WORDS` or `FIGURES`."""
    view = fold(text, [Block("paragraph", 0, len(text))])
    if source == WORDS:
        return Form(view.text, view.offsets, [offset + 1 for offset in view.offsets])
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def keep(low: int, high: int) -> None:
        pieces.append(view.text[low:high])
        starts.extend(view.offsets[low:high])
        ends.extend(offset + 1 for offset in view.offsets[low:high])

    done = 0
    for figure in _FIGURE.finditer(view.text):
        keep(done, figure.start())
        start, end = view.span(*figure.span())
        pieces.append(_DIGITS if figure[1] else _NUMERALS)
        starts.append(start)
        ends.append(end)
        done = figure.end()
    keep(done, len(view.text))
    return Form("".join(pieces), starts, ends)


@dataclass(frozen=True, slots=True)
class Prints:
    """Hashes of a passage as it is compared."""

    words: str
    figures: str


def prints(text: str) -> Prints | None:
    """None if the passage says too little to be known again (a heading, a row of figures: fewer
    than `near.SHORTEST` letters or characters that are no figures), or holds the signs that stand
    for figures."""
    if _DIGITS in text or _NUMERALS in text or \
            sum(1 for _ in islice(_LETTER.finditer(text), near.SHORTEST)) < near.SHORTEST:
        return None
    words = fold(text, [Block("paragraph", 0, len(text))]).text
    figures = _FIGURE.sub(lambda found: _DIGITS if found[1] else _NUMERALS, words)
    return Prints(*(hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]
                    for key in (words, figures)))


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a passage, with offsets into a text: spans (start, end, label), relations
    (type, source, target, direction) between positions of these, classes (set, choices).

    Not `whole` if something that was said of it is not among them.
    """

    spans: tuple[tuple[int, int, str], ...] = ()
    relations: tuple[tuple[str, int, int, str | None], ...] = ()
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    whole: bool = field(default=True, compare=False)

    def text(self) -> str:
        """Equal sayings have equal texts; whether they are whole does not count."""
        return json.dumps([self.spans, self.relations, self.classes], ensure_ascii=False)


def said_from(text: str, whole: bool) -> Said:
    """The inverse of `Said.text`."""
    spans, relations, classes = json.loads(text)
    return Said(tuple(map(tuple, spans)), tuple(map(tuple, relations)),
                tuple((name, tuple(chosen)) for name, chosen in classes), whole)


def said_within(answer: Mapping[str, Any], start: int, end: int) -> Said:
    """What an answer to a region says of its slice [start, end), with offsets into that slice.

    Labels and relations that reach beyond it are left out.
    """
    inside = [index for index, span in enumerate(answer["spans"])
              if start <= span["start"] and span["end"] <= end]
    touching = sum(span["start"] < end and span["end"] > start for span in answer["spans"])
    spans = {index: (answer["spans"][index]["start"] - start,
                     answer["spans"][index]["end"] - start, answer["spans"][index]["label"])
             for index in inside}
    links = [(link["type"], link["source"], link["target"], link.get("direction"))
             for link in answer["relations"]]
    return _ordered(spans, links, answer["classes"], touching == len(inside))


def _ordered(spans: Mapping[int, tuple[int, int, str]],
             links: Iterable[tuple[str, int, int, str | None]],
             classes: Mapping[str, Iterable[str]], whole: bool) -> Said:
    """One form for equal sayings; a relation with an end that is not in `spans` falls."""
    places = sorted(set(spans.values()))
    number = {index: places.index(span) for index, span in spans.items()}
    kept = [(kind, number[source], number[target], direction)
            for kind, source, target, direction in links if source in number and target in number]
    return Said(tuple(places), tuple(sorted(set(kept), key=repr)),
                tuple(sorted((name, tuple(sorted(chosen))) for name, chosen in classes.items())),
                whole)


def brought_in(said: Said, shape: Form) -> Said:
    """`said` of the text of `shape`, with offsets into its key."""
    placed = {index: (*place, label) for index, (start, end, label) in enumerate(said.spans)
              if (place := shape.inward(start, end)) is not None}
    return _ordered(placed, said.relations, dict(said.classes),
                    said.whole and len(placed) == len(said.spans))


def brought_out(said: Said, shape: Form) -> Said:
    """The inverse, for any text of an equal key."""
    placed = {index: (*shape.outward(start, end), label)
              for index, (start, end, label) in enumerate(said.spans)}
    return _ordered(placed, said.relations, dict(said.classes), said.whole)
