"""VALUE, CHANGE, TARGET, COMPLETION, SHARE, DOCNO_OF: what a figure says of its indicator.

Figures are read from left to right. A figure belongs to the indicator of its own clause, or, where
its clause holds nothing but a link (，同比增长3%，完成预算的50%), to the one before it in the
sentence. The link tells the relation; a plan turns levels and changes into targets.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator, Sequence

from labels.govdoc.clauses import Lead, lead
from labels.govdoc.rules.dates import after_dates, dates_of
from labels.rules import Context, Link, SpanSuggestion, relation_rule

_FIGURES = frozenset(("MONEY", "PERCENT", "QUANTITY"))
# What may stand in a clause beside its link without making a new subject.
_NO_SUBJECT = re.compile(
    r"(?:其中|全[区市省州县镇]|[我本][区市省州县镇]|累计|合计|总计|总量|总额|总规模|总数|数量|规模|金额|预计|并|且|但|而|年末|年底|年初|全年|当年"
    r"|年度|支出(?=决算|预算)?|收入(?=决算|预算)?|到|至|截至|年均|平均|已|为|较|与|比|实际|[\s、:()（）·—\-]|[一二三四五]年来?间?)*$")
_SPENT_BUDGET = re.compile(r"(?:预算|决算)数?(?:为|是)$|年初预算数?$")
_LISTED = re.compile(r"^[、和与及]$")
_TARGET_COUNT = re.compile(r"(?:年度|全年|下达)?(?:指标|计划|目标|任务)数?$")
_SCORE = re.compile(r"得(?:满分|分)?$")

# Marks of a plan: in the clause itself, in its sentence, or over the whole paragraph.
_PLAN_CLAUSE = re.compile(r"力争|确保|(?<!成功)争取(?![到了])|不低于|不少于|不高于|不超过|年初预算为|预期|目标|拟|计划(?!指标|数|完成)"
                          r"|控制在|[≥≤]|有望|安排预算|预算安排")
_PLAN_SENTENCE = re.compile(r"力争|确保|(?<!成功)争取(?![到了])|预期目标"
                            r"|目标(?:是|为|:)|主要目标|拟安排|计划(?:安排|完成|实现|新增)|今后五年|未来")
_PLAN_BLOCK = re.compile(r"预期目标|主要目标|工作目标|目标(?:是|为|:|如下)|上年预计执行数|当年预算收支平衡|预算草案|收支预算(?:安排)?")
_COMING = re.compile(r"继续|将|力争|确保|(?<!成功)争取(?![到了])|必须|要(?!求|素|点|件|闻|紧)|深入推进|全年列入")
_PAST = re.compile(r"同比|[比较]上年|[比较]去年|已|了|累计|以来|实现了|取得|预计全?[年区市]|上半年|1[-—]\d+月|成效|稳步提升|不断(?:提高|增强)"
                   r"|新增\S{2,16}\d|获评?|荣获")
# 到2025年, 覆盖率达到90%: a year to come, where nothing says that it is past.
_BY_YEAR = re.compile(r"(?<!截至)(?<!截止)(?<!止)(?<!截)到(?:20\d\d年(?!\d)|“?十[四五六]五”?末|本世纪)")
_DONE = re.compile(r"同比|[比较]上年|[比较]去年|已|了|累计|年均|截[至止]|共有|实际")
_AGAINST_LAST = re.compile("同比|[比较]上年|[比较]去年")
_ROUGHLY = re.compile(r"(?:左右|以上|以内|以下)")
_PLANNED_NAME = re.compile(r"^(?:计划|规划|目标|预算(?!执行|完成))|(?<!公共|基金|经营)预算$")
# How far a paragraph is read for marks of a plan, and a sentence for the indicator of a figure.
_REACH = 1200
_SENTENCE = 400


@dataclass(frozen=True)
class _Item:
    """A winning span in folded offsets; `index` is its place among the spans."""

    start: int
    end: int
    index: int
    label: str
    rule: str


def _items(context: Context, spans: Sequence[SpanSuggestion], labels: Iterable[str],
           ) -> list[_Item]:
    wanted = frozenset(labels)
    locate = context.view.locate
    return [_Item(locate(span.start), locate(span.end - 1) + 1, index, span.label, span.rule)
            for index, span in enumerate(spans) if span.label in wanted]


@relation_rule("VALUE", "CHANGE", "TARGET", "COMPLETION", "SHARE", score=0.85,
               lexicons=("dates",), examples=[
                   "税收收入完成12亿元，同比增长3%", "支出8亿元，完成预算的52%", "力争财政收入增长5%左右"])
def figure_of(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """Each figure with the indicator it speaks of."""
    text = context.view.text
    dates = dates_of(context)
    current: _Item | None = None
    scored: _Item | None = None
    last: Link | None = None
    whole: Link | None = None  # what a bracket breaks down
    floor = 0
    pending: list[_Item] = []
    for item in _items(context, spans, {"INDICATOR", *_FIGURES}):
        if item.label == "INDICATOR":
            pending.append(item)
            scored = item if item.rule.endswith("scored_indicator") else scored
            continue
        found = lead(text, floor, item.start)
        own = bool(pending) and pending[-1].start >= found.start
        current = pending[-1] if pending else current
        pending = []
        gap = text[floor:item.start]
        if gap.startswith("("):
            whole = last
        elif ")" in gap:
            whole = None
        link = _scored(text, scored, item)
        if link is None and current is not None:
            if last is not None and _LISTED.match(gap):
                link = Link(last.type, last.source, item.index, last.direction)
            elif last is not None and last.type == "TARGET" and gap == "的":
                link = Link("COMPLETION", last.source, item.index)
            elif own or _continues(text, current, found, item, dates):
                link = _typed(text, current, item, found, own)
            elif not gap.startswith("("):
                current = None  # a clause with a subject of its own ends the reach
        if link is not None:
            if link.type == "CHANGE" and not own and last is not None and (
                    last.type == "TARGET" and last.source == link.source):
                link = Link("TARGET", link.source, link.target)  # the growth of what is budgeted
            if whole is not None and own and link.type == "VALUE" and whole.type == "TARGET":
                link = Link("TARGET", link.source, link.target)
            yield link
        last = link
        floor = item.end


def _scored(text: str, indicator: _Item | None, figure: _Item) -> Link | None:
    """得满分2分 belongs to the numbered indicator that heads the paragraph."""
    if indicator is None or not 0 <= figure.start - indicator.end <= _REACH:
        return None
    if "\n" in text[indicator.end:figure.start]:
        return None
    if figure.label == "QUANTITY" and _SCORE.search(text, indicator.end, figure.start):
        return Link("VALUE", indicator.index, figure.index)
    return None


def _continues(text: str, indicator: _Item, found: Lead, figure: _Item,
               dates: list[tuple[int, int]]) -> bool:
    """Whether the clause has no subject of its own and lies in the indicator's reach."""
    if indicator.rule.endswith("scored_indicator"):
        return False
    if figure.start - indicator.end > _SENTENCE:
        return False
    between = text[indicator.end:figure.start]
    if text[figure.start - 1] == "\t":
        return not re.search("[\u4e00-\u9fff]{5}", between)
    if "\n" in between or (re.search("[。!?]", between) and not between.startswith("(项)")):
        return False
    start = after_dates(dates, found.start, found.end)
    rest = text[start:found.end]
    if _TARGET_COUNT.search(rest):
        return True
    if not _NO_SUBJECT.match(rest):
        return False
    return bool(found.link) and not (found.kind == "level" and found.link in ("有", "共", "各"))


