"""Every route for every role, against the table here. A route without a row fails."""
from __future__ import annotations

from typing import Callable

import pytest
from flask import Flask

import exporters
from tests.workbench.web.conftest import Browser, released
from workbench import jobs
from workbench.project import Project
from workbench.store import Store
from workbench.store.invitations import invite
from workbench.store.ledger import add_reference
from workbench.web import create_app
from workbench.web.security import roles

ALL = ("annotator", "reviewer", "lead")
EVERYBODY = ("anonymous", *ALL)
REVIEW = ("reviewer", "lead")
LEAD = ("lead",)

KINDS = "<any(label,relation,class,choice):kind>"
# (method, rule) → who is let in.
TABLE = {
    ("GET", "/"): ALL,
    ("GET", "/account/studio"): ALL,
    ("GET", "/activities"): ALL,
    ("GET", "/adjudicate"): REVIEW,
    ("GET", "/adjudicate/<int:region_id>"): REVIEW,
    ("GET", "/adjudicate/precedents"): REVIEW,
    ("GET", "/agreement"): REVIEW,
    ("GET", "/agreement.<any(csv,json):fmt>"): REVIEW,
    ("GET", "/conflicts"): REVIEW,
    ("GET", "/documents"): ALL,
    ("GET", "/documents/<int:document_id>"): ALL,
    ("GET", "/documents/<int:document_id>/carried"): ALL,
    ("GET", "/documents/<int:document_id>/spans/<int:position>"): ALL,
    ("GET", "/findings"): ALL,
    ("GET", "/guide"): ALL,
    ("GET", "/quick"): ALL,
    ("GET", "/records"): ALL,
    ("GET", "/records.<any(csv,jsonl):fmt>"): ALL,
    ("GET", "/findings.<any(csv,jsonl):fmt>"): ALL,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/honest"): REVIEW,
    ("GET", "/honest.json"): REVIEW,
    ("GET", "/held"): REVIEW,
    ("GET", "/join/<token>"): EVERYBODY,
    ("GET", "/labels.css"): ALL,
    ("GET", "/lints"): REVIEW,
    ("GET", "/mine"): ALL,
    ("GET", "/mine/next"): ALL,
    ("GET", "/overview"): ALL,
    ("GET", "/password"): ALL,
    ("GET", "/people"): LEAD,
    ("GET", "/people/<int:user_id>/work"): REVIEW,
    ("GET", "/people/honest"): LEAD,
    ("GET", "/people/slots"): LEAD,
    ("GET", "/releases"): REVIEW,
    ("GET", "/releases/<int:number>"): REVIEW,
    ("GET", "/releases/<int:number>/<fmt>.zip"): REVIEW,
    ("GET", "/releases/<int:number>/report"): REVIEW,
    ("POST", "/releases/<int:number>/report"): LEAD,
    ("GET", "/releases/<int:number>/report.<any(html,md,json):kind>"): REVIEW,
    ("GET", "/releases/compare"): REVIEW,
    ("GET", "/rules"): ALL,
    ("GET", "/rules/<rule_name>"): ALL,
    ("GET", "/rules/draft"): LEAD,
    ("GET", "/rules/gold"): ALL,
    ("GET", "/rules/history"): ALL,
    ("GET", "/rules/lexicons/<lexicon_name>"): ALL,
    ("GET", "/rules/pattern"): LEAD,
    ("GET", "/schema"): ALL,
    ("GET", "/schema/back"): LEAD,
    ("GET", "/schema/compare"): ALL,
    ("GET", "/schema/draft"): LEAD,
    ("GET", f"/schema/entries/{KINDS}/<name>"): LEAD,
    ("GET", "/schema/history"): ALL,
    ("GET", f"/schema/new/{KINDS}"): LEAD,
    ("GET", "/schema/preview"): ALL,
    ("GET", "/sign-in"): EVERYBODY,
    ("GET", "/static/<path:filename>"): EVERYBODY,
    ("GET", "/studio"): ALL,
    ("GET", "/tasks"): ALL,
    ("POST", "/account/studio"): ALL,
    ("POST", "/adjudicate/<int:region_id>/finish"): REVIEW,
    ("POST", "/adjudicate/<int:region_id>/precedent"): REVIEW,
    ("POST", "/adjudicate/<int:region_id>/reopen"): REVIEW,
    ("POST", "/adjudicate/<int:region_id>/rule"): REVIEW,
    ("POST", "/adjudicate/<int:region_id>/undo"): REVIEW,
    ("POST", "/adjudicate/precedents/<int:precedent_id>/end"): REVIEW,
    ("POST", "/conflicts/<int:conflict_id>"): REVIEW,
    ("POST", "/conflicts/<int:conflict_id>/undo"): REVIEW,
    ("POST", "/documents/<int:document_id>/remove"): LEAD,
    ("POST", "/documents/<int:document_id>/restore"): LEAD,
    ("POST", "/findings/answer"): REVIEW,
    ("POST", "/findings/answer-all"): REVIEW,
    ("POST", "/findings/derive"): LEAD,
    ("POST", "/held/<int:region_id>"): REVIEW,
    ("POST", "/held/all"): REVIEW,
    ("POST", "/held/undo"): REVIEW,
    ("POST", "/join/<token>"): EVERYBODY,
    ("POST", "/language"): EVERYBODY,
    ("POST", "/lints/dismiss"): ALL,
    ("POST", "/mine/guide"): ALL,
    ("POST", "/password"): ALL,
    ("POST", "/people"): LEAD,
    ("POST", "/people/<int:user_id>/active"): LEAD,
    ("POST", "/people/<int:user_id>/reset"): LEAD,
    ("POST", "/people/<int:user_id>/slot"): LEAD,
    ("POST", "/people/<int:user_id>/studio"): LEAD,
    ("POST", "/people/invitations"): LEAD,
    ("POST", "/people/invitations/<int:invitation_id>/revoke"): LEAD,
    ("POST", "/people/honest"): LEAD,
    ("POST", "/people/slots"): LEAD,
    ("POST", "/quick/answer"): ALL,
    ("POST", "/quick/people"): LEAD,
    ("POST", "/quick/undo"): ALL,
    ("POST", "/releases/freeze"): LEAD,
    ("POST", "/releases/settle"): LEAD,
    ("POST", "/releases/ties"): LEAD,
    ("POST", "/releases/withdraw"): LEAD,
    ("POST", "/rules/<rule_name>/standing"): LEAD,
    ("POST", "/rules/<rule_name>/switch"): LEAD,
    ("POST", "/rules/back"): LEAD,
    ("POST", "/rules/draft/drop"): LEAD,
    ("POST", "/rules/draft/remove"): LEAD,
    ("POST", "/rules/draft/replay"): LEAD,
    ("POST", "/rules/draft/save"): LEAD,
    ("POST", "/rules/draft/stop"): LEAD,
    ("POST", "/rules/gold/threshold"): LEAD,
    ("POST", "/rules/lexicons/<lexicon_name>"): LEAD,
    ("POST", "/rules/lexicons/<lexicon_name>/take"): LEAD,
    ("POST", "/rules/pattern"): LEAD,
    ("POST", "/rules/references"): LEAD,
    ("POST", "/rules/references/<int:reference_id>"): LEAD,
    ("POST", "/rules/suggest"): LEAD,
    ("POST", "/schema/back"): LEAD,
    ("POST", "/schema/draft/drop"): LEAD,
    ("POST", "/schema/draft/remove"): LEAD,
    ("POST", "/schema/draft/save"): LEAD,
    ("POST", f"/schema/entries/{KINDS}/<name>/<doing>"): LEAD,
    ("POST", "/schema/general"): LEAD,
    ("POST", f"/schema/new/{KINDS}"): LEAD,
    ("POST", "/schema/resume"): LEAD,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): ALL,
    ("POST", "/studio/backup"): LEAD,
    ("POST", "/studio/live"): LEAD,
    ("POST", "/studio/sync"): LEAD,
    ("POST", "/studio/plan"): LEAD,
}
# Label Studio shows a secret of its own there; no person is let in.
DOORS = {("POST", "/hooks/label-studio"), ("GET", "/ml/"), ("GET", "/ml/health"),
         ("GET", "/ml/versions"), ("POST", "/ml/setup"), ("POST", "/ml/predict")}
