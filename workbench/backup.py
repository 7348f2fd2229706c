"""Copies of a project that belong together: our database, and that of its own Label Studio.

::

    project/backups/2026-11-22T11-20-03Z-daily/
    ├── manifest.json      when, why, which versions, and the hash of every file
    ├── project.sqlite     with what signs cookies beside it
    ├── secret
    └── studio/            only where the project has a Label Studio of its own

A copy is made while both run, by SQLite's own backup. Nothing is pushed or pulled meanwhile, and
ours is copied first: an answer that comes in between stands in Label Studio's copy only, where the
next pull finds it, while the other way round ours would tell of answers that are not there.

Automatic copies are made when 24 hours have passed while the workbench runs, before another
version of Label Studio takes the data over, and before a copy is put back. The newest `KEPT` of
these stay; those that somebody asked for stay until they are deleted by hand.
"""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Iterator, Mapping

from labels.errors import InputError, N_, StoreError
from workbench.clock import now
from workbench.files import write_atomically
from workbench.progress import Progress, Said, silent
from workbench.project import DATABASE, STUDIO_LOCK, Project, make_private
from workbench.studio import local

FOLDER = "backups"
MANIFEST = "manifest.json"
KEPT = 7
DUE_AFTER = timedelta(hours=24)
# Why a copy was made; those under the last three are deleted again when there are newer ones.
WHYS = ("asked", "daily", "version", "restore")
AUTOMATIC = WHYS[1:]
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy. `files` holds the SHA-256 of each by its path; `studio_version` is None where the
    copy holds no Label Studio, or nobody knows which it was."""

    folder: Path
    made_at: str
    why: str
    files: Mapping[str, str]
    studio_version: str | None

    @property
    def has_studio(self) -> bool:
        return any(name.startswith("studio/") for name in self.files)


def folder(project: Project) -> Path:
    return project.folder / FOLDER


def backups(project: Project) -> list[Backup]:
    """The copies of a project, oldest first; folders without a readable manifest are none."""
    found = []
    for manifest in sorted(folder(project).glob(f"[!.]*/{MANIFEST}")):
        try:
            found.append(read_manifest(manifest.parent))
        except InputError:
            continue  # half deleted by hand: nothing that could be put back
    return sorted(found, key=lambda one: one.made_at)


def newest(project: Project) -> Backup | None:
    return next(reversed(backups(project)), None)


def read_manifest(path: Path) -> Backup:
    """Raises InputError if the folder is no copy of ours."""
    try:
        known: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        files = {str(name): str(value) for name, value in known["files"].items()}
        return Backup(path, str(known["made_at"]), str(known["why"]), files,
                      known["studio_version"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(N_("%(folder)s is no backup of a project: %(why)s"), folder=path,
                         why=f"{type(error).__name__}: {error}",
                         hint=N_("name the folder that holds manifest.json")) from error


# --- making --------------------------------------------------------------------------------------

def back_up(project: Project, why: str = "asked", progress: Progress = silent,
            parent: Path | None = None) -> Backup:
    """Copy both databases and what belongs to them into a new folder, whole or not at all.

    Raises StoreError if a copy is damaged or cannot be written.
    """
    where = parent or folder(project)
    moment = now()
    making = where / f".making-{os.getpid()}"
    try:
        make_private(where)
        shutil.rmtree(making, ignore_errors=True)
        make_private(making)
        with project.lock(STUDIO_LOCK, progress):
            progress(0, None, N_("copying the databases"))
            _copy_database(project.database, making / DATABASE)
            _copy_file(project.folder / "secret", making / "secret")
            version_there = _copy_studio(project, making)
        made = Backup(_free_name(where, moment, why), moment, why,
                      {name: digest(making / name) for name in _names(making)}, version_there)
        _write_manifest(making, made)
        making.rename(made.folder)
    except OSError as error:
        raise StoreError(N_("no backup could be made in %(folder)s: %(why)s"), folder=where,
                         why=error.strerror or error) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    if parent is None:
        _rotate(project)
    return made


def back_up_now(project: Project, who: str, progress: Progress = silent) -> Said:
    """As `back_up`, said as a job says it."""
    made = back_up(project, "asked" if who else "daily", progress)
    return Said(N_("a backup was made: %(name)s"), {"name": made.folder.name})


def due(project: Project) -> bool:
    """Have 24 hours passed since the last copy?"""
    last = newest(project)
    return last is None or \
        datetime.fromisoformat(last.made_at) + DUE_AFTER < datetime.now(timezone.utc)


def before_start(project: Project, progress: Progress = silent) -> Backup | None:
    """A copy, if another version of Label Studio is about to take its data over."""
    used = local.data_version(local.StudioHome(project.studio_folder))
    if used is None or used == local.VERSION:
        return None
    return back_up(project, "version", progress)


def _copy_studio(project: Project, making: Path) -> str | None:
    home = local.StudioHome(project.studio_folder)
    if not home.database.exists():
        return None
    make_private(making / "studio")
    _copy_database(home.database, making / "studio" / home.database.name)
    for path in local.data_files(home):
        _copy_file(path, making / "studio" / path.relative_to(home.folder))
    return local.data_version(home)


def _copy_database(source: Path, target: Path) -> None:
    """In one step, so that writers do not make it begin anew; they need not wait for it."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old, \
                closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            (state,) = new.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StoreError(N_("%(file)s cannot be copied: %(why)s"), file=source, why=error,
                         hint=N_("put an earlier backup back: workbench restore")) from error
    if state != "ok":
        raise StoreError(N_("%(file)s is damaged: %(why)s"), file=source, why=state,
                         hint=N_("put an earlier backup back: workbench restore"))


