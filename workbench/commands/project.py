"""Making, starting and serving a project."""
from __future__ import annotations

import os
from pathlib import Path

import click

from workbench.commands.base import main, project_of, say
from workbench.project import create_project


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@click.option("--title", default="", help="Title of the project (default: the folder's name).")
def init(folder: Path, title: str) -> None:
    """Make a project folder: database, secret, first lead account."""
    made = create_project(folder, title)
    say(f"Made a project in {made.project.folder}")
    say(f"First login: {made.lead} / {made.password}  (shown once; change it in the browser)")


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
    project = project_of(ctx)
    server = make_server(project, host, port)
    derive_again(project)  # labels may have changed while nobody served
    say(f"Workbench: http://{host}:{port}  (Ctrl-C stops it)")
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
