"""HOLDS, APPOINTED, REMOVED, RESIGNED, ELECTED, POST_OF: who takes, leaves or holds which post."""
from __future__ import annotations

import re
from typing import Iterator, Sequence

from labels.rules import Context, Link, SpanSuggestion, relation_rule

_VERB = re.compile(r"任命|免去|撤销|罢免|接受|补选|选举|推选|聘任|决定代理")
_TYPE = {"任命": "APPOINTED", "聘任": "APPOINTED", "决定代理": "APPOINTED", "免去": "REMOVED",
         "撤销": "REMOVED", "罢免": "REMOVED", "接受": "RESIGNED", "补选": "ELECTED",
         "选举": "ELECTED", "推选": "ELECTED"}


def _folded(context: Context, span: SpanSuggestion) -> tuple[int, int]:
    view = context.view
    return view.locate(span.start), view.locate(span.end - 1) + 1


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Stretches between sentence ends; an act and what it says stand in one."""
    start = 0
    for match in re.finditer(r"[。;\n]", text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


@relation_rule("APPOINTED", "REMOVED", "RESIGNED", "ELECTED", score=0.93, examples=[
    "任命陈雨为云泽区财政局局长", "接受王岚辞去区人大常委会委员职务的请求"])
def act(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """Every name after the verb goes with every post after the names, up to the next verb."""
    text = context.view.text
    placed = [(index, span, *_folded(context, span)) for index, span in enumerate(spans)
              if span.label in ("PERSON", "POST")]
    for low, high in _clauses(text):
        verbs = [verb for verb in _VERB.finditer(text, low, high)]
        for position, verb in enumerate(verbs):
            stop = verbs[position + 1].start() if position + 1 < len(verbs) else high
            kind = _TYPE[verb.group()]
            if verb.group() == "接受" and "辞" not in text[verb.end():stop]:
                continue
            inside = [entry for entry in placed if verb.end() <= entry[2] and entry[3] <= stop]
            people = [entry for entry in inside if entry[1].label == "PERSON"]
            if not people:
                continue
            if any(later[2] - earlier[3] > 3 for earlier, later in zip(people, people[1:])):
                people = people[:1]
            posts = [entry for entry in inside
                     if entry[1].label == "POST" and entry[2] >= people[-1][3]]
            for person in people:
                for post in posts:
                    yield Link(kind, person[0], post[0])


@relation_rule("REMOVED", score=0.8, examples=[
    "云泽区第八届人民代表大会第1代表组陈雨代表因工作调动，其代表资格终止。"])
def seat_ends(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """X代表因…，其代表资格终止."""
    text = context.view.text
    for index, (left, right) in enumerate(zip(spans, spans[1:])):
        if left.label != "PERSON" or right.label != "POST" or left.end != right.start:
            continue
        end = _folded(context, right)[1]
        if text.startswith("因", end) and re.search(r"资格[^\n]{0,8}终止", text[end:end + 200]):
            yield Link("REMOVED", index, index + 1)


@relation_rule("HOLDS", score=0.9, examples=["会上，常务副区长陈雨主持", "区财政局局长 赵青山"])
def holds(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """A post and a name side by side."""
    text = context.view.text
    for index, (left, right) in enumerate(zip(spans, spans[1:])):
        start, end = _folded(context, left)[1], _folded(context, right)[0]
        between = text[start:end]
        if left.label == "POST" and right.label == "PERSON":
            if re.fullmatch(r"[\s:(]{0,3}", between) and "\n" not in between:
                yield Link("HOLDS", index + 1, index)
                yield from _more_holders(context, spans, index)
                before = index
                while before and _linked_post(context, spans, before):
                    before -= 1
                    yield Link("HOLDS", index + 1, before)
        elif left.label == "PERSON" and right.label == "POST":
            if between in ("", "(") and not text.startswith(
                    "因", _folded(context, right)[1]) or re.fullmatch(r"总书记", text[start:start + 3]):
                if left.end <= right.start:
                    yield Link("HOLDS", index, index + 1)


def _more_holders(context: Context, spans: Sequence[SpanSuggestion],
                  post: int) -> Iterator[Link]:
    """副主任A、B: the further names."""
    text = context.view.text
    following = post + 2
    while following < len(spans) and spans[following].label == "PERSON":
        start = _folded(context, spans[following - 1])[1]
        if text[start:_folded(context, spans[following])[0]].strip("、 \t"):
            return
        yield Link("HOLDS", following, post)
        following += 1


def _linked_post(context: Context, spans: Sequence[SpanSuggestion], index: int) -> bool:
    """Whether the span before `index` is a post of the same person (区委书记、区长陈雨)."""
    before = spans[index - 1]
    if before.label != "POST":
        return False
    start, end = _folded(context, before)[1], _folded(context, spans[index])[0]
    return context.view.text[start:end] in ("、", "兼", ",")


@relation_rule("POST_OF", score=0.93, examples=["任命陈雨为云泽区人民法院副庭长、审判员"])
def post_of(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """The organisation or place right before a post; joined posts share it."""
    text = context.view.text
    owner: int | None = None
    for index, span in enumerate(spans):
        if span.label != "POST":
            continue
        if index == 0:
            continue
        left = spans[index - 1]
        between = text[_folded(context, left)[1]:_folded(context, span)[0]]
        if left.label in ("ORG", "LOC") and between.strip() == "" and "\n" not in between:
            owner = index - 1
        elif left.label == "POST" and between in ("、", "兼", "和", ",", "，") and owner is not None:
            pass
        elif left.label == "PERSON" and between == "" and _owner_before(
                context, spans, index - 1) is not None:
            owner = _owner_before(context, spans, index - 1)
        else:
            owner = None
        if owner is not None:
            yield Link("POST_OF", index, owner)


def _owner_before(context: Context, spans: Sequence[SpanSuggestion],
                  person: int) -> int | None:
    """第八届人民代表大会第1代表组陈雨代表: the organisation before the group and the name."""
    if person == 0 or spans[person - 1].label != "ORG":
        return None
    start = _folded(context, spans[person - 1])[1]
    between = context.view.text[start:_folded(context, spans[person])[0]]
    return person - 1 if re.fullmatch(r"第?[\d一二三四五六七八九十]*代表(?:小组|组|团)?", between) else None
