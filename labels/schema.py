"""Label schemas: which spans, relations and classes are marked.

A schema is written in TOML (see ``labels/govdoc/schema.toml``), read once, validated, frozen.
"""
from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

from labels.errors import N_, SchemaError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - the same library under its older name
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class SpanLabel:
    """`title` is Chinese, `title_en` English; `code` is the short mark shown beside a span."""

    name: str
    title: str
    title_en: str
    code: str
    color: str
    hotkey: str
    guide: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a relation with a closed list of values, e.g. direction: up, down, flat."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationType:
    """`source` and `target` name the span labels it may connect."""

    name: str
    title: str
    title_en: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class ClassSet:
    """A question asked of a whole `unit` ("paragraph", "block" or "document")."""

    name: str
    title: str
    title_en: str
    unit: str
    multiple: bool
    choices: tuple[Choice, ...]

    def choice(self, name: str) -> Choice:
        return next(choice for choice in self.choices if choice.name == name)


@dataclass(frozen=True, slots=True)
class Schema:
    name: str
    version: str
    title: str
    title_en: str
    labels: tuple[SpanLabel, ...]
    relations: tuple[RelationType, ...]
    classes: tuple[ClassSet, ...]
    hash: str

    def label(self, name: str) -> SpanLabel:
        return next(label for label in self.labels if label.name == name)

    def relation(self, name: str) -> RelationType:
        return next(relation for relation in self.relations if relation.name == name)

    def class_set(self, name: str) -> ClassSet:
        return next(classes for classes in self.classes if classes.name == name)

    @property
    def label_names(self) -> tuple[str, ...]:
        return tuple(label.name for label in self.labels)

    @property
    def paragraph_classes(self) -> tuple[ClassSet, ...]:
        """The class sets that people are asked, one paragraph a task."""
        return tuple(classes for classes in self.classes if classes.unit == "paragraph")


def load_schema(path: Path) -> Schema:
    """Read and validate the TOML schema at `path`. Raises SchemaError with the file's name."""
    try:
        text = path.read_text(encoding="utf-8")
        return parse_schema(text, source=path.name)
    except OSError as error:
        raise SchemaError(N_("%(file)s cannot be read: %(why)s"), file=path, why=error.strerror)


def read_toml(text: str, source: str) -> dict[str, Any]:
    """The table that TOML `text` holds; `source` is named in errors. Raises SchemaError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(N_("%(file)s is not TOML: %(why)s"), file=source, why=error) from error


def parse_schema(text: str, source: str = "schema") -> Schema:
    """Parse TOML `text`; `source` is named in errors. Raises SchemaError."""
    raw = read_toml(text, source)
    schema = Schema(
        name=_need(raw, "name", source), version=str(_need(raw, "version", source)),
        title=raw.get("title", raw["name"]), title_en=raw.get("title_en", raw["name"]),
        labels=tuple(_label(name, row, source) for name, row in raw.get("labels", {}).items()),
        relations=tuple(
            _relation(name, row, source) for name, row in raw.get("relations", {}).items()),
        classes=tuple(
            _class_set(name, row, source) for name, row in raw.get("classes", {}).items()),
        hash=hashlib.sha256(text.encode("utf-8")).hexdigest()[:16],
    )
    _validate(schema, source)
    return schema


def schema_table(schema: Schema) -> dict[str, Any]:
    """The table that TOML of the schema holds; all of its entries are new and may be changed."""
    return {
        "name": schema.name, "version": schema.version, "title": schema.title,
        "title_en": schema.title_en,
        "labels": {label.name: {
            "title": label.title, "title_en": label.title_en, "code": label.code,
            "color": label.color, "hotkey": label.hotkey, "guide": label.guide}
            for label in schema.labels},
        "relations": {relation.name: {
            "title": relation.title, "title_en": relation.title_en,
            "from": list(relation.source), "to": list(relation.target),
            "attributes": {one.name: list(one.values) for one in relation.attributes}}
            for relation in schema.relations},
        "classes": {classes.name: {
            "title": classes.title, "title_en": classes.title_en, "unit": classes.unit,
            "multiple": classes.multiple, "choices": {
                choice.name: [choice.title, choice.title_en] for choice in classes.choices}}
            for classes in schema.classes}}


def write_toml(table: Mapping[str, Any]) -> str:
    """TOML that `read_toml` reads back equal. Raises SchemaError for half a character."""
    import tomli_w
    text = tomli_w.dumps(dict(table))
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise SchemaError(N_("a text holds half a character (a lone surrogate)"))
    return text


def _need(row: Mapping[str, Any], key: str, where: str) -> Any:
    if key not in row:
        raise SchemaError(N_("%(where)s lacks the key %(key)r"), where=where, key=key)
    return row[key]


def _label(name: str, row: Mapping[str, Any], source: str) -> SpanLabel:
    where = f"{source} [labels.{name}]"
    return SpanLabel(
        name=name, title=_need(row, "title", where), title_en=_need(row, "title_en", where),
        code=row.get("code", name[:3]), color=_need(row, "color", where),
        hotkey=row.get("hotkey", ""), guide=row.get("guide", ""))


def _relation(name: str, row: Mapping[str, Any], source: str) -> RelationType:
    where = f"{source} [relations.{name}]"
    return RelationType(
        name=name, title=_need(row, "title", where), title_en=_need(row, "title_en", where),
        source=tuple(_need(row, "from", where)), target=tuple(_need(row, "to", where)),
        attributes=tuple(Attribute(key, tuple(values))
                         for key, values in row.get("attributes", {}).items()))


def _class_set(name: str, row: Mapping[str, Any], source: str) -> ClassSet:
    where = f"{source} [classes.{name}]"
    return ClassSet(
        name=name, title=_need(row, "title", where), title_en=_need(row, "title_en", where),
        unit=_need(row, "unit", where), multiple=bool(row.get("multiple", False)),
        choices=tuple(Choice(key, titles[0], titles[1])
                      for key, titles in _need(row, "choices", where).items()))


def _validate(schema: Schema, source: str) -> None:
    names = set(schema.label_names)
    for relation in schema.relations:
        for label in (*relation.source, *relation.target):
            if label not in names:
                raise SchemaError(
                    N_("%(file)s: relation %(relation)s names the unknown label %(label)r"),
                    file=source, relation=relation.name, label=label)
    hotkeys: dict[str, str] = {}
    for span_label in schema.labels:
        if span_label.hotkey and span_label.hotkey in hotkeys:
            raise SchemaError(
                N_("%(file)s: labels %(first)s and %(second)s share the hotkey %(key)r"),
                file=source, first=hotkeys[span_label.hotkey], second=span_label.name,
                key=span_label.hotkey)
        hotkeys[span_label.hotkey] = span_label.name
    for classes in schema.classes:
        if classes.unit not in ("paragraph", "block", "document"):
            raise SchemaError(
                N_("%(file)s: class set %(name)s asks of an unknown unit %(unit)r"),
                file=source, name=classes.name, unit=classes.unit)
