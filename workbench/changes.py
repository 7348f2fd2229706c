"""Changing the rules of a project: a draft, its replay, then saved or dropped; and back again.

What is wrong with a change is told before anything is stored; the rules that count stay as they
are till a draft is saved.
"""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable

from labels.errors import InputError, N_
from labels.overlays import Overlay, apply, fit, parse_overlay
from labels.rules import Pack
from workbench.effective import base_pack
from workbench.progress import Progress, Said, silent
from workbench.project import Project
from workbench.replay import MOST_CHARACTERS, Replay, Stopped, changes_as_rows, replay
from workbench.store import Store
from workbench.store.overlays import (
    add_overlay, ask_to_stop, draft, drop_draft, newest_overlay, overlay_version, put_draft,
    save_replay, shall_stop,
)


def working_copy(store: Store) -> Overlay:
    """The overlay of the draft, or the one that counts without what does not fit any more."""
    begun = draft(store)
    overlay = parse_overlay(begun["content"] if begun else newest_overlay(store)["content"])
    refused = fit(base_pack(store), overlay).refused
    return Overlay(tuple(change for index, change in enumerate(overlay.changes)
                         if index not in refused))


def saved_lines(store: Store) -> list[str]:
    """The changes of the overlay that counts, one a line."""
    return str(newest_overlay(store)["content"]).splitlines()


def edit(store: Store, by: str, change: Callable[[Overlay], Overlay]) -> Overlay:
    """Change the draft, or begin one. Raises RuleError or LexiconError for what is no good."""
    with store.write():
        edited = Overlay(change(working_copy(store)).changes)
        # What was there fits, so it is the new change that does not: its error needs no place.
        for error in fit(base_pack(store), edited).refused.values():
            raise error
        if edited.text() == newest_overlay(store)["content"]:
            drop_draft(store)
        else:
            put_draft(store, edited.text(), by)
    return edited


def packs(project: Project, content: str) -> tuple[Pack, Pack]:
    """The pack that counts, and what it would be with the overlay `content`."""
    with project.open() as store:
        return project.pack(), apply(base_pack(store), parse_overlay(content))


def replay_draft(project: Project, progress: Progress = silent) -> Said:
    """Replay the draft and keep what was found with it, unless it was changed meanwhile."""
    with project.open() as store:
        begun = draft(store)
        if begun is None:
            raise InputError(N_("there is no draft"))
        content = begun["content"]
        ask_to_stop(store, False)
        before, after = packs(project, content)
        try:
            found = replay(store, before, after, progress,
                           stopped=lambda: shall_stop(store, content))
        except Stopped:
            return Said(N_("the replay was stopped"))
        if not save_replay(store, content, found.summary(), changes_as_rows(found.changes)):
            return Said(N_("the replay was stopped"))
    return Said(N_("%(gained)s suggestions gained, %(lost)s lost in %(documents)s documents"),
                {"gained": found.count("gained"), "lost": found.count("lost"),
                 "documents": found.documents})


def save_draft(store: Store, why: str, by: str) -> int:
    """Make the replayed draft the overlay that counts; returns its version. Raises InputError
    while it was not replayed, or if another version was saved since it was begun."""
    with store.write():
        begun = draft(store)
        if begun is None:
            raise InputError(N_("there is no draft"))
        if begun["replay"] is None:
            raise InputError(N_("the draft was not replayed yet"),
                             hint=N_("replay it and look at what it gains and loses"))
        apply(base_pack(store), parse_overlay(begun["content"]))
        version = add_overlay(store, begun["content"], _reason(why), by, base=begun["base"])
        drop_draft(store)
    return version


def read_overlay(path: Path) -> Overlay:
    """The overlay in a file. Raises RuleError with file and line."""
    try:
        return parse_overlay(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(N_("%(file)s cannot be read: %(why)s"), file=path, why=error) from error


def try_out(project: Project, overlay: Overlay, progress: Progress = silent,
            everything: bool = False) -> Replay:
    """What an overlay, in place of the one that counts, would gain and lose."""
    with project.open() as store:
        before, after = project.pack(), apply(base_pack(store), overlay)
        return replay(store, before, after, progress,
                      most=sys.maxsize if everything else MOST_CHARACTERS)


def save_overlay(project: Project, overlay: Overlay, why: str, by: str,
                 progress: Progress = silent) -> tuple[int, Replay]:
    """Replay an overlay and make it the one that counts; its version and what it changes."""
    _reason(why)
    with project.open() as store:
        before, after = project.pack(), apply(base_pack(store), overlay)
        base = newest_overlay(store)["version"]
        found = replay(store, before, after, progress)
        return add_overlay(store, Overlay(overlay.changes).text(), _reason(why), by, base), found


def go_back(store: Store, version: int, by: str) -> int:
    """Make the content of an earlier version (0: none) count again, as a new version."""
    with store.write():
        if draft(store) is not None:
            raise InputError(N_("there is a draft"), hint=N_("save or drop it first"))
        row = overlay_version(store, version)
        if row is None and version != 0:
            raise InputError(N_("there is no version %(version)s"), version=version)
        content = row["content"] if row else ""
        if content == newest_overlay(store)["content"]:
            raise InputError(N_("the rules are those of version %(version)s"), version=version)
        return add_overlay(store, content, row["why"] if row else "", by, back_to=version or None)


def _reason(why: str) -> str:
    if not why.strip():
        raise InputError(N_("say why"), hint=N_("who reads the history later will ask"))
    return why.strip()
