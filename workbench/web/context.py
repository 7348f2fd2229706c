"""What a request works with: the project, its store (one connection a request), the person."""
from __future__ import annotations

from typing import cast

from flask import Flask, current_app, g

from workbench.project import Project
from workbench.store import Row, Store

_KEY = "workbench-project"


def init_app(app: Flask, project: Project) -> None:
    app.extensions[_KEY] = project
    app.teardown_appcontext(_close)


def get_project() -> Project:
    return cast(Project, current_app.extensions[_KEY])


def get_store() -> Store:
    """The connection of this request, opened at first use and closed at its end."""
    if "store" not in g:
        g.store = get_project().open()
    return cast(Store, g.store)


def _close(_: BaseException | None) -> None:
    store = g.pop("store", None)
    if store is not None:
        store.close()


def get_user() -> Row | None:
    """The person who is signed in; set by `workbench.web.security` before each view."""
    return cast("Row | None", g.get("user"))


def current_user() -> Row:
    """The person who is signed in, in views that only such people reach."""
    user = get_user()
    assert user is not None, "a view for everybody asked who is signed in"
    return user
