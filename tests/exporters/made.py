"""Releases made at random out of what texts of files and of the web can hold."""
from __future__ import annotations

import random
from dataclasses import replace

from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan
from tests.exporters.nasty import CLASSES, LABELS, RELEASE, region, release_of

PIECES = (
    "江岚市", "云泽区人民政府", "2031年5月1日", "5.2%", "AB12", "a.b@c-d_e+f", "，", "。", "；", "的",
    # white space and what ends lines, for some reader or other
    "\n", "\n\n", " ", "\t", "\u3000", "\xa0", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\r",
    "\r\n", "\x1c", "\x1d", "\x1e", "\x1f",
    # nothing to be seen: joiners, marks of direction, variation, the byte order mark, controls
    "\u200b", "\u200d", "\u200e", "\u202e", "\ufeff", "\x00", "\x08", "\x7f", "\ufffe", "\uffff",
    # beyond the first plane, combining, wide, private, other scripts; of another length in capitals
    "𠮷", "👨\u200d👩\u200d👧", "e\u0301", "\u0301", "１２３", "ＡＢ", "Ⅻ", "㎡", "\ue000",
    "\U000e0041", "नि", "﷽", "İ", "ß", "ŉ",
    # what formats are written in
    "B-ORG", "O", "-DOCSTART-", "#", "\\u0041", "\\", '"', "'", "<View>", "</Text>", "&amp;", "␊",
    "␠", "[,]", "{}", "%s", "null", "NaN", "true", "1", "1.5", "2031-01-02", "2031-01-02 03:04:05",
    "T1\tORG 0 2\t", "的CHANGE",
)
LENGTHS = (1, 2, 5, 10, 30, 120, 400)


def release(seed: int) -> GoldRelease:
    """One to five regions; the same of the same seed."""
    draw = random.Random(seed)
    return release_of(*(_region(draw, number) for number in range(draw.randint(1, 5))))


def _text(draw: random.Random) -> str:
    if draw.random() < 0.1:
        return draw.choice(PIECES)
    text = "".join(draw.choice(PIECES) for _ in range(draw.choice(LENGTHS)))
    return (text * draw.choice((1,) * 18 + (3, 20)))[:6000]


def _region(draw: random.Random, number: int) -> GoldRegion:
    text = _text(draw)
    asked = tuple(draw.sample(["spans", *dict(CLASSES)], draw.randint(1, 3)))
    spans = _spans(draw, text) if "spans" in asked else []
    relations = tuple(
        GoldRelation(draw.choice(RELEASE.relations), draw.randrange(len(spans)),
                     draw.randrange(len(spans)), draw.choice((None, "up", "down")))
        for _ in range(draw.choice((0, 0, 1, 4)))) if spans else ()
    made = region(
        f"d{number}:0", text, asked, relations=relations,
        split=draw.choice(("train", "train", "validation", "test")),
        **{name: tuple(draw.sample(choices, draw.randint(0, 1 if name == "function" else 3)))
           for name, choices in CLASSES if name in asked})
    return replace(made, spans=tuple(spans))


def _spans(draw: random.Random, text: str) -> list[GoldSpan]:
    """Of any length, nested and crossing, some at one place with two labels, seldom one twice."""
    spans: list[GoldSpan] = []
    for _ in range(draw.choice((0, 0, 1, 3, 8, 20))):
        start = draw.randrange(len(text))
        end = min(len(text), start + draw.choice((1, 1, 2, 3, 5, 8, 20, 100, 700)))
        if spans and draw.random() < 0.2:
            start, end = spans[-1].start, spans[-1].end
        spans.append(GoldSpan(start, end, draw.choice(LABELS)))
    return sorted(set(spans), key=lambda span: (span.start, span.end, span.label)) \
        if draw.random() < 0.9 else spans
