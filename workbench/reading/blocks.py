"""Lines → blocks. First lines that belong together are grouped, then each group gets its kind.

A group is judged by its form and by its neighbours: a short line after a title is a byline, the
same line at the end a signature. Each group is looked at a fixed number of times, and patterns see
only its first and last characters, so cost is linear in the text.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Sequence

from labels.document import Block
from workbench.reading import cues
from workbench.reading.draft import Line, Mark
from workbench.reading.footnotes import note_mark
from workbench.reading.furniture import is_furniture, is_running_head
from workbench.reading.names import names_in, stated_count
from workbench.reading.numbering import Lead, lead
from workbench.reading.toc import title_key

_DASH = re.compile(r"(?:——|——|──|--(?!-))\s?")
_BOLD_LINE = re.compile(r"(?:\*\*|__)[^*]{1,80}(?:\*\*|__)")
_APPENDIX = re.compile(
    r"附\s*(?:件|表|录)?\s*\d{0,2}\s*(?:[:：].{0,40})?|名\s?词\s?解\s?释|摘\s?要|注释|前\s?言|引\s?言|结\s?语|备注")
_FIGURE = re.compile(r"\**图\s*\d{1,3}(?:[-—.－]\d{1,3})*\s*[:：.．]?\s*\S")
_IMPRINT = re.compile(r"版权所有|备案|ICP|公网安备|网站标识|主办单位|承办单位|Copyright", re.I)
_CONTACT = re.compile(r"(?:地\s*址|电\s*话|邮\s*箱|邮\s*编|邮政编码|传\s*真|热\s*线)[^：:]{0,6}[:：]")
_COUNTER = re.compile(r"\d{2}")
_DECREE = re.compile(r"(?:任命|免去|决定任命|决定免去|批准任命|补选)")
_ATTENDANCE = re.compile(r"[^：:。，]{2,14}[:：]\s*\S")
_WRAPPED = 100
_FORM = 240


@dataclass
class Group:
    """Neighbouring lines that make one block; `text` is what they hold."""

    start: int
    end: int
    text: str
    lead: Lead
    gap: bool
    lines: int
    kind: str = ""
    level: int = 0
    toc: frozenset[str] = field(default_factory=frozenset)

    @property
    def short(self) -> bool:
        return self.end - self.start <= _FORM


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of each line before it is read: its kind ("" if nothing) and heading level."""

    kind: str = ""
    level: int = 0
    mark: int = -1


def stated_by(marks: Sequence[Mark], lines: Sequence[Line]) -> list[Stated]:
    """The marks as a list along the lines; both are in order of their start."""
    stated = [Stated()] * len(lines)
    at = 0
    for number, line in enumerate(lines):
        while at < len(marks) and marks[at].end <= line.start:
            at += 1
        if at < len(marks) and marks[at].start <= line.start:
            stated[number] = Stated(marks[at].kind, marks[at].level, at)
    return stated


def make_groups(text: str, lines: Sequence[Line], stated: Sequence[Stated]) -> list[Group]:
    """Group the lines that are one paragraph (wrapped by a PDF) or one title of several lines."""
    groups: list[Group] = []
    first = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or _parts(text, lines, stated, number):
            begin, end = lines[first], lines[number - 1]
            content = text[begin.start:end.end]
            groups.append(Group(begin.start, end.end, content, lead(content), begin.gap,
                                number - first, stated[first].kind, stated[first].level))
            first = number
    return groups if lines else []


def _parts(text: str, lines: Sequence[Line], stated: Sequence[Stated], number: int) -> bool:
    """Whether a new block begins with line `number`."""
    line, before = lines[number], lines[number - 1]
    if line.gap or stated[number].mark != stated[number - 1].mark:
        return True
    if stated[number].kind != stated[number - 1].kind or stated[number].kind in (
            "toc_entry", "table_row", "table_caption"):
        return True
    if stated[number].mark >= 0 and not stated[number].kind:
        return False  # the format states that both lines are one paragraph
    content = text[line.start:min(line.end, line.start + _FORM)]
    previous = text[max(before.start, before.end - _FORM):before.end]
    head, last = lead(content), lead(text[before.start:min(before.end, before.start + 48)])
    if head.style or head.bullet or head.hashes or last.hashes or note_mark(content):
        return True
    if _DASH.match(content) or _DECREE.match(content):
        return True
    if is_furniture(content) or is_furniture(previous):
        return True
    return _ends_block(text, line, before, previous, content)