def _typed(text: str, indicator: _Item, figure: _Item, found: Lead, own: bool) -> Link | None:
    kind = found.kind
    if kind == "from":
        return None
    if kind in ("completion", "share"):
        if figure.label != "PERCENT":
            return None
        if kind == "share" and own and _is_plan(text, indicator, figure, found):
            return Link("TARGET", indicator.index, figure.index)
        return Link(kind.upper(), indicator.index, figure.index)
    if not own and _TARGET_COUNT.search(text[found.start:found.end]):
        return Link("TARGET", indicator.index, figure.index)
    if _is_plan(text, indicator, figure, found):
        return Link("TARGET", indicator.index, figure.index)
    if kind == "times":
        return Link("CHANGE", indicator.index, figure.index, "up")
    if kind in ("up", "down"):
        negative = text[figure.start:figure.end].startswith(("-", "负"))
        direction = "down" if (kind == "down") != negative else "up"
        return Link("CHANGE", indicator.index, figure.index, direction)
    return Link("VALUE", indicator.index, figure.index)


def _is_plan(text: str, indicator: _Item, figure: _Item, found: Lead) -> bool:
    """Whether the figure is planned: by its clause, its sentence, its name, or its paragraph."""
    if _SPENT_BUDGET.search(text, max(0, figure.start - 8), figure.start):
        return "预算" in text[figure.start - 8:figure.start]
    if "\t" in text[indicator.end:figure.start]:
        return _is_planned_cell(text, indicator, figure, found)
    block = max(text.rfind("\n", 0, figure.start) + 1, figure.start - _REACH)
    sentence = max(block, *(text.rfind(mark, block, figure.start) + 1 for mark in "。!?"))
    own = found.start <= indicator.start
    before = (text[found.start:indicator.start] + text[indicator.end:figure.start] if own
              else text[found.start:figure.start])
    if "完成" in found.link and "计划" not in before:
        return bool(re.search(r"力争|确保|争取|计划完成|目标", before))
    if _PLAN_CLAUSE.search(before) and not re.search(r"已|了$|同比|较上年|稳定在", before):
        return True
    name = text[indicator.start:indicator.end]
    if own and found.kind == "level" and _PLANNED_NAME.search(name):
        return True
    against_last = found.kind in ("up", "down") and _AGAINST_LAST.search(found.link) is not None
    if _PLAN_SENTENCE.search(text, sentence, figure.start) and not against_last:
        return True
    if _BY_YEAR.search(text, sentence, figure.start) and not _DONE.search(
            text, sentence, figure.start):
        return True
    if _PLAN_BLOCK.search(text, block, figure.start):
        return True
    end = text.find("\n", figure.end, figure.end + _REACH)
    whole = text[block:end if end >= 0 else figure.end + _REACH]
    if re.search("上年预计执行数|当年预算收支平衡", whole):
        return True
    rough = _ROUGHLY.match(text, figure.end) is not None
    if _PAST.search(whole):
        return False
    return len(_COMING.findall(whole)) >= (1 if rough else 2)


