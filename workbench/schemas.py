"""Changing the schema of a project: a draft of typed changes, saved as a version, undone.

What is wrong with a change is told before anything is stored. A saved version counts when its
migration (`workbench.migration`) has taken all answers along.
"""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping, Sequence

from labels import govdoc
from labels.errors import InputError, N_, SchemaError
from labels.guide import NO_GUIDE, Guide, guide_table, load_guide
from labels.migrating import Changed, apply, check_meanings
from labels.naming import Names, every_name, inverse, names_from_json
from labels.schema import Schema, load_schema, schema_table, write_toml
from labels.schema_diff import diff
from labels.schema_changes import Change, change_from_json, change_to_json
from workbench.effective import Version, newest_version, version_of
from workbench.files import write_atomically
from workbench.migration import WIDEN
from workbench.planning import Way, backward, forward, plan
from workbench.project import Project
from workbench.store import Store
from workbench.store.answers import canonical
from workbench.store.schemas import (
    add_move, add_schema, drop_schema_draft, newest_schema, put_schema_draft, require_settled,
    schema_draft, schema_version,
)

SCHEMA_FILE, GUIDE_FILE = "schema.toml", "guide.toml"


# --- the draft -----------------------------------------------------------------------------------

def to_lines(changes: Sequence[Change]) -> str:
    """Changes as JSON Lines."""
    return "".join(json.dumps(change_to_json(change), ensure_ascii=False) + "\n"
                   for change in changes)


def from_lines(text: str) -> list[Change]:
    """The inverse of `to_lines`. Raises SchemaError with the line."""
    changes: list[Change] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SchemaError(N_("line %(line)s: this is no JSON object: %(why)s"), line=number,
                              why=error) from error
        changes.append(change_from_json(record))
    return changes


def drafted_changes(store: Store) -> list[Change]:
    begun = schema_draft(store)
    return from_lines(begun["changes"]) if begun else []


def with_changes(store: Store, changes: Sequence[Change]) -> Changed:
    """What the newest version would be with `changes`. Raises SchemaError."""
    newest = newest_version(store)
    version = f"{govdoc.schema().version}.{newest.number + 1}"
    return apply(newest.schema, newest.guide, changes, version)


def edit(store: Store, by: str, *added: Change) -> Changed:
    """Put changes into the draft, or begin one. Raises SchemaError for one that is no good."""
    with store.write():
        changes = [*drafted_changes(store), *added]
        made = with_changes(store, changes)
        put_schema_draft(store, to_lines(changes), by)
    return made


def take_out(store: Store, by: str, index: int) -> None:
    """Take one change out of the draft. Raises SchemaError where later ones build on it."""
    with store.write():
        changes = drafted_changes(store)
        if not 0 <= index < len(changes):
            raise InputError(N_("there is no such change in the draft"))
        kept = [*changes[:index], *changes[index + 1:]]
        with_changes(store, kept)
        put_schema_draft(store, to_lines(kept), by)


# --- saved ---------------------------------------------------------------------------------------

def way_of_changes(store: Store, changes: Sequence[Change]) -> Way:
    """From the newest version to the next one. Raises SchemaError if nothing would change."""
    newest = newest_version(store)
    made = with_changes(store, changes)
    if _content(made.schema, made.guide) == _content(newest.schema, newest.guide):
        raise SchemaError(N_("these changes change nothing"))
    base = govdoc.schema()
    return forward(newest, Version(newest.number + 1, made.schema, made.guide,
                                   newest.names.then(made.names).of(base)), made.names)


def _content(schema: Schema, guide: Guide) -> Mapping[str, Any]:
    return {"schema": {**schema_table(schema), "version": ""},
            "guide": {**guide_table(guide), "version": ""}}


def save(store: Store, changes: Sequence[Change], why: str, by: str,
         base: int | None = None) -> int:
    """Store the next version with all that it makes of answers and gold; returns its number.

    Its migration is still to be run. Raises SchemaError or InputError, and nothing is stored.
    """
    reason = _reason(why)
    with store.write():
        way = way_of_changes(store, changes)
        if base is not None and base != way.old.number:
            raise _meanwhile(way.old.number, base)
        version = add_schema(
            store, base=way.old.number, schema=write_toml(schema_table(way.new.schema)),
            guide=write_toml(guide_table(way.new.guide)), names=way.new.names.text(),
            changes=to_lines(changes), mapping=way.names.text(), why=reason, by=by, step=WIDEN)
        _keep_plan(store, version, way)
        drop_schema_draft(store)
    return version


def save_draft(store: Store, why: str, by: str) -> int:
    """As `save`, of the draft."""
    begun = schema_draft(store)
    if begun is None:
        raise InputError(N_("there is no draft"))
    return save(store, from_lines(begun["changes"]), why, by, begun["base"])


