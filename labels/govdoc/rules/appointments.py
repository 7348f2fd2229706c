"""HOLDS, APPOINTED, REMOVED, RESIGNED, ELECTED, POST_OF: who takes, leaves or holds which post."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Sequence

from labels.govdoc.names import once
from labels.lazy import lazy
from labels.rules import Context, Link, SpanSuggestion, relation_rule


@dataclass(frozen=True, slots=True)
class _Placed:
    """A span with its index and its folded offsets."""

    index: int
    label: str
    start: int
    end: int


def _placed(context: Context, spans: Sequence[SpanSuggestion], *labels: str) -> list[_Placed]:
    """The spans of `labels`, in order, with their folded offsets."""
    return [_Placed(index, span.label, *context.folded[index])
            for index, span in enumerate(spans) if span.label in labels]


def _people_and_posts(context: Context, spans: Sequence[SpanSuggestion]) -> list[_Placed]:
    return once(context, "appointments.placed",
                lambda _: _placed(context, spans, "PERSON", "POST"))


_END = lazy(r"[。;\n]")


def _clauses(text: str, placed: Sequence[_Placed]) -> Iterator[tuple[int, int, list[_Placed]]]:
    """(start, end, spans) of each stretch between sentence ends that holds any of `placed`."""
    position = 0
    while position < len(placed):
        first = placed[position].start
        low = max(text.rfind(mark, max(0, first - 800), first) for mark in "。;\n") + 1
        stop = _END.search(text, first, first + 1200)
        high = stop.start() if stop else min(len(text), first + 1200)
        inside = []
        while position < len(placed) and placed[position].start < max(high, first + 1):
            inside.append(placed[position])
            position += 1
        yield low, high, inside


_VERB = lazy(r"任命|免去|撤销|罢免|接受|补选|选举|推选|聘任|增补|增选|另选|决定代理|终止")
_TYPE = {"任命": "APPOINTED", "聘任": "APPOINTED", "决定代理": "APPOINTED", "免去": "REMOVED",
         "撤销": "REMOVED", "罢免": "REMOVED", "终止": "REMOVED", "接受": "RESIGNED"}
# What follows the names says what becomes of them; 为 and 的 leave that to the verb before.
_AFTER = lazy(
    r"(?:同志)?(?:等(?:同志)?)?(?:请求)?(?P<word>被任命为|被选举?为|当选为?|被免去|不再担任|辞去|辞职|任|担任|兼任|出任|代理|为|的)")
_AFTER_TYPE = {"被任命为": "APPOINTED", "任": "APPOINTED", "担任": "APPOINTED", "兼任": "APPOINTED",
               "出任": "APPOINTED", "代理": "APPOINTED", "被选为": "ELECTED", "被选举为": "ELECTED",
               "当选": "ELECTED", "当选为": "ELECTED", "被免去": "REMOVED", "不再担任": "REMOVED",
               "辞去": "RESIGNED", "辞职": "RESIGNED"}
_NUMBER_ONLY = lazy(r"\W*(?:[一二三四五六七八九十\d]{1,3}[、.)])?\W*")
# A verb that opens a list of acts on lines of their own speaks for so many characters.
_REACH = 600


@relation_rule("APPOINTED", "REMOVED", "RESIGNED", "ELECTED", "HOLDS", score=0.93, examples=[
    "任命陈雨为云泽区财政局局长", "接受王岚辞去区人大常委会委员职务的请求", "任命:\n陈雨为区水务局局长;\n周敏为区教育局副局长"])
def act(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """Every name after the verb goes with every post after the names, up to the next names."""
    text = context.view.text
    for low, high, inside in _clauses(text, _people_and_posts(context, spans)):
        runs = _runs(text, inside)
        told: str | None = None
        for position, run in enumerate(runs):
            stop = runs[position + 1][0].start if position + 1 < len(runs) else high
            after = _AFTER.match(text, run[-1].end, high)
            next_verb = _VERB.search(text, after.end() if after else run[-1].end, stop)
            stop = next_verb.start() if next_verb else stop
            posts = [entry for entry in inside
                     if entry.label == "POST" and run[-1].end <= entry.start < stop]
            if not posts:
                continue
            before = runs[position - 1][-1].end if position else low
            kind = _kind(text, before if position else low, run, high, first=position == 0)
            # 选举甲为县长，乙为副县长: the verb of the first speaks for the others.
            told = kind = told if kind == "HOLDS" and told else kind
            if kind is None:
                continue
            for person in run:
                for post in posts:
                    yield Link(kind, person.index, post.index)


def _runs(text: str, inside: Sequence[_Placed]) -> list[list[_Placed]]:
    """Names that stand in a row, as lists."""
    runs: list[list[_Placed]] = []
    previous: _Placed | None = None
    for entry in inside:
        if entry.label == "PERSON":
            if runs and previous is runs[-1][-1] and not text[
                    previous.end:entry.start].strip("、,， \t和及"):
                runs[-1].append(entry)
            else:
                runs.append([entry])
        previous = entry
    return runs


def _kind(text: str, low: int, run: Sequence[_Placed], high: int, first: bool) -> str | None:
    """What becomes of the names of `run`, or None if no act is told."""
    after = _AFTER.match(text, run[-1].end, high)
    word = after.group("word") if after else ""
    verbs = list(_VERB.finditer(text, low, run[0].start))
    verb = verbs[-1].group() if verbs else ""
    if not verb and first and word in ("为", "的", "任") and _NUMBER_ONLY.fullmatch(
            text, low, run[0].start):
        earlier = list(_VERB.finditer(text, max(0, low - _REACH), low))
        verb = earlier[-1].group() if earlier else ""
    if word in ("任", "担任", "兼任") and verb in ("补选", "选举", "推选", "增补", "增选", "另选"):
        return "ELECTED"
    if word in _AFTER_TYPE:
        return _AFTER_TYPE[word]
    if verb == "接受":
        return "RESIGNED" if "辞" in text[run[-1].end:high] else None
    if word == "为":
        return _TYPE.get(verb, "ELECTED") if verb else "HOLDS"
    close = bool(verbs) and run[0].start - verbs[-1].end() <= 3
    if word == "的":
        return _TYPE.get(verb) if verb else None
    return _TYPE.get(verb, "ELECTED") if close and verb else None


@relation_rule("REMOVED", score=0.8, examples=[
    "云泽区第八届人民代表大会第1代表组陈雨代表因工作调动，其代表资格终止。"])
def seat_ends(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """X代表因…，其代表资格终止."""
    text = context.view.text
    placed = _people_and_posts(context, spans)
    for left, right in zip(placed, placed[1:]):
        if left.label == "PERSON" and right.label == "POST" and left.end == right.start \
                and text.startswith("因", right.end) and _SEAT_ENDS.search(
                    text, right.end, right.end + 200):
            yield Link("REMOVED", left.index, right.index)


_SEAT_ENDS = lazy(r"资格[^\n]{0,8}终止")
_BESIDE = lazy(r"[ \t:(]{0,3}|有:")
_AMONG = lazy(r"[、,， \t和及]{0,2}")
_JOINED = lazy(r"[ \t]?[、兼,，和][ \t]?|")


@relation_rule("HOLDS", score=0.9, examples=["会上，常务副区长陈雨主持", "区财政局局长 赵青山", "区委书记、区人大常委会主任陈雨"])
def holds(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """A post and a name side by side."""
    text = context.view.text
    placed = _people_and_posts(context, spans)
    for position, (left, right) in enumerate(zip(placed, placed[1:])):
        if left.label == "POST" and right.label == "PERSON":
            if _BESIDE.fullmatch(text, left.end, right.start):
                posts = [left.index, *_posts_before(context, spans, placed, position)]
                for person in _row(text, placed, position + 1):
                    for post in posts:
                        yield Link("HOLDS", person, post)
        elif left.label == "PERSON" and right.label == "POST":
            between = text[left.end:right.start]
            if between in ("", "(") and not text.startswith("因", right.end) and (
                    between or not _other_holder(text, placed, position)):
                yield Link("HOLDS", left.index, right.index)


def _other_holder(text: str, placed: Sequence[_Placed], position: int) -> bool:
    """Whether the post right behind a name has a name of its own behind it (columns of names)."""
    return position + 2 < len(placed) and placed[position + 2].label == "PERSON" and \
        _BESIDE.fullmatch(text, placed[position + 1].end, placed[position + 2].start) is not None


def _row(text: str, placed: Sequence[_Placed], position: int) -> Iterator[int]:
    """副主任A、B: the name at `position` and the further names."""
    yield placed[position].index
    for place in range(position + 1, len(placed)):
        left, right = placed[place - 1], placed[place]
        if right.label != "PERSON" or not _AMONG.fullmatch(text, left.end, right.start):
            return
        yield right.index


def _posts_before(context: Context, spans: Sequence[SpanSuggestion], placed: Sequence[_Placed],
                  position: int) -> Iterator[int]:
    """The posts joined to the one at `position` by 、 or 兼, their organisations between them."""
    text, folded = context.view.text, context.folded
    while position and placed[position - 1].label == "POST":
        left, right = placed[position - 1], placed[position]
        start = left.end
        for index in range(left.index + 1, right.index):
            if spans[index].label not in ("ORG", "LOC"):
                return
            if _JOINED.fullmatch(text, start, folded[index][0]) is None:
                return
            start = folded[index][1]
        if _JOINED.fullmatch(text, start, right.start) is None or left.end == right.start:
            return
        yield left.index
        position -= 1


_SHARED = lazy(r"[、兼和及,，(\t ]{0,2}")
# A district's own head needs no owner: 副区长陈雨 after 区人大常委会主任 is not of the committee.
_HEAD = lazy(r"(?:[省市区县州镇乡盟旗]长|国务委员|总理|国家主席)$")
_ITS_PARTY = lazy(r"的党中央")


@relation_rule("POST_OF", score=0.93, examples=[
    "任命陈雨为云泽区人民法院副庭长、审判员", "区人大常委会主任陈雨，副主任周敏、王岚出席"])
def post_of(context: Context, spans: Sequence[SpanSuggestion]) -> Iterator[Link]:
    """The organisation or place right before a post; joined posts, and those of a row, share it."""
    text, folded = context.view.text, context.folded
    owner: int | None = None
    last: _Placed | None = None
    for entry in _people_and_posts(context, spans):
        if entry.label == "PERSON":
            if entry.index and spans[entry.index - 1].label == "ORG" and _group_between(
                    context, entry.index):
                owner = entry.index - 1
            last = entry
            continue
        left = spans[entry.index - 1] if entry.index else None
        if left is not None and left.label in ("ORG", "LOC") and not text[
                folded[entry.index - 1][1]:entry.start].strip(" :"):
            owner = entry.index - 1
        elif not (owner is not None and last is not None
                  and _shares(text, last, entry, spans)):
            owner = _committee(context, spans, entry)
        if owner is not None:
            yield Link("POST_OF", entry.index, owner)
        elif (party := _ITS_PARTY.match(text, entry.end)) and entry.index + 1 < len(spans) \
                and folded[entry.index + 1][0] == party.start() + 1:
            yield Link("POST_OF", entry.index, entry.index + 1)
        last = entry


def _shares(text: str, last: _Placed, entry: _Placed, spans: Sequence[SpanSuggestion]) -> bool:
    """Whether `entry` goes on with the organisation of the post before `last`, or of `last`."""
    if any(span.label in ("ORG", "LOC") for span in spans[last.index + 1:entry.index]):
        return False
    head = _HEAD.search(text, max(0, entry.end - 4), entry.end) is not None
    if last.label == "POST":
        return _SHARED.fullmatch(text, last.end, entry.start) is not None and (
            not head or _HEAD.search(text, max(0, last.end - 4), last.end) is not None)
    if last.end == entry.start:
        return text.startswith("代表", entry.start)
    between = text[last.end:entry.start]
    return len(between) <= 16 and not set(between) & set("。;\n:") and not head and text[
        entry.start:entry.end] not in ("总书记", "代表", "委员", "常委")


def _committee(context: Context, spans: Sequence[SpanSuggestion], entry: _Placed) -> int | None:
    """主任委员 and 委员 without an organ are of the committee named before."""
    text = context.view.text
    if text[entry.start:entry.end] not in ("主任委员", "副主任委员", "委员"):
        return None
    for index in range(entry.index - 1, max(-1, entry.index - 30), -1):
        span = spans[index]
        if span.label == "ORG" and context.document.text[span.end - 3:span.end] == "委员会":
            return index
    return None


def _group_between(context: Context, person: int) -> bool:
    """第八届人民代表大会第1代表组陈雨代表: the group between the organisation and the name."""
    return _GROUP.fullmatch(context.view.text, context.folded[person - 1][1],
                            context.folded[person][0]) is not None


_GROUP = lazy(r"第?[\d一二三四五六七八九十]*代表(?:小组|组|团)?")
