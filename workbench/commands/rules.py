"""The rules of a project."""
from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from labels.errors import InputError, N_
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


@rules.command("threshold")
@click.argument("share", required=False)
@click.option("--least", type=int, help="Of so many judged suggestions at least (at first 20).")
@click.option("--by-itself/--propose", "by_itself", default=None,
              help="Demote such rules without asking, or only propose it (as at first).")
@click.pass_context
def rules_threshold(ctx: click.Context, share: str | None, least: int | None,
                    by_itself: bool | None) -> None:
    """Which share of what a rule says must be right in the gold: SHARE (as 0.5), or "off".

    Without anything it is told, with what it asks for. A rule is below it if its whole interval is.
    """
    from dataclasses import replace
    from workbench import standing
    from workbench.effective import fitted
    with project_of(ctx).open() as store:
        asked = standing.threshold(store)
        if share is not None:
            asked = replace(asked, share=None if share == "off" else _share(share))
        if least is not None:
            asked = replace(asked, least=least)
        if by_itself is not None:
            asked = replace(asked, by_itself=by_itself)
        if asked != standing.threshold(store):
            standing.set_threshold(store, asked)
        found = standing.proposals(store, fitted(store).pack)
    out({**asdict(asked), "proposals": [
        {"rule": one.rule, "action": one.action, "right": one.measured.kept,
         "answered": one.measured.judged} for one in found]})
    ctx.exit(NEEDS_PERSON if found and not asked.by_itself else 0)


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError(N_("the threshold must be a share between 0 and 1"),
                         hint=N_('as 0.5, or "off"')) from error


@rules.command("demote")
@click.argument("rule")
@click.option("--why", default="", help="Kept in the history of the rules.")
@click.pass_context
def rules_demote(ctx: click.Context, rule: str, why: str) -> None:
    """Let RULE suggest nothing, and go on counting what it would say."""
    _stand(ctx, rule, "demote", why)


@rules.command("promote")
@click.argument("rule")
@click.option("--why", default="", help="Kept in the history of the rules.")
@click.pass_context
def rules_promote(ctx: click.Context, rule: str, why: str) -> None:
    """Let a demoted RULE suggest again."""
    _stand(ctx, rule, "promote", why)


def _stand(ctx: click.Context, rule: str, action: str, why: str) -> None:
    from workbench import standing
    with project_of(ctx).open() as store:
        version = standing.change(store, rule, action, why, "cli")
    out({"version": version})
    say("The documents are due for new suggestions: workbench suggest")


@rules.command("missed")
@click.pass_context
def rules_missed(ctx: click.Context) -> None:
    """What the gold has of each label, and how much of it no rule says, as JSON Lines."""
    from workbench.verdicts import verdicts
    with project_of(ctx).open() as store:
        found = verdicts(store).coverage
    for (kind, name), one in sorted(found.items(), key=lambda entry: (-entry[1].missed, entry[0])):
        out({"kind": kind, "name": name, "gold": one.gold, **asdict(one)})


@rules.command("inherited")
@click.pass_context
def rules_inherited(ctx: click.Context) -> None:
    """What passages inherit from settled ones that are equal; what differs, so that nobody does.

    One object with the figures, then one for each passage that is settled in several ways.
    """
    from workbench import inherited
    with project_of(ctx).open() as store:
        out(inherited.figures(store))
        suspects = inherited.suspects(store)
    for one in suspects:
        out(inherited.suspect_to_json(one))
    ctx.exit(NEEDS_PERSON if suspects else 0)
