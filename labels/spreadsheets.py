"""Text in files that a spreadsheet opens: never a formula, and exactly itself again when read.

A spreadsheet takes a cell of a CSV file that begins with one of ``= + - @`` (or their full-width
forms, in East Asian editions), a tab or a line break for a formula or a command, quoted or not
(OWASP, *CSV Injection*). The texts here come from documents of others, so such a text is led by an
apostrophe. A text that begins with an apostrophe is led by one too; so whoever takes away one
leading apostrophe has the text as it was.
"""
from __future__ import annotations

import re

_LEAD = "'"
# White space and what cannot be seen may stand before the sign: some programs skip it.
_FORMULA = re.compile(
    "[\\s\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]*[=+\\-@＝＋－＠]"
    "|[\t\r\n']")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%?")


def guarded(text: str) -> str:
    """`text` as a cell of a CSV file; a plain number with its sign is no formula."""
    return _LEAD + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return text[1:] if text.startswith(_LEAD) else text
