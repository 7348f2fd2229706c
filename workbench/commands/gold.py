"""Gold: settled, frozen, compared, exported."""
from __future__ import annotations

from pathlib import Path
from typing import Mapping

import click

from workbench.commands.base import NEEDS_PERSON, bar, main, out, project_of, say


@main.command()
@click.pass_context
def settle(ctx: click.Context) -> None:
    """Make gold of the regions on whose answers people agree.

    Held back are regions with an open finding of the arithmetic or an open remark on their answers
    (see: workbench held).
    """
    from workbench import settling
    with bar("Settling") as progress:
        made = settling.settle(project_of(ctx), "cli", progress)
    done = made.settled
    for one in made.changed:
        say(f"{one.rule}: {one.action}d, {one.measured.kept} of {one.measured.judged} are right in"
            " the gold")
    out({"settled": done.settled, "unchanged": done.unchanged,
         "disagreeing": list(done.disagreeing), "withdrawn": list(done.withdrawn),
         "held": list(done.held), "contradicted": done.contradicted})
    if done.held:
        say(f"{len(done.held)} regions are held back, {done.contradicted} of them by the"
            " arithmetic; why: workbench held")
    for failure in made.failures:
        say(f"workbench: a rule failed and was skipped: {failure}")
    ctx.exit(NEEDS_PERSON if done.disagreeing or done.withdrawn or done.held or made.failures
             else 0)


@main.command("held")
@click.option("--settled", is_flag=True,
              help="The gold on which something was opened since it was settled.")
@click.option("--release", "region", type=int, help="Let this region through, with a --reason.")
@click.option("--reason", help="One of: source, extraction, elsewhere, revised, rounding, no_claim,"
              " as_written, guide, other.")
@click.option("--note", default="", help="In a few words why; \"other\" needs one.")
@click.pass_context
def held_command(ctx: click.Context, settled: bool, region: int | None, reason: str | None,
                 note: str) -> None:
    """The regions that are held back and why, as JSON Lines; what the arithmetic contradicts first.

    Exit status 3 if there are any.
    """
    from workbench.review import holding
    project = project_of(ctx)
    with project.open() as store:
        if region is not None:
            done = holding.let_through(store, project.pack().schema, [region], reason or "", note,
                                       "cli")
            out({"let_through": done.regions, "settled": done.settled})
            return
        found = holding.held(store, settled)
    for one in found:
        out({"region": one.region_id, "document": one.document_id, "settled": one.settled,
             "causes": [{"cause": cause["cause"], "code": cause["code"], "key": cause["key"]}
                        for cause in one.causes]})
    ctx.exit(NEEDS_PERSON if found else 0)


@main.command()
@click.pass_context
def freeze(ctx: click.Context) -> None:
    """Freeze all gold into the next numbered release, and keep its report.

    Gold of older versions of a document is left out and counted.
    """
    from workbench import settling
    done = settling.freeze(project_of(ctx), "cli")
    out({"release": done.release.number, "hash": done.release.hash,
         "regions": len(done.release.regions), "older_left_out": done.older})


@main.group(invoke_without_command=True)
@click.pass_context
def releases(ctx: click.Context) -> None:
    """Releases: listed as JSON Lines, newest first; compared; reported on."""
    if ctx.invoked_subcommand is None:
        from workbench.store.gold import releases as list_releases
        with project_of(ctx).open() as store:
            for row in list_releases(store):
                out(row)


@releases.command("diff")
@click.argument("first", type=int)
@click.argument("second", type=int)
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
@click.pass_context
def releases_diff(ctx: click.Context, first: int, second: int, as_json: bool) -> None:
    """What release SECOND says otherwise than FIRST: exit status 0 if nothing, 3 if something."""
    from labels.release_diff import compare, diff_to_json
    from workbench.store.gold import whole_release
    from workbench.store.withdrawals import release_notes
    from workbench.release_words import diff_lines
    with project_of(ctx).open() as store:
        diff = compare(whole_release(store, first), whole_release(store, second))
        notes = release_notes(store, second)
    if as_json:
        out({**diff_to_json(diff), "notes": notes})
    else:
        for line in diff_lines(diff, notes):
            click.echo(line)
    ctx.exit(0 if diff.empty else NEEDS_PERSON)


