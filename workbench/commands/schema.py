"""The schema of a project."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Sequence

import click

from labels.errors import InputError, N_
from workbench.commands.base import NEEDS_PERSON, bar, main, out, project_of, say
from workbench.project import Project


@main.group()
def schema() -> None:
    """What the project changes in its labels, relations, classes and guide."""


@schema.command("export")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@click.pass_context
def schema_export(ctx: click.Context, folder: Path) -> None:
    """Write the schema and guide that count to FOLDER, as the files of a pack."""
    from workbench import schemas
    for path in schemas.export(project_of(ctx), folder):
        click.echo(str(path))


@schema.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--why", default="", help="Kept in the history of the schema.")
@click.option("--dry-run", is_flag=True, help="Only say what it would touch.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW",
              help="A name that is gone became one that is new (of a choice: SET.OLD=NEW).")
@click.option("--removed", multiple=True, metavar="NAME",
              help="A name that is gone was removed, though others are new.")
@click.pass_context
def schema_import(ctx: click.Context, source: Path, why: str, dry_run: bool,
                  renames: tuple[str, ...], removed: tuple[str, ...]) -> None:
    """Make the schema in SOURCE the one that counts; all answers go along.

    SOURCE is a pack folder or a schema file, or typed changes as JSON Lines (.jsonl).
    """
    from workbench import migration, schemas
    project = project_of(ctx)
    with project.open() as store:
        changes = schemas.read_changes(store, source, _pairs(renames), removed)
        if dry_run:
            _tell_dry_run(project, schemas.way_of_changes(store, changes),
                          [schemas.change_to_json(change) for change in changes])
            return
        migration.require_reachable(project)
        schemas.save(store, changes, why, "cli")
    _migrate(ctx, project)


def _pairs(renames: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in renames:
        old, sign, new = pair.partition("=")
        if not sign or not old or not new:
            raise InputError(N_("%(pair)s is not OLD=NEW"), pair=pair)
        found[old] = new
    return found


def _tell_dry_run(project: Project, way: Any, changes: list[Any]) -> None:
    from workbench.dry_run import dry_run
    from workbench.migration import counted_there
    with project.open() as store:
        found = dry_run(store, way)
    found.there = counted_there(project, way)
    out({"changes": changes, "dry_run": found.as_json()})


def _migrate(ctx: click.Context, project: Project) -> None:
    """Run the migration of the newest version; says what became of it."""
    from workbench import migration
    from workbench.store.schemas import newest_schema
    with bar("Migrating") as progress:
        migration.migrate(project, progress)
    with project.open() as store:
        row = newest_schema(store)
    told = json.loads(row["told"])
    out({"version": row["version"], **told})
    for where, what in told.get("problems", {}).items():
        say(f"workbench: {where}: {what}")
    ctx.exit(NEEDS_PERSON if told.get("problems") or told.get("review") else 0)


@schema.command("diff")
@click.argument("first", type=int, required=False)
@click.argument("second", type=int, required=False)
@click.pass_context
def schema_diff(ctx: click.Context, first: int | None, second: int | None) -> None:
    """Typed changes between two versions (default: the pack's own, 0, and the newest)."""
    from workbench import schemas
    with project_of(ctx).open() as store:
        for change in schemas.between(store, first or 0, second):
            out(schemas.change_to_json(change))


@schema.command("history")
@click.pass_context
def schema_history(ctx: click.Context) -> None:
    """All versions as JSON Lines, newest first."""
    from workbench.store.schemas import schema_versions
    with project_of(ctx).open() as store:
        for row in schema_versions(store):
            out({**{key: row[key] for key in ("version", "why", "made_by", "made_at", "back_to",
                                              "step")},
                 "changes": [json.loads(line) for line in row["changes"].splitlines()],
                 "told": json.loads(row["told"])})


@schema.command("back")
@click.argument("version", type=int)
@click.option("--why", default="", help="Kept in the history of the schema.")
@click.option("--dry-run", is_flag=True, help="Only say what it would touch.")
@click.pass_context
def schema_back(ctx: click.Context, version: int, why: str, dry_run: bool) -> None:
    """Make an earlier VERSION count again (0: the schema as it came)."""
    from workbench import migration, schemas
    project = project_of(ctx)
    with project.open() as store:
        if dry_run:
            _tell_dry_run(project, schemas.way_back(store, version), [])
            return
        migration.require_reachable(project)
        schemas.go_back(store, version, why, "cli")
    _migrate(ctx, project)


@schema.command("resume")
@click.pass_context
def schema_resume(ctx: click.Context) -> None:
    """Go on with a change of the schema that was interrupted."""
    _migrate(ctx, project_of(ctx))