VALUES = {"<int:document_id>": "1", "<int:position>": "1", "<int:number>": "1",
          "<rule_name>": "posts.post", "<lexicon_name>": "posts", "<int:reference_id>": "1",
          "<any(csv,jsonl):fmt>": "csv", "<any(csv,json):fmt>": "json",
          "<any(html,md,json):kind>": "md",
          "<int:region_id>": "1", "<int:precedent_id>": "1",
          "<fmt>": sorted(exporters.formats())[0],
          "<path:filename>": "app.css", "<int:user_id>": "3", "<int:invitation_id>": "1",
          "<int:conflict_id>": "1", KINDS: "label", "<name>": "ORG", "<doing>": "remove"}


def routes(app: Flask) -> set[tuple[str, str]]:
    return {(method, rule.rule) for rule in app.url_map.iter_rules()
            for method in (rule.methods or ()) if method not in ("HEAD", "OPTIONS")}


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert routes(app) == set(TABLE) | DOORS


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_person_is_let_in_where_label_studio_is(
        browser: Callable[[str], Browser], role: str) -> None:
    someone = browser(role)
    for method, rule in DOORS:
        answer = someone.get(rule) if method == "GET" else someone.post(rule)
        assert (answer.status_code in (401, 403), answer.data) == (True, b""), rule


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_who_is_in_the_table_is_let_in(
        app: Flask, browser: Callable[[str], Browser], role: str, with_tasks: int,
        project: Project, store: Store) -> None:
    add_reference(store, "r.jsonl", '{"id": "1", "text": "", "spans": []}\n', 1, "lead")
    values = {**VALUES, "<token>": invite(store, "王丽", "annotator", 1, "lead")}
    if role != "anonymous":
        lead = browser("lead")
        released(lead, store)
    for method, rule in sorted(TABLE):
        someone = browser(role)
        path = rule
        for name, value in values.items():
            path = path.replace(name, value)
        answer = someone.get(path) if method == "GET" else someone.post(path)
        where = f"{method} {rule} as {role}"
        denied = (answer.status_code == 403 or
                  answer.headers.get("Location", "").startswith("/sign-in"))
        if role in TABLE[method, rule]:
            assert answer.status_code not in (403, 404, 405, 500), where
            assert not denied or rule == "/sign-out", where
        else:
            assert denied, f"{where}: {answer.status}"
            assert answer.status_code == (403 if role != "anonymous" else
                                          302 if method == "GET" else 303), where
        answer.close()
    for job in ("replay", "score", "suggest", "sync", "backup", "live"):
        assert jobs.wait(project, job, timeout=20)


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_view_without_a_mark_is_denied_to_everybody(
        project: Project, filled: int, role: str) -> None:
    app = create_app(project, testing=True)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    someone = Browser(app.test_client())
    if role != "anonymous":
        someone.sign_in(role)
    answer = someone.get("/forgotten")
    assert answer.status_code in (302, 403) and "secret" not in answer.text


def test_a_role_that_does_not_exist_cannot_be_let_in() -> None:
    with pytest.raises(ValueError):
        roles("boss")
    with pytest.raises(ValueError):
        roles()
