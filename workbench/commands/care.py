"""Backups, and what waits for a person."""
from __future__ import annotations

from pathlib import Path

import click

from labels.errors import InputError, N_
from workbench.commands.base import NEEDS_PERSON, bar, main, out, project_of, say
from workbench.project import Project


@main.command("backup")
@click.option("--to", "parent", type=click.Path(path_type=Path),
              help="Make it in this folder (default: backups/ of the project).")
@click.pass_context
def backup_command(ctx: click.Context, parent: Path | None) -> None:
    """Copy the project's database and that of its own Label Studio, while both run."""
    from workbench.backup import back_up
    with bar("Copying") as progress:
        made = back_up(project_of(ctx), "asked", progress, parent)
    out({"backup": str(made.folder), "made_at": made.made_at, "files": dict(made.files),
         "studio_version": made.studio_version})
    if not made.has_studio:
        say("Label Studio of this project runs elsewhere: its data are not in the backup")


@main.command("restore")
@click.argument("backup", type=click.Path(path_type=Path))
@click.pass_context
def restore_command(ctx: click.Context, backup: Path) -> None:
    """Put a BACKUP back, into the project or into the new folder that --project names.

    What the project holds now is copied first. Nothing of it may be running.
    """
    from workbench.backup import restore
    # A lost project is no project that could be found: the folder may be a new one.
    project = Project(ctx.obj.resolve()) if ctx.obj else project_of(ctx)
    with bar("Restoring") as progress:
        copy = restore(backup, project, progress)
    out({"restored": str(copy.folder), "made_at": copy.made_at, "project": str(project.folder)})


@main.command("conflicts")
@click.option("--json", "as_json", is_flag=True, help="All of each, as JSON Lines.")
@click.option("--kind", default=None, help="Only those of this kind.")
@click.pass_context
def conflicts_command(ctx: click.Context, as_json: bool, kind: str | None) -> None:
    """What a person has to decide; the page Conflicts shows each with its context.

    Exit status 3 if there is anything.
    """
    from workbench.deciding import KINDS
    from workbench.store.conflicts import open_conflicts
    if kind is not None and kind not in KINDS:
        raise InputError(N_("there is no kind %(kind)r"), kind=kind,
                         hint=N_("kinds: %(kinds)s"), kinds=", ".join(KINDS))
    with project_of(ctx).open() as store:
        found = [row for row in open_conflicts(store) if kind in (None, row["kind"])]
    if as_json:
        for row in found:
            out({name: row[name] for name in (
                "id", "kind", "key", "region_id", "answer_id", "raised_at", "content")})
    else:
        for name, title in KINDS.items():
            count = sum(row["kind"] == name for row in found)
            if count:
                click.echo(f"{count}\t{name}\t{title}")
    ctx.exit(NEEDS_PERSON if found else 0)


@main.command("agreement")
@click.option("--json", "as_json", is_flag=True, help="All figures, as one JSON object.")
@click.pass_context
def agreement_command(ctx: click.Context, as_json: bool) -> None:
    """How far people agree who answered the same regions without seeing each other's answers."""
    from workbench.review.agreement import agreement, agreement_to_json, told
    project = project_of(ctx)
    with project.open() as store:
        found = agreement(store, project.pack().schema)
    if as_json:
        out(agreement_to_json(found))
        return
    say(f"{found.regions['spans']} regions of spans, {found.regions['classes']} paragraphs,"
        f" {len(found.people)} people; {found.seen} answers left out that were not blind")
    for line in told(found):
        click.echo("\t".join(line))