@releases.command("report")
@click.argument("number", type=int)
@click.option("--output", required=True, type=click.Path(path_type=Path),
              help="Its suffix says what is written: .html, .md (the card) or .json (the figures).")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
              help="Of the page; the card is in both.")
@click.option("--anew", is_flag=True, help="Count again instead of telling what is kept.")
@click.pass_context
def releases_report(ctx: click.Context, number: int, output: Path, language: str,
                    anew: bool) -> None:
    """Write the report of release NUMBER: what it holds, how good it is, what is odd in it.

    It is kept as it was first made, by freezing or here.
    """
    from workbench.web.release_report import write_report
    due = write_report(project_of(ctx), number, output, language, anew)
    say(f"The report of release {number} stands in {output}")
    if due:
        say("Answers, gold, suggestions or findings have changed since it was made;"
            " --anew counts again.")


@releases.command("provenance")
@click.argument("number", type=int)
@click.pass_context
def releases_provenance(ctx: click.Context, number: int) -> None:
    """Of each region of release NUMBER, as JSON Lines: who settled it and when, from which answers,
    under which schema and guide, and why in spite of what was open."""
    from workbench.store.gold import provenance, whole_release
    with project_of(ctx).open() as store:
        whole_release(store, number)
        for row in provenance(store, number):
            out(row)


@releases.command("groups")
@click.option("--by", "by", multiple=True, help="What keeps documents together from the next"
              " release on (repeat it): family, place-year, near-duplicate.")
@click.pass_context
def releases_groups(ctx: click.Context, by: tuple[str, ...]) -> None:
    """Which documents are never parted between splits, as JSON Lines; --by says what ties them."""
    from workbench import grouping
    from workbench.store import groups
    with project_of(ctx).open() as store:
        if by:
            grouping.ask_ties(store, by)
        dealt = groups.splits(store)
        for name, member in sorted(groups.members(store).items()):
            out({"document": name, "group": member.group, "split": dealt.get(member.group),
                 "since": member.since, "kept": member.kept})
        say(f"Documents are kept together by: {', '.join(grouping.ties_asked(store))}")


@main.command()
@click.argument("document")
@click.option("--why", default="", help="Told by the next release.")
@click.option("--undo", is_flag=True, help="Let later releases hold it again.")
@click.pass_context
def withdraw(ctx: click.Context, document: str, why: str, undo: bool) -> None:
    """Leave DOCUMENT (its name or number) out of later releases; those that hold it stay."""
    from workbench import withdrawing
    with project_of(ctx).open() as store:
        done = withdrawing.take_back(store, document, "cli") if undo else \
            withdrawing.withdraw(store, document, why, "cli")
    held = ", ".join(map(str, done.releases)) or "none"
    say(f"Later releases {'hold' if undo else 'leave out'} {done.name};"
        f" releases that have it: {held}")


@main.command()
@click.argument("release", type=int)
@click.option("--format", "fmt", required=True, help="One of: workbench formats.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.pass_context
def export(ctx: click.Context, release: int, fmt: str, output: Path) -> None:
    """Write RELEASE in a format that trainers load, with its report and its card.

    What the format cannot carry is told first, what was lost of the rest afterwards.
    """
    from workbench import stages
    from workbench.web.release_report import report_files

    def foresee(found: Mapping[str, int]) -> None:
        if found:
            told = ", ".join(f"{number} {what}" for what, number in found.items())
            say(f"{fmt} has no place for {told}; they will not be in its files.")
    project = project_of(ctx)
    with project.open() as store:
        done = stages.export_release(store, release, fmt, output,
                                     lambda: report_files(project, release), foresee)
    for loss in done.losses:
        say(f"{loss.kind}: {loss.region}: {loss.what}: {loss.reason}")
    out({"folder": str(done.folder), "files": list(done.files), "losses": len(done.losses)})


@main.command()
def formats() -> None:
    """Export formats, with what each can and cannot carry."""
    import exporters
    for name, fmt in sorted(exporters.formats().items()):
        out({"format": name, "title": fmt.title, "carries": list(fmt.carries),
             "cannot_carry": list(fmt.drops), "needs": fmt.package or None})
