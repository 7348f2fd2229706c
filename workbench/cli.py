"""The command line: thin commands over the stages.

Data goes to stdout, progress and words to stderr. Exit status: 0 done, 1 failure, 2 bad input,
3 done but something needs a person.
"""
from __future__ import annotations

import json
import os
import sqlite3
import sys
import traceback
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Sequence

import click

from labels.errors import InputError, N_, StoreError, StudioError, WorkbenchError
from labels.records import FIELDS
from workbench.progress import Progress
from workbench.project import Project, create_project, find_project

if TYPE_CHECKING:
    from labels.checks import Failure
    from labels.document import Document
    from workbench.store import Row, Store

NEEDS_PERSON = 3


class Commands(click.Group):
    """Turns errors into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader of our output has gone (``| head``): nothing is left to say.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except (WorkbenchError, sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            ours = _in_our_words(error)
            click.echo(f"workbench: {ours}", err=True)
            ctx.exit(ours.exit_status)


def _in_our_words(error: Exception) -> WorkbenchError:
    """What a disk, a database or an odd argument did to us, as an error of our tree."""
    if isinstance(error, WorkbenchError):
        return error
    if isinstance(error, sqlite3.Error):
        return StoreError(N_("the project database failed: %(why)s"), why=error,
                          hint=N_("what was committed before is kept"))
    if isinstance(error, OverflowError):
        return WorkbenchError(N_("a number is too large: %(why)s"), why=error)
    if isinstance(error, UnicodeError):
        return WorkbenchError(N_("there are bytes that are no text: %(why)s"), why=error)
    named = getattr(error, "filename", None)
    why = getattr(error, "strerror", None) or str(error)
    return WorkbenchError(N_("the system refused: %(why)s"),
                          why=f"{named}: {why}" if named else why)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--project", type=click.Path(path_type=Path), default=None,
              help="Project folder (default: $WORKBENCH_PROJECT, or the one here or above).")
@click.option("--debug", is_flag=True, help="Show the trace of an error.")
@click.version_option(package_name="annotation-workbench")
@click.pass_context
def main(ctx: click.Context, project: Path | None, debug: bool) -> None:
    """Annotation workbench for Chinese public documents."""
    ctx.obj = project


def _project(ctx: click.Context) -> Project:
    return find_project(ctx.obj)


def _say(message: str) -> None:
    click.echo(message, err=True)


def _out(record: Any) -> None:
    click.echo(json.dumps(record, ensure_ascii=False))


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, message="": None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True,
                           item_show_func=lambda item: item) as bar:
        def progress(done: int, total: int | None, message: str = "") -> None:
            if total:
                bar.length = total
            bar.update(done - bar.pos, message[:40] or None)
        yield progress


# --- project -------------------------------------------------------------------------------------

@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@click.option("--title", default="", help="Title of the project (default: the folder's name).")
def init(folder: Path, title: str) -> None:
    """Make a project folder: database, secret, first lead account."""
    made = create_project(folder, title)
    _say(f"Made a project in {made.project.folder}")
    _say(f"First login: {made.lead} / {made.password}  (shown once; change it in the browser)")


@main.command()
@click.argument("documents", nargs=-1, type=click.Path(path_type=Path))
@click.option("--port", default=8000, show_default=True, help="Port of the workbench.")
@click.pass_context
def up(ctx: click.Context, documents: tuple[Path, ...], port: int) -> None:
    """Everything at once: project, documents, suggestions, Label Studio, the browser pages.

    Without DOCUMENTS the demo documents are read. Ctrl-C stops all that was started.
    """
    from workbench.supervisor import run_everything
    run_everything(Path(ctx.obj or os.environ.get("WORKBENCH_PROJECT", "project")),
                   list(documents), port)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.pass_context
def serve(ctx: click.Context, host: str, port: int) -> None:
    """The web application (waitress)."""
    from workbench.supervisor import make_server
    from workbench.web.following import derive_again
    project = _project(ctx)
    server = make_server(project, host, port)
    derive_again(project)  # labels may have changed while nobody served
    _say(f"Workbench: http://{host}:{port}  (Ctrl-C stops it)")
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()


# --- documents -----------------------------------------------------------------------------------

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
                _out(document_to_json(document))
            if one.error is not None:
                refused += 1
                _say(f"workbench: {one.error}")
    ctx.exit(2 if refused else 0)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Read and store files and folders; says what it did with each file."""
    from workbench import stages
    with _project(ctx).open() as store, _bar("Reading") as progress:
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
    with _project(ctx).open() as store:
        done = (removing.restore if undo else removing.remove)(store, document)
    if undo:
        _say(f"{done.name} is there again")
    else:
        _say(f"{done.name} was removed; the next push deletes its {done.tasks} tasks in Label"
             f" Studio. {done.answers} answers are kept here")
        if done.releases:
            _say("Releases that hold it, and keep it: " + ", ".join(map(str, done.releases)))
    _out({"document": done.name, "removed": not undo, "tasks": done.tasks,
          "answers": done.answers, "releases": list(done.releases)})


