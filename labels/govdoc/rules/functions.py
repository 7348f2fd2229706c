"""function: what a passage does (reports, plans, decides, lists …), by its form and cue words.

A linear decision: the passage is measured (`measures`: the shares of its clauses that open as those
of plans do, hold a figure, end in a result …, and how densely each cue of ``functions.tsv`` stands
in it), and each measure speaks for or against each function by the weights of
``function_weights.tsv``. A heading that says what stands under it speaks too. Blocks whose form
tells enough (headings, bylines, table rows) are not measured.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from math import sqrt
from operator import mul
from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from labels.govdoc.names import once
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Passage, SpanSuggestion, Vote, class_rule

FUNCTIONS = ("achievement", "problem", "plan", "target", "suggestion", "figures", "decision",
             "procedure", "background", "definition", "duty", "attendance", "other")
_BY_KIND = {"salutation": "procedure", "name_list": "attendance"}
_OTHER_KINDS = frozenset(("title", "heading", "byline", "table_caption", "toc_entry", "signature",
                          "page_furniture"))
_CLAUSE = lazy(r"[。;,，:!?\n]+")
_STOP = lazy(r"[。;!?]")
_ITEM = lazy(
    r"^\W{0,4}(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、)．]"
    r"|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[条,，])")
_ARTICLE = lazy(r"^\W{0,4}第[一二三四五六七八九十百]+条")
_TITLE = lazy(
    r"^\W{0,4}(?:[\u4e00-\u9fff]{0,24})?关于[^。;,]{4,80}"
    r"(?:报告|说明|决定|决议|通知|意见|公告|方案|讲话|汇报|规定|办法)[^。,，]{0,20}$")
_NOTE = lazy(
    r"^\W{0,3}(?:\d{1,3}\W{0,3}|[¹²³⁴⁵⁶⁷⁸⁹①-⑳]\W?|[一二三四五六七八九十]{1,2}、)?[^。;,，:]{1,28}:(?=[^\d\s])"
    r"|^\[\d+\]|^注\d?:")
_IN_SESSION = lazy(r"^\W{0,6}\d{4}年.{0,60}(?:会议|大会|全会)上")
_PASSED = lazy(r"^\W{0,6}\d{4}年.{0,90}(?:会议|大会|全会)(?:修订|修正|表决)?(?:通过|批准|确定)\W{0,6}")
_REVIEW = lazy(r"^\W{0,3}(?:\d+[.、])?\s?(?:审议|审查|听取|表决|书面审议)")
_PRIOR = lazy(r"^\W{0,6}(?:\d+[.、])?\s?《[^》]+》.{0,24}$")
_EDGES = " *#-—·•“”\"'()（）\t"
_NUMBERING = lazy(
    r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）]\s?|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．]\s?(?=\D)|[一二三四五六七八九十]是|"
    r"第[一二三四五六七八九十]+[，,])\**")
_NUMERALS = frozenset("(（一二三四五六七八九十第0123456789")
_STATE = lazy(r"更加|持续|不断|逐步|有效|明显|显著|稳步|扎实|加速|全面|迈|取得|实现|步伐|态势|呈|成效|新台阶|有序|得到|较快|快速|平稳")
_FAULT = lazy(r"不够|不足|不强|不高|不规范|不到位|不完|不健全|不严|不实|不及时|不统一|不平衡|不均衡|不厚|不充分|不稳|还有|仍|未|缺|薄弱|滞后|存在"
              r"|短板|短处|堵点|有待|偏|欠缺|问题|难题|困难|错位|难")
_GOAL = lazy(r"目标|预期|到20\d\d年")
_ADVICE = lazy(r"^建议|以下建议|几点建议|意见和?建议")
_NOW = lazy(r"五年来|过去|一年来|今年以来|上半年|去年|全年|\d月|回顾|截至|这一年|以来|年末")
_YEAR = lazy(r"今年|明年|下一步|下阶段|下半年|今后|未来|\d{4}年")
_SALUTE = lazy(r"^(?:尊敬的)?(?:[\u4e00-\u9fff]{0,4}主任、|各位|主席团|同志们)[^。]{0,40}[:!]\W{0,6}$")
_ACT = lazy(
    r"任命[^。]{2,400}?为|免去[^。]{2,200}?职务|接受[^。]{2,40}?辞去|(?:补选|选举|推选)[^。]{2,300}?为|"
    r"任\s?免\s?名\s?单|资格(?:自行)?终止|"
    r"被任命为|被选为|同志任|决定:|予以批准|撤销[^。]{2,40}职务")
_PRESENT = lazy(
    r"(?:出席|列席|参加|出席了|列席了)(?:会议|大会)?[，。]?\W{0,6}$|就座\W{0,6}$|\d人(?:出席|列席|请假|缺席|未出席)"
    r"|(?:请假|缺席|应出席|应到|实到)[^。]{0,8}[(（:\d]|观看演出")
_ADVISED = lazy(r"建议[:：]\W{0,6}$|[。;]建议|^\W{0,6}(?:[\u4e00-\u9fff]{0,8})建议")
# 将 and 要 before a verb, not 将…纳入 or 需要.
_SHALL = lazy(
    r"将(?<![即主需重必只纲摘概]将)(?=[依继进按认加深全以围坚严切积大努统聚持落在于重实着采]|从严)"
    r"|要(?<![即主需重必只纲摘概]要)(?=[坚加全切深着牢继进紧大把重以认高抓更始求善勇]|用好|在)")
# A first sentence without figures that heads the rest: 生态环境持续改善。
_LEAD = lazy(r"\W{0,4}[^。;:\d]{4,40}[。:](?=.{20})|\W{0,4}\*\*[^*]{2,40}\*\*", re.S)
_DIGIT = lazy(r"[0-9]")
_CELLS = lazy(r"\t|\|")


class _Words(NamedTuple):
    """How clauses begin, as (of an order, of what is pursued, of work), and whether one that ends
    so tells a state reached."""

    opens: Mapping[str, tuple[bool, bool, bool]]
    ends: Mapping[str, bool]


def _clause_words(table: Lexicon) -> _Words:
    return _Words({term: ("order" in row["opens"], "pursue" in row["opens"], "work" in row["opens"])
                   for term, row in table.entries.items()},
                  {term: row["ends"] == "told" for term, row in table.entries.items()})


_OPENS_NOTHING = (False, False, False)


def measures(text: str, spans: Sequence[SpanSuggestion],
             cues: Mapping[str, int], words: _Words) -> dict[str, float]:
    """What the linear decision reads of a passage, each between 0 and about 1.

    `cues` counts the cue words of each kind in `text`; `words` tell how clauses begin and end.
    """
    clauses = [_NUMBERING.sub("", clause, 1) if clause[0] in _NUMERALS or clause[1:2] == "是"
               else clause
               for piece in _CLAUSE.split(text) if (clause := piece.strip(_EDGES))] or [""]
    total = len(clauses)
    order = pursue = told = figure = work = 0
    opens, has_digit = words.opens.get, _DIGIT.search
    for clause in clauses:
        row = opens(clause[:2]) or opens(clause[:1])
        if row is not None:
            ordered, pursued, worked = row
            order += ordered
            pursue += pursued
            work += worked
            if not (ordered or pursued):
                told += _tells(clause, words)
        else:
            told += _tells(clause, words)
        if has_digit(clause) is not None:
            figure += 1
    found: dict[str, float] = {
        "order": order / total, "pursue": pursue / total, "work": work / total,
        "told": told / total, "figure": figure / total,
        "order_bare": order / total * (1 - figure / total),
        "short": max(0.0, 1 - len(text) / 60),
        "long": min(1.0, total / 14), "always": 1.0}
    for cue, count in cues.items():
        found["c_" + cue] = min(1.0, sqrt(count / total))
    found["shall"] = min(1.0, 2 * len(_SHALL.findall(text)) / total)
    _head(clauses[0], words, found)
    lead = _LEAD.match(text)
    if lead is not None:
        found["lead"] = 1.0
        if "head_told" in found:
            found["lead_told"] = 1.0
            found["lead_figure"] = figure / total
    _form(text, found)
    labels = counted([span.label for span in spans])
    sums = labels.get("MONEY", 0) + labels.get("PERCENT", 0) + labels.get("QUANTITY", 0)
    found["sums"] = min(1.0, sums / total / 1.5)
    found["indicators"] = min(1.0, labels.get("INDICATOR", 0) / total)
    for label, name in (("DOC", "docs"), ("MEETING", "meetings"), ("POST", "posts"),
                        ("PROJECT", "projects"), ("ORG", "orgs"), ("DATE", "dates")):
        if label in labels:
            found[name] = min(1.0, sqrt(labels[label] / total))
    if "PERSON" in labels:
        share = sum(span.end - span.start for span in spans if span.label == "PERSON")
        found["persons"] = min(1.0, 2 * share / max(1, len(text)))
    return {name: value for name, value in found.items() if value}


def counted(words: Iterable[str]) -> dict[str, int]:
    """How often each word is given. A `Counter` of a few takes ten times as long to make."""
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def _opens(clause: str, words: _Words) -> tuple[bool, bool, bool]:
    opens = words.opens
    return opens.get(clause[:2]) or opens.get(clause[:1]) or _OPENS_NOTHING


def _tells(clause: str, words: _Words) -> bool:
    told = words.ends.get(clause[-2:])
    return words.ends.get(clause[-3:], False) if told is None else told


def _head(head: str, words: _Words, found: dict[str, float]) -> None:
    """The measures of the first clause, which is often the passage in short."""
    ordered, pursued, _ = _opens(head, words)
    if ordered:
        found["head_order"] = 1.0
    elif pursued:
        found["head_pursue"] = 1.0
    elif _tells(head, words) or _STATE.search(head):
        found["head_told"] = 1.0
    for name, pattern in (("head_fault", _FAULT), ("head_goal", _GOAL), ("head_advice", _ADVICE),
                          ("head_now", _NOW), ("head_year", _YEAR)):
        if pattern.search(head):
            found[name] = 1.0


def _form(text: str, found: dict[str, float]) -> None:
    """The measures of form: how the passage begins and ends, and whether it holds sentences."""
    stripped = text.strip()
    if _STOP.search(text) is None:
        found["no_stop"] = 1.0
        if "," not in text and "，" not in text:
            found["bare"] = 1.0
    if stripped.endswith(":"):
        found["colon"] = 1.0
    if stripped[:1] in "(" and stripped[-1:] == ")":
        found["bracketed"] = 1.0
    if stripped.startswith("——"):
        found["dash"] = 1.0
    for name, pattern in (("item", _ITEM), ("article", _ARTICLE), ("title", _TITLE),
                          ("note", _NOTE), ("in_session", _IN_SESSION), ("passed", _PASSED),
                          ("review", _REVIEW), ("prior", _PRIOR), ("salute", _SALUTE)):
        if pattern.match(stripped):
            found[name] = 1.0
    # These are worth looking for only where their words stand.
    for cue, name, pattern in (("c_decide", "act", _ACT), ("c_attend", "present", _PRESENT),
                               ("c_suggest", "advised", _ADVISED)):
        if cue in found and pattern.search(stripped):
            found[name] = 1.0
    cells = len(_CELLS.findall(text))
    if cells:
        found["cells"] = min(1.0, cells / 4)
    digits = sum(map(text[:400].count, "0123456789"))
    found["digits"] = min(1.0, 3 * digits / max(1, min(400, len(text))))
    if stripped[-1:].isdigit() or stripped[-1:] == "%":
        found["ends_digit"] = 1.0


def cue_hits(context: Context) -> tuple[Sequence[int], list[str]]:
    """Where the cue words of the document stand, and what each speaks of; one scan a document."""
    def make(_: Context) -> tuple[Sequence[int], list[str]]:
        lexicon = context.lexicon("functions")
        cues = lexicon.derived(_cues)
        found = lexicon.spans(context.view.text)
        return [start for _, start, _ in found], [cues[number] for number, _, _ in found]
    return once(context, "functions.cues", make)


def _cues(lexicon: Lexicon) -> list[str]:
    """What each term speaks of, by its number."""
    return [row["cue"] for row in lexicon.entries.values()]


# What a heading says of all that stands under it; the first that matches.
_HEADINGS = tuple((function, lazy(pattern)) for function, pattern in (
    ("problem", r"问题|不足|短板|困难"), ("suggestion", r"建议"), ("duty", r"职责|职能"),
    ("definition", r"名词解释"), ("achievement", r"回顾|成效|成绩|完成情况|执行情况|落实情况|主要做法|取得"),
    ("plan", r"安排|任务|部署|打算|下一步|下阶段|今后|展望|思路|措施|重点工作")))
_UNDER_HEADING = 1.5
# Whether work is reported or planned a heading knows better than the words; that there is work
# told at all, and not figures, it does not know.
_HALVES = ("achievement", "plan")
_WHICH_HALF = 3.0


def under_heading(context: Context, offset: int) -> str | None:
    """The function that the innermost telling heading over the source `offset` speaks for."""
    starts, sections = once(context, "functions.sections", _told_by_headings)
    position = bisect_right(starts, offset) - 1
    while position >= 0:
        end, function, parent = sections[position]
        if offset < end and function is not None:
            return function
        position = parent
    return None


def _told_by_headings(context: Context) -> tuple[
        list[int], list[tuple[int, str | None, int]]]:
    """Starts of the sections, and of each its end, its function and the place of its parent."""
    ordered = sorted(context.document.sections, key=lambda section: (section.start, -section.end))
    starts: list[int] = []
    found: list[tuple[int, str | None, int]] = []
    for place, section in enumerate(ordered):
        parent = place - 1
        while parent >= 0 and found[parent][0] < section.end:
            parent = found[parent][2]
        function = next((name for name, pattern in _HEADINGS if pattern.search(section.title)),
                        None)
        starts.append(section.start)
        found.append((section.end, function, parent))
    return starts, found


def _weights(table: Lexicon) -> dict[str, tuple[float, ...]]:
    """How much each measure speaks for each of `FUNCTIONS`."""
    return {name: tuple(float(row[function] or 0) for function in FUNCTIONS)
            for name, row in table.entries.items()}


@class_rule("function", score=0.8, lexicons=(
    "functions", "function_words", "function_weights"), examples=[
    "任命陈雨为区财政局局长", "全年收入100万元，支出90万元，占年初预算的90%"])
def decide(context: Context, passage: Passage) -> Iterator[Vote]:
    """The linear decision over the measures of the passage."""
    if passage.kind in _OTHER_KINDS:
        yield Vote("other", 5.0, passage.kind)
        return
    if passage.kind in _BY_KIND:
        yield Vote(_BY_KIND[passage.kind], 5.0, passage.kind)
        return
    if passage.kind == "table_row" and _DIGIT.search(passage.text):
        yield Vote("figures", 5.0, passage.kind)
        return
    starts, cues = cue_hits(context)
    found = measures(passage.text, passage.spans, counted(
        cues[bisect_left(starts, passage.low):bisect_left(starts, passage.high)]),
        context.lexicon("function_words").derived(_clause_words))
    weights = context.lexicon("function_weights").derived(_weights)
    spoken = [(value, weights[name], name) for name, value in found.items() if name in weights]
    values = [value for value, _, _ in spoken]
    sums = [sum(map(mul, column, values)) for column in zip(*[row for _, row, _ in spoken])]
    heading = under_heading(context, passage.start)
    if heading in _HALVES:
        if FUNCTIONS[max(range(len(sums)), key=sums.__getitem__)] in _HALVES:
            sums[FUNCTIONS.index(heading)] += _WHICH_HALF
    elif heading is not None:
        sums[FUNCTIONS.index(heading)] += _UNDER_HEADING
    best = max(range(len(sums)), key=sums.__getitem__)
    most = sorted(((value * row[best], name) for value, row, name in spoken), reverse=True)[:4]
    yield Vote(FUNCTIONS[best], max(1.0, sums[best]), "、".join(
        [name.removeprefix("c_") for share, name in most if share > 0]))
