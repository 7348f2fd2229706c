"""ORG: the offices inside an organ (办公室, 产业发展科), where they are listed or told of."""
from __future__ import annotations

from typing import Iterator

from labels.govdoc.names import HAN
from labels.govdoc.scanning import worded
from labels.lazy import lazy
from labels.rules import Context, Match, rule

# 产业发展科、信息化推进科: where two names of offices meet.
_OFFICES_MEET = lazy(r"、(?<=[科室处股]、)")
_OFFICE_BEFORE = lazy(rf"[{HAN}]{{1,10}}[科室处股]$")
_OFFICE_LIST = lazy(rf"[{HAN}]{{1,11}}[科室处股](?:、[{HAN}]{{1,11}}[科室处股])+")
_OFFICE_OPENING = lazy(r"(?:内设机构?(?:包括|有|为|:)?|下设|分为|设(?:有|立)?)(?=.{2})")
_OFFICES_COUNTED = lazy(r"等?\d{1,2}个(?:内设机构|职能科室|科室|处室|内设科室)")
_OFFICE_HEADING = lazy(
    rf"\n[(\d.、)一二三四五六七八九十]{{0,5}}([{HAN}]{{1,12}}?[科室处股])"
    rf"(?:\(([{HAN}]{{1,12}}?[科室处股])\))?[:：](?=.)")
_WITH_POST = worded(r"(?:办公厅|办公室|研究室)(?=副?主任)", "办公厅", "办公室", "研究室")
_NO_OFFICE = lazy(
    r"会议室|教室|温室|好处|益处|难处|学科|专科|各处|用处|原处|住处|控股|本处|何处|办公室主任|以下")


@rule("ORG", priority=67, score=0.75, examples=[
    "委员会设⟦办公室⟧、⟦产业发展科⟧、⟦企业服务科⟧", "⟦办公室⟧(⟦法制科⟧):协助领导",
], rejects=["设会议室、教室", "学科:数学", "好处:减少排队"])
def office(context: Context) -> Iterator[Match]:
    """The offices inside an organ, where they are listed or their duties are told."""
    text = context.view.text
    last = 0
    for match in _OFFICES_MEET.finditer(text):
        first = _OFFICE_BEFORE.search(text, max(last, match.start() - 15), match.start())
        listed = _OFFICE_LIST.match(text, first.start()) if first is not None else None
        if listed is None:
            continue
        last = listed.end()
        opening = _OFFICE_OPENING.search(listed.group().split("、", 1)[0])
        if opening is None and not _OFFICES_COUNTED.match(text, last) and not text.endswith(
                ("设", "设有", "设立", "分为", "机构:", "机构为"), 0, listed.start()):
            continue
        position = listed.start() + (opening.end() if opening else 0)
        for piece in text[position:last].split("、"):
            if not _NO_OFFICE.search(piece):
                yield Match(position, position + len(piece))
            position += len(piece) + 1
    for match in _WITH_POST.finditer(context):
        if text[match.start() - 1:match.start()] == "、":
            yield Match(*match.span())
    for match in _OFFICE_HEADING.finditer("\n" + text):
        for group in (1, 2):
            if match.group(group) and not _NO_OFFICE.search(match.group(group)):
                yield Match(match.start(group) - 1, match.end(group) - 1)