@main.command("suggest")
@click.option("--input", "source", type=click.Path(path_type=Path), help="JSON Lines {id, text}.")
@click.option("--output", "target", type=click.Path(path_type=Path), help="Where answers go.")
@click.pass_context
def suggest_command(ctx: click.Context, source: Path | None, target: Path | None) -> None:
    """Suggest labels for all stored documents that lack current suggestions.

    With --input and --output: for each line {"id","text"}, without a project.
    """
    from workbench import deriving, stages
    if source is None and target is None:
        project = _project(ctx)
        with project.open() as store:
            with _bar("Suggesting") as progress:
                done = stages.suggest(store, project.pack(), progress)
            with _bar("Checking") as progress:
                made = deriving.derive(store, progress)
        _say(f"{done.spans} spans suggested in {done.documents} documents")
        _say(f"{made.records} records, {made.holds} equations that hold and {made.broken} that"
             f" do not, in {made.documents} documents")
        skipped = done.failures + made.failures
        for failure in skipped:
            _say(f"workbench: a rule failed and was skipped: {failure}")
        ctx.exit(NEEDS_PERSON if skipped else 0)
    if source is None or target is None:
        raise InputError(N_("--input and --output go together"))
    from labels import govdoc
    from workbench.files import write_atomically
    from workbench.reading import read_passages
    pack = govdoc.load()
    documents = read_passages(source)
    failures = 0
    with write_atomically(target) as handle, _bar("Suggesting") as progress:
        for position, document in enumerate(documents):
            row, failed = stages.suggest_passage(document, pack)
            failures += len(failed)
            for words in failed:
                _say(f"workbench: {document.id}: a rule failed and was skipped: {words}")
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
                    _say(f"workbench: {one.error}")
        if not files:
            self.refused += 1
            _say("workbench: there is no file here that can be read")
        progress(len(files), len(files))

    def tell_failures(self, document: Document) -> None:
        """Say what failed since it was last asked."""
        for failure in self.failures:
            _say(f"workbench: {document.source}: a rule failed and was skipped: {failure.name}:"
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
    with _bar("Reading") as progress:
        for document in read.documents(progress):
            for record in record_document(document, read.failures):
                if not kinds or record.kind in kinds:
                    _out(record_to_json(record, document.source))
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
    with _bar("Checking") as progress:
        for document in read.documents(progress):
            figures = labelled(document)
            findings = check_figures(figures, read.failures)
            family.extend(attempt("family.members", lambda: members(figures), read.failures))
            for finding in findings:
                if everything or finding.status == "broken":
                    _out(finding_to_json(finding, document.source))
            broken += sum(finding.status == "broken" for finding in findings)
            told = amounts_checked(document, findings)
            _say(f"{document.source}: {told.amounts} figures in tables, {told.checked} stand "
                 f"in an equation, {told.confirmed} are confirmed")
            read.tell_failures(document)
    for documents, finding in check_family(family):
        if everything or finding.status == "broken":
            _out(finding_to_json(finding, " + ".join(documents)))
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
    with _bar("Scoring") as progress:
        groups = score_reference(reference, holdout, progress, pack)
    if as_json:
        _out(to_json(groups))
    else:
        click.echo(format_scores(groups))


# --- rules ---------------------------------------------------------------------------------------

@main.group()
def rules() -> None:
    """What the project changes in its rules; FILE is an overlay, as `rules export` writes it."""


@rules.command("list")
@click.pass_context
def rules_list(ctx: click.Context) -> None:
    """The ledger as JSON Lines: what each rule does and how much of it is right."""
    from workbench.ledger import entry_to_json, ledger
    project = _project(ctx)
    with project.open() as store:
        found = ledger(project, store)
    for entry in found.entries:
        _out(entry_to_json(entry))
    for error in found.refused.values():
        _say(f"workbench: a saved change does not fit the rules any more: {error}")
    for row in found.failures:
        _say(f"workbench: {row['rule']} failed {row['n']} times in {row['documents']} documents"
             f" and was skipped: {row['error']}")
    ctx.exit(NEEDS_PERSON if found.refused or found.failures else 0)


@rules.command("export")
@click.pass_context
def rules_export(ctx: click.Context) -> None:
    """Write the overlay that counts to stdout, one change a line."""
    from workbench.store.overlays import newest_overlay
    with _project(ctx).open() as store:
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
    project, overlay = _project(ctx), read_overlay(file)
    with _bar("Replaying") as progress:
        found = try_out(project, overlay, progress, everything)
    for change in found.changes:
        _out(asdict(change))
    _out({"replay": found.summary()})


@rules.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--why", required=True, help="Kept in the history of the rules.")
@click.pass_context
def rules_apply(ctx: click.Context, file: Path, why: str) -> None:
    """Replay the overlay in FILE and make it the one that counts."""
    from workbench.changes import read_overlay, save_overlay
    project, overlay = _project(ctx), read_overlay(file)
    with _bar("Replaying") as progress:
        version, found = save_overlay(project, overlay, why, "cli", progress)
    _out({"version": version, "replay": found.summary()})
    _say("The documents are due for new suggestions: workbench suggest")


@rules.command("back")
@click.argument("version", type=int)
@click.pass_context
def rules_back(ctx: click.Context, version: int) -> None:
    """Make an earlier VERSION count again (0: the rules as they came)."""
    from workbench.changes import go_back
    with _project(ctx).open() as store:
        made = go_back(store, version, "cli")
    _out({"version": made})
    _say("The documents are due for new suggestions: workbench suggest")


# --- the schema -------------------------------------------------------------------------------

@main.group()
def schema() -> None:
    """What the project changes in its labels, relations, classes and guide."""


@schema.command("export")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@click.pass_context
def schema_export(ctx: click.Context, folder: Path) -> None:
    """Write the schema and guide that count to FOLDER, as the files of a pack."""
    from workbench import schemas
    for path in schemas.export(_project(ctx), folder):
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
    project = _project(ctx)
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
    _out({"changes": changes, "dry_run": found.as_json()})


def _migrate(ctx: click.Context, project: Project) -> None:
    """Run the migration of the newest version; says what became of it."""
    from workbench import migration
    from workbench.store.schemas import newest_schema
    with _bar("Migrating") as progress:
        migration.migrate(project, progress)
    with project.open() as store:
        row = newest_schema(store)
    told = json.loads(row["told"])
    _out({"version": row["version"], **told})
    for where, what in told.get("problems", {}).items():
        _say(f"workbench: {where}: {what}")
    ctx.exit(NEEDS_PERSON if told.get("problems") or told.get("review") else 0)


@schema.command("diff")
@click.argument("first", type=int, required=False)
@click.argument("second", type=int, required=False)
@click.pass_context
def schema_diff(ctx: click.Context, first: int | None, second: int | None) -> None:
    """Typed changes between two versions (default: the pack's own, 0, and the newest)."""
    from workbench import schemas
    with _project(ctx).open() as store:
        for change in schemas.between(store, first or 0, second):
            _out(schemas.change_to_json(change))


@schema.command("history")
@click.pass_context
def schema_history(ctx: click.Context) -> None:
    """All versions as JSON Lines, newest first."""
    from workbench.store.schemas import schema_versions
    with _project(ctx).open() as store:
        for row in schema_versions(store):
            _out({**{key: row[key] for key in ("version", "why", "made_by", "made_at", "back_to",
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
    project = _project(ctx)
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
    _migrate(ctx, _project(ctx))


# --- Label Studio --------------------------------------------------------------------------------

@main.group()
def studio() -> None:
    """A local Label Studio of the project's own."""


@studio.command("up")
@click.option("--port", type=int, default=None, help="Its port (default: a free one).")
@click.pass_context
def studio_up(ctx: click.Context, port: int | None) -> None:
    """Install (once), start, and connect the project to it."""
    from workbench import live
    from workbench.sync import start_studio
    project = _project(ctx)
    with _bar("Label Studio") as progress:
        server = start_studio(project, progress, port=port)
    _say(f"Label Studio: {server.url}")
    try:
        live.reconnect(project)
    except StudioError as error:
        # It runs; only what it calls is not there, most likely because the workbench is not.
        _say(f"workbench: {error}")
        ctx.exit(NEEDS_PERSON)


@studio.command("connect")
@click.option("--url", help="A Label Studio that runs elsewhere (default: the one known already).")
@click.option("--token", envvar="WORKBENCH_STUDIO_TOKEN", show_envvar=True,
              help="A legacy or personal access token of it.")
@click.option("--public-url", help="Where people reach it, if that differs.")
@click.option("--workbench-url", help="Where it reaches the workbench.")
@click.option("--webhook/--no-webhook", default=None,
              help="Let it say when there are new answers.")
@click.option("--ml/--no-ml", default=None, help="Let it ask for suggestions.")
@click.pass_context
def studio_connect(ctx: click.Context, url: str | None, token: str | None,
                   public_url: str | None, workbench_url: str | None, webhook: bool | None,
                   ml: bool | None) -> None:
    """Connect to a Label Studio, and say what it may call. What is not named stays as it is."""
    from workbench import live
    project = _project(ctx)
    live.connect_server(project, url, token)
    live.set_addresses(project, workbench_url=workbench_url, public_url=public_url)
    with _bar("Connecting") as progress:
        live.reconnect(project, progress, webhook=webhook, ml=ml)
    _out(live.described(project))


@studio.command("down")
@click.pass_context
def studio_down(ctx: click.Context) -> None:
    """Stop it."""
    from workbench.studio import local
    stopped = local.stop(local.StudioHome(_project(ctx).studio_folder))
    _say("Label Studio was stopped" if stopped else "Label Studio was not running")


@studio.command("status")
@click.pass_context
def studio_status(ctx: click.Context) -> None:
    """Whether it runs, where, which version, and what it calls.

    Exit status 0: healthy; 1: it does not run; 3: it runs, but somebody has to look.
    """
    from workbench import live
    from workbench.studio import local
    project = _project(ctx)
    home = local.StudioHome(project.studio_folder)
    status, connected = local.status(home), live.described(project)
    _out({"running": status.running, "healthy": status.healthy, "url": status.url,
          "version": status.version, "wanted": local.VERSION, "pid": status.pid,
          "journal": status.journal, "message": status.message, "log": status.log,
          "connection": connected})
    if connected["elsewhere"]:
        ctx.exit(1 if connected["error"] else NEEDS_PERSON if connected["disagrees"] else 0)
    fine = status.healthy and not connected["error"] and not connected["disagrees"]
    ctx.exit(0 if fine else NEEDS_PERSON if status.running else 1)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@click.pass_context
def push(ctx: click.Context, dry_run: bool) -> None:
    """Send regions with suggestions to Label Studio as tasks."""
    from workbench import sync
    with _bar("Pushing") as progress:
        report = sync.push(_project(ctx), progress, dry_run=dry_run)
    _out(report.as_json())
    _tell_problems(report.problems)
    ctx.exit(NEEDS_PERSON if report.needs_person else 0)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be stored.")
@click.option("--full", is_flag=True, help="Compare everything, not only what has changed.")
@click.pass_context
def pull(ctx: click.Context, dry_run: bool, full: bool) -> None:
    """Fetch what people submitted in Label Studio."""
    from workbench import sync
    with _bar("Pulling") as progress:
        report = sync.pull(_project(ctx), progress, dry_run=dry_run, full=full)
    _out(report.as_json())
    _tell_problems(report.problems)
    ctx.exit(NEEDS_PERSON if report.needs_person else 0)


@main.command("sync")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and why.")
@click.option("--full", is_flag=True, help="Compare everything, not only what has changed.")
@click.pass_context
def sync_command(ctx: click.Context, dry_run: bool, full: bool) -> None:
    """Pull, then push: what is sent depends on what people have answered."""
    from workbench import sync
    project = _project(ctx)
    with _bar("Syncing") as progress:
        pulled = sync.pull(project, progress, dry_run=dry_run, full=full)
        pushed = sync.push(project, progress, dry_run=dry_run)
    _out({"pull": pulled.as_json(), "push": pushed.as_json()})
    _tell_problems(pulled.problems, pushed.problems)
    ctx.exit(NEEDS_PERSON if pulled.needs_person or pushed.needs_person else 0)


def _tell_problems(*lists: list[str]) -> None:
    for problem in dict.fromkeys(line for problems in lists for line in problems):
        _say(f"workbench: {problem}")


# --- care ----------------------------------------------------------------------------------------

@main.command("backup")
@click.option("--to", "parent", type=click.Path(path_type=Path),
              help="Make it in this folder (default: backups/ of the project).")
@click.pass_context
def backup_command(ctx: click.Context, parent: Path | None) -> None:
    """Copy the project's database and that of its own Label Studio, while both run."""
    from workbench.backup import back_up
    with _bar("Copying") as progress:
        made = back_up(_project(ctx), "asked", progress, parent)
    _out({"backup": str(made.folder), "made_at": made.made_at, "files": dict(made.files),
          "studio_version": made.studio_version})
    if not made.has_studio:
        _say("Label Studio of this project runs elsewhere: its data are not in the backup")


@main.command("restore")
@click.argument("backup", type=click.Path(path_type=Path))
@click.pass_context
def restore_command(ctx: click.Context, backup: Path) -> None:
    """Put a BACKUP back, into the project or into the new folder that --project names.

    What the project holds now is copied first. Nothing of it may be running.
    """
    from workbench.backup import restore
    # A lost project is no project that could be found: the folder may be a new one.
    project = Project(ctx.obj.resolve()) if ctx.obj else _project(ctx)
    with _bar("Restoring") as progress:
        copy = restore(backup, project, progress)
    _out({"restored": str(copy.folder), "made_at": copy.made_at, "project": str(project.folder)})


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
    with _project(ctx).open() as store:
        found = [row for row in open_conflicts(store) if kind in (None, row["kind"])]
    if as_json:
        for row in found:
            _out({name: row[name] for name in (
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
    project = _project(ctx)
    with project.open() as store:
        found = agreement(store, project.pack().schema)
    if as_json:
        _out(agreement_to_json(found))
        return
    _say(f"{found.regions['spans']} regions of spans, {found.regions['classes']} paragraphs,"
         f" {len(found.people)} people; {found.seen} answers left out that were not blind")
    for line in told(found):
        click.echo("\t".join(line))


# --- gold ----------------------------------------------------------------------------------------

@main.command()
@click.pass_context
def settle(ctx: click.Context) -> None:
    """Make gold of the regions on whose answers people agree."""
    from workbench import deriving, stages
    project = _project(ctx)
    with project.open() as store:
        done = stages.settle(store, project.pack(), "cli")
        with _bar("Checking") as progress:
            made = deriving.derive(store, progress)
    _out({"settled": done.settled, "unchanged": done.unchanged,
          "disagreeing": list(done.disagreeing), "withdrawn": list(done.withdrawn)})
    for failure in made.failures:
        _say(f"workbench: a rule failed and was skipped: {failure}")
    ctx.exit(NEEDS_PERSON if done.disagreeing or done.withdrawn or made.failures else 0)


@main.command()
@click.pass_context
def freeze(ctx: click.Context) -> None:
    """Freeze all gold into the next numbered release.

    Gold of older versions of a document is left out and counted.
    """
    from workbench import stages
    from workbench.store.gold import count_older
    project = _project(ctx)
    with project.open() as store:
        release = stages.freeze(store, project.pack(), "cli")
        older = count_older(store)
    _out({"release": release.number, "hash": release.hash, "regions": len(release.regions),
          "older_left_out": older})
    ctx.exit(NEEDS_PERSON if older else 0)


@main.group(invoke_without_command=True)
@click.pass_context
def releases(ctx: click.Context) -> None:
    """Releases: listed as JSON Lines, newest first; compared; reported on."""
    if ctx.invoked_subcommand is None:
        from workbench.store.gold import releases as list_releases
        with _project(ctx).open() as store:
            for row in list_releases(store):
                _out(row)


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
    with _project(ctx).open() as store:
        diff = compare(whole_release(store, first), whole_release(store, second))
        notes = release_notes(store, second)
    if as_json:
        _out({**diff_to_json(diff), "notes": notes})
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
@click.pass_context
def releases_report(ctx: click.Context, number: int, output: Path, language: str) -> None:
    """Write the report of release NUMBER: what it holds, how good it is, what is odd in it."""
    from workbench.web.release_report import write_report
    write_report(_project(ctx), number, output, language)
    _say(f"The report of release {number} stands in {output}")


@releases.command("groups")
@click.option("--by", "by", multiple=True, help="What keeps documents together from the next"
              " release on (repeat it): family, place-year, near-duplicate.")
@click.pass_context
def releases_groups(ctx: click.Context, by: tuple[str, ...]) -> None:
    """Which documents are never parted between splits, as JSON Lines; --by says what ties them."""
    from workbench import grouping
    from workbench.store import groups
    with _project(ctx).open() as store:
        if by:
            grouping.ask_ties(store, by)
        dealt = groups.splits(store)
        for name, member in sorted(groups.members(store).items()):
            _out({"document": name, "group": member.group, "split": dealt.get(member.group),
                  "since": member.since, "kept": member.kept})
        _say(f"Documents are kept together by: {', '.join(grouping.ties_asked(store))}")


@main.command()
@click.argument("document")
@click.option("--why", default="", help="Told by the next release.")
@click.option("--undo", is_flag=True, help="Let later releases hold it again.")
@click.pass_context
def withdraw(ctx: click.Context, document: str, why: str, undo: bool) -> None:
    """Leave DOCUMENT (its name or number) out of later releases; those that hold it stay."""
    from workbench import withdrawing
    with _project(ctx).open() as store:
        done = withdrawing.take_back(store, document, "cli") if undo else \
            withdrawing.withdraw(store, document, why, "cli")
    held = ", ".join(map(str, done.releases)) or "none"
    _say(f"Later releases {'hold' if undo else 'leave out'} {done.name};"
         f" releases that have it: {held}")


@main.command()
@click.argument("release", type=int)
@click.option("--format", "fmt", required=True, help="One of: workbench formats.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.pass_context
def export(ctx: click.Context, release: int, fmt: str, output: Path) -> None:
    """Write RELEASE in a format that trainers load."""
    from workbench import stages
    with _project(ctx).open() as store:
        done = stages.export_release(store, release, fmt, output)
    for loss in done.losses:
        _say(f"{loss.kind}: {loss.region}: {loss.what}: {loss.reason}")
    _out({"folder": str(done.folder), "files": list(done.files), "losses": len(done.losses)})


@main.command()
def formats() -> None:
    """Export formats, with what each can and cannot carry."""
    import exporters
    for name, fmt in sorted(exporters.formats().items()):
        _out({"format": name, "title": fmt.title, "carries": list(fmt.carries),
              "cannot_carry": list(fmt.drops), "needs": fmt.package or None})


# --- people --------------------------------------------------------------------------------------

@main.group()
def user() -> None:
    """People of the project."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["lead", "reviewer", "annotator"]), default="annotator",
              show_default=True)
@click.pass_context
def user_add(ctx: click.Context, name: str, role: str) -> None:
    """Add a person; the password is shown once."""
    from workbench.store.people import add_user, new_password
    from workbench.store.settings import get_setting
    password = new_password()
    project = _project(ctx)
    with project.open() as store:
        user_id = add_user(store, name, role, password, must_change=True)
        connected = get_setting(store, "studio") is not None
    _say(f"Login: {name} / {password}  (shown once; to be changed at the first sign-in)")
    if connected:
        from workbench.sync import give_account
        _say(f"Label Studio: {give_account(project, user_id, password)} / the same password")


@user.command("invite")
@click.argument("name")
@click.option("--role", type=click.Choice(["lead", "reviewer", "annotator"]), default="annotator",
              show_default=True)
@click.option("--slot", default=1, show_default=True, help="In which slot they annotate.")
@click.pass_context
def user_invite(ctx: click.Context, name: str, role: str, slot: int) -> None:
    """Invite a person; the link, shown once, lets them choose their own password."""
    from workbench.slots import overlap_of, slot_given
    from workbench.store.invitations import DAYS, invite
    from workbench.store.settings import get_setting
    with _project(ctx).open() as store:
        slot_given(slot, overlap_of(get_setting(store, "overlap")))
        token = invite(store, name, role, slot, "workbench user invite")
        url = get_setting(store, "workbench_url", "")
    _out({"name": name, "role": role, "slot": slot, "link": f"{url}/join/{token}"})
    _say(f"Counts once, for {DAYS} days." + (
        "" if url else " Put the address of the workbench before it."))


@user.command("slot")
@click.argument("name")
@click.argument("number", type=int)
@click.pass_context
def user_slot(ctx: click.Context, name: str, number: int) -> None:
    """Let a person annotate in slot NUMBER."""
    from workbench.slots import overlap_of, slot_given
    from workbench.store.people import set_slot
    from workbench.store.settings import get_setting
    with _project(ctx).open() as store:
        slot_given(number, overlap_of(get_setting(store, "overlap")))
        set_slot(store, _user(store, name)["id"], number)
    _say(f"{name} annotates in slot {number}")


def _user(store: Store, name: str) -> Row:
    from workbench.store.people import user_by_name
    found = user_by_name(store, name)
    if found is None:
        raise InputError(N_("there is no user %(name)s"), name=name,
                         hint=N_("list them with: workbench user list"))
    return found


@user.command("reset")
@click.argument("name")
@click.pass_context
def user_reset(ctx: click.Context, name: str) -> None:
    """Give a person a new password; ends all sessions."""
    from workbench.store.people import new_password, set_password
    password = new_password()
    with _project(ctx).open() as store:
        set_password(store, _user(store, name)["id"], password, must_change=True)
    _say(f"Login: {name} / {password}  (shown once; to be changed at the first sign-in)")


@user.command("list")
@click.pass_context
def user_list(ctx: click.Context) -> None:
    """List people, with their slots and accounts in Label Studio, as JSON Lines."""
    from workbench.store.people import users
    with _project(ctx).open() as store:
        for row in users(store):
            _out(row)
