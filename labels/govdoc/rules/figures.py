"""VALUE, CHANGE, TARGET, COMPLETION, SHARE, DOCNO_OF: what a figure says of its indicator.

Figures are read from left to right. A figure belongs to the indicator of its own clause, or, where
its clause holds nothing but a link (，同比增长3%，完成预算的50%), to the one before it in the
sentence. The link tells the relation; a plan turns levels and changes into targets.
"""
from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple, Sequence

from labels.govdoc.clauses import Lead, lead_of
from labels.govdoc.columns import column_says
from labels.govdoc.plans import planned
from labels.govdoc.rules.dates import after_dates, dates_of
from labels.lazy import lazy
from labels.rules import Context, Link, SpanSuggestion, relation_rule

_FIGURES = frozenset(("MONEY", "PERCENT", "QUANTITY"))
# What may stand in a clause beside its link without making a new subject.
_NO_SUBJECT = lazy(
    "(?:其中|全[区市省州县镇]|[我本][区市省州县镇]|累计|合计|总计|总量|总额|总规模|总数|数量|规模|金额|预计|并|且|但|而|年末|年底|年初|全年|当年|年度"
    r"|支出(?=决算|预算)?|收入(?=决算|预算)?|到|至|截至|年均|平均|已|为|较|与|比|实际|[\s、:()（）·—\-]|[一二三四五]年来?间?)*$")
_LISTED = lazy(r"^[、和与及]$")
_EACH = lazy(r"[，、](分别|均|都)[^，。;\d]{0,4}(?:[是为比较][^，。;]{0,12})?[^，。;\d]{0,6}$")
_OWN_EACH = lazy(r"(分别|均|都)[^，。;\d]{0,12}$")
_BESIDE = lazy("[、/和与及]|以及")
_ENDS = lazy(r"[。;\n]")
_TARGET_COUNT = lazy(r"(?:年度|全年|下达)?(?:指标|计划|目标|任务)数?$|完成(?:调整|年初|年度)预算数?$")
# What may stand before a figure in its cell: other figures and what links them.
_CELL_WORDS = lazy(
    "增长|下降|同比|可比|降低|提高|增加|减少|达到?|完成|控制在|确保|不低于|不高于|不超过|以上|以下|以内|左右|新增|立项|预计|力争|约|为|累计|净增|比上年"
    "|万|亿|元|美|个|家|人|户|平方米|公顷|亩|吨|件|套|公里")
# What lies between the first field of a row between commas and a figure in it.
_COMMA_CELLS = lazy(r"(?:\([^()\n]{1,20}\))?\"?,[^,\d]{1,8}(?:,-?\d[\d.]{0,14}){1,6},")
_SCORE = lazy(r"得(?:满分|分)?$")

# How far a paragraph is read for marks of a plan, and a sentence for the indicator of a figure.
_REACH = 1200
_SENTENCE = 400


class _Item(NamedTuple):
    """A winning span in folded offsets; `place` is its number among the spans."""

    start: int
    end: int
    place: int
    label: str
    rule: str


def _items(context: Context, spans: Sequence[SpanSuggestion], labels: Iterable[str],
           ) -> list[_Item]:
    wanted, made = frozenset(labels), tuple.__new__  # by its fields it would take twice as long
    return [made(_Item, (*context.folded[place], place, span.label, span.rule))
            for place, span in enumerate(spans) if span.label in wanted]


@relation_rule("VALUE", "CHANGE", "TARGET", "COMPLETION", "SHARE", score=0.85,
               lexicons=("dates",), examples=[
                   "税收收入完成12亿元，同比增长3%", "支出8亿元，完成预算的52%", "力争财政收入增长5%左右"])
