"""POST: the title of a person, or of a post that is filled, left or reported under."""
from __future__ import annotations

from typing import Iterator

from labels.govdoc.people import Title, titles
from labels.govdoc.rules.persons import called_by_post, clauses_of_office, named_posts, titled
from labels.govdoc.names import once
from labels.lazy import lazy
from labels.rules import Context, Match, rule

_ACT = lazy(r"任命|免去|辞去|辞职|补选|选举|提名|代理|任免|聘任|撤销|推选|罢免|撤换|不再担任|兼任|同志任|当选|因故不能担任")
_JOIN = lazy(r"[、,，和兼及(]+$")
# The last characters of organisations and of their parts; a bracket may close behind them.
_ORGAN_TAIL = lazy(
    r"(?:[局厅委院会办府处科队站所校庭组社馆部团台署协联室]|中心|公司|集团|街道|大学|中学|小学|银行|医院|法庭|支部|党组|工委|"
    r"[\u4e00-\u9fff](?<![全我本各该])[省市区县州镇乡村盟旗])$")
_BRACKETED = lazy(r"[局厅委院会办府处科队站所校庭组社馆部团台署室区心](?:\([^()\n]{1,16}\))$")
_COMMITTEE = lazy(r"(?:委员会|常委会|专委会|工委|人大常委|党委|委员|党工委)$")
_CAUSE = lazy(r"因|资格")


@rule("POST", priority=58, score=0.92, lexicons=("posts", "surnames"), examples=[
    "任命陈雨为云泽区财政局⟦局长⟧", "免去李云川的区人民法院⟦副庭长⟧、⟦审判员⟧职务",
    "⟦常务副区长⟧陈雨主持", "接受王岚辞去区人大常委会⟦委员⟧职务的请求",
    "补选赵青山为江岚市第十二届人民代表大会⟦代表⟧", "区财政局⟦局长⟧ 赵青山",
    "任命我为区市场监督管理局⟦局长⟧", "云泽县⟦代县长⟧ 周敏", "决定任命的⟦厅长⟧(⟦局长⟧)、委员会(办公室)⟦主任⟧",
    "⟦院长⟧(陈雨)作报告", "区水务局⟦党组书记⟧、⟦局长⟧兼⟦二级巡视员⟧陈雨", "由⟦总规划师⟧(李云川)介绍",
], rejects=["主任、各位副主任、各位委员:", "区人大代表建议办理", "主任会议讨论", "区长在线", "政协委员提案", "湖南省长沙市",
            "各地区长期坚持", "市长质量奖", "向各位代表报告", "主任(副主任)会议", "各位政协委员"])
def post(context: Context) -> Iterator[Match]:
    """A title behind its organisation, before a name, or in an act of appointment."""
    taken: set[int] = set()
    for title in titles(context):
        if _is_post(context, title, taken):
            taken.add(title.end)
            yield Match(title.start, title.end, terms=(title.term,))


def _is_post(context: Context, title: Title, taken: set[int]) -> bool:
    text, start, end = context.view.text, title.start, title.end
    if title.end in named_posts(context) or title.start in called_by_post(context):
        return True
    if start in _offices(context):
        return True
    low = max(0, start - 24)
    behind = _ORGAN_TAIL.search(text, low, start) or _BRACKETED.search(text, low, start)
    join = _JOIN.search(text, max(0, start - 2), start)
    joined = join is not None and join.start() in taken
    if title.kind == "member":
        return _is_member(context, title, joined)
    if title.kind == "state":
        return text[start - 3:start] in ("习近平", "国务院") or text[start - 2:start] in (
            "志为", "中央")
    act = _in_act(text, start, end)
    if title.kind == "judge":
        return behind is not None or joined or act
    if title.kind == "head":
        return text[start - 1:start] not in ("各", "“") and (
            behind is not None or joined or act or _alone(text, start, end))
    if behind is not None:
        return True
    return joined or act and _filled(text, start, end)


def _offices(context: Context) -> frozenset[int]:
    """Where the office begins that a name is said to take (陈雨为|主任委员)."""
    return once(context, "posts.offices", lambda _: frozenset(
        start for _, _, start in clauses_of_office(context)))


def _is_member(context: Context, title: Title, joined: bool) -> bool:
    """委员 and 代表 are posts where a committee or congress is named and a seat is at stake."""
    text, start, end = context.view.text, title.start, title.end
    if start in _titled_ends(context) and _CAUSE.match(text, end):
        return True
    if title.term == "常委":
        return text[start - 1:start] == "委" or joined
    if title.term == "代表":
        return _in_act(text, start, end) and (
            text[start - 2:start] in ("大会", "人大") or joined) and not text.startswith("资格", end)
    seat = _COMMITTEE.search(text, max(0, start - 4), start) is not None
    return (seat or joined) and not text.startswith(("会", "意见", "提出", "审议", "认为"), end)


def _in_act(text: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of an appointment before the title, or right behind it."""
    low = max(text.rfind(mark, max(0, start - 300), start) for mark in "。;\n") + 1
    return _ACT.search(text, max(low, start - 300), start) is not None or _ACT.search(
        text, end, end + 12) is not None


def _alone(text: str, start: int, end: int) -> bool:
    """A head of a division as one who acts: 由区长签署, 根据省长提名."""
    before, after = text[max(0, start - 2):start], text[end:end + 2]
    return before[-1:] in ("", "由", "据", "经", "任", "\n", "(", "。", "、", ",", "，", ":") or after in (
        "提名", "签署", "提请", "主持", "应当", "批准")


def _titled_ends(context: Context) -> frozenset[int]:
    """Where names end that a title or an award follows."""
    return once(context, "posts.titled", lambda _: frozenset(
        match.end for match in titled.function(context)))


def _filled(text: str, start: int, end: int) -> bool:
    """任命…为 TITLE, 的 TITLE 职务, 辞去 TITLE 职务."""
    return text.startswith(("职务", "的职务"), end) or text[start - 1:start] in (
        "为", "的", "去", "任", "个", "别", "在", "从", "定")
