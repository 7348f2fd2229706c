"""PERSON: names in lists, in running text and in columns, and where they return."""
from __future__ import annotations

from typing import Iterator

from labels.folding import View
from labels.govdoc.names import HAN, once
from labels.govdoc.people import NAME_CHARS, is_name, name_end
from labels.govdoc.rules.persons import (
    BOUNDARY, ORGAN_TAIL, appointed, beside_post, from_surname, split_names)
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context, Match, rule

_LIST = (r"[:\n\t )席假持加录名员表]([{first}][{chars}]{{1,11}}(?:[、,，][{chars}]{{2,12}}){{1,400}})")
_HEADING = lazy(
    r"(?:代表|委员|专工委|出席|列席|缺席|请假|主持|领导|成员|主任|局|委|院|办|组|人员|名单|主席团|旁听|街道|镇|乡|政府|中心|"
    r"参加|记录|部门|提案人|附议人|领衔|专家|组长|副组长|会长|理事|书记|主席|[省市区县]长|评审|审核|签发|撰稿|编辑|联系人|负责人|"
    r"获奖者|完成人|发明人|作者|执笔)(?:\(\d+[人名位]\))?[:\s]{0,3}$")


@rule("PERSON", priority=60, score=0.93, lexicons=("surnames",), examples=[
    "区人大专工委: ⟦陈雨⟧、⟦李云川⟧、⟦王岚⟧", "请假:⟦赵青山⟧、⟦周敏⟧"],
    rejects=["重点领域:金融、文化、高新技术", "包括:安全、应急、水务", "张江、金桥、漕河泾"])
def name_list(context: Context) -> Iterator[Match]:
    """A、B、C where (nearly) all are shaped like names."""
    yield from once(context, "persons.lists", lambda _: tuple(_name_lists(context)))


def _name_lists(context: Context) -> Iterator[Match]:
    text = context.view.text
    for match in from_surname(context, _LIST).finditer("\n" + text):
        start = match.start(1) - 1
        pieces = split_names(text, start, _line_end(context, start, match.group(1)))
        good = sum(1 for s, e in pieces if is_name(text[s:e], context))
        headed = _HEADING.search(text, max(0, start - 16), start) is not None
        need = 2 if headed else 4
        if good >= need and good * 10 >= len(pieces) * (7 if headed else 9):
            for begin, end in pieces:
                if is_name(text[begin:end], context, known=True):
                    yield Match(begin, end)


_OF_PLACES = lazy(
    rf":((?:[{HAN}]{{2,12}}?(?:镇|乡|街道|局|委|办|院|部|所|中心)[{NAME_CHARS}]{{2,4}}[、,，]){{1,60}}"
    rf"[{HAN}]{{2,12}}?(?:镇|乡|街道|局|委|办|院|部|所|中心)[{NAME_CHARS}]{{2,4}})(?=[^{HAN}]|$)")
_OF_PLACE = lazy(r"[\u4e00-\u9fff]{2,12}?(?:镇|乡|街道|局|委|办|院|部|所|中心)")


@rule("PERSON", priority=60, score=0.85, lexicons=("surnames",), examples=[
    "各街镇人大: 青荻镇⟦陈雨⟧、砚溪镇⟦李云川⟧、锦帆街道⟦王岚⟧"],
    rejects=["责任单位:市教育局、市财政局、区水务局", "包括:云泽镇农业、青荻镇工业"])
def list_by_place(context: Context) -> Iterator[Match]:
    """A list in which every name has its place or organ before it."""
    text = context.view.text
    for match in _OF_PLACES.finditer(text):
        found = []
        for start, end in split_names(text, *match.span(1)):
            place = _OF_PLACE.match(text, start, end)
            if place is None or not is_name(text[place.end():end], context):
                break
            found.append(Match(place.end(), end))
        else:
            yield from found


def _line_end(context: Context, start: int, found: str) -> int:
    """The end of a list, or where a new line of the source begins inside its last item."""
    end = start + len(found)
    last = max(found.rfind(mark) for mark in "、,，") + start + 1
    return next((index for index in range(last + 2, end) if context.view.gap_before(index)), end)


_INNER = lazy(rf"、(?=[{NAME_CHARS}]{{2,10}}、)")
_RUN_BEHIND = lazy(rf"(?:[{NAME_CHARS}]{{2,10}}、){{1,400}}")


@rule("PERSON", priority=58, score=0.85, lexicons=("surnames",), examples=[
    "⟦陈雨⟧、⟦李云川⟧、⟦王岚⟧、⟦赵青山⟧出席会议", "区领导⟦陈雨⟧、⟦李云川⟧、⟦王岚⟧和区法院院长⟦周敏⟧参加"],
    rejects=["包括金融、文化、高新技术、安全等领域", "实现零差错、零隐患、零事故、零投诉", "张江、金桥、漕河泾、外高桥等园区", "黄山、华山、泰山、衡山"])
def running_list(context: Context) -> Iterator[Match]:
    """A、B、C inside a sentence, where every item between two 、 is shaped like a name."""
    text = context.view.text
    passed = 0
    for mark in _INNER.finditer(text):
        if mark.start() < passed:
            continue
        run = _RUN_BEHIND.match(text, mark.end())
        if run is None:
            continue
        passed = run.end()
        items = split_names(text, mark.end(), run.end())
        places = sum(1 for end in (mark.start(), *(end for _, end in items))
                     if text[end - 1] in _PLACE_TAIL)
        alike = len({text[start] for start, _ in items}) == 1 and len(items) > 1
        if alike or places * 2 > len(items) + 1:
            continue
        names = [item for item in items if is_name(text[item[0]:item[1]], context)]
        if len(names) * 10 < len(items) * 9:
            continue
        if len(items) > 6:
            names = [item for item in items if is_name(text[item[0]:item[1]], context, True)]
        first = _tail_name(context, mark.start())
        last = name_end(context, run.end())
        if (first is not None) + (last is not None) + len(names) < 3:
            continue
        if first is not None:
            yield Match(first, mark.start())
        for item in names:
            yield Match(*item)
        if last is not None:
            yield Match(run.end(), last)


