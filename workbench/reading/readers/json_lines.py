"""JSON Lines: one document a line, its text exactly as given.

::

    {"id": "云泽-1", "text": "全年实现地区生产总值120亿元。"}
    {"id": "云泽-2", "text": "二、工作安排\\r\\n……"}
"""
from __future__ import annotations

import json
from typing import Any, Iterator

from labels.errors import N_, ReadError
from workbench.reading.decoding import decode
from workbench.reading.draft import Draft
from workbench.reading.naming import slug

SUFFIXES = (".jsonl",)

_HINT = N_("each line must be an object with \"id\" and \"text\"; nothing of the file was read")


def read(name: str, data: bytes) -> list[Draft]:
    """One document a row; ids are ``<slug>:<row id>``. A bad row refuses the whole file."""
    decoded = decode(name, data, newlines=False)
    return [Draft(f"{slug(name)}:{key}", name, text, title=title, warnings=decoded.warnings)
            for key, text, title in rows(name, decoded.text)]


def rows(name: str, lines: str) -> Iterator[tuple[str, str, str]]:
    """(id, text, title or "") of every row.

    Refused are rows that are no object, lack a key, repeat an id, or whose text is empty or not
    text (NUL characters, lone surrogates).
    """
    seen: dict[str, int] = {}
    for number, line in enumerate(lines.split("\n"), 1):
        if not line.strip():
            continue
        row = _row(name, number, line)
        key, text = _id(name, number, row), _text(name, number, row)
        if key in seen:
            raise ReadError(
                N_("%(file)s line %(line)s: the id %(id)s stands in line %(first)s too"),
                hint=_HINT, file=name, line=number, id=key, first=seen[key])
        seen[key] = number
        title = row.get("title")
        yield key, text, title if isinstance(title, str) else ""


def _row(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        why = getattr(error, "msg", "nested too deeply")
        raise ReadError(N_("%(file)s line %(line)s: not JSON (%(why)s)"), hint=_HINT,
                        file=name, line=number, why=why) from error
    if not isinstance(row, dict):
        raise ReadError(N_("%(file)s line %(line)s: not a JSON object"), hint=_HINT,
                        file=name, line=number)
    return row


def _id(name: str, number: int, row: dict[str, Any]) -> str:
    key = row.get("id")
    if isinstance(key, bool) or not isinstance(key, (str, int)) or not str(key).strip():
        raise ReadError(N_("%(file)s line %(line)s: \"id\" must be a text or a whole number"),
                        hint=_HINT, file=name, line=number)
    _whole(name, number, "id", str(key))
    return str(key)


def _text(name: str, number: int, row: dict[str, Any]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise ReadError(N_("%(file)s line %(line)s: \"text\" must be a text"), hint=_HINT,
                        file=name, line=number)
    if not text.strip():
        raise ReadError(N_("%(file)s line %(line)s: \"text\" is empty"), hint=_HINT,
                        file=name, line=number)
    _whole(name, number, "text", text)
    return text


def _whole(name: str, number: int, key: str, content: str) -> None:
    """Refuse what UTF-8 and SQLite cannot hold."""
    if "\0" in content or any("\ud800" <= character <= "\udfff" for character in content):
        raise ReadError(
            N_("%(file)s line %(line)s: \"%(key)s\" holds a NUL or half a surrogate pair"),
            hint=N_("write the file anew from its source in UTF-8"),
            file=name, line=number, key=key)
