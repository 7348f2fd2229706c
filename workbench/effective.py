"""What counts in a project: the built-in pack under the project's schema and guide, with the
overlay of its rules."""
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from labels import govdoc
from labels.guide import Guide, parse_guide
from labels.migrating import union
from labels.naming import Names, names_from_json
from labels.overlays import Fitted, fit, parse_overlay
from labels.rules import Pack, under
from labels.schema import Schema, parse_schema
from workbench.store import Row, Store
from workbench.store.overlays import newest_overlay
from workbench.store.schemas import APPLYING, newest_schema, schema_version


@dataclass(frozen=True)
class Version:
    """One version of the project's schema; `names` leads to it from those of the pack."""

    number: int
    schema: Schema
    guide: Guide
    names: Names


def version_of(row: Row) -> Version:
    """The content of a row of `store.schemas`."""
    return _version(row["version"], row["schema"], row["guide"], row["names"])


@lru_cache(maxsize=16)
def _version(number: int, schema: str, guide: str, names: str) -> Version:
    if not schema:
        return Version(number, govdoc.schema(), govdoc.guide(), Names())
    made = parse_schema(schema)
    return Version(number, made, parse_guide(guide, made) if guide else govdoc.guide(),
                   names_from_json(json.loads(names)))


def names_asked(store: Store, version: int | None) -> frozenset[str] | None:
    """The labels, relations and class sets of a version of the schema; None if it is not known."""
    row = None if version is None else schema_version(store, version)
    if row is None:
        return None
    schema = version_of(row).schema
    return frozenset((*schema.label_names, *(kind.name for kind in schema.relations),
                      *(classes.name for classes in schema.classes)))


def newest_version(store: Store) -> Version:
    """The newest version, though its migration may still go on."""
    return version_of(newest_schema(store))


def effective_schema(store: Store) -> Schema:
    """The schema that answers are read under: while they are on their way from one version to the
    next, they are valid under both."""
    return _schema(*_rows(store))


def base_pack(store: Store) -> Pack:
    """The built-in pack under the project's schema, without the overlay of the rules."""
    return _base(*_rows(store))


def fitted(store: Store) -> Fitted:
    """The pack that counts, and the changes of the overlay that do not fit it any more."""
    return _fitted(*_rows(store), newest_overlay(store)["content"])


def pack_hash(version: Version, overlay: str) -> str:
    """The hash of the pack under a version of the schema, with an overlay of the rules."""
    pack = under(govdoc.load(), version.schema, version.names)
    return fit(pack, parse_overlay(overlay)).pack.hash


def guide(store: Store) -> Guide:
    """The annotators' guide that counts."""
    return newest_version(store).guide


# The contents of the newest version, and of the one before while that one counts too.
_Rows = tuple[tuple[int, str, str, str], "tuple[int, str, str, str] | None"]


def _rows(store: Store) -> _Rows:
    newest = newest_schema(store)
    before = (schema_version(store, newest["version"] - 1) if newest["step"] in APPLYING
              else None)
    return _content(newest), None if before is None else _content(before)


def _content(row: Row) -> tuple[int, str, str, str]:
    return row["version"], row["schema"], row["guide"], row["names"]


@lru_cache(maxsize=8)
def _schema(newest: tuple[int, str, str, str],
            before: tuple[int, str, str, str] | None) -> Schema:
    version = _version(*newest)
    return version.schema if before is None else union(_version(*before).schema, version.schema)


@lru_cache(maxsize=8)
def _base(newest: tuple[int, str, str, str], before: tuple[int, str, str, str] | None) -> Pack:
    return under(govdoc.load(), _schema(newest, before), _version(*newest).names)


@lru_cache(maxsize=8)
def _fitted(newest: tuple[int, str, str, str], before: tuple[int, str, str, str] | None,
            overlay: str) -> Fitted:
    return fit(_base(newest, before), parse_overlay(overlay))
