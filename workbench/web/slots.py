"""Overlap: how many people answer a region apart, on how many regions, and who works where."""
from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from labels.errors import InputError
from workbench.slots import MOST_PEOPLE, Overlap, in_slot, overlap_given, overlap_of, slot_given
from workbench.store import Store, people
from workbench.store.settings import get_setting, set_setting
from workbench.store.work import current_keys, keys_in_slots, slot_counts
from workbench.web.context import get_store
from workbench.web.i18n import translated
from workbench.web.people import person_or_404
from workbench.web.security import roles

blueprint = Blueprint("slots", __name__)


@blueprint.get("/people/slots")
@roles("lead")
def index() -> ResponseReturnValue:
    """The overlap with what follows from it; ``?people=K&share=P`` shows it for another one."""
    try:
        return _page(_asked() if request.args else None)
    except InputError as error:
        return _page(None, translated(error), 400)


@blueprint.post("/people/slots")
@roles("lead")
def save() -> ResponseReturnValue:
    try:
        overlap = _asked()
    except InputError as error:
        return _page(None, translated(error), 400)
    set_setting(get_store(), "overlap", overlap.as_json())
    flash(_("The overlap was saved. The next sync makes the projects that it needs and sends their"
            " tasks."),
          "done")
    return redirect(url_for("slots.index"), 303)


@blueprint.post("/people/<int:user_id>/slot")
@roles("lead")
def move(user_id: int) -> ResponseReturnValue:
    """Let a person work in another slot."""
    person, store = person_or_404(user_id), get_store()
    try:
        slot = slot_given(request.form.get("slot", 0, type=int),
                          overlap_of(get_setting(store, "overlap")))
    except InputError as error:
        return _page(None, translated(error), 400)
    people.set_slot(store, user_id, slot)
    flash(_("%(name)s works in slot %(slot)s now.", name=person["name"], slot=slot), "done")
    return redirect(url_for("slots.index"), 303)


def _asked() -> Overlap:
    return overlap_given(request.values.get("people", 0, type=int),
                         request.values.get("share", -1, type=int))


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from an overlap for the regions that stand now.

    Of `regions`, `asked` are asked of several people, which needs `answers` in all; `new` tasks are
    sent by the next sync, and `kept` ones stay where they are though the overlap does not ask them.
    """

    regions: int
    asked: int
    answers: int
    new: int
    kept: int


def consequence(store: Store, overlap: Overlap) -> Consequence:
    keys = current_keys(store)
    asked = [key for key in keys if in_slot(key, 2, overlap)]
    wanted = {(key, slot) for key in asked for slot in range(2, overlap.people + 1)}
    there = keys_in_slots(store)
    return Consequence(len(keys), len(asked), len(keys) + len(wanted), len(wanted - there),
                       len(there - wanted))


@dataclass(frozen=True, slots=True)
class Slot:
    """One sibling: who works there and how far they are. `wanted`: new tasks are sent to it;
    `made`: its projects are there in Label Studio."""

    number: int
    people: tuple[str, ...]
    tasks: int
    answered: int
    wanted: bool
    made: bool


def _slots(store: Store, overlap: Overlap) -> list[Slot]:
    counts = slot_counts(store)
    names: dict[int, list[str]] = {}
    for person in people.users(store):
        if person["active"]:
            names.setdefault(person["slot"], []).append(person["name"])
    made = {int(name.partition(":")[2])
            for name in (get_setting(store, "studio") or {}).get("projects", ())}
    numbers = {*range(1, overlap.people + 1), *counts, *names, *made}
    return [Slot(number, tuple(names.get(number, ())), counts.get(number, {}).get("tasks", 0),
                 counts.get(number, {}).get("answered", 0), number <= overlap.people,
                 number in made) for number in sorted(numbers)]


def _page(asked: Overlap | None, error: str = "", status: int = 200) -> ResponseReturnValue:
    store = get_store()
    saved = overlap_of(get_setting(store, "overlap"))
    shown = asked or saved
    return render_template(
        "people/slots.html", saved=saved, shown=shown, most=MOST_PEOPLE, error=error,
        slots=_slots(store, saved), follows=consequence(store, shown),
        people=[person for person in people.users(store) if person["active"]],
        studio=get_setting(store, "studio")), status