def figure_of(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """Each figure with the indicator it speaks of."""
    text = context.view.text
    dates = dates_of(context)
    items = _items(context, spans, {"INDICATOR", *_FIGURES})
    shared = _shared(text, items)
    current: _Item | None = None
    scored: _Item | None = None
    last: Link | None = None
    whole: Link | None = None  # what a bracket breaks down
    floor = 0
    pending: list[_Item] = []
    rivals: list[_Item] = []
    for item in items:
        if item.label == "INDICATOR":
            pending.append(item)
            scored = item if item.rule.endswith("scored_indicator") else scored
            continue
        found = lead_of(context, floor, item.start)
        own = bool(pending) and pending[-1].start >= found.start
        if pending:
            current, rivals = pending[-1], _rivals(text, pending)
        elif len(rivals) > 1 and "\t" in text[rivals[-1].end:item.start]:
            # 甲/乙, 增长6%/增长7%: the second figure of the cell is the second's
            cell = text.rfind("\t", rivals[-1].end, item.start)
            current = rivals[min(text.count("/", cell, item.start), len(rivals) - 1)]
        if len(pending) > 1 and len(rivals) > 1 and "\t" in text[rivals[-1].end:item.start]:
            current = rivals[0]
        pending = []
        gap = text[floor:item.start]
        if gap.startswith("("):
            whole = last
        elif ")" in gap:
            whole = None
        link = _scored(text, scored, item)
        if item.place in shared:
            for partner in shared[item.place]:
                if last is not None and _LISTED.match(gap):
                    link = Link(last.type, partner.place, item.place, last.direction)
                else:
                    link = _typed(context, partner, item, found, False)
                if link is not None:
                    yield link
            last, floor = link, item.end
            continue
        if link is None and current is not None:
            if last is not None and _LISTED.match(gap):
                link = Link(last.type, last.source, item.place, last.direction)
            elif (last is not None and last.type == "TARGET" and gap == "的"
                  and item.label == "PERCENT"):
                link = Link("COMPLETION", last.source, item.place)
            elif own or _continues(text, current, found, item, dates):
                link = _typed(context, current, item, found, own)
            elif not gap.startswith("("):
                current = None  # a clause with a subject of its own ends the reach
        if link is not None:
            link = _as_target(link, last, whole, found, own)
            yield link
        last = link
        floor = item.end


def _rivals(text: str, pending: Sequence[_Item]) -> list[_Item]:
    """The indicators of one cell: 甲/乙."""
    found = [pending[-1]]
    for item in reversed(pending[:-1]):
        if text[item.end:found[-1].start].strip() != "/":
            break
        found.append(item)
    return found[::-1]


def _as_target(link: Link, last: Link | None, whole: Link | None, found: Lead,
               own: bool) -> Link:
    """The growth of what is budgeted is planned too, and so are the parts of a planned whole."""
    goes_on = not own and last is not None and last.type == "TARGET" and (
        last.source == link.source)
    if goes_on and (link.type == "CHANGE" or link.type == "VALUE" and "完成" in found.link):
        return Link("TARGET", link.source, link.target)
    if own and link.type == "VALUE" and whole is not None and whole.type == "TARGET":
        return Link("TARGET", link.source, link.target)
    return link


def _shared(text: str, items: Sequence[_Item]) -> dict[int, list[_Item]]:
    """By figure: the indicators of a list that a clause behind it speaks of.

    ``甲8亿元，乙4亿元，分别增长5%和6%`` gives each its own figure; ``甲8亿元、乙4亿元，均增长5%`` both.
    """
    found: dict[int, list[_Item]] = {}
    for position, item in enumerate(items):
        if item.label == "INDICATOR" or item.place in found:
            continue
        before = text[max(0, item.start - 24):item.start]
        if "分别" not in before and "均" not in before and "都" not in before:
            continue
        cue = _EACH.search(before)
        if cue is not None:
            start = item.start - len(before) + cue.start()
            names = _listed_before(text, items, position, start)
        else:
            cue = _OWN_EACH.search(before)
            names = _side_by_side(text, items, position) if cue else []
        if cue is None:
            continue
        figures = [item]
        for after in items[position + 1:position + 5]:
            if after.label != item.label or not _LISTED.match(text[figures[-1].end:after.start]):
                break
            figures.append(after)
        if len(names) < 2:
            continue
        if cue.group(1) in ("均", "都") and len(figures) == 1:
            found[item.place] = names
        elif cue.group(1) == "分别" and len(figures) == len(names):
            found.update((figure.place, [name]) for figure, name in zip(figures, names))
    return found


def _side_by_side(text: str, items: Sequence[_Item], position: int) -> list[_Item]:
    """The indicators 甲、乙 that stand right before a figure, without figures between them."""
    names: list[_Item] = []
    for item in reversed(items[max(0, position - 6):position]):
        if item.label != "INDICATOR" or names and not _BESIDE.fullmatch(
                text[item.end:names[-1].start]):
            break
        names.append(item)
    return names[::-1]


def _listed_before(text: str, items: Sequence[_Item], position: int, start: int) -> list[_Item]:
    """The indicators, each with a figure, of the sentence that goes on at `start`."""
    names: list[_Item] = []
    later = start
    for item in reversed(items[max(0, position - 12):position]):
        between = text[item.end:later]
        if item.end > start or _ENDS.search(between):
            break
        if item.label == "INDICATOR":
            names.append(item)
        later = item.start
    return names[::-1]


def _scored(text: str, indicator: _Item | None, figure: _Item) -> Link | None:
    """得满分2分 belongs to the numbered indicator that heads the paragraph."""
    if indicator is None or not 0 <= figure.start - indicator.end <= _REACH:
        return None
    if "\n" in text[indicator.end:figure.start]:
        return None
    if figure.label == "QUANTITY" and _SCORE.search(text, indicator.end, figure.start):
        return Link("VALUE", indicator.place, figure.place)
    return None


def _continues(text: str, indicator: _Item, found: Lead, figure: _Item,
               dates: list[tuple[int, int]]) -> bool:
    """Whether the clause has no subject of its own and lies in the indicator's reach."""
    if indicator.rule.endswith("scored_indicator"):
        return False
    if figure.start - indicator.end > _SENTENCE:
        return False
    between = text[indicator.end:figure.start]
    if text[figure.start - 1] in "\t|" or text[figure.start - 1] == "," and (
            _COMMA_CELLS.fullmatch(between)):
        return not re.search("[\u4e00-\u9fff]{5}", between)
    if "\t" in between and "\n" not in between:
        cell = between[between.rindex("\t") + 1:]
        if not re.search("[\u4e00-\u9fff]", _CELL_WORDS.sub("", cell)):
            return True
    if "\n" in between or (re.search("[。!?]", between) and not between.startswith("(项)")):
        return False
    start = after_dates(dates, found.start, found.end)
    rest = text[start:found.end]
    if _TARGET_COUNT.search(rest):
        return True
    if not _NO_SUBJECT.match(rest):
        return False
    return bool(found.link) and not (found.kind == "level" and found.link in ("有", "共", "各"))


def _typed(context: Context, indicator: _Item, figure: _Item, found: Lead,
           own: bool) -> Link | None:
    text, kind = context.view.text, found.kind
    if context.document.tables:
        said = column_says(context, context.view.offsets[figure.start])
        if said is not None:
            return _under(said, kind, text, indicator, figure)
    if kind == "from":
        return None
    if kind == "level" and figure.label == "PERCENT" and text[figure.start - 1] in "\t|,":
        told = _told_by_cells(text, indicator, figure)
        if told is not None:
            return told
    if kind in ("completion", "share"):
        if figure.label != "PERCENT":
            return None
        if kind == "share" and own and _is_plan(context, indicator, figure, found):
            return Link("TARGET", indicator.place, figure.place)
        return Link(kind.upper(), indicator.place, figure.place)
    if not own and _TARGET_COUNT.search(text[found.start:found.end]):
        return Link("TARGET", indicator.place, figure.place)
    if _is_plan(context, indicator, figure, found):
        return Link("TARGET", indicator.place, figure.place)
    if kind == "times":
        return Link("CHANGE", indicator.place, figure.place, "up")
    if kind in ("up", "down"):
        negative = text[figure.start:figure.end].startswith(("-", "负"))
        direction = "down" if (kind == "down") != negative else "up"
        return Link("CHANGE", indicator.place, figure.place, direction)
    return Link("VALUE", indicator.place, figure.place)


# The two cells before a share: 612.5 <tab> 643.1 <tab> 5.0%.
_TWO_CELLS = lazy(r"[\t|,](-?\d[\d.]{0,14})[\t|,](-?\d[\d.]{0,14})[\t|,]$")


def _told_by_cells(text: str, indicator: _Item, figure: _Item) -> Link | None:
    """What a share says of the two numbers before it in its row, where it follows from them: by how
    much the second differs from the first, or how much of the first the second is."""
    low = max(indicator.end, figure.start - 40)
    cells = _TWO_CELLS.search(text[low:figure.start])
    share = _SHARE.match(text, figure.start, figure.end)
    if cells is None or share is None:
        return None
    try:
        first, second, said = float(cells[1]), float(cells[2]), float(share[1])
    except ValueError:  # 1.2.3
        return None
    if first <= 0:
        return None
    reached = second / first * 100
    if abs(reached - 100 - said) <= 0.06:
        return Link("CHANGE", indicator.place, figure.place, "down" if said < 0 else "up")
    if abs(reached - said) <= 0.06:
        return Link("COMPLETION", indicator.place, figure.place)
    return None


_SHARE = lazy(r"(-?\d{1,4}(?:\.\d{1,2})?)\s?%")


def _under(said: str, kind: str, text: str, indicator: _Item, figure: _Item) -> Link | None:
    """The relation that the head of the figure's column names."""
    if said in ("COMPLETION", "SHARE") and figure.label != "PERCENT":
        return Link("VALUE", indicator.place, figure.place)
    if said == "CHANGE" or said == "VALUE" and kind in ("up", "down"):
        down = (kind == "down") != text[figure.start:figure.end].startswith(("-", "负"))
        return Link("CHANGE", indicator.place, figure.place, "down" if down else "up")
    return Link(said, indicator.place, figure.place)


def _is_plan(context: Context, indicator: _Item, figure: _Item, found: Lead) -> bool:
    return planned(context, (indicator.start, indicator.end), (figure.start, figure.end), found)


@relation_rule("DOCNO_OF", score=0.95, examples=["《云泽区公园管理办法》（云府〔2020〕12号）"])
def number_of(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """A document number in brackets after its title, or right before it."""
    text = context.view.text
    items = _items(context, spans, ("DOC", "DOCNO"))
    for left, right in zip(items, items[1:]):
        between = text[left.end:right.start]
        if left.label == "DOC" and right.label == "DOCNO" and re.fullmatch(
                r"[，\s]*[(\[]?(?:以下简称[^()]{1,20}[,，])?(?:文号[:为]?)?", between):
            yield Link("DOCNO_OF", right.place, left.place)
        elif left.label == "DOCNO" and right.label == "DOC" and re.fullmatch(
                r"(?:号?文)?(?:文件)?(?:印发的?|发布的?)?", between):
            yield Link("DOCNO_OF", left.place, right.place)