def _ends_block(text: str, line: Line, before: Line, previous: str, content: str) -> bool:
    """Whether the line before ends a block by its own end."""
    length = before.end - before.start
    if before.end - before.start <= 60 and (
            cues.is_salutation(previous) or (
                line.end - line.start <= 30 and cues.is_salutation(content))
            or cues.is_person_line(previous)
            or cues.is_person_line(content) or cues.is_date_line(content)
            or cues.is_docno_line(previous) or cues.is_date_line(previous)):
        return True
    if names_in(text, line.start, min(line.end, line.start + _FORM)) and not names_in(
            text, before.start, min(before.end, before.start + _FORM)):
        return length < 30
    if line.width > _WRAPPED:
        # Lines as long as that were not cut at a page's edge: each is a paragraph of its own.
        return length <= 60 or cues.ends_sentence(previous)
    return cues.ends_sentence(previous) and (length > 60 or length < 0.75 * line.width)


def classify(text: str, groups: Sequence[Group], toc: frozenset[str]) -> None:
    """Give every group its kind. Reads forward once, looking one group ahead and one back."""
    zone = 6  # how many more groups may still be bylines; the start of a text is such a place
    titled = attendance = False
    for number, group in enumerate(groups):
        after = groups[number + 1] if number + 1 < len(groups) else None
        before = groups[number - 1] if number else None
        if not group.kind:
            group.kind = _kind(text, group, before, after, zone, titled, toc, attendance)
        if group.kind == "title":
            titled, zone = True, 6
            attendance = bool(cues.document_type(group.text) == "attendance")
        elif group.kind in ("byline", "table_caption", "page_furniture", "toc_entry"):
            zone -= group.kind == "byline"
        elif group.kind != "footnote":
            zone = 0
    _mark_signatures(groups)
    _mark_footer(groups)
    _mark_numbered_lines(groups)


def _kind(text: str, group: Group, before: Group | None, after: Group | None, zone: int,
          titled: bool, toc: frozenset[str], attendance: bool) -> str:
    content = group.text
    if not group.short:
        return _long_kind(group)
    if is_furniture(content) and not (titled is False and content.endswith("公报")):
        return "page_furniture"
    if note_mark(content):
        return "footnote"
    if _is_title(group, after, zone, titled, toc):
        return "title"
    numbered = bool(group.lead.style)
    if zone > 0 and not numbered and (cues.is_byline(content) or (
            cues.is_organ_line(content) and after is not None and cues.is_byline(after.text[:180]))
            or (cues.is_organ_line(content) and after is not None and titled
                and cues.is_salutation(after.text[:60]))
            or (before is not None and before.kind == "byline" and cues.closes_byline(content))):
        return "byline"
    if not numbered and cues.is_docno_line(content) or cues.is_source_line(content) or (
            not numbered and cues.starts_byline(content) and cues.is_byline(content)):
        return "byline"
    if cues.is_salutation(content, under_title=zone > 0) and not group.lead.style:
        return "salutation"
    if names_in(text, group.start, group.end):
        return "name_list"
    if group.gap and _FIGURE.match(content) and len(content) <= 60 and not cues.ends_sentence(
            content):
        return "table_caption"
    if attendance and _ATTENDANCE.match(content) and not stated_count(content):
        return "name_list"
    if _is_heading(group, before, after):
        return "heading"
    return _long_kind(group)


def _long_kind(group: Group) -> str:
    """The kind of running text."""
    if note_mark(group.text[:12]):
        return "footnote"
    if group.lead.bullet or (group.lead.style and group.lead.style != "part"):
        return "list_item"
    dashed = _DASH.match(group.text) and not cues.starts_byline(group.text[:24])
    return "list_item" if dashed else "paragraph"


def _is_title(group: Group, after: Group | None, zone: int, titled: bool,
              toc: frozenset[str]) -> bool:
    if group.lead.style or not group.gap and titled and group.lines == 1 and not group.lead.hashes:
        return False
    if group.lead.bullet:
        return "【" in group.text[:6] and group.lines == 1 and not cues.ends_sentence(group.text)
    if group.lead.hashes == 1 and not titled and cues.TITLE_MAX >= len(group.text):
        return True
    key = title_key(group.text.lstrip("#"))
    if len(key) >= 4 and key in toc and not cues.ends_sentence(group.text):
        return True
    if not cues.is_title_form(group.text):
        return False
    if not titled and zone > 0 or group.lead.hashes == 1:
        return True
    return after is not None and after.short and (
        cues.starts_byline(after.text) or cues.is_source_line(after.text)
        or cues.is_docno_line(after.text)
        or (cues.is_date_line(after.text) and _titles_of_weight(group.text))
        or (cues.is_salutation(after.text) and _titles_of_weight(group.text))
        or cues.is_organ_line(after.text) or cues.is_person_line(after.text))


