"""A project: one folder with its database, its secret, and the data of its Label Studio.

::

    project/
    ├── project.sqlite     everything that people did, and the token of Label Studio
    ├── lock               held by `workbench up`; its address stands in it
    ├── .studio.lock       held by push, pull and connect
    ├── .serving.lock      held by those who serve it
    ├── first-logins.json  the first passwords, if `workbench up` made the project
    ├── secret             signs cookies
    ├── studio/            data of the local Label Studio
    ├── backups/           copies of both databases
    └── exports/           exports made from the browser

All of it is for its owner only.
"""
from __future__ import annotations

import fcntl
import os
import secrets
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Callable, Iterator

from labels.errors import InputError, N_
from labels.guide import Guide
from labels.overlays import Fitted
from labels.rules import Pack
from workbench.progress import Progress, silent
from workbench.store import Store
from workbench.store.people import add_user, new_password
from workbench.store.settings import get_setting, set_setting

DATABASE = "project.sqlite"
# Held by what meets Label Studio: it knows no key of ours, so two pushes at once would double the
# tasks.
STUDIO_LOCK = "studio"
SERVING = ".serving.lock"
ENVIRONMENT = "WORKBENCH_PROJECT"


@dataclass(frozen=True, slots=True)
class Project:
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def studio_folder(self) -> Path:
        return self.folder / "studio"

    @property
    def exports_folder(self) -> Path:
        return self.folder / "exports"

    def open(self) -> Store:
        """A new connection; close it."""
        return Store(self.database)

    @contextmanager
    def lock(self, name: str, progress: Progress = silent) -> Iterator[None]:
        """Work that only one thread of one process may do at a time; the others wait their turn.

        `progress` hears of the waiting. The system frees the lock when its holder ends, however.
        """
        with (self.folder / f".{name}.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress(0, None, N_("waiting until other work with Label Studio has ended"))
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def hold(self) -> IO[str]:
        """Say that this process serves the project, until what is returned is closed."""
        handle = (self.folder / SERVING).open("w")
        fcntl.flock(handle, fcntl.LOCK_SH)
        return handle

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody serves the project. Raises InputError if somebody does."""
        with (self.folder / SERVING).open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(N_("the workbench of this project runs"),
                                 hint=N_("stop it first, with Ctrl-C where it runs")) from None
            yield

    def secret(self) -> str:
        return (self.folder / "secret").read_text(encoding="ascii")

    def pack(self) -> Pack:
        """The label pack of the project: the built-in one under the project's schema, with the
        overlay that counts."""
        return self.fitted().pack

    def fitted(self) -> Fitted:
        """As `pack`, with the changes of the overlay that do not fit the pack any more."""
        from workbench import effective
        with self.open() as store:
            return effective.fitted(store)

    def guide(self) -> Guide:
        """The annotators' guide that counts: the pack's, or what the project made of it."""
        from workbench import effective
        with self.open() as store:
            return effective.guide(store)


@dataclass(frozen=True, slots=True)
class NewProject:
    project: Project
    lead: str
    password: str


def create_project(folder: Path, title: str = "",
                   finish: Callable[[Store, NewProject], None] | None = None) -> NewProject:
    """Make a project folder with its first lead account.

    `finish` is called with the whole database before it gets its name: what it does has been done
    in every project that is there. Two at once wait for each other, and the second is refused.
    Raises InputError if there is a project already, or the folder cannot be made.
    """
    project = Project(Path(folder).resolve())
    with _alone(project.folder):
        if project.database.exists():
            raise InputError(N_("%(folder)s holds a project already"), folder=project.folder,
                             hint=N_("nothing was changed"))
        return _create(project, title, finish)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make the folder; who else makes a project in it waits while the block runs."""
    try:
        make_private(folder)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(N_("cannot make a project in %(folder)s: %(why)s"), folder=folder,
                         why=error.strerror) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _create(project: Project, title: str,
            finish: Callable[[Store, NewProject], None] | None) -> NewProject:
    try:
        make_private(project.exports_folder)
        secret_file = project.folder / "secret"
        descriptor = os.open(secret_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(32))
    except OSError as error:
        raise InputError(N_("cannot make a project in %(folder)s: %(why)s"),
                         folder=project.folder, why=error.strerror) from error
    made = NewProject(project, "lead", new_password())
    # The database appears under its name only when it is whole.
    making = project.folder / f".{DATABASE}-making"
    making.unlink(missing_ok=True)
    with Store(making, create=True) as store:
        set_setting(store, "uuid", str(uuid.uuid4()))
        set_setting(store, "title", title or project.folder.name)
        add_user(store, made.lead, "lead", made.password)
        if finish is not None:
            finish(store, made)
        store.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.conn.execute("PRAGMA journal_mode=DELETE")
    making.rename(project.database)
    return made


def make_private(folder: Path) -> None:
    """Make `folder`, for its owner only. One that holds something keeps its mode: it may be a
    home folder or a repository, and what we put there is private by itself."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        folder.chmod(0o700)


def find_project(folder: Path | None = None) -> Project:
    """The project in `folder`, in $WORKBENCH_PROJECT, or at or above the working directory."""
    if folder is None and os.environ.get(ENVIRONMENT):
        folder = Path(os.environ[ENVIRONMENT])
    if folder is not None:
        if not (Path(folder) / DATABASE).exists():
            raise InputError(N_("there is no project in %(folder)s"), folder=folder,
                             hint=N_("make one with: workbench init DIR"))
        return Project(Path(folder).resolve())
    here = Path.cwd()
    for candidate in (here, here / "project", *here.parents):
        if (candidate / DATABASE).exists():
            return Project(candidate)
    raise InputError(N_("there is no project here or above"),
                     hint=N_("make one with: workbench init, or name one with --project"))


def project_uuid(store: Store) -> str:
    return str(get_setting(store, "uuid"))
