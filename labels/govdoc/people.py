"""Titles of posts and names of persons: where they may stand, for the rules of both.

A title is a word of ``lexicons/posts.tsv`` with the rank before it (副, 代理, 常务副 …). A name is a
surname of ``lexicons/surnames.tsv`` with one or two characters, a name with a dot
(阿依努尔·买买提), or one that begins as names of minorities do. Chinese does not part a name from what
follows, so its end is looked for: punctuation, a gap in the source, or a word that follows names.
"""
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterator

from labels.govdoc.names import HAN, common_words, once
from labels.govdoc.scanning import find
from labels.lazy import lazy
from labels.lexicons import Lexicon
from labels.rules import Context

DOT = "·•・‧"
_DOTS = frozenset(DOT)
NAME_CHARS = f"{HAN}{DOT}"
_SHAPE = lazy(rf"[{HAN}]{{2,4}}|[{HAN}]{{1,10}}(?:[{DOT}][{HAN}]{{1,10}}){{1,3}}")


@dataclass(frozen=True, slots=True)
class Title:
    """A title at ``text[start:end]`` of the folded view; `term` is its word without the rank."""

    start: int
    end: int
    term: str
    kind: str


# What stands before a title and belongs to it.
_RANK = lazy(
    r"(?:(?:常务|第一|执行|名誉|专职|兼职|挂职|代理|代)?副|常务|第一|执行|名誉|首席|专职|兼职|代理|助理|总|"
    r"(?<![现时当后古历年])代|[一二三四]级(?:高级)?)$")
_RANK_END = frozenset("副务一行誉席职理代总级")
# A title followed by these is part of another word or an institution named after it.
_COMPOUND = lazy(
    r"会议|办公会|办公室|接待|信箱|热线|负责制|责任制|责任|质量奖|在线|杯|令|助理(?!检)|席位|联席|圆桌|工程|团队|讲坛|论坛|"
    r"小组|团|培训|们|基金|单位|制[度的]|信访|级(?!高)|岗|[a-zA-Z0-9]")
# Of 代表 and 委员 there are more such words.
_COMPOUND_MEMBER = lazy(
    r"建议|议案|之家|资格|联络|视察|活动|大会|候选人|致辞|选举|办理")
_LONG = frozenset("长")
# 区长 after these is the tail of 社区, 园区 …, not the head of a district.
_NOT_A_DISTRICT = frozenset("社片园小地老城街校山库景灾牧矿郊辖新")


def titles(context: Context) -> tuple[Title, ...]:
    """All titles of the document that are no part of a longer word, salutations left out."""
    return once(context, "people.titles", lambda _: tuple(_titles(context)))


def _titles(context: Context) -> Iterator[Title]:
    text = context.view.text
    lexicon = context.lexicon("posts")
    greeted = _Ranges(salutations(context))
    for term, start, end in find(context, "posts"):
        kind = lexicon.entries[term]["kind"]
        if term == "人大代表" and text.startswith("职务", end):
            yield Title(end - 2, end, "代表", "member")
        if kind == "none" or greeted.holds(start):
            continue
        if kind != "state" and _COMPOUND.match(text, end) or kind == "member" and (
                _COMPOUND_MEMBER.match(text, end)):
            continue
        if term == "区长" and text[start - 1:start] in _NOT_A_DISTRICT:
            continue
        if text[end - 1] in _LONG and _goes_on(context, end):
            continue
        if start and text[start - 1] in _RANK_END:
            rank = _RANK.search(text, max(0, start - 6), start)
            start = rank.start() if rank else start
        yield Title(start, end, term, kind)


def gap(context: Context, index: int) -> bool:
    """Whether the source has white space, dropped in folding, right before folded `index`."""
    return index < len(context.view.text) and context.view.gap_before(index)


def _goes_on(context: Context, end: int) -> bool:
    """Whether 长 at ``end - 1`` begins a word (长期, 长沙) rather than ends a title."""
    if gap(context, end):
        return False
    text = context.view.text
    return text[end - 1:end + 1] in _long_words() or text[end - 1:end + 2] in _long_words()


@lru_cache(maxsize=1)
def _long_words() -> frozenset[str]:
    return frozenset(word for word in common_words() if word[0] == "长") | frozenset(
        "长" + char for char in _LONG_PLACES)


# 长沙, 长春 … after a division's name are the next one (湖南省长沙市).
_LONG_PLACES = "沙春治乐宁兴丰江城安岛清葛垣阳顺武白汀泰寿子岭洲三海征株潭吉珲"


