"""The main command, and what all commands share: words, data, progress, errors.

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
from pathlib import Path
from typing import Any, Iterator

import click

from labels.errors import N_, StoreError, WorkbenchError
from workbench.progress import Progress
from workbench.project import Project, find_project

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


def project_of(ctx: click.Context) -> Project:
    return find_project(ctx.obj)


def say(message: str) -> None:
    click.echo(message, err=True)


def out(record: Any) -> None:
    click.echo(json.dumps(record, ensure_ascii=False))


@contextmanager
def bar(label: str) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, message="": None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True,
                           item_show_func=lambda item: item) as shown:
        def progress(done: int, total: int | None, message: str = "") -> None:
            if total:
                shown.length = total
            shown.update(done - shown.pos, message[:40] or None)
        yield progress
