"""To and from Label Studio."""
from __future__ import annotations

import click

from labels.errors import StudioError
from workbench.commands.base import NEEDS_PERSON, bar, main, out, project_of, say
from workbench.project import Project


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
    project = project_of(ctx)
    with bar("Label Studio") as progress:
        server = start_studio(project, progress, port=port)
    say(f"Label Studio: {server.url}")
    try:
        live.reconnect(project)
    except StudioError as error:
        # It runs; only what it calls is not there, most likely because the workbench is not.
        say(f"workbench: {error}")
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
    project = project_of(ctx)
    live.connect_server(project, url, token)
    live.set_addresses(project, workbench_url=workbench_url, public_url=public_url)
    with bar("Connecting") as progress:
        live.reconnect(project, progress, webhook=webhook, ml=ml)
    out(live.described(project))


@studio.command("down")
@click.pass_context
def studio_down(ctx: click.Context) -> None:
    """Stop it."""
    from workbench.studio import local
    stopped = local.stop(local.StudioHome(project_of(ctx).studio_folder))
    say("Label Studio was stopped" if stopped else "Label Studio was not running")


@studio.command("status")
@click.pass_context
def studio_status(ctx: click.Context) -> None:
    """Whether it runs, where, which version, and what it calls.

    Exit status 0: healthy; 1: it does not run; 3: it runs, but somebody has to look.
    """
    from workbench import live
    from workbench.studio import local
    project = project_of(ctx)
    home = local.StudioHome(project.studio_folder)
    status, connected = local.status(home), live.described(project)
    out({"running": status.running, "healthy": status.healthy, "url": status.url,
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
    with bar("Pushing") as progress:
        report = sync.push(project_of(ctx), progress, dry_run=dry_run)
    out(report.as_json())
    _tell_problems(report.problems)
    ctx.exit(NEEDS_PERSON if report.needs_person else 0)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be stored.")
@click.option("--full", is_flag=True, help="Compare everything, not only what has changed.")
@click.pass_context
def pull(ctx: click.Context, dry_run: bool, full: bool) -> None:
    """Fetch what people submitted in Label Studio."""
    from workbench import sync
    with bar("Pulling") as progress:
        report = sync.pull(project_of(ctx), progress, dry_run=dry_run, full=full)
    if not dry_run:
        _derive(project_of(ctx))
    out(report.as_json())
    _tell_problems(report.problems)
    ctx.exit(NEEDS_PERSON if report.needs_person else 0)


@main.command("sync")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and why.")
@click.option("--full", is_flag=True, help="Compare everything, not only what has changed.")
@click.pass_context
def sync_command(ctx: click.Context, dry_run: bool, full: bool) -> None:
    """Pull, then push: what is sent depends on what people have answered."""
    from workbench import sync
    project = project_of(ctx)
    with bar("Syncing") as progress:
        pulled = sync.pull(project, progress, dry_run=dry_run, full=full)
        pushed = sync.push(project, progress, dry_run=dry_run)
    if not dry_run:
        _derive(project)
    out({"pull": pulled.as_json(), "push": pushed.as_json()})
    _tell_problems(pulled.problems, pushed.problems)
    ctx.exit(NEEDS_PERSON if pulled.needs_person or pushed.needs_person else 0)


def _derive(project: Project) -> None:
    """What people answered counts for records and findings from now on."""
    from workbench import deriving
    with bar("Checking") as progress:
        deriving.derive_project(project, progress)


def _tell_problems(*lists: list[str]) -> None:
    for problem in dict.fromkeys(line for problems in lists for line in problems):
        say(f"workbench: {problem}")