def _is_planned_cell(text: str, indicator: _Item, figure: _Item, found: Lead) -> bool:
    """In a row: the kind of indicator is said, or the first figure is put as words (增长6%左右)."""
    between = text[indicator.end:figure.start]
    if re.search("约束性|预期性|预测性|指导性", between + text[figure.end:figure.end + 6]):
        return True
    return not re.search(r"\d", between) and (found.kind in ("up", "down") or bool(
        re.search("不[低高少超]|控制在|[≥≤]", found.link) or _ROUGHLY.match(text, figure.end)))


@relation_rule("DOCNO_OF", score=0.95, examples=["《云泽区公园管理办法》（云府〔2020〕12号）"])
def number_of(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """A document number in brackets after its title, or right before it."""
    text = context.view.text
    items = _items(context, spans, ("DOC", "DOCNO"))
    for left, right in zip(items, items[1:]):
        between = text[left.end:right.start]
        if left.label == "DOC" and right.label == "DOCNO" and re.fullmatch(
                r"[，\s]*[(\[]?(?:以下简称[^()]{1,20}[,，])?(?:文号[:为]?)?", between):
            yield Link("DOCNO_OF", right.index, left.index)
        elif left.label == "DOCNO" and right.label == "DOC" and re.fullmatch(
                r"(?:号?文)?(?:文件)?(?:印发的?|发布的?)?", between):
            yield Link("DOCNO_OF", left.index, right.index)
