"""One release with everything that has ever broken an export.

Overlapping and nested spans, one place with two labels, astral characters and an emoji with
joiners, line breaks, tabs, ``\\r\\n`` and a Unicode line separator in the text and inside spans,
spans that begin or end with white space, the characters that the column file itself uses, a
region without spans, regions asked only for classes or for one class set, a question without an
answer, relations with and without direction, between words that stand twice and over windows, a
label only in one split, and no validation split. Its records and cells hold what spreadsheets take
for formulas, dates and errors, figures that no double holds, and lists with the mark that parts
them.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Iterable

from exporters import Loss
from labels.facts import (
    Base, FactCell, FactRecord, FactTable, Facts, Words, base, facts_hash, hash_of,
)
from labels.gold import GoldRegion, GoldRelation, GoldRelease, GoldSpan, release_hash

LABELS = ("ORG", "PERSON", "POST", "LOC", "DATE", "MONEY", "PERCENT", "INDICATOR", "PROJECT")
CLASSES = (
    ("function", ("achievement", "problem", "plan", "decision")),
    ("topics", ("economy", "personnel", "employment")),
)


def region(identity: str, text: str, asked: tuple[str, ...], spans: list[tuple[str, str]] = [],
           relations: tuple[GoldRelation, ...] = (), split: str = "train",
           **classes: tuple[str, ...]) -> GoldRegion:
    """`spans` are (words, label): the first place of the words in the text."""
    placed = []
    for words, label in spans:
        start = text.index(words)
        placed.append(GoldSpan(start, start + len(words), label))
    return GoldRegion(
        id=identity, document=identity.split(":")[0], start=7, end=7 + len(text), text=text,
        asked=asked, spans=tuple(placed), relations=relations, classes=tuple(classes.items()),
        annotators=("li", "wang"), split=split, group=identity.split(":")[0])


REGIONS = (
    region("n1:overlap", "江岚市云泽区人民政府办公室", ("spans",),
           [("江岚市云泽区人民政府", "ORG"), ("江岚市", "LOC"), ("云泽区", "LOC"),
            ("人民政府办公室", "ORG")]),
    region("n1:twice", "云泽新城 一期", ("spans",),
           [("云泽新城", "LOC"), ("云泽新城", "PROJECT"), ("一期", "PROJECT")]),
    region("n1:astral", "任命𠮷 𬭚为区长👨‍👩‍👧局局长。", ("spans", "function", "topics"),
           [("𠮷 𬭚", "PERSON"), ("区长", "POST"), ("👨‍👩‍👧局", "ORG"), ("局长", "POST")],
           (GoldRelation("APPOINTED", 0, 1), GoldRelation("POST_OF", 3, 2)),
           function=("decision",), topics=("personnel", "economy")),
    region("n1:breaks",
           "　城镇新增\n就业\t岗位增\r\n长 5.2\r\n%，下降3%。\u2028"
           "“\\u0041 \\ # -DOCSTART-”␊␠␣\u0085\x0b", ("spans",),
           [("城镇新增\n就业\t岗位", "INDICATOR"), ("5.2\r\n%", "PERCENT"), ("3%", "PERCENT")],
           (GoldRelation("CHANGE", 0, 1, "up"), GoldRelation("CHANGE", 0, 2, "down"))),
    region("n1:edges", "黄 辉\n任局长 。", ("spans",),
           [("黄 辉\n", "PERSON"), ("\n任", "POST"), ("局长 ", "POST"), ("局长", "POST"),
            (" ", "ORG")]),
    region("n2:adjacent", "十亿元5亿元", ("spans",), [("十亿元", "MONEY"), ("5亿元", "MONEY")]),
    region("n2:empty", "\n一、会议议程\n", ("spans",)),
    region("n2:classes", "坚持稳中求进。\r\n", ("function", "topics"),
           function=("plan",), topics=()),
    region("n2:topics", "稳住就业\t形势", ("topics",), topics=("employment",)),
    region("n2:unanswered", "以上报告。", ("function", "topics"), topics=("economy",)),
    region("n3:test", "截至2031年底", ("spans",), [("2031年底", "DATE")], split="test"),
    region("n3:test-classes", "问题仍然存在😀", ("function",), split="test", function=("problem",)),
    region("n3:long", "云泽区稳步推进各项工作，成效明显。" * 40 + "云泽区" * 20, ("spans",),
           [("云泽区", "LOC"), ("明显。云泽区", "PROJECT")], split="test"),
    region("n4:again", "李明任局长，王强任书记，李明兼主任。", ("spans",),
           [("李明", "PERSON"), ("局长", "POST"), ("王强", "PERSON"), ("书记", "POST"),
            ("主任", "POST")],
           (GoldRelation("APPOINTED", 0, 1), GoldRelation("APPOINTED", 2, 3),
            GoldRelation("APPOINTED", 0, 4))),
    region("n4:far", "王强在全会上强调，" + "各级推进改革，" * 64 + "区长李明主持会议。", ("spans",),
           [("王强", "PERSON"), ("区长", "POST"), ("李明", "PERSON")],
           (GoldRelation("APPOINTED", 0, 1), GoldRelation("APPOINTED", 2, 1))),
)
# 李明 stands twice in n4:again, so that words alone do not say which is meant.
REGIONS = tuple(
    replace(one, spans=(*one.spans, GoldSpan(12, 14, "PERSON")))
    if one.id == "n4:again" else one for one in REGIONS)

# What a spreadsheet would not leave as it is.
CELLS = (
    "", "-5.20", "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-", "−3", "＝1", " \u200b=1", "'x", "''",
    "\t=1", "\r\n1", "01", "1/2", "2031-01-02", "1e5", "TRUE", "#N/A", "http://a.example/", "a,b;c",
    '"引号"', "_x000D_", "_x0041_x0042_", "<r>乱</r>", "<b>&amp;</b>", "\x0b\x1f\x85\u2028\ufeff",
    "\0", "𠮷👨\u200d👩", "云 泽\n区", "123456789012345678.9", "0.1", "1000000000000000000000000000000",
    "0.00000000001",
)


def number_of(text: str) -> Decimal | None:
    plain = text.replace(".", "", 1).lstrip("-")
    return Decimal(text) if plain.isascii() and plain.isdigit() else None


def cell(place: int, text: str) -> FactCell:
    value = number_of(text)
    return FactCell(
        row=place // 4 + 1, column=place % 4 + 1, start=100 + place, end=100 + place + len(text),
        text=text, value=value, unit="万元" if value else "",
        base=base(text, "万元") if value else None,
        row_path=() if not place else ("合计", "其中 / 一般") if place == 3 else ("合计", "一般"),
        column_path=("",) if place == 1 else ("决算数", text), period="2030年", settled=place < 4,
        labels=("MONEY", "ORG") if place == 2 else (),
        arithmetic=("", "confirmed", "broken", "explained")[place % 4])


INDICATOR = FactRecord(
    "indicator", True, "confirmed",
    {"indicator": "=就业岗位", "value": "5.2", "unit": "万个", "change": "-3%"},
    {"value": Base(Decimal(52000), "个"), "change": Base(Decimal("-3"), "%")},
    (Words("indicator", 7, 12, "=就业岗位"), Words("value", 101, 106, "-5.20")))
ATTENDANCE = FactRecord(
    "attendance", False, "",
    {"meeting": "主任会议", "expected": "2", "present": ("李明", "王 / 强"), "absent": ()},
    {"expected": Base(Decimal(2), "")},
    (Words("present", 20, 22, "李明"), Words("present", 23, 28, "王 / 强")))
APPOINTMENT = FactRecord(
    "appointment", True, "", {"action": "appointed", "person": "李明", "post": "局长"}, {},
    (Words("person", 7, 9, "李明"), Words("post", 10, 12, "局长")))
FINDING = FactRecord("finding", True, "", {"what": "-项目进度慢", "amount": "3.5∶1"}, {}, ())
FACTS = (
    Facts("n1", 1, "=云泽区 “简报”", "train", (INDICATOR, ATTENDANCE), (
        FactTable("表一，\n“收支”", "1", "万元", 100, 900,
                  tuple(cell(place, text) for place, text in enumerate(CELLS))),
        FactTable("", "", "", 900, 900, ()))),
    Facts("n2", 2, "", "train", (), (), (("budget.lines", "KeyError: 1"),)),
    Facts("n3", 1, "审议报告", "test", (FINDING,), ()),
    Facts("n4", 1, "任免", "train", (APPOINTMENT,), ()),
)

RELEASE = GoldRelease(
    number=3, project="云泽区 “试点” 𠮷", created="2031-01-02T03:04:05Z", schema_name="govdoc",
    schema_version="1", schema_hash="0123456789abcdef", labels=LABELS,
    relations=("APPOINTED", "POST_OF", "CHANGE"), classes=CLASSES, regions=REGIONS,
    hash=release_hash("0123456789abcdef", REGIONS), multiple=("topics",), facts=FACTS,
    facts_hash=facts_hash((hash_of(one), one.split) for one in FACTS))


def release_of(*regions: GoldRegion) -> GoldRelease:
    """The nasty release with other regions, and the hash that they have."""
    return replace(RELEASE, regions=regions, hash=release_hash(RELEASE.schema_hash, regions))


def release_with(*facts: Facts) -> GoldRelease:
    """The nasty release with other facts, and the hash that they have."""
    return replace(RELEASE, facts=facts,
                   facts_hash=facts_hash((hash_of(one), one.split) for one in facts))


def joined(found: Iterable[GoldRegion]) -> dict[str, GoldRegion]:
    """Regions by id; what several files hold of one region comes together."""
    regions: dict[str, GoldRegion] = {}
    for part in found:
        whole = regions.get(part.id)
        regions[part.id] = part if whole is None else replace(
            whole, asked=whole.asked + part.asked, spans=whole.spans + part.spans,
            relations=whole.relations + part.relations, classes=whole.classes + part.classes)
    return regions


def spans_of(regions: Iterable[GoldRegion]) -> Counter[tuple[str, int, int, str]]:
    """All spans as (region, start, end, label), counted."""
    return Counter((region.id, span.start, span.end, span.label)
                   for region in regions for span in region.spans)


def lost_spans(losses: Iterable[Loss], kind: str = "span") -> Counter[tuple[str, int, int, str]]:
    """The spans that `losses` of one kind name, in the shape of `spans_of`."""
    found: Counter[tuple[str, int, int, str]] = Counter()
    for loss in losses:
        what, *where = loss.what.split(" ")
        if what == kind:
            place, label = where
            start, end = place.split("-")
            found[(loss.region, int(start), int(end), label)] += 1
    return found


def places(regions: Iterable[GoldRegion]) -> set[tuple[str, str, int, int, str, str]]:
    """All of the regions but their answers."""
    return {(region.id, region.document, region.start, region.end, region.split, region.text)
            for region in regions}
