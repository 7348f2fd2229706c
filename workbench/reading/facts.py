"""What a document or a part of one is: title, type, date, issuer, speaker, meeting, number.

All is read from the first blocks and the signature; each fact keeps where it stands in the text.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Iterator, Mapping, Sequence

from labels.document import Block
from workbench.reading import cues
from workbench.reading.tables import plain

_ABOUT = re.compile(
    r"(?P<who>[^，。《》“”]{2,40}?)(?:关于|20\d\d|二〇|任免|免职|任命|公告|"
    r"(?:上?半年|年度|全年)?工作(?:情况)?(?:的)?报告|第[\d一二三四五六七八九十]{1,4}次)")
_MEETING = re.compile(
    r"(?P<m>[一-鿿](?:(?!关于)[一-鿿\d\s]){2,60}?(?:第\s*[\d一二三四五六七八九十]{1,4}|[一二三四五六七八九十]{1,3})\s*次"
    r"\s*(?:全\s*体\s*)?会\s*议(?:[（(]扩大[)）])?)")
_WORK_REPORT = re.compile(r"(?:【[^】]{1,20}】)?(?:\d{4}年)?(?P<who>[一-鿿]{2,20}?政府)工作报告")
_BEFORE_MEETING = re.compile(r"(?:日)?\s*(?:上午|下午)?\s*在?\s*")
_DAY_OR_YEAR = re.compile(r"\d{4}\s*年|[二一][〇○零一二三四五六七八九OＯ０]{3}\s*年|\d{1,2}\s*月\s*\d{1,2}\s*日")
_NAME = re.compile(r"[\s　;；](?P<n>[一-鿿](?:[\s　]{0,3}[一-鿿]){1,3}(?:·[一-鿿]{1,6})?)$")
_POST = re.compile(
    r"(?P<post>(?:代理|代|党组|党委|常务|第一)?(?:副)?(?:主任委员|主任|局长|区长|市长|县长|镇长|乡长|旗长|盟长|州长|省长|院长|"
    r"检察长|书记|主席|部长|处长|科长|厅长|会长|理事长|董事长|总裁|总经理|经理|秘书长|总审计师|审计师|委员|理事|代表|支队长|"
    r"总队长|行长)(?:[、兼，\s].*)?)$")
_FIRST = 12
_HEAD = 240


@dataclass(frozen=True, slots=True)
class Facts:
    """`spans` holds where title, date, issuer, speaker, post, meeting and number stand."""

    title: str
    type: str
    date: str | None = None
    issuer: str | None = None
    number: str | None = None
    speaker: str | None = None
    post: str | None = None
    meeting: str | None = None
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def find_facts(text: str, blocks: Sequence[Block], title: str = "",
               date: str | None = None) -> Facts:
    """The facts of the document that `blocks` make up; `title` and `date` where they tell none.

    The date is that of a byline under the title, else of the last signature, else in the title.
    """
    told = list(islice((b for b in blocks if b.kind not in ("page_furniture", "toc_entry")),
                       _FIRST + 1))
    spans: dict[str, tuple[int, int]] = {}
    titles = [block for block in told if block.kind == "title"]
    first = next((block for block in titles if cues.is_title_form(text[block.start:block.end])),
                 titles[0] if titles else None)
    found = plain(text[first.start:first.end]) if first else ""
    if first and found:
        spans["title"] = first.start, first.end
    found = found or title
    lines = [block for block in told[:_FIRST] if block.kind in ("byline", "signature")]
    signatures = [block for block in blocks if block.kind == "signature"]
    day = _date(text, (*lines, *reversed(signatures)), spans)
    number = _number(text, lines, spans)
    speaker, post, body = _speaker(text, [b for b in lines if b.kind == "byline"], spans)
    meeting = _meeting(text, told, first, lines, spans)
    issuer = _issuer(text, found, first, lines, signatures, spans)
    if issuer is None and body is not None:
        issuer = cues.squeeze(text[body[0]:body[1]])
        spans["issuer"] = body
    return Facts(found, cues.document_type(found), day or date, issuer, number, speaker, post,
                 meeting, spans)


def gazette_facts(text: str, blocks: Sequence[Block], title: str = "",
                  date: str | None = None) -> Facts:
    """The facts of a gazette itself: its name is a running head or a line above its contents."""
    named = next((plain(text[b.start:b.end]) for b in blocks if b.kind in (
        "page_furniture", "title", "heading") and b.end - b.start <= 40
        and text[b.start:b.end].endswith("公报")), title)
    about = _ABOUT.match(named + "公告")
    issuer = cues.squeeze(about["who"]).removesuffix("公报") if about else ""
    return Facts(named, "gazette", date, issuer if cues.is_organ_line(issuer) else None)


def is_gazette(blocks: Sequence[Block]) -> bool:
    """Whether the blocks are contents and then many documents, as a gazette has them."""
    kinds = [block.kind for block in blocks]
    return kinds.count("title") >= 5 and kinds.count("toc_entry") >= 5 and (
        kinds.index("toc_entry") < len(kinds) - kinds[::-1].index("title"))


def _date(text: str, lines: Sequence[Block],
          spans: dict[str, tuple[int, int]]) -> str | None:
    for block in lines:
        content = text[block.start:block.end]
        day = cues.date_in(content)
        if day:
            at = cues.date_span(content)
            if at:
                spans["date"] = block.start + at[0], block.start + at[1]
            return day
    return None


def _number(text: str, lines: Sequence[Block],
            spans: dict[str, tuple[int, int]]) -> str | None:
    for block in lines:
        content = text[block.start:block.end]
        number = cues.docno_in(content) if cues.is_docno_line(content) else None
        if number:
            spans["number"] = _where(text, block, number) or (block.start, block.end)
            return number
    return None


def _speaker(text: str, bylines: Sequence[Block], spans: dict[str, tuple[int, int]]
             ) -> tuple[str | None, str | None, tuple[int, int] | None]:
    """(name, post, where the body stands that has the post) of ``云泽区财政局局长 张 三``."""
    for block in bylines:
        content = text[block.start:block.end].rstrip("* ）)")
        name = _NAME.search(content) if cues.is_person_line(content.lstrip("* （(")) else None
        if name is None:
            continue
        spans["speaker"] = block.start + name.start("n"), block.start + name.end()
        before = content[:name.start()].rstrip()
        post = _POST.search(before)
        if post is None:
            return _joined(name["n"]), None, None
        spans["post"] = block.start + post.start(), block.start + post.end()
        lead = len(before) - len(before.lstrip("* （("))
        body = cues.squeeze(before[lead:post.start()])
        where = (block.start + lead, block.start + lead + len(before[lead:post.start()].rstrip()))
        return (_joined(name["n"]), _joined(post["post"]),
                where if cues.is_organ_line(body) else None)
    return None, None, None


def _meeting(text: str, told: Sequence[Block], title: Block | None, lines: Sequence[Block],
             spans: dict[str, tuple[int, int]]) -> str | None:
    """The session that the byline names, else the title, else the head of the text."""
    places = [(first.start, last.end) for first, last in _runs(told, lines)]
    if title is not None:
        places.append((title.start, title.end))
        after = told[told.index(title) + 1:][:1]
        places.extend((block.start, block.end) for block in after
                      if block.kind in ("paragraph", "list_item")
                      and _DAY_OR_YEAR.match(text[block.start:block.start + 24].lstrip("—–─- ")))
    for start, end in places:
        head = text[start:min(end, start + _HEAD)]
        for begin in _after_dates(head):
            found = _MEETING.match(head, begin)
            if found:
                spans["meeting"] = start + found.start("m"), start + found.end("m")
                return _joined(found["m"])
    return None


def _runs(told: Sequence[Block], lines: Sequence[Block]) -> list[tuple[Block, Block]]:
    """Bylines that stand one under the other, as first and last: a page may cut them in two."""
    runs: list[tuple[Block, Block]] = []
    inside = {id(block) for block in lines}
    before = False
    for block in told:
        here = id(block) in inside
        if here and before:
            runs[-1] = runs[-1][0], block
        elif here:
            runs.append((block, block))
        before = here
    return runs


def _after_dates(head: str) -> Iterator[int]:
    """Where the name of a session may begin: after a date, or at the start."""
    places = [found.end() for found in _DAY_OR_YEAR.finditer(head)][::-1]
    for place in (*places, len(head) - len(head.lstrip("—–─-（( "))):
        gap = _BEFORE_MEETING.match(head, place)
        yield gap.end() if gap else place


def _issuer(text: str, title: str, block: Block | None, lines: Sequence[Block],
            signatures: Sequence[Block], spans: dict[str, tuple[int, int]]) -> str | None:
    words = cues.squeeze(title)
    about = _WORK_REPORT.match(words) or (None if words[:1] == "在" else _ABOUT.match(words))
    if about and cues.is_organ_line(about["who"]):
        where = _where(text, block, about["who"]) if block else None
        if where:
            spans["issuer"] = where
        return about["who"]
    for line in (*lines, *signatures):
        body = cues.squeeze(text[line.start:line.end])
        if cues.is_organ_line(body):
            spans["issuer"] = line.start, line.end
            return body
    return None


def _where(text: str, block: Block, words: str) -> tuple[int, int] | None:
    """Where `words`, which have no white space, stand in a block that may have some."""
    found = re.compile(r"[\s*]*".join(map(re.escape, words))).search(text, block.start, block.end)
    return found.span() if found else None


def _joined(words: str) -> str:
    return "".join(words.split())
