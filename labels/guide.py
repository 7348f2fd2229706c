"""The annotators' guide: what is marked, with examples, beside the schema it explains.

It is a file of its own (``guide.toml`` of a pack), because a better explanation changes neither
the labels nor what rules suggest: its version and hash are kept apart from the schema's.
"""
from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping

from labels.errors import N_, SchemaError
from labels.schema import Schema, read_toml

_MARKED = re.compile(r"⟦([^⟦⟧]+)⟧")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an example; `marked` where it is the mention that is shown."""

    text: str
    marked: bool


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A text that holds nothing of the label, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class LabelGuide:
    """`edges` is the punctuation that may begin or end a mention; of none else it does."""

    rule: str
    yes: tuple[Pieces, ...]
    no: tuple[Refused, ...]
    decisions: tuple[Pieces, ...]
    edges: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """An example of a relation: `source` and `target` are words of `text`."""

    text: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class RelationGuide:
    rule: str
    yes: tuple[Linked, ...]
    decisions: tuple[Pieces, ...]


@dataclass(frozen=True, slots=True)
class ChoiceGuide:
    rule: str
    example: str


@dataclass(frozen=True, slots=True)
class ClassGuide:
    rule: str
    choices: Mapping[str, ChoiceGuide]


@dataclass(frozen=True)
class Guide:
    """`labels`, `relations` and `classes` are keyed by the names of the schema."""

    version: str
    hash: str
    general: tuple[str, ...] = ()
    labels: Mapping[str, LabelGuide] = field(default_factory=dict)
    relations: Mapping[str, RelationGuide] = field(default_factory=dict)
    classes: Mapping[str, ClassGuide] = field(default_factory=dict)

    @property
    def edges(self) -> dict[str, str]:
        """By label, the punctuation that may begin or end it, as `labels.lints` asks for it."""
        return {name: entry.edges for name, entry in self.labels.items() if entry.edges}


NO_GUIDE = Guide("", "")


def load_guide(path: Path, schema: Schema) -> Guide:
    """Read the guide at `path`. Raises SchemaError with file and entry."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SchemaError(N_("%(file)s cannot be read: %(why)s"), file=path, why=error.strerror)
    return parse_guide(text, schema, path.name)


def parse_guide(text: str, schema: Schema, source: str = "guide") -> Guide:
    """Parse TOML `text` and check it against `schema`; `source` is named in errors."""
    raw = read_toml(text, source)
    known = {"labels": set(schema.label_names), "relations": {r.name for r in schema.relations},
             "classes": {classes.name for classes in schema.classes}}
    for kind, names in known.items():
        for name in raw.get(kind, {}):
            if name not in names:
                raise _fault(source, f"{kind}.{name}", N_("the schema has no such entry"))
    return Guide(
        version=str(raw.get("version", "")),
        hash=hashlib.sha256(text.encode("utf-8")).hexdigest()[:16],
        general=tuple(raw.get("general", ())),
        labels={name: _label(row, f"labels.{name}", source)
                for name, row in raw.get("labels", {}).items()},
        relations={name: _relation(row, f"relations.{name}", source)
                   for name, row in raw.get("relations", {}).items()},
        classes={name: _class_set(row, schema, name, source)
                 for name, row in raw.get("classes", {}).items()})


def guide_table(guide: Guide) -> dict[str, Any]:
    """The table that TOML of the guide holds; all of its entries are new and may be changed."""
    return {
        "version": guide.version, "general": list(guide.general),
        "labels": {name: {
            "rule": entry.rule, "yes": [written(example) for example in entry.yes],
            "no": [[refused.text, refused.why] for refused in entry.no],
            "decisions": [written(text) for text in entry.decisions],
            **({"edges": entry.edges} if entry.edges else {})}
            for name, entry in guide.labels.items()},
        "relations": {name: {
            "rule": entry.rule,
            "yes": [[link.text, link.source, link.target] for link in entry.yes],
            "decisions": [written(text) for text in entry.decisions]}
            for name, entry in guide.relations.items()},
        "classes": {name: {"rule": entry.rule, "choices": {
            choice: [told.rule, told.example] for choice, told in entry.choices.items()}}
            for name, entry in guide.classes.items()}}


def _label(row: Mapping[str, Any], entry: str, source: str) -> LabelGuide:
    for example in row.get("yes", ()):
        if not _MARKED.search(example):
            raise _fault(source, entry, N_("an example marks nothing with ⟦ ⟧"))
    return LabelGuide(
        rule=row.get("rule", ""), yes=tuple(_pieces(example) for example in row.get("yes", ())),
        no=tuple(Refused(*pair) for pair in _rows(row, "no", 2, entry, source)),
        decisions=_decisions(row), edges=str(row.get("edges", "")))


def _pieces(example: str) -> Pieces:
    # re.split with one group gives text and mention in turn.
    return tuple(Piece(text, place % 2 == 1)
                 for place, text in enumerate(_MARKED.split(example)) if text)


def _decisions(row: Mapping[str, Any]) -> tuple[Pieces, ...]:
    return tuple(_pieces(text) for text in row.get("decisions", ()))


def written(pieces: Pieces) -> str:
    """`pieces` as one line of text, what is marked in ⟦ ⟧."""
    return "".join(f"⟦{piece.text}⟧" if piece.marked else piece.text for piece in pieces)


def _relation(row: Mapping[str, Any], entry: str, source: str) -> RelationGuide:
    links = tuple(Linked(*three) for three in _rows(row, "yes", 3, entry, source))
    for link in links:
        if link.source not in link.text or link.target not in link.text:
            raise _fault(source, entry, N_("an example lacks the words it links"))
    return RelationGuide(row.get("rule", ""), links, _decisions(row))


def _class_set(row: Mapping[str, Any], schema: Schema, name: str, source: str) -> ClassGuide:
    entry = f"classes.{name}"
    known = {choice.name for choice in schema.class_set(name).choices}
    choices = row.get("choices", {})
    for choice in choices:
        if choice not in known:
            raise _fault(source, f"{entry}.{choice}", N_("the schema has no such entry"))
    return ClassGuide(row.get("rule", ""), {
        choice: ChoiceGuide(*_rows({"choices": [pair]}, "choices", 2, entry, source)[0])
        for choice, pair in choices.items()})


def _rows(row: Mapping[str, Any], key: str, length: int, entry: str,
          source: str) -> list[list[str]]:
    found = row.get(key, [])
    for item in found:
        if not (isinstance(item, list) and len(item) == length
                and all(isinstance(part, str) for part in item)):
            raise _fault(source, entry, N_("an example has not as many texts as it needs"))
    return list(found)


def _fault(source: str, entry: str, why: str) -> SchemaError:
    return SchemaError(N_("%(file)s [%(entry)s]: %(why)s"), file=source, entry=entry, why=why)
