from __future__ import annotations

import csv
import io
import json
from typing import Callable

from click.testing import CliRunner

from tests.workbench.answering import put_answer
from tests.workbench.web.conftest import Browser
from workbench.cli import main
from workbench.project import Project
from workbench.store import Store
from workbench.store.tasks import task_states

Open = Callable[[str], Browser]


def two_people(store: Store, document: int) -> None:
    region = next(row for row in task_states(store, document) if row["kind"] == "spans")
    put_answer(store, region["id"], "ORG", email="li<b>@example.org", slot=2, origin="other")


def test_without_a_second_answer_there_is_nothing_to_compare(
        browser: Open, with_tasks: int) -> None:
    page = browser("reviewer").get("/agreement").text
    assert 'class="empty shown"' in page and "<table" not in page


def test_figures_are_shown_and_pace_to_the_lead_only(
        browser: Open, store: Store, with_tasks: int) -> None:
    two_people(store, with_tasks)
    page = browser("lead").get("/agreement").text
    assert 'id="spans"' in page and 'id="pace"' in page
    assert "li&lt;b&gt;@example.org" in page and "<b>@" not in page
    assert 'id="pace"' not in browser("reviewer").get("/agreement").text


def test_a_new_answer_is_in_the_figures_at_once(
        browser: Open, store: Store, with_tasks: int) -> None:
    lead = browser("lead")
    assert lead.get("/agreement.json").get_json()["regions"]["spans"] == 0
    two_people(store, with_tasks)
    assert lead.get("/agreement.json").get_json()["regions"]["spans"] == 1
    with store.write() as db:
        db.execute("UPDATE answers SET deleted_at = '2026-01-02' WHERE slot = 2")
    assert lead.get("/agreement.json").get_json()["regions"]["spans"] == 0


def test_figures_are_taken_away_as_csv_and_json(
        browser: Open, store: Store, with_tasks: int) -> None:
    two_people(store, with_tasks)
    reviewer = browser("reviewer")
    rows = list(csv.DictReader(io.StringIO(reviewer.get("/agreement.csv").data.decode(
        "utf-8-sig"))))
    assert {"group": "span", "name": "ORG", "measure": "F1", "value": "0.0000", "low": "",
            "high": "", "n": "2", "documents": "1"} in rows
    found = reviewer.get("/agreement.json").get_json()
    assert found["regions"] == {"spans": 1, "classes": 0}
    assert found["spans"][1]["overlap"]["value"] == 1
    assert found["borders"] == [
        {"label": "ORG", "start": [0, 0], "end": [3, 5], "count": 1}]


def test_the_command_says_the_same(project: Project, store: Store, with_tasks: int) -> None:
    two_people(store, with_tasks)
    done = CliRunner().invoke(main, ["--project", str(project.folder), "agreement", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["regions"] == {"spans": 1, "classes": 0}
    done = CliRunner().invoke(main, ["--project", str(project.folder), "agreement"])
    assert "span\tORG\tF1 overlapping\t1.0000\t\t\t2\t1" in done.stdout.splitlines()
