"""Sums in prose: what flows together into a total, both sides of a budget, a whole and its parts.

一般公共预算收入A，加上上级补助收入B、调入资金C，收入总计D. A sentence that only names some parts
(其中…) claims no sum; one whose parts are all there is (分别为, 其余, 一般债务 and 专项债务) does.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, check
from labels.errors import N_
from labels.govdoc.facts import plain, view
from labels.govdoc.sentences import (
    COUNT, FIGURE, MONEY, VAGUE, Figure, Sentence, address, sentences, term,
)

Claim = Equation | NotCheckable

_SUMS = f"[{MONEY}{COUNT}]"
_TOTAL = re.compile(
    rf"(?P<side>总?(?:财力|财源|收入|支出))?(?:量)?(?:总计|合计|总量|总额|共计|总收入|总支出|总财力|财力合计)"
    rf"(?:数)?(?:为|达到?|共|是|约)?(?P<total>[{MONEY}{VAGUE}])")
_PLUS = re.compile(r"[，;](?:再|另|并)?(?:加上?|加：|连同)")
_LESS = re.compile(r"(?:减去?|扣除|扣减|剔除)")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降|增收|减收|增支|减支|多|少|节约|调增|调减)了?$")
_OF_PLAN = re.compile(r"(?:预算|计划|目标)(?:数|额)?(?:为|是)?$")


@check
def flows_add_up(figures: Figures) -> Iterator[Claim]:
    """A revenue, what is added to it, and the total they come to."""
    for sentence in sentences(figures):
        low = 0
        for total in _TOTAL.finditer(sentence.shape):
            yield from _flow(figures, sentence, low, total)
            low = total.end()


def _flow(figures: Figures, sentence: Sentence, low: int,
          total: "re.Match[str]") -> Iterator[Claim]:
    """The sums between the last total and this one, if 加上 joins them."""
    shape = sentence.shape
    plus = _PLUS.search(shape, low, total.start())
    if plus is None:
        return
    bases = _bases(shape, low, plus.start())
    added = [place.start() for place in re.finditer(f"[{FIGURE}]", shape[:total.start()])
             if place.start() >= plus.end()]
    place = sentence.figures.get(total.start("total"))
    if place is None or not added or any(
            shape[at] not in (MONEY, VAGUE) for at in added) or len(bases) != 1:
        return
    told = [sentence.figures.get(at) for at in (*bases, *added)]
    sums = [figure for figure in told if figure is not None]
    inner = shape[plus.end():total.start()]
    if len(sums) != len(told) or "其中" in inner or VAGUE in inner or any(
            figure.amount.kind != place.amount.kind for figure in sums):
        yield NotCheckable("prose_sums.flows_add_up", place.label.start, place.label.end,
                           address(figures, place.label.start), N_(
                               "a figure of the sum is not exact, or is told as a part of another"))
        return
    signs = [1, *(-1 if _less(shape, plus.end(), at) else 1 for at in added)]
    yield Equation(
        "prose_sums.flows_add_up",
        tuple(term(figures, figure) for figure in (place, *sums)),
        N_("%(first)s and what is added to it come to %(total)s"),
        {"first": plain(sums[0].label.text), "total": plain(place.label.text)},
        weights=(1, *(-sign for sign in signs)))


def _bases(shape: str, low: int, high: int) -> list[int]:
    """Where the sums before 加上 stand that are levels, not changes, plans or parts."""
    parts = shape.find("其中", low, high)
    high = parts if parts >= 0 else high
    return [at.start() for at in re.finditer(_SUMS, shape[:high]) if at.start() >= low
            and not _CHANGED.search(shape[:at.start()]) and not _OF_PLAN.search(
                shape[:at.start()])]


def _less(shape: str, low: int, at: int) -> bool:
    """Whether the clause of the figure takes it away."""
    clause = re.split(r"[，、;]|[" + FIGURE + "]", shape[low:at])[-1]
    return _LESS.search(clause) is not None


_LISTED = re.compile(
    rf"(?:^|[;:])(?P<list>(?:[^{FIGURE};:]{{1,30}}{MONEY}[，、]){{2,}})(?:三项|两项|以上)?(?:合计|共计|总计|累计)"
    rf"(?:金额|资金)?(?:为|是|达)?(?P<total>{MONEY})")
_NO_LIST = re.compile(r"其中|占|比|(?<!新)增|减|预算为|下降|上年|去年|以来")


@check
def lists_add_up(figures: Figures) -> Iterator[Claim]:
    """A、B，合计C: sums told one after the other and what they come to."""
    for sentence in sentences(figures):
        for match in _LISTED.finditer(sentence.shape):
            if _NO_LIST.search(match.group("list")) or _PLUS.search(match.group("list")):
                continue
            total = sentence.figure(match, "total")
            told = [sentence.figures[at.start()] for at in re.compile(MONEY).finditer(
                sentence.shape, match.start("list"), match.end("list"))]
            if any(figure.amount.kind != total.amount.kind for figure in told):
                continue
            yield Equation(
                "prose_sums.lists_add_up",
                tuple(term(figures, figure) for figure in (total, *told)),
                N_("what is listed comes to %(total)s"), {"total": plain(total.label.text)},
                weights=(1, *[-1] * len(told)))


# --- both sides ----------------------------------------------------------------------------------

_SIDE = re.compile(
    rf"(?P<side>收入|支出)(?:总计|合计|总量|总额|共计)(?:数)?(?:为|达到?|共|是)?(?P<one>{MONEY})"
    rf"|总(?P<side2>收入|支出)(?:为|达到?|共|是)?(?P<two>{MONEY})")
_BALANCED = re.compile(r"收支(?:决算|预算|总体|总量|执行|当年|均|保持|实现)*(?:平衡|持平)|收支(?:总量|总计)(?:相等|一致)")
_OFFSET = re.compile(rf"收支相抵后?，?[^{FIGURE};。]{{0,12}}?(?:结余|结转|滚存|净结余)"
                     rf"[^{FIGURE};。，]{{0,10}}?(?P<left>{MONEY})")


@check
def sides_balance(figures: Figures) -> Iterator[Claim]:
    """收入总计A … 支出总计B … 收支平衡; or 收支相抵，结转下年C: A - B = C."""
    sides: dict[str, Figure] = {}
    block = -1
    for sentence, balanced in _with_closings(figures):
        if sentence.block != block:
            sides, block = {}, sentence.block
        for event in sorted([*_SIDE.finditer(sentence.shape), *_OFFSET.finditer(sentence.shape),
                             *_BALANCED.finditer(sentence.shape)], key=lambda one: one.start()):
            if event.re is _SIDE:
                name = event.group("side") or event.group("side2")
                if name == "收入":
                    sides = {}
                sides[name] = sentence.figure(event, "one" if event.group("side") else "two")
                continue
            left = sentence.figure(event, "left") if event.re is _OFFSET else None
            yield from _balance(figures, sides, left)
            sides = {}
        if balanced and len(sides) == 2:
            yield from _balance(figures, sides, None)
            sides = {}


def _with_closings(figures: Figures) -> Iterator[tuple[Sentence, bool]]:
    """Each sentence, and whether the words right after it say 收支平衡 (they hold no figure)."""
    text = view(figures).text
    for sentence in sentences(figures):
        last = len(sentence.shape) - 1
        after = (sentence.figures[last].label.high if last in sentence.figures
                 else sentence.offsets[last] + 1)
        closing = re.compile(r"[。;，]?[^。\n]{0,12}?(?:收支平衡|收支持平)").match(text, after)
        yield sentence, closing is not None


def _balance(figures: Figures, sides: dict[str, Figure], left: Figure | None) -> Iterator[Claim]:
    if len(sides) != 2 or sides["收入"].amount.kind != sides["支出"].amount.kind:
        return
    told = [sides["收入"], sides["支出"], *([left] if left else [])]
    yield Equation(
        "prose_sums.sides_balance", tuple(term(figures, figure) for figure in told),
        N_("revenue %(revenue)s less expenditure %(expenditure)s leaves %(left)s"),
        {"revenue": plain(told[0].label.text), "expenditure": plain(told[1].label.text),
         "left": plain(left.label.text) if left else "0"},
        weights=(1, -1, *([-1] if left else [])))


# --- a whole and its parts -----------------------------------------------------------------------

@dataclass(frozen=True)
class Kind:
    """A whole by the end of its name, and the names of all the parts it has."""

    whole: re.Pattern[str]
    parts: tuple[re.Pattern[str], ...]


def _kind(whole: str, *parts: str) -> Kind:
    return Kind(re.compile(f"(?:{whole})$"), tuple(re.compile(f"(?:{part})$") for part in parts))


# By general knowledge of public finance and statistics: nothing else is part of these wholes.
_DEBT = "(?:政府)?(?:债务|债券)(?:限额|余额|转贷|收入|资金|额度|还本|支出)*"
_PLANNED = "(?:年初|调整后)?(?:决算|预算)?数?"
COMPLETE = (
    _kind(_DEBT, "一般" + _DEBT, "专项" + _DEBT),
    _kind("一般公共预算(?:总)?收入", "(?:地方)?税收(?:收入)?", "非税收入"),
    _kind("转移支付(?:收入|补助|支出|资金)*", "一般性转移支付(?:收入|补助|支出|金额|资金)*",
          "专项转移支付(?:收入|补助|支出|金额|资金)*"),
    _kind("财政总收入|财政总支出", "[区市州县]本?级", "(?:镇|乡镇|镇街|街镇|县区|区县)级?"),
    _kind("(?:生产总值|GDP)", "第?一产业(?:实现)?(?:增加值)?", "第?二产业(?:实现)?(?:增加值)?",
          "第?三产业(?:实现)?(?:增加值)?"),
    _kind("常住人口", "城镇(?:常住)?人口", "[农乡]村(?:常住)?人口"),
    _kind("(?:户籍|常住)(?:总)?人口", "男性(?:人口)?", "女性(?:人口)?"),
    _kind("进出口(?:贸易)?(?:总值|总额|商品总值)?", "出口(?:总值|总额|额)?", "进口(?:总值|总额|额)?"),
    _kind("(?:支出|预算|决算)数?|支出合计", f"基本支出{_PLANNED}", f"项目支出{_PLANNED}"),
    _kind(f"基本支出{_PLANNED}", "人员(?:经费|支出)", "公用(?:经费|支出)"),
    _kind("(?:政府)?采购(?:金额|支出|总额|预算)?(?:合计|总额)?", "货物(?:类)?(?:采购)?(?:金额|支出|预算)?",
          "工程(?:类)?(?:采购)?(?:金额|支出|预算)?", "服务(?:类)?(?:采购)?(?:金额|支出|预算)?"),
    _kind("“三公”经费(?:财政拨款)?(?:支出)?(?:年初)?(?:预算|决算)?数?(?:合计)?",
          f"因公出国(?:境)?(?:费|经费)(?:支出)?{_PLANNED}",
          f"公务用车购置(?:及|和)运行(?:维护)?费(?:支出)?{_PLANNED}",
          f"公务接待费(?:支出)?{_PLANNED}"),
    _kind("公务用车购置及运行(?:维护)?费(?:支出)?", "(?:公务用车)?购置费(?:支出)?",
          "(?:公务用车)?运行(?:维护)?费(?:支出)?"),
)
_VERBS = re.compile(r"(?:完成|实现|达到?|为|是|共|总计|合计|核定|发行|转贷|累计|安排|支出决算)+$")
_LEADS = re.compile(r"^.*(?:其中|全[市省区州县年国]|年末|分级次看|本[市区州县])")


@dataclass(frozen=True)
class _Named:
    name: str
    figure: Figure


@check
def parts_make_the_whole(figures: Figures) -> Iterator[Claim]:
    """A whole and, right after it, the parts that are all of it."""
    for named in _paragraphs(figures):
        for position, whole in enumerate(named):
            for kind in COMPLETE:
                if kind.whole.search(whole.name) and not any(
                        part.search(whole.name) for part in kind.parts):
                    yield from _sum(figures, whole, named[position + 1:], kind)
            levels = _levels_of(whole, named[position + 1:position + 3])
            if levels is not None:
                yield from _sum(figures, whole, named[position + 1:], levels)


_OWN = re.compile(r"[市区县州]本?级(?P<what>.{2,})")
_BELOW = re.compile(r"(?:镇|乡镇|街镇|镇街|县区|区县|县市区)级?(?P<what>.{2,})")


def _levels_of(whole: _Named, after: Sequence[_Named]) -> Kind | None:
    """全区一般公共预算支出, then 区级一般公共预算支出 and 镇级一般公共预算支出."""
    if len(after) < 2:
        return None
    own = _OWN.fullmatch(_bare(after[0].name))
    below = _BELOW.fullmatch(_bare(after[1].name))
    if own is None or below is None or own["what"] != below["what"] or not re.search(
            f"全[市区县州]{re.escape(own['what'])}$", whole.name):
        return None
    return _kind(re.escape(whole.name), *(re.escape(_bare(part.name)) for part in after))


def _bare(name: str) -> str:
    return _LEADS.sub("", name)


def _sum(figures: Figures, whole: _Named, after: Sequence[_Named], kind: Kind) -> Iterator[Claim]:
    """The parts must follow each other, before the whole is named again."""
    chosen: list[_Named] = []
    missing = list(kind.parts)
    for entry in after:
        if not missing:
            break
        part = next((part for part in missing if part.fullmatch(_LEADS.sub("", entry.name))), None)
        if part is not None:
            chosen.append(entry)
            missing.remove(part)
        elif chosen or kind.whole.search(entry.name):
            return
    if len(chosen) != len(kind.parts):
        return
    told = [whole.figure, *(entry.figure for entry in chosen)]
    if len({figure.amount.kind for figure in told}) != 1 or any(
            one.label.label != told[0].label.label for one in told):
        return
    yield Equation(
        "prose_sums.parts_make_the_whole", tuple(term(figures, figure) for figure in told),
        N_("the parts of %(whole)s add up to it"), {"whole": plain(told[0].label.text)},
        weights=(1, *[-1] * len(chosen)))


def _paragraphs(figures: Figures) -> Iterator[list[_Named]]:
    """The named levels of each paragraph, those in brackets right after what they explain."""
    found: list[tuple[int, _Named]] = []
    block = -1
    for sentence in sentences(figures):
        if sentence.block != block:
            yield [named for _, named in sorted(found, key=lambda entry: entry[0])]
            found, block = [], sentence.block
        for at, figure in sentence.figures.items():
            if sentence.shape[at] not in (MONEY, COUNT) or _CHANGED.search(sentence.shape[:at]):
                continue
            name = re.split(f"[，、;:。{FIGURE}]", sentence.shape[:at])[-1]
            bare = _VERBS.sub("", name)
            found.append((figure.label.low, _Named(bare, figure)))
    yield [named for _, named in sorted(found, key=lambda entry: entry[0])]