class _Ranges:
    """Stretches of the text in order, asked whether they hold an index."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in ranges]
        self._ranges = ranges

    def holds(self, index: int) -> bool:
        position = bisect_right(self._starts, index) - 1
        return position >= 0 and index < self._ranges[position][1]


_GREETED = lazy(rf"各位[{HAN}]{{2,8}}?(?:[、,，](?=[{HAN}]{{2,8}}[、,，:!。])[{HAN}]{{2,8}}){{0,6}}")
_GREETED_BEFORE = lazy(
    r"(?:尊敬的)?(?:[\u4e00-\u9fff]{0,2}(?:主任|主席|书记|[省市区县州镇乡]长|秘书长|院长|检察长|主持人)[、,，]){1,4}$")


def salutations(context: Context) -> list[tuple[int, int]]:
    """Where 主任、各位副主任、各位委员 are addressed, not named."""
    def make(_: Context) -> list[tuple[int, int]]:
        text, found = context.view.text, []
        for match in _GREETED.finditer(text):
            before = _GREETED_BEFORE.search(text, max(0, match.start() - 30), match.start())
            found.append((before.start() if before else match.start(), match.end()))
        return found
    return once(context, "people.salutations", make)


def is_name(text: str, context: Context, known: bool = False) -> bool:
    """Whether `text` is shaped like the name of a person.

    `known` says that the place it stands in takes names only, so that common words are let pass.
    """
    lexicon = context.lexicon("surnames")
    surnames = lexicon.entries
    # Most that is asked begins as no name does: told by one look-up.
    if text[:1] not in lexicon.derived(_beginnings) and not (
            known and not _DOTS.isdisjoint(text)) or not _SHAPE.fullmatch(text):
        return False
    if not _DOTS.isdisjoint(text):
        return known or _minority(text, lexicon)
    if text[:2] in surnames and len(text) >= 3:
        kind = surnames[text[:2]]["kind"]
        return kind == "given" or known or text[2:] not in common_words()
    if len(text) == 4 or text[0] not in surnames:
        return _minority(text, lexicon)
    return known or not wordy(text)


def _minority(text: str, surnames: Lexicon) -> bool:
    given = surnames.derived(_given)
    return text[:2] in given or text[:3] in given or text[:4] in given or text[:5] in given or (
        text[0] in _FIRST_SYLLABLES and not _DOTS.isdisjoint(text))


def _beginnings(surnames: Lexicon) -> frozenset[str]:
    """The first characters of all names but those that the place they stand in tells."""
    return frozenset(term[0] for term in surnames) | _FIRST_SYLLABLES


def _given(surnames: Lexicon) -> frozenset[str]:
    """The first parts, of two to five characters, of names that have no surname."""
    return frozenset(term for term, row in surnames.entries.items()
                     if row["kind"] == "given" and 2 <= len(term) <= 5)


# First syllables of most Uyghur, Kazakh, Tibetan and Mongolian names written with a dot.
_FIRST_SYLLABLES = frozenset(
    "阿艾买吐玉热古木努依伊帕库哈喀祖沙麦迪米亚赛尼穆克加叶肉司斯居吾乌塔吉卡巴别波达麻图夏地胡罕先苏再早孜萨铁提其娜"
    "扎旺格洛次德丹才仁桑索白拉多嘎泽")


def wordy(text: str) -> bool:
    """Whether a name of two or three characters reads as everyday words (方案, 高新区, 和委员)."""
    words = common_words()
    if text in words or text[:2] in words:
        return True
    return len(text) == 3 and text[0] in _FUNCTION and text[1:] in words


# Surnames that are more often a conjunction, preposition or head of a phrase.
_FUNCTION = frozenset("和应于向从自由任过时连都全")

_AFTER_NAME = lazy(
    r"[\s,，。;:、()（）】\]\n\t|]|$|等|同志|先生|女士|教授|院士|各位|带头|亲自|会见|部署|召开|深入|会同|率先|任|担任|主任|说|出席|主持|率|带队|"
    r"代表|在|参加|宣布|介绍|作|就|受|到|赴|表示|强调|指出|要求|讲话|致辞|一行|和|与|及|为|的|向|对|当选|传达|陪同|调研|汇报|通报|"
    r"分别|辞|因|签|致|宣读|专题|指导|检查|看望|慰问|听取|审定|批示|同时|以及|荣|获|被|列席|出任|调任|当|于|从|以|兼|书面|报告|代")


def name_end(context: Context, start: int, known: bool = False) -> int | None:
    """The end of a name that begins at `start`, or None.

    Three characters before a boundary, else two; a gap of the source is a boundary, but one after
    the first character may stand inside a name (王 岚).
    """
    text = context.view.text
    dotted = _DOTTED.match(text, start)
    if dotted is not None and is_name(dotted.group(), context, known):
        return dotted.end()
    for length in (3, 2, 4):
        piece = text[start:start + length]
        if len(piece) < length or not is_name(piece, context, known):
            continue
        if length == 3 and piece[2] in _AFTER_TWO and is_name(piece[:2], context, known):
            continue
        if length == 3 and gap(context, start + 2) and not gap(context, start + 1):
            continue
        if gap(context, start + length) or _AFTER_NAME.match(text, start + length):
            return start + length
    return start + 3 if _stands_alone(context, start) else None


# The third character is the next word (王军等, 周敏和) rather than of the name.
_AFTER_TWO = frozenset("等和与及率在对向就为任说兼")
_DOTTED = lazy(rf"[{HAN}]{{1,10}}(?:[{DOT}][{HAN}]{{1,10}}){{1,3}}(?=[^{HAN}]|$|同志|等)")


def _stands_alone(context: Context, start: int) -> bool:
    """Whether three characters are a name though no boundary follows: no everyday word in them."""
    text, words = context.view.text, common_words()
    piece = text[start:start + 3]
    if len(piece) < 3 or not is_name(piece, context):
        return False
    surname = context.lexicon("surnames").entries.get(piece[0], {})
    across = piece[2] + text[start + 3:start + 4]
    return surname.get("kind") == "single" and not words & {piece, piece[:2], piece[1:], across} \
        and text[start + 3:start + 5] in words
