"""The rooms of the workbench, in groups: a line of groups, under it the rooms of the present one.

Who sees a room is asked of its view (`workbench.web.security.roles`), so that no link leads to a
closed door.
"""
from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from labels.errors import N_
from workbench.web.context import get_user


@dataclass(frozen=True)
class Room:
    """A view that people go to, and the blueprints whose pages belong to it besides its own."""

    endpoint: str
    title: str
    blueprints: tuple[str, ...] = ()

    def holds(self, blueprint: str | None) -> bool:
        return blueprint in (self.endpoint.partition(".")[0], *self.blueprints)


@dataclass(frozen=True)
class Group:
    title: str
    rooms: tuple[Room, ...]


@dataclass(frozen=True)
class Entry:
    """A link as it is drawn; `rooms` are those of the group, if it has more than one."""

    title: str
    href: str
    here: bool
    rooms: tuple["Entry", ...] = ()


GROUPS = (
    Group(N_("Documents"), (
        Room("documents.index", N_("Documents"), ("versions",)),
        Room("records.index", N_("Records")),
        Room("findings.index", N_("Findings")))),
    Group(N_("Labelling"), (
        Room("mine.index", N_("My work")),
        Room("quick.index", N_("Quick decisions")),
        Room("tasks.index", N_("Tasks")),
        Room("studio.index", N_("Label Studio"), ("live",)))),
    Group(N_("Review"), (
        Room("adjudicate.index", N_("Adjudication")),
        Room("held.index", N_("Held back")),
        Room("conflicts.index", N_("Conflicts")),
        Room("lints.index", N_("Remarks")),
        Room("agreement.index", N_("Agreement")),
        Room("honest.index", N_("Effect of suggestions")))),
    Group(N_("Guide and rules"), (
        Room("guide.index", N_("Guide")),
        Room("schema.index", N_("Schema"), ("schema_changes",)),
        Room("rules.index", N_("Rules"), ("rule_changes", "rule_gold")))),
    Group(N_("Releases"), (
        Room("releases.index", N_("Releases"), ("release_report",)),)),
    Group(N_("People"), (
        Room("people.index", N_("People"), ("slots",)),)),
)


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"navigation": navigation})


def navigation() -> tuple[Entry, ...]:
    """The groups with rooms that the person who is signed in may enter."""
    return tuple(_group(group, open_rooms) for group in GROUPS
                 if (open_rooms := tuple(room for room in group.rooms if _open(room))))


def _open(room: Room) -> bool:
    user = get_user()
    view = current_app.view_functions[room.endpoint]
    return user is not None and user["role"] in getattr(view, "allowed", ())


def _group(group: Group, rooms: tuple[Room, ...]) -> Entry:
    entries = tuple(Entry(_(room.title), url_for(room.endpoint), room.holds(request.blueprint))
                    for room in rooms)
    return Entry(_(group.title), entries[0].href, any(entry.here for entry in entries),
                 entries if len(entries) > 1 else ())