_PLACE_TAIL = frozenset("山江河湖海岛路桥镇乡村区县市州港湾园泾浦岭峡关城")


def _tail_name(context: Context, end: int) -> int | None:
    """Where a name begins that ends at `end`, other words before it."""
    text, surnames = context.view.text, context.lexicon("surnames").entries
    for size in (3, 2):
        start = end - size
        if start >= 0 and is_name(text[start:end], context) and (
                start == 0 or BOUNDARY.match(text[start - 1])
                or text[start - 2:start] in ORGAN_TAIL
                or surnames.get(text[start], {}).get("kind") == "single"):
            return start
    return None


_AND_OTHERS = worded(
    r"等(?:\d+|[一二三四五六七八九十]+)?(?:名|位|人|同志)|同志(?=职务|任职|免职|任免|分别|不再|的)", "等", "同志")
_RUN = lazy(rf"((?:[{NAME_CHARS}]{{2,12}}[、,，]){{1,60}})([{NAME_CHARS}]{{2,8}})$")


@rule("PERSON", priority=58, score=0.84, lexicons=("surnames",), examples=[
    "授予⟦陈雨⟧、⟦李云川⟧等10名同志先进个人称号", "关于⟦陈雨⟧、⟦李云川⟧同志职务任免的通知"], rejects=["医疗、教育等3名专家", "金融、文化等人才"])
def and_others(context: Context) -> Iterator[Match]:
    """A、B等3名同志: the names of a list that is counted or cut short."""
    text = context.view.text
    for match in _AND_OTHERS.finditer(context):
        low = max(0, match.start() - 120)
        run = _RUN.search(text, low, match.start())
        if run is None:
            continue
        pieces = split_names(text, run.start(), run.end())
        first = pieces[0]
        begin = _tail_name(context, first[1])
        rest = [piece for piece in pieces[1:] if is_name(text[piece[0]:piece[1]], context)]
        if begin is None or len(rest) < len(pieces) - 1:
            continue
        yield Match(begin, first[1])
        for piece in rest:
            yield Match(*piece)


@rule("PERSON", priority=59, score=0.9, lexicons=("surnames",), examples=[
    "⟦陈雨⟧\t⟦李云川⟧\t⟦王 岚⟧\t⟦赵青山⟧"], rejects=["收入\t支出\t金额\t合计", "单位\t方式\t成效\t时间"])
def name_grid(context: Context) -> Iterator[Match]:
    """A block of nothing but names, set in columns by tabs or spaces."""
    yield from once(context, "persons.grids", lambda _: tuple(_name_grids(context)))


# The heading of a list of those present or absent, however few they are.
_PRESENCE = lazy(r"(?:出席|列席|请假|缺席|未到|旁听)[^\n]{0,8}:\n$")
_NO_GRID = lazy(r"[\d。;，《》%]")


def _name_grids(context: Context) -> Iterator[Match]:
    view = context.view
    for start, end, _ in view.blocks:
        if _NO_GRID.search(view.text, start, end):
            continue
        told = view.text[start - 2:start] == ":\n" and _PRESENCE.search(
            view.text, max(0, start - 20), start) is not None
        if not told and not _is_parted(view, start, end):
            continue
        tokens = _grid_tokens(context, start, end)
        if len(tokens) < (1 if told else 4):
            continue
        good = sum(1 for token in tokens if is_name(view.text[token[0]:token[1]], context))
        if good >= min(4, len(tokens)) and good * 10 >= len(tokens) * 8:
            for token in tokens:
                if is_name(view.text[token[0]:token[1]], context, known=True):
                    yield Match(*token)


_PARTING = lazy("[\t 、,]")


def _is_parted(view: View, start: int, end: int) -> bool:
    """Whether there is a gap in a block, in the folded text or in the source."""
    return view.offsets[end - 1] - view.offsets[start] > end - 1 - start or (
        _PARTING.search(view.text, start, end) is not None)


def _grid_tokens(context: Context, start: int, end: int) -> list[tuple[int, int]]:
    """Split at every gap of the source; two single characters in a row are one name (王 岚)."""
    view = context.view
    cells: list[tuple[int, int]] = []
    position = start
    for index in range(start, end + 1):
        at_space = index < end and view.text[index] in "\t 、,"
        if index == end or at_space or (view.gap_before(index) and index > position):
            if index > position:
                cells.append((position, index))
            position = index + 1 if at_space else index
    merged: list[tuple[int, int]] = []
    for cell in cells:
        if merged and cell[1] - cell[0] == 1 and merged[-1][1] - merged[-1][0] == 1 \
                and merged[-1][1] == cell[0]:
            merged[-1] = (merged[-1][0], cell[1])
        else:
            merged.append(cell)
    return merged


@rule("PERSON", priority=57, score=0.85, lexicons=("surnames", "posts"), examples=[
    "任命⟦陈雨川⟧为区财政局局长。⟦陈雨川⟧表示将依法履职"], rejects=["陈旧设施更新"])
def seen_before(context: Context) -> Iterator[Match]:
    """A name of three characters that the text gives with an act or a post, wherever it returns."""
    text = context.view.text
    names = frozenset(
        text[match.start:match.end] for source in (appointed, name_list, name_grid, beside_post)
        for match in source.function(context) if match.end - match.start >= 3)
    if names:
        for _, start, end in Lexicon("seen", {name: {} for name in sorted(names)}, "").find(text):
            yield Match(start, end)
