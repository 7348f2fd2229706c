"""POST: the title of a person, or of a post that is filled, left or reported under."""
from __future__ import annotations

import re
from typing import Iterator

from labels.govdoc.names import once, terms
from labels.govdoc.rules.organisations import local_organ, named_body, national_organ, \
    numbered_congress
from labels.govdoc.rules.persons import beside_post, is_name, titled
from labels.rules import Context, Match, rule

_AFTER = re.compile(r"会议|办公会|接待|信箱|热线|负责制|责任制|质量奖|在线|令|级|助理|席位|联席|工程|团队|讲坛|论坛|"
                    r"建议|工作|议案|之家|资格|小组|团|法|联络|视察|培训|活动|们|大会|候选人|基金|办理|选举")
_ACT = re.compile(r"任命|免去|辞去|补选|选举|提名|代理|决定任免|聘任|撤销|推选|罢免")
_JOIN = re.compile(r"[、,，和兼及]+$")


def _clause_has_act(text: str, start: int) -> bool:
    low = max(text.rfind(mark, 0, start) for mark in "。;\n") + 1
    return _ACT.search(text, max(low, start - 300), start) is not None


def _edges(context: Context) -> tuple[frozenset[int], frozenset[int]]:
    """Where organisations end and where names begin."""
    def make(_: Context) -> tuple[frozenset[int], frozenset[int]]:
        ends = frozenset(match.end for source in (local_organ, named_body, national_organ,
                                                  numbered_congress)
                         for match in source.function(context))
        begins = frozenset(match.start for source in (beside_post,)
                           for match in source.function(context))
        return ends, begins
    return once(context, "posts.edges", make)


@rule("POST", priority=58, score=0.92, lexicons=(
    "posts", "organs", "surnames", "places", "openers"), examples=[
    "任命陈雨为云泽区财政局⟦局长⟧", "免去李云川的区人民法院⟦副庭长⟧、⟦审判员⟧职务",
    "⟦常务副区长⟧陈雨主持", "接受王岚辞去区人大常委会⟦委员⟧职务的请求",
    "补选赵青山为江岚市第十二届人民代表大会⟦代表⟧", "区财政局⟦局长⟧ 赵青山",
    "任命我为区市场监督管理局⟦局长⟧",
], rejects=["主任、各位副主任、各位委员:", "区人大代表建议办理", "主任会议讨论", "区长在线", "政协委员提案"])
def post(context: Context) -> Iterator[Match]:
    """A title behind its organisation, before a name, or in an act of appointment."""
    text = context.view.text
    ends, begins = _edges(context)
    entries = context.lexicon("posts").entries
    taken: set[int] = set()
    for match in terms(context, "posts", "head", "alone", "title", "member").finditer(text):
        start, end = match.span()
        kind = entries[match.group()]["kind"]
        if _AFTER.match(text, end) or text[max(0, start - 2):start] in ("各位", "全体", "历任"):
            continue
        named = any(end + gap in begins and not text[end:end + gap].strip(" \t:")
                    for gap in (0, 1, 2))
        behind = start in ends
        act = _clause_has_act(text, start)
        joined = _JOIN.search(text[max(0, start - 2):start]) is not None and any(
            start - gap in taken for gap in (1, 2))
        if kind == "member":
            good = named or (behind or joined) and act or start in _titled_ends(
                context) and text.startswith("因", end)
        elif kind == "head":
            good = named or behind or joined or (act and _filled(text, start, end))
        elif kind == "alone":
            good = True
            if match.group() in ("审判员", "检察员", "人民陪审员", "副检察长", "副庭长"):
                good = behind or act or named or joined or "任免" in text
            elif match.group() == "总书记":
                good = text[start - 3:start] == "习近平"
            else:
                good = named
        else:
            good = behind or named or joined or (act and _filled(text, start, end))
        if good and not _salutation(text, start, end):
            taken.add(end)
            yield Match(start, end)


def _titled_ends(context: Context) -> frozenset[int]:
    """Where names end that a title or an award follows."""
    return once(context, "posts.titled", lambda _: frozenset(
        match.end for match in titled.function(context)))


def _filled(text: str, start: int, end: int) -> bool:
    """任命…为 TITLE, 的 TITLE 职务, 辞去 TITLE 职务."""
    return text.startswith("职务", end) or text[start - 1:start] in ("为", "的", "去", "任")


def _salutation(text: str, start: int, end: int) -> bool:
    """主任、各位副主任… opens a speech."""
    line = text[max(text.rfind("\n", 0, start), text.rfind("。", 0, start)) + 1:end + 12]
    return "各位" in line and (":" in line or line.startswith(("主任", "尊敬", "各位")))


@rule("POST", priority=58, score=0.85, lexicons=("posts",), examples=[
    "⟦院长⟧(陈雨)作报告", "由⟦总规划师⟧(李云川)介绍"], rejects=["主任(副主任)会议"])
def before_bracketed_name(context: Context) -> Iterator[Match]:
    """A title before a name in brackets."""
    text = context.view.text
    for match in terms(context, "posts", "head", "title").finditer(text):
        inner = re.match(r"\((\w{2,3})\)", text[match.end():match.end() + 5])
        if inner is not None and is_name(inner.group(1), context):
            yield Match(*match.span())
