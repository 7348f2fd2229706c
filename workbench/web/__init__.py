"""The web application: one blueprint a concern. Views parse, call a stage or a query, render."""
from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

from workbench.project import Project, find_project


class _Number(IntegerConverter):
    """Numbers that a row may have; an address with a longer one is no address of ours."""

    regex = r"\d{1,18}"


def create_app(project: Project | None = None, testing: bool = False) -> Flask:
    """The application of `project`, by default the one that `find_project` finds.

    Raises InputError if there is no project.
    """
    from workbench.web import (
        adjudicate, agreement, assets, auth, backend, conflicts, context, documents, errors,
        findings, guide, health, held, home, honest, hooks, i18n, join, lints, live, mine,
        navigation, people, quick, records, release_report, releases, rule_changes, rule_gold,
        rules,
        schema, schema_changes, security, sessions, slots, studio, tasks, versions,
    )
    project = project or find_project()
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY=project.secret(),
        SESSION_COOKIE_NAME="workbench_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1 << 20,
        # The token lives as long as its session; a page left open for an hour still works.
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=testing,
    )
    app.url_map.converters["int"] = _Number
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    context.init_app(app, project)
    app.session_interface = sessions.StoreSessions()
    i18n.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    navigation.init_app(app)
    for concern in (auth, join, home, mine, documents, versions, records, findings, tasks,
                    conflicts, lints, adjudicate, held, agreement, honest, quick, guide, rules,
                    rule_changes, rule_gold, schema, schema_changes, releases, release_report,
                    people, slots, studio, live, hooks, backend, assets, health):
        app.register_blueprint(concern.blueprint)
    return app
