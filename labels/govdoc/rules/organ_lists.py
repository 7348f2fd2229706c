"""ORG: the organs of a list that names their kind only at its end; museums."""
from __future__ import annotations

from bisect import bisect_left
from typing import Iterator

from labels.govdoc.gazetteer import everyday, verbs
from labels.govdoc.lists import listed_items
from labels.govdoc.names import HAN, floors
from labels.govdoc.organ_parts import NO_BODY, STOP, counted, name_start
from labels.govdoc.organs import heads_of, organs, stands
from labels.lazy import lazy
from labels.rules import Context, Match, rule

_ALL_HAN = lazy(rf"[{HAN}]+")
_VENUES = frozenset(("博物馆", "美术馆", "纪念馆", "艺术馆", "陈列馆"))
_NAME = lazy(rf"[{HAN}A-Za-z0-9]+")
_KIND_OF_VENUE = lazy(
    r"^(?:[各等类多]|全[国省市区县]|国有|含?民办|非国有|含?民营|公共|行业|社区|乡村|乡镇|基层|各类|数字|智慧|流动|虚拟|线上|大型|专题|综合|国家[一二三]?级)"
    r"|(?:级|类|型|性|座|家|个|的|新|省|市|区|县|公共|数字|专题)$")


def _venues(context: Context) -> Iterator[Match]:
    """木文化博物馆: names of museums are made of everyday words."""
    text, floor = context.view.text, floors(context)
    for head in heads_of(context)[0]:
        if head.term in _VENUES and stands(text, head) and head.start not in floor.inner:
            start = name_start(text, floor.before(head.start), head.start)
            if text[start:start + 2] in verbs():
                start += 2
            core = text[start:head.start]
            if 2 <= len(core) <= 8 and _NAME.fullmatch(core) and core not in everyday() and not (
                    core.isdigit() or _KIND_OF_VENUE.search(core) or NO_BODY.search(core)
                    or counted(text, start)):
                yield Match(start, head.end, 0.7)


_ORGANS_CLOSE = lazy(r"等(?:\d+|多|数|十几|几)?余?[个家]?(?:有关|相关)?(?:单位|部门|机构)(?!的?负责)")
_LIST_END = lazy(r"[、，,。;:)(\n]|[和及与等](?![a-z])|$")
_KIND_OF_ORGAN = lazy(
    r"^(?:各|有关|相关|其他|社区|基层|街镇|乡镇|镇街|村|民办|公办|公立|民营|医疗|事业|企业|上级|下级|全[国省市区县]|[一二三]级)"
    r"|(?:医疗机构|事业单位|人民团体)$")


def _is_organ_item(context: Context, start: int, end: int, closed: bool = False) -> bool:
    """Whether an item of a list of organs ends in the head of one and is no kind of organs.

    `closed`: the list says what it is (等单位), so that a short head (站, 办, 所) is enough.
    """
    text = context.view.text
    if not 3 <= end - start <= 14 or not _ALL_HAN.fullmatch(text, start, end):
        return False
    item = text[start:end]
    if item[-1] not in _ENDS or item[:2] in verbs() or STOP.search(item) or NO_BODY.search(
            item) or _KIND_OF_ORGAN.search(item):
        return False
    if closed and item[-1] in _SHORT_ENDS and item[-2:] not in everyday() and (
            item not in everyday()):
        return True
    heads, starts = heads_of(context)
    index = bisect_left(starts, end) - 1
    head = heads[index] if index >= 0 else None
    return head is not None and head.end == end and head.start >= start and (
        head.kind in ("head", "local", "both")) and not (
        text[start:head.start] in _HOLLOW or head.start == start and item[-1] in "厅院馆室校社")


_ENDS = "局委办厅部站所院心队馆室校社"
_SHORT_ENDS = "局委办站所队"
_HOLLOW = frozenset(("服务", "管理", "教育", "科研", "培训", "金融", "卫生", "文化", "专业", "技术"))


@rule("ORG", priority=65, score=0.7, lexicons=("organs", "openers", "places"), examples=[
    "⟦渔政站⟧、⟦对外交流办⟧、⟦有线电视中心⟧等单位", "⟦区水务局⟧、⟦河道管理所⟧，",
    "参观⟦竹文化博物馆⟧"],
    rejects=["学校、医院等单位", "科研院所、高校等机构", "建设数字博物馆"])
def listed_organ(context: Context) -> Iterator[Match]:
    """The organs of a list that 等单位 closes or that one with a place or rank begins; museums."""
    text = context.view.text
    yield from _venues(context)
    for start, end in listed_items(context, _ORGANS_CLOSE.finditer(text)):
        if _is_organ_item(context, start, end, closed=True):
            yield Match(start, end)
    last = 0  # where a list was read to, so that each item is read once
    for _, end in organs(context):
        while end >= last and text[end:end + 1] == "、":
            stop = _LIST_END.search(text, end + 1, end + 17)
            if stop is None or not _is_organ_item(context, end + 1, stop.start()):
                break
            yield Match(end + 1, stop.start())
            end = last = stop.start()
