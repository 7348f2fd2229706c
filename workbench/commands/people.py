"""People of the project."""
from __future__ import annotations

from typing import TYPE_CHECKING

import click

from labels.errors import InputError, N_
from workbench.commands.base import main, out, project_of, say

if TYPE_CHECKING:
    from workbench.store import Row, Store


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
    project = project_of(ctx)
    with project.open() as store:
        user_id = add_user(store, name, role, password, must_change=True)
        connected = get_setting(store, "studio") is not None
    say(f"Login: {name} / {password}  (shown once; to be changed at the first sign-in)")
    if connected:
        from workbench.sync import give_account
        say(f"Label Studio: {give_account(project, user_id, password)} / the same password")


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
    with project_of(ctx).open() as store:
        slot_given(slot, overlap_of(get_setting(store, "overlap")))
        token = invite(store, name, role, slot, "workbench user invite")
        url = get_setting(store, "workbench_url", "")
    out({"name": name, "role": role, "slot": slot, "link": f"{url}/join/{token}"})
    say(f"Counts once, for {DAYS} days." + (
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
    with project_of(ctx).open() as store:
        slot_given(number, overlap_of(get_setting(store, "overlap")))
        set_slot(store, _user(store, name)["id"], number)
    say(f"{name} annotates in slot {number}")


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
    with project_of(ctx).open() as store:
        set_password(store, _user(store, name)["id"], password, must_change=True)
    say(f"Login: {name} / {password}  (shown once; to be changed at the first sign-in)")


@user.command("list")
@click.pass_context
def user_list(ctx: click.Context) -> None:
    """List people, with their slots and accounts in Label Studio, as JSON Lines."""
    from workbench.store.people import users
    with project_of(ctx).open() as store:
        for row in users(store):
            out(row)
