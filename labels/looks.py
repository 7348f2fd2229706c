"""What people could not read or tell apart in a schema: pale colours, shared codes and titles."""
from __future__ import annotations

import re
from typing import Iterable, Sequence

from labels.colors import COLOR, CONTRAST, PAPER, contrast
from labels.errors import N_, SchemaError
from labels.schema import Choice, ClassSet, RelationType, Schema, SpanLabel

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufffe\uffff]")
_LONGEST_TITLE = 40
_LONGEST_CODE = 3


def check_looks(old: Schema, new: Schema) -> None:
    """Raise SchemaError for what people could not read or tell apart. What a pack brought along and
    nobody changed is left as it is."""
    for label in new.labels:
        if label in old.labels:
            continue
        if not COLOR.fullmatch(label.color):
            raise SchemaError(N_("%(color)r of label %(name)s is no colour"), color=label.color,
                              name=label.name, hint=N_("write it like #1f5fbf"))
        found = contrast(label.color, PAPER["light"])
        if found < CONTRAST:
            raise SchemaError(
                N_("the colour %(color)s of label %(name)s is too pale to read: its contrast is"
                   " %(found)s"), color=label.color, name=label.name, found=f"{found:.1f}",
                hint=N_("it takes %(needed)s; choose a darker one"), needed=CONTRAST)
        if label.hotkey and not re.fullmatch("[0-9a-z]", label.hotkey):
            raise SchemaError(N_("%(key)r of label %(name)s is no hotkey"), key=label.hotkey,
                              name=label.name, hint=N_("one digit or small letter"))
        if not 0 < len(label.code) <= _LONGEST_CODE:
            raise SchemaError(N_("the code %(code)r of label %(name)s has not 1 to 3 characters"),
                              code=label.code, name=label.name)
    _apart("code", [(label.name, label.code) for label in new.labels])
    _apart("title", [(label.name, label.title) for label in new.labels])
    _apart("title", [(relation.name, relation.title) for relation in new.relations])
    for classes in new.classes:
        _apart("title", [(choice.name, choice.title) for choice in classes.choices])
    things: Sequence[SpanLabel | RelationType | ClassSet | Choice] = (
        *new.labels, *new.relations, *new.classes,
        *(choice for classes in new.classes for choice in classes.choices))
    for thing in things:
        for title in (thing.title, thing.title_en):
            if not title.strip() or len(title) > _LONGEST_TITLE or _CONTROL.search(title):
                raise SchemaError(N_("%(name)s needs a title of one line, at most 40 characters"),
                                  name=thing.name)


def _apart(key: str, named: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for name, told in named:
        if told in seen:
            raise SchemaError(N_("%(first)s and %(second)s have the same %(key)s %(told)r"),
                              first=seen[told], second=name, key=key, told=told)
        seen[told] = name