def _copy_file(source: Path, target: Path) -> None:
    """A private copy that has reached the disk; its folder is made if it is missing."""
    _private(target.parent)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(source, "rb") as old, open(handle, "wb") as new:
        shutil.copyfileobj(old, new, _BLOCK)
        new.flush()
        os.fsync(new.fileno())


def _private(folder: Path) -> None:
    """Make the folder and those above it that are missing, all for their owner only."""
    if not folder.exists():
        _private(folder.parent)
        folder.mkdir(mode=0o700)


def _names(making: Path) -> Iterator[str]:
    for path in sorted(making.rglob("*")):
        if path.is_file():
            yield path.relative_to(making).as_posix()


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = hashlib.sha256()
    with open(path, "rb") as handle:
        while block := handle.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _write_manifest(making: Path, made: Backup) -> None:
    with write_atomically(making / MANIFEST, mode=0o600) as handle:
        json.dump({"made_at": made.made_at, "why": made.why, "workbench": _own_version(),
                   "studio_version": made.studio_version, "files": dict(made.files)}, handle,
                  ensure_ascii=False, indent=1)


def _own_version() -> str:
    try:
        return version("annotation-workbench")
    except PackageNotFoundError:
        return ""  # run from the source without being installed


def _free_name(where: Path, moment: str, why: str) -> Path:
    stamp = datetime.fromisoformat(moment).strftime("%Y-%m-%dT%H-%M-%SZ")
    names = (f"{stamp}-{why}" + (f"-{number}" if number else "") for number in range(1 << 16))
    return next(where / name for name in names if not (where / name).exists())


def _rotate(project: Project) -> None:
    automatic = [one for one in backups(project) if one.why in AUTOMATIC]
    for old in automatic[:-KEPT]:
        shutil.rmtree(old.folder)


# --- putting back --------------------------------------------------------------------------------

def restore(folder_of_copy: Path, project: Project, progress: Progress = silent) -> Backup:
    """Put a copy back in place of what the project holds now, which is copied first.

    Every hash is checked before anything is touched. If it is interrupted, it is simply repeated.
    Raises InputError while the workbench or its Label Studio runs, or if the copy is damaged.
    """
    copy = read_manifest(folder_of_copy)
    for name, wanted in copy.files.items():
        progress(0, None, name)
        _check(copy, name, wanted)
    make_private(project.folder)
    home = local.StudioHome(project.studio_folder)
    with project.alone():
        if copy.has_studio and local.find(home) is not None:
            raise InputError(N_("Label Studio of this project runs"),
                             hint=N_("stop it first: `workbench studio down`"))
        if project.database.exists():
            back_up(project, "restore", progress)
        make_private(project.exports_folder)
        # Our database comes last: while it is the old one, there is still all to be done.
        for name in sorted(copy.files, key=lambda name: (name == DATABASE, name)):
            _put_back(copy.folder / name, project.folder / name)
    return copy


def _check(copy: Backup, name: str, wanted: str) -> None:
    path = copy.folder / name
    inside = not Path(name).is_absolute() and ".." not in Path(name).parts
    if not inside or not path.is_file() or digest(path) != wanted:
        raise InputError(N_("%(file)s of the backup is missing or was changed"), file=name,
                         folder=copy.folder, hint=N_("take another backup; nothing was touched"))


def _put_back(source: Path, target: Path) -> None:
    staged = target.with_name(f".{target.name}.restoring")
    _copy_file(source, staged)
    if target.suffix.startswith(".sqlite"):
        # What the old database has not taken in yet must not be read into the new one.
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
    os.replace(staged, target)