def way_back(store: Store, number: int) -> Way:
    """From the newest version to an earlier one (0: the pack's own). Raises InputError where there
    is none, or SchemaError where a name has got another meaning in between."""
    newest = newest_schema(store)
    require_settled(store)
    row = schema_version(store, number)
    if row is None:
        raise InputError(N_("there is no version %(version)s"), version=number)
    target, current = version_of(row), version_of(newest)
    if _content(target.schema, target.guide) == _content(current.schema, current.guide):
        raise InputError(N_("the schema is that of version %(version)s"), version=number)
    way = backward(store, current, target)
    check_meanings(current.schema, target.schema, way.names)
    return way


def go_back(store: Store, number: int, why: str, by: str) -> int:
    """Store an earlier version's content as the next version, as `save` does."""
    with store.write():
        if schema_draft(store) is not None:
            raise InputError(N_("there is a draft"), hint=N_("save or drop it first"))
        way = way_back(store, number)
        row = schema_version(store, number)
        assert row is not None
        version = add_schema(
            store, base=way.old.number, schema=row["schema"], guide=row["guide"],
            names=row["names"], changes="", mapping=way.names.text(), why=why.strip(), by=by,
            step=WIDEN, back_to=number)
        _keep_plan(store, version, way)
    return version


def _keep_plan(store: Store, version: int, way: Way) -> None:
    for move in plan(store, way):
        add_move(store, version, region_id=move.region_id, origin=move.origin,
                 studio_annotation=move.studio_annotation, answer_id=move.answer_id,
                 before=canonical(move.before), after=canonical(move.after), result=move.result,
                 notes=[note.to_json() for note in move.notes])


def _meanwhile(newest: int, base: int) -> InputError:
    return InputError(N_("the schema was changed meanwhile: version %(newest)s is newer than"
                         " %(base)s"), newest=newest, base=base,
                      hint=N_("drop the draft and make the change again"))


def _reason(why: str) -> str:
    if not why.strip():
        raise InputError(N_("say why"), hint=N_("who reads the history later will ask"))
    return why.strip()


# --- as files ------------------------------------------------------------------------------------

def export(project: Project, folder: Path) -> list[Path]:
    """Write the schema and guide that count as the files of a pack; returns them."""
    with project.open() as store:
        row = newest_schema(store)
    texts = {SCHEMA_FILE: row["schema"], GUIDE_FILE: row["guide"]}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        with write_atomically(folder / name) as handle:
            handle.write(text or (govdoc.FOLDER / name).read_text(encoding="utf-8"))
        written.append(folder / name)
    return written


def read_files(path: Path) -> tuple[Schema, Guide | None]:
    """Schema and guide (if there is one) in a pack folder, or in a schema file without a guide.
    Raises SchemaError."""
    schema = load_schema(path / SCHEMA_FILE if path.is_dir() else path)
    guide = path / GUIDE_FILE
    return schema, load_guide(guide, schema) if path.is_dir() and guide.exists() else None


def read_changes(store: Store, path: Path, renames: Mapping[str, str] | None = None,
                 removed: Sequence[str] = ()) -> list[Change]:
    """The changes that lead from the newest version to what is in `path`: typed changes in a
    ``.jsonl`` file, else a schema as `read_files` takes it. Raises SchemaError."""
    if path.suffix == ".jsonl":
        try:
            return from_lines(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(N_("%(file)s cannot be read: %(why)s"), file=path,
                             why=error) from error
    newest = newest_version(store)
    schema, guide = read_files(path)
    return diff(newest.schema, newest.guide, schema, guide or NO_GUIDE, renames, removed,
                explained=guide is not None)


def between(store: Store, first: int, second: int | None = None) -> list[Change]:
    """The changes from a version to another (None: the newest). Names that went another way than
    the versions between tell are removed and added."""
    last = newest_schema(store)["version"] if second is None else second
    rows = [schema_version(store, number) for number in (first, last)]
    for number, row in zip((first, last), rows):
        if row is None:
            raise InputError(N_("there is no version %(version)s"), version=number)
    old, new = (version_of(row) for row in rows if row is not None)
    low, high = sorted((first, last))
    names = names_between(store, low, high)
    if low != first:
        names = inverse(names.of(new.schema), new.schema, old.schema)
    now = {name: names.now(name) for name in every_name(old.schema)}
    renames = {_written(name): _written(end) for name, end in now.items()
               if end is not None and name[-1] != end[-1] and end in set(every_name(new.schema))}
    # Of what became one, one was renamed and the others are gone.
    once = {new_name: old_name for old_name, new_name in reversed(renames.items())}
    renames = {old_name: new_name for new_name, old_name in once.items()
               if new_name not in {_written(name) for name in every_name(old.schema)}}
    gone = [_written(name) for name in every_name(old.schema)
            if name not in set(every_name(new.schema)) and _written(name) not in renames]
    return diff(old.schema, old.guide, new.schema, new.guide, renames, gone)


def _written(name: tuple[str, ...]) -> str:
    return ".".join(name[1:])


def names_between(store: Store, first: int, last: int) -> Names:
    """What the names of version `first` became in the later version `last`."""
    names = Names()
    for number in range(first + 1, last + 1):
        row = schema_version(store, number)
        assert row is not None
        names = names.then(names_from_json(json.loads(row["mapping"])))
    return names
