"""function: what a passage does (reports, plans, decides, lists …), by form and cue words."""
from __future__ import annotations

import re
from collections import defaultdict
from typing import Iterator

from labels.rules import Context, Passage, Vote, class_rule

_DECIDES = re.compile(r"任命.{0,200}为|免去.{0,120}职务|接受.{0,40}辞去|补选.{0,200}为|任\s*免\s*名\s*单|代表资格终止")
_PASSED = re.compile(r"^\W*\d{4}年.{0,60}(?:会议|大会|全会)(?:修订|修正)?(?:通过|批准)\W*$")
_REVIEW = re.compile(r"^\W{0,3}(?:\d+[.、])?(?:审议|审查|听取)[和并]?")
_DEFINES = re.compile(
    r"^(?:\d+[.、]|[(（]?[一二三四五六七八九十]+[)）、.]|[*·\-]\s*)?\s*[^。;,，:]{2,30}[:](?=.)|^[^。,，]{2,20}(?:是指|指的是|是以|,?指)")
_SENTENCE = re.compile(r"[。;!?]")
_PRIOR = re.compile(r"^\W*(?:\d+[.、])?《[^》]+》.{0,24}$")
_LAW = re.compile(r"^第[一二三四五六七八九十百]+条")


@class_rule("function", score=0.75, examples=["任命陈雨为区财政局局长"])
def act(context: Context, passage: Passage) -> Iterator[Vote]:
    """Acts of appointment are decisions; what only says when it was passed is procedure."""
    text = passage.text
    if _DECIDES.search(text) and not re.search(r"任命我为|被任命|因故|条例|依法任免", text):
        yield Vote("decision", 6.0, "任免")
    if _PASSED.match(text):
        yield Vote("procedure", 8.0, "会议通过")
    elif _REVIEW.match(text) and len(text) < 90:
        yield Vote("procedure", 3.0, "审议")


@class_rule("function", score=0.75, examples=["收入100万元，支出90万元，占90%"])
def figures(context: Context, passage: Passage) -> Iterator[Vote]:
    """Passages that are mostly sums, shares and counts."""
    numbers = [span for span in passage.spans if span.label in ("MONEY", "PERCENT", "QUANTITY")]
    if len(numbers) < 2:
        digits = sum(char.isdigit() for char in passage.text)
        if len(passage.text) < 40 or digits * 7 < len(passage.text):
            return
    share = sum(span.end - span.start for span in numbers) / max(1, len(passage.text))
    digits_share = sum(char.isdigit() for char in passage.text) / max(1, len(passage.text))
    weight = 14 * max(share, digits_share * 1.2)
    yield Vote("figures", min(4.0, weight), "数值占比")


@class_rule("function", score=0.8, examples=["区人大专工委: 陈雨、李云川、王岚、赵青山"])
def names(context: Context, passage: Passage) -> Iterator[Vote]:
    """Passages that are mostly names of persons, without an act."""
    people = [span for span in passage.spans if span.label == "PERSON"]
    share = sum(span.end - span.start for span in people) / max(1, len(passage.text))
    if len(people) >= 4 and share > 0.3 and not _DECIDES.search(passage.text):
        yield Vote("attendance", 8.0, "名单")


@class_rule("function", score=0.7, examples=["云泽区2024年财政决算情况说明"])
def form(context: Context, passage: Passage) -> Iterator[Vote]:
    """Titles and bare lines are `other`; 名词解释 opens with its term and a colon."""
    text = passage.text.strip()
    yield Vote("other", 0.9, "")
    bare = not _SENTENCE.search(text) and not re.search(r"[,，]", text)
    if passage.kind in ("title", "heading", "byline", "table_caption", "toc_entry", "signature"):
        yield Vote("other", 4.0, passage.kind)
    elif bare and len(text) < 120 and not _DECIDES.search(text):
        yield Vote("other", 3.0, "无句读")
    if passage.kind == "footnote" or re.match(r"^\d+[.、]\s?[^。;,，:]{1,40}:[^:]", text):
        yield Vote("definition", 2.5, "术语:")
    if _PRIOR.match(text):
        yield Vote("background", 5.0, "文件名")
    if _LAW.match(text):
        yield Vote("duty", 1.5, "条")
    if re.search(r"(?:报告|汇报|说明)如下\W*$|如下报告", text):
        yield Vote("background", 4.0, "报告如下")
    if re.search(r"建议[:：]\W*$|^\W*(?:\S{0,6})建议", text):
        yield Vote("suggestion", 3.0, "建议")
    if re.search(r"请予审议|请予审查|请予批准", text):
        yield Vote("procedure", 5.0, "请予审议")
    if len(re.findall(r"负责", text)) >= 2:
        yield Vote("duty", 3.0, "负责")


@class_rule("function", score=0.7, lexicons=("functions",), examples=["工作中还存在短板和不足"])
def cue_words(context: Context, passage: Passage) -> Iterator[Vote]:
    """Weighted cue words, each at most three times, thinned by the length of the passage."""
    lexicon = context.lexicon("functions")
    counts: dict[str, int] = defaultdict(int)
    for term, _, _ in lexicon.find(passage.text):
        counts[term] += 1
    sums: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for term, count in counts.items():
        row = lexicon.entries[term]
        sums[row["function"]] += float(row["weight"]) * min(3, count)
        words[row["function"]].append(term)
    scale = max(1.0, len(passage.text) / 130)
    for choice, total in sums.items():
        yield Vote(choice, total / scale, "、".join(words[choice][:6]))