def _titles_of_weight(content: str) -> bool:
    """Whether a line is long enough to be a title rather than the name of a small section."""
    return len(cues.squeeze(content)) >= 8 or cues.document_type(content) != "other" or (
        cues.squeeze(content).endswith("报告"))


def _is_heading(group: Group, before: Group | None, after: Group | None) -> bool:
    content, head = group.text, group.lead
    if head.hashes or _APPENDIX.fullmatch(content):
        return True
    if _BOLD_LINE.fullmatch(content) and not cues.ends_sentence(content.strip("*_ ")):
        return not head.bullet
    if head.bullet or len(content) > 90:
        return False
    if head.style:
        return _numbered_heading(group, before, after)
    return (len(content) <= 24 and group.lines == 1 and group.gap
            and after is not None and after.gap
            and "\t" not in content and content[-1] not in "，,、。；;：:！？!?…）)”"
            and not any(c in "。；，,;：" for c in content) and not content[0].isdigit()
            and after.kind in ("", "heading", "list_item") and not is_running_head(content)
            and not cues.is_date_line(after.text[:40]) and not cues.is_date_line(content)
            and not cues.is_organ_line(content) and len(content) >= 4
            and (before is None or before.kind in (
                "heading", "title", "table_caption", "table_row", "salutation", "byline",
                "signature", "toc_entry", "footnote") or cues.ends_sentence(before.text)))


def _numbered_heading(group: Group, before: Group | None, after: Group | None) -> bool:
    """A numbered line without the end of a sentence is a heading; with one, only if it stands
    alone above plain text, not among its like."""
    body = group.text[group.lead.body:].rstrip("* ")
    if not body or stated_count(group.text) is not None:
        return bool(body)
    if body[-1] in "；;，,、":
        return False
    if group.lead.style in ("article", "circled") and (
            len(body) > 30 or body[-1] in "：:" and group.lead.style == "article"):
        return False
    siblings = [near for near in (before, after)
                if near is not None and near.lead.style == group.lead.style and near.kind in (
                    "", "list_item")]
    if body[-1] in "。！？!?":
        return (group.lead.rank <= 4 and len(body) <= 50 and "。" not in body[:-1]
                and not siblings and after is not None and not after.kind)
    if body[-1] in "：:":
        return not siblings and len(body) <= 40
    if any(c in "。；" for c in body) or "一是" in body:
        return False
    if group.lead.rank >= 5 and len(body) > 34 and ("，" in body or "," in body):
        return False
    # Among neighbours that are sentences it is an item that lost its full stop at a page break.
    return not (siblings and group.lead.rank >= 5 and all(
        cues.ends_sentence(near.text) for near in siblings)) and after is not None


def _mark_signatures(groups: Sequence[Group]) -> None:
    """A date that stands alone, and the lines of organ or name above it, sign what is above."""
    for number, group in enumerate(groups):
        if group.kind not in ("paragraph", "heading") or not cues.is_date_line(group.text):
            continue
        group.kind = "signature"
        for near in reversed(groups[max(number - 3, 0):number]):
            if near.kind not in ("paragraph", "heading", "byline") or len(near.text) > 36 or (
                    near.lead.style or cues.ends_sentence(near.text) or near.lead.hashes):
                break
            near.kind = "signature"


def _mark_footer(groups: Sequence[Group]) -> None:
    """Lines of contact at the end of a page belong to the site if its imprint stands among them."""
    first = len(groups)
    imprint = False
    while first:
        group = groups[first - 1]
        if group.kind == "page_furniture":
            imprint = imprint or bool(_IMPRINT.search(group.text[:_FORM]))
        elif group.kind not in ("paragraph", "list_item", "heading") or not (
                group.short and _CONTACT.search(group.text)):
            break
        first -= 1
    if imprint:
        for group in groups[first:]:
            group.kind = "page_furniture"


def _mark_numbered_lines(groups: Sequence[Group]) -> None:
    """``01``, a line under it, then text: the headings of pages made for a telephone. They count
    from 1, and are three or more."""
    found: list[Group] = []
    for number, group in enumerate(groups[:-2]):
        title, body = groups[number + 1], groups[number + 2]
        if _COUNTER.fullmatch(group.text) and int(group.text) == len(found) + 1 and (
                title.kind in ("paragraph", "heading") and len(title.text) <= 24
                and title.lead.plain and not cues.ends_sentence(title.text)
                and len(body.text) > len(title.text)):
            found.append(title)
    if len(found) >= 3:
        for title in found:
            title.kind = "heading"


def blocks_of(groups: Sequence[Group]) -> list[Block]:
    return [Block(group.kind, group.start, group.end) for group in groups]
