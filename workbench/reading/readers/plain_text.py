"""Plain text and Markdown: the text is the decoded file.

::

    ---
    title: 2030年云泽区政府工作报告
    ---
    # 政府工作报告
"""
from __future__ import annotations

import re

from workbench.reading.decoding import decode
from workbench.reading.draft import Draft, Mark
from workbench.reading.naming import slug

SUFFIXES = (".txt", ".md")

_FRONT = re.compile(r"---[ \t]*\n(?:[A-Za-z_][\w-]{0,40}:[^\n]{0,2000}\n){1,40}---[ \t]*(?=\n|$)")
_TITLE = re.compile(r"^title:\s*(\S[^\n]*?)\s*$", re.M)
_DATE = re.compile(r"^date:\s*(\d{4}-\d\d-\d\d)\s*$", re.M)
_COMMENT = re.compile(r"<!--(?:(?!-->)[\s\S]){0,2000}-->")


def read(name: str, data: bytes) -> list[Draft]:
    """One document. The fields of a front matter become its title and date, and are furniture."""
    decoded = decode(name, data)
    text = decoded.text
    marks = [Mark(*match.span(), "page_furniture") for match in _COMMENT.finditer(text)
             if _alone(text, *match.span())]
    front = _FRONT.match(text)
    title = date = None
    if front:
        marks = [Mark(0, front.end(), "page_furniture"),
                 *(mark for mark in marks if mark.start >= front.end())]
        title, date = _TITLE.search(front.group()), _DATE.search(front.group())
    return [Draft(slug(name), name, text, title=title[1].strip("\"'") if title else "",
                  date=date[1] if date else None, marks=tuple(marks), warnings=decoded.warnings)]


def _alone(text: str, start: int, end: int) -> bool:
    """Whether whole lines are marked: a block cannot begin or end inside a line."""
    return (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")
