"""Documents: read, stored, suggested, recorded, checked, scored."""
from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Iterator, Sequence

import click

from labels.errors import InputError, N_
from labels.records import FIELDS
from workbench.commands.base import NEEDS_PERSON, bar, main, out, project_of, say
from workbench.progress import Progress

if TYPE_CHECKING:
    from labels.checks import Failure
    from labels.document import Document


@main.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="JSON Lines (the default; kept for scripts).")
@click.pass_context
def read_command(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Read files without storing: parts, sections, blocks, tables as JSON Lines."""
    from labels.document import document_to_json
    from workbench.reading import read_each
    refused = 0
    for path in files:
        for one in read_each(path):
            for document in one.documents:
                out(document_to_json(document))
            if one.error is not None:
                refused += 1
                say(f"workbench: {one.error}")
    ctx.exit(2 if refused else 0)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Read and store files and folders; says what it did with each file."""
    from workbench import stages
    with project_of(ctx).open() as store, bar("Reading") as progress:
        report = stages.ingest(store, paths, progress)
    for entry in report:
        click.echo("\t".join(filter(None, (entry.outcome, entry.file, entry.message))))
    ctx.exit(2 if any(entry.outcome == "refused" for entry in report) else 0)


@main.command()
@click.argument("document")
@click.option("--undo", is_flag=True, help="Bring a removed document back.")
@click.pass_context
def remove(ctx: click.Context, document: str, undo: bool) -> None:
    """Remove DOCUMENT (its name or number) here and, at the next push, in Label Studio.

    Its answers and the releases that hold it are kept; --undo, or reading it again, brings it back.
    """
    from workbench import removing
    with project_of(ctx).open() as store:
        done = (removing.restore if undo else removing.remove)(store, document)
    if undo:
        say(f"{done.name} is there again")
    else:
        say(f"{done.name} was removed; the next push deletes its {done.tasks} tasks in Label"
            f" Studio. {done.answers} answers are kept here")
        if done.releases:
            say("Releases that hold it, and keep it: " + ", ".join(map(str, done.releases)))
    out({"document": done.name, "removed": not undo, "tasks": done.tasks,
         "answers": done.answers, "releases": list(done.releases)})


@main.command("suggest")
@click.option("--input", "source", type=click.Path(path_type=Path), help="JSON Lines {id, text}.")
@click.option("--output", "target", type=click.Path(path_type=Path), help="Where answers go.")
@click.pass_context
def suggest_command(ctx: click.Context, source: Path | None, target: Path | None) -> None:
    """Suggest labels for all stored documents that lack current suggestions.

    With --input and --output: for each line {"id","text"}, without a project.
    """
    from workbench import deriving, stages, suggesting
    if source is None and target is None:
        project = project_of(ctx)
        with bar("Suggesting") as progress:
            done = suggesting.suggest_all(project, progress)
        with project.open() as store:
            with bar("Checking") as progress:
                made = deriving.derive(store, progress)
        say(f"{done.spans} spans suggested in {done.documents} documents")
        say(f"{made.records} records, {made.holds} equations that hold and {made.broken} that"
            f" do not, in {made.documents} documents")
        for one in done.changed:
            say(f"{one.rule}: {one.action}d, {one.measured.kept} of {one.measured.judged} are"
                " right in the gold")
        skipped = done.failures + made.failures
        for failure in skipped:
            say(f"workbench: a rule failed and was skipped: {failure}")
        ctx.exit(NEEDS_PERSON if skipped else 0)
    if source is None or target is None:
        raise InputError(N_("--input and --output go together"))
    from labels import govdoc
    from workbench.files import write_atomically
    from workbench.reading import read_passages
    pack = govdoc.load()
    documents = read_passages(source)
    failures = 0
    with write_atomically(target) as handle, bar("Suggesting") as progress:
        for position, document in enumerate(documents):
            row, failed = stages.suggest_passage(document, pack)
            failures += len(failed)
            for words in failed:
                say(f"workbench: {document.id}: a rule failed and was skipped: {words}")
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
            progress(position + 1, len(documents))
    ctx.exit(NEEDS_PERSON if failures else 0)


class _Read:
    """The documents of files and folders, one after the other, and what went wrong with them."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths
        self.refused = self.failed = 0
        self.failures: list[Failure] = []

    def documents(self, progress: Progress) -> Iterator[Document]:
        from workbench.reading import read_each
        from workbench.stages import files_in
        files = list(files_in(self.paths))
        for position, (path, name) in enumerate(files):
            progress(position, len(files), name)
            for one in read_each(path, name):
                yield from one.documents
                if one.error is not None:
                    self.refused += 1
                    say(f"workbench: {one.error}")
        if not files:
            self.refused += 1
            say("workbench: there is no file here that can be read")
        progress(len(files), len(files))

    def tell_failures(self, document: Document) -> None:
        """Say what failed since it was last asked."""
        for failure in self.failures:
            say(f"workbench: {document.source}: a rule failed and was skipped: {failure.name}:"
                f" {failure.error}")
        self.failed += len(self.failures)
        self.failures.clear()

    @property
    def status(self) -> int:
        return 2 if self.refused else NEEDS_PERSON if self.failed else 0


@main.command("records")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(sorted(FIELDS)),
              help="Only records of this kind (may be given several times).")
@click.pass_context
def records_command(ctx: click.Context, files: tuple[Path, ...], kinds: tuple[str, ...]) -> None:
    """Appointments, indicators, budget lines … of files as JSON Lines; needs no project."""
    from labels.records import record_to_json
    from workbench.recording import record_document
    read = _Read(files)
    with bar("Reading") as progress:
        for document in read.documents(progress):
            for record in record_document(document, read.failures):
                if not kinds or record.kind in kinds:
                    out(record_to_json(record, document.source))
            read.tell_failures(document)
    ctx.exit(read.status)


@main.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True,
              help="What holds and what cannot be checked too.")
@click.pass_context
def check_command(ctx: click.Context, files: tuple[Path, ...], everything: bool) -> None:
    """Findings of the documents' own arithmetic as JSON Lines; needs no project.

    Several files of one place are also held against each other.
    """
    from labels.govdoc.checks.family import Member, check_family, members
    from labels.checks import attempt
    from workbench.checking import amounts_checked, check_figures, finding_to_json, labelled
    read, broken = _Read(files), 0
    family: list[Member] = []
    with bar("Checking") as progress:
        for document in read.documents(progress):
            figures = labelled(document)
            findings = check_figures(figures, read.failures)
            family.extend(attempt("family.members", lambda: members(figures), read.failures))
            for finding in findings:
                if everything or finding.status == "broken":
                    out(finding_to_json(finding, document.source))
            broken += sum(finding.status == "broken" for finding in findings)
            told = amounts_checked(document, findings)
            say(f"{document.source}: {told.amounts} figures in tables, {told.checked} stand "
                f"in an equation, {told.confirmed} are confirmed")
            read.tell_failures(document)
    for documents, finding in check_family(family):
        if everything or finding.status == "broken":
            out(finding_to_json(finding, " + ".join(documents)))
        broken += finding.status == "broken"
    ctx.exit(read.status or (NEEDS_PERSON if broken else 0))


@main.command()
@click.argument("reference", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@click.option("--holdout", is_flag=True,
              help="Rows whose id number divides by 3 apart from the rest.")
@click.option("--overlay", type=click.Path(path_type=Path),
              help="Score the rules as this overlay (see: workbench rules) would have them.")
def score(reference: Path, as_json: bool, holdout: bool, overlay: Path | None) -> None:
    """Precision, recall and F1 of the rules on a hand-labelled REFERENCE.jsonl."""
    from workbench.scoreboard import format_scores, score_reference, to_json
    pack = None
    if overlay is not None:
        from labels import govdoc, overlays
        from workbench.changes import read_overlay
        pack = overlays.apply(govdoc.load(), read_overlay(overlay))
    with bar("Scoring") as progress:
        groups = score_reference(reference, holdout, progress, pack)
    if as_json:
        out(to_json(groups))
    else:
        click.echo(format_scores(groups))
