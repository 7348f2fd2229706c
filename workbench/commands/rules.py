"""The rules of a project."""
from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from workbench.commands.base import NEEDS_PERSON, bar, main, out, project_of, say


@main.group()
def rules() -> None:
    """What the project changes in its rules; FILE is an overlay, as `rules export` writes it."""


@rules.command("list")
@click.pass_context
def rules_list(ctx: click.Context) -> None:
    """The ledger as JSON Lines: what each rule does and how much of it is right."""
    from workbench.ledger import entry_to_json, ledger
    project = project_of(ctx)
    with project.open() as store:
        found = ledger(project, store)
    for entry in found.entries:
        out(entry_to_json(entry))
    for error in found.refused.values():
        say(f"workbench: a saved change does not fit the rules any more: {error}")
    for row in found.failures:
        say(f"workbench: {row['rule']} failed {row['n']} times in {row['documents']} documents"
            f" and was skipped: {row['error']}")
    ctx.exit(NEEDS_PERSON if found.refused or found.failures else 0)


@rules.command("export")
@click.pass_context
def rules_export(ctx: click.Context) -> None:
    """Write the overlay that counts to stdout, one change a line."""
    from workbench.store.overlays import newest_overlay
    with project_of(ctx).open() as store:
        click.echo(newest_overlay(store)["content"], nl=False)


@rules.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="All documents, however much text.")
@click.pass_context
def rules_replay(ctx: click.Context, file: Path, everything: bool) -> None:
    """What the overlay in FILE, in place of the one that counts, would gain and lose.

    One object a change, then one with the figures under "replay". Nothing is stored.
    """
    from workbench.changes import read_overlay, try_out
    project, overlay = project_of(ctx), read_overlay(file)
    with bar("Replaying") as progress:
        found = try_out(project, overlay, progress, everything)
    for change in found.changes:
        out(asdict(change))
    out({"replay": found.summary()})


@rules.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--why", required=True, help="Kept in the history of the rules.")
@click.pass_context
def rules_apply(ctx: click.Context, file: Path, why: str) -> None:
    """Replay the overlay in FILE and make it the one that counts."""
    from workbench.changes import read_overlay, save_overlay
    project, overlay = project_of(ctx), read_overlay(file)
    with bar("Replaying") as progress:
        version, found = save_overlay(project, overlay, why, "cli", progress)
    out({"version": version, "replay": found.summary()})
    say("The documents are due for new suggestions: workbench suggest")


@rules.command("back")
@click.argument("version", type=int)
@click.pass_context
def rules_back(ctx: click.Context, version: int) -> None:
    """Make an earlier VERSION count again (0: the rules as they came)."""
    from workbench.changes import go_back
    with project_of(ctx).open() as store:
        made = go_back(store, version, "cli")
    out({"version": made})
    say("The documents are due for new suggestions: workbench suggest")
