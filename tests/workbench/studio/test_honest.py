"""Hidden suggestions and known answers through push and pull, against the model of Label Studio."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator

import httpx
import pytest

from labels.rules import Suggestions
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from tests.workbench.studio.fake_studio import FakeStudio, clients
from tests.workbench.studio.model import URL, USERS, Ways
from workbench import predicting, stages, sync
from workbench.project import Project, create_project
from workbench.review.honest import SETTING, Honest
from workbench.review.known import scores
from workbench.store.answers import newest_answers
from workbench.store.conflicts import open_conflicts
from workbench.store.documents import add_document
from workbench.store.outbox import waiting
from workbench.store.people import add_user, link_studio_account
from workbench.store.rereads import remove_document
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.trials import trial_answers, trial_counts
from workbench.store.work import waiting_counts, waiting_tasks
from workbench.studio import client as studio_client
from workbench.studio.plan import NEW_BARE, UNHIDDEN
from workbench.trialing import ASKED, WITHDRAWN, trial_key

MARK = [{"id": "a", "from_name": "label", "to_name": "text", "type": "labels",
         "value": {"start": 0, "end": 6, "text": "云泽区财政局", "labels": ["ORG"]}}]

FUNCTION = [{"id": "f", "from_name": "function", "to_name": "text", "type": "choices",
             "value": {"choices": ["figures"]}}]


class Here:
    """A connected project with one document and suggestions, its Label Studio, and its people."""

    def __init__(self, project: Project, studio: FakeStudio) -> None:
        self.project, self.studio = project, studio
        self.people: list[httpx.Client] = list(clients(studio))

    def share(self, *shares: int, **more: Any) -> None:
        with self.project.open() as store:
            set_setting(store, SETTING, Honest(*shares, **more).as_json())

    def suggest(self, name: str, *spans: Any) -> None:
        with self.project.open() as store:
            save_suggestions(store, 1, name, Suggestions(tuple(spans), (), ()))

    def settle(self) -> None:
        with self.project.open() as store:
            stages.settle(store, self.project.pack(), "lead")

    def task(self, trial: bool = False) -> dict[str, Any]:
        """The task of the spans of the document, or that which asks it again."""
        (found,) = [task for task in self.studio.tasks.values()
                    if (":spans:" in task["meta"]["key"])
                    and trial is ("report@" not in task["meta"]["key"])]
        return found

    def shown(self, task: dict[str, Any]) -> int:
        return len(self.studio.of_task("predictions", task["id"]))

    def answer(self, task: dict[str, Any], who: int, result: Any = MARK,
               seconds: float = 0.001) -> dict[str, Any]:
        made = self.people[who].post(f"/api/tasks/{task['id']}/annotations/", json={
            "result": result, "lead_time": seconds}).raise_for_status().json()
        return dict(made)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    ways = Ways()
    ways.studio = FakeStudio(dict(USERS))
    monkeypatch.setattr(studio_client, "http_client", ways.client)
    monkeypatch.setattr(studio_client, "PAUSE_S", 0.0)
    project = create_project(tmp_path / "project", "试用").project
    sync.connect(project, URL, next(iter(USERS)))
    with project.open() as store:
        document = add_document(store, DOCUMENT).document_id
        save_suggestions(store, document, "first", SUGGESTIONS)
    yield Here(project, ways.studio)


# --- hidden suggestions ---------------------------------------------------------------------------

def test_a_hidden_region_is_sent_bare_and_no_step_gives_it_suggestions(here: Here) -> None:
    here.share(100, 0)
    told = sync.push(here.project, dry_run=True)
    assert {item["kind"]: item["why"] for item in told.items}["spans"] == NEW_BARE
    assert told.bare == 1
    done = sync.push(here.project)
    assert (done.created, done.bare) == (2, 1)
    assert here.shown(here.task()) == 0
    here.suggest("second", SUGGESTIONS.spans[0])
    for _ in range(2):
        again = sync.push(here.project)
        assert (again.repaired, again.updated, again.offered) == (0, again.updated, 0)
        assert here.shown(here.task()) == 0
    here.answer(here.task(), 1)
    sync.pull(here.project)
    here.suggest("third", SUGGESTIONS.spans[1])
    assert sync.push(here.project).offered == 0 and here.shown(here.task()) == 0
    with here.project.open() as store:
        (row,) = newest_answers(store)
        assert (row["hidden"], row["seen_set"]) == (1, 1)
        assert open_conflicts(store) == []


def test_where_all_is_hidden_the_first_push_meets_no_error(here: Here) -> None:
    here.share(100, 100)
    assert sync.push(here.project).problems == []
    assert not here.studio.predictions


def test_what_went_out_with_suggestions_keeps_them(here: Here) -> None:
    sync.push(here.project)
    here.share(100, 100)
    again = sync.push(here.project)
    assert again.hidden == 0 and here.shown(here.task()) == 1
    here.answer(here.task(), 1)
    sync.pull(here.project)
    with here.project.open() as store:
        assert [(row["hidden"], row["seen_set"]) for row in newest_answers(store)] == [(0, 1)]


def test_with_a_smaller_share_only_what_nobody_has_begun_gets_its_suggestions(here: Here) -> None:
    here.share(100, 100)
    sync.push(here.project)
    here.answer(here.task(), 1)
    here.share(0, 0)
    told = sync.push(here.project, dry_run=True)
    assert [(item["operation"], item["why"], item["kind"]) for item in told.items] \
        == [("update", UNHIDDEN, "classes")]
    assert sync.push(here.project).updated == 1
    assert here.shown(here.task()) == 0 and len(here.studio.predictions) == 1
    assert sync.push(here.project).updated == 0
    with here.project.open() as store:
        assert store.rows("SELECT hidden, turned_at <> '' AS turned FROM tasks ORDER BY hidden") \
            == [{"hidden": 0, "turned": 1}, {"hidden": 1, "turned": 0}]


def test_who_had_the_task_open_while_it_was_turned_saw_nobody_knows_what(here: Here) -> None:
    here.share(100, 100)
    sync.push(here.project)
    here.share(0, 0)
    sync.push(here.project)
    here.answer(here.task(), 1, seconds=600.0)      # opened ten minutes ago
    here.answer(here.task(), 2)
    sync.pull(here.project)
    with here.project.open() as store:
        assert [row["hidden"] for row in newest_answers(store)] == [None, 0]


def test_a_later_version_of_an_answer_keeps_what_its_author_saw(here: Here) -> None:
    here.share(100, 0)
    sync.push(here.project)
    made = here.answer(here.task(), 1)
    sync.pull(here.project)
    with here.project.open() as store, store.write() as db:
        db.execute("UPDATE tasks SET hidden = 0")
    here.people[1].patch(f"/api/annotations/{made['id']}/", json={"result": []})
    sync.pull(here.project)
    with here.project.open() as store:
        assert [(row["hidden"], row["answer"]["spans"]) for row in newest_answers(store)] \
            == [(1, [])]


def test_suggestions_that_somebody_put_there_are_taken_away(here: Here) -> None:
    here.share(100, 0)
    sync.push(here.project)
    task = here.task()
    here.studio.add_prediction(task, {"result": MARK, "model_version": "workbench"})
    assert sync.push(here.project).hidden == 1 and here.shown(task) == 0
    assert sync.push(here.project).hidden == 0


def test_a_task_that_a_cut_off_push_made_counts_as_what_it_shows(here: Here) -> None:
    sync.push(here.project)
    with here.project.open() as store, store.write() as db:
        db.execute("DELETE FROM tasks")
    here.share(100, 100)
    again = sync.push(here.project)
    assert (again.created, again.hidden) == (0, 0) and here.shown(here.task()) == 1
    with here.project.open() as store:
        assert {row["hidden"] for row in store.rows("SELECT hidden FROM tasks")} == {0}


def test_label_studio_is_told_nothing_of_a_hidden_region(here: Here) -> None:
    here.share(100, 0)
    sync.push(here.project)
    task, text = here.task(), DOCUMENT.text

    def asked(key: str, said: str, context: Any = None) -> list[dict[str, Any]]:
        with here.project.open() as store:
            link = sync.connection(store)
            body = {"project": f"{task['project']}.1", "params": {"context": context},
                    "tasks": [{"data": {"text": said, "key": key}}]}
            return predicting.predictions(store, here.project.pack(),
                                          predicting.read_request(body, link))

    key = task["meta"]["key"]
    assert asked(key, task["data"]["text"])[0]["result"] == []
    assert asked(key, text)[0]["result"] == []          # somebody edited the text there
    drawn = {"result": [{"value": {"start": 0, "end": 6}}]}
    assert asked(key, task["data"]["text"], drawn)[0]["result"] == []
    with here.project.open() as store, store.write() as db:
        db.execute("UPDATE tasks SET hidden = 0")
    assert asked(key, task["data"]["text"])[0]["result"] != []


# --- known answers --------------------------------------------------------------------------------

def settled(here: Here, **more: Any) -> dict[str, Any]:
    """The task that asks the document again, which li had answered and qian had not."""
    sync.push(here.project)
    here.answer(here.task(), 1)
    (other,) = [task for task in here.studio.tasks.values() if ":classes:" in task["meta"]["key"]]
    here.answer(other, 2, FUNCTION)                     # qian works here, too
    sync.pull(here.project)
    here.settle()
    here.share(0, 0, 100, least=1, **more)
    sync.push(here.project)
    return here.task(trial=True)


def test_a_settled_region_is_asked_again_under_a_key_that_tells_nothing(here: Here) -> None:
    task = settled(here)
    original = here.task()
    assert task["project"] == original["project"] and here.shown(task) == 0
    assert task["data"]["text"] == original["data"]["text"]
    key, other = task["meta"]["key"], original["meta"]["key"]
    assert key == trial_key(other, 1) != other and "report" not in key
    assert key.split("@")[1] == other.split("@")[1] and task["data"]["key"] == key
    again = sync.push(here.project)
    assert (again.created, again.trials, again.doubles, again.deleted) == (0, 0, 0, 0)


def test_what_is_answered_there_is_scored_and_never_an_answer(here: Here) -> None:
    task = settled(here)
    with here.project.open() as store:
        before = newest_answers(store)
        lints = store.rows("SELECT * FROM lints")
    wrong = {**MARK[0], "id": "b", "value": {**MARK[0]["value"], "text": "甲"}}
    here.answer(task, 2, MARK)
    here.answer(task, 0, [wrong])
    report = sync.pull(here.project)
    assert (report.trials, report.accepted, report.quarantined) == (2, 0, 0)
    assert sync.pull(here.project, full=True).trials == 0
    here.settle()
    with here.project.open() as store:
        assert newest_answers(store) == before and open_conflicts(store) == []
        assert store.rows("SELECT * FROM lints") == lints
        found = {one.person: one for one in scores(store)}
        first, second = found["qian@example.org"], found["workbench@example.org"]
        # the second answer stood where another one was to be seen
        assert (first.trials, first.left, second.trials, second.left) == (1, 0, 0, 1)
        assert [(line.name, line.right, line.said, line.settled) for line in first.labels] \
            == [("ORG", 1, 1, 1)]
    assert sync.push(here.project).trials == 0


def test_who_had_seen_the_region_is_told_apart(here: Here) -> None:
    here.answer(settled(here), 1, MARK)
    sync.pull(here.project)
    with here.project.open() as store:
        (score,) = scores(store)
        assert (score.person, score.trials, score.had_seen) == ("li@example.org", 0, 1)


def test_an_answer_taken_back_there_is_taken_back_here(here: Here) -> None:
    task = settled(here)
    made = here.answer(task, 2)
    sync.pull(here.project)
    here.people[2].delete(f"/api/annotations/{made['id']}/").raise_for_status()
    sync.pull(here.project)
    with here.project.open() as store:
        assert trial_answers(store) == [] and dict(trial_counts(store)) == {
            "answered": 0, "open": 2}


def test_with_a_share_of_nothing_what_nobody_has_answered_is_deleted(here: Here) -> None:
    task = settled(here)
    trials = len(here.studio.tasks) - 2
    here.share(0, 0, 0)
    told = sync.push(here.project, dry_run=True)
    assert {(item["operation"], item["why"]) for item in told.items} == {("delete", WITHDRAWN)}
    assert sync.push(here.project).deleted == trials and task["id"] not in here.studio.tasks
    here.share(0, 0, 100, least=1)
    told = sync.push(here.project, dry_run=True)
    assert {item["why"] for item in told.items} == {ASKED} and told.trials == trials
    assert sync.push(here.project).trials == trials
    here.answer(here.task(trial=True), 2)
    here.share(0, 0, 0)
    assert sync.push(here.project).deleted == trials - 1
    assert sync.pull(here.project).trials == 1
    with here.project.open() as store:
        assert waiting(store) == []


def test_a_begun_one_is_not_deleted(here: Here) -> None:
    task = settled(here)
    here.people[2].post(f"/api/tasks/{task['id']}/drafts", json={"result": MARK})
    here.share(0, 0, 0)
    sync.push(here.project)
    assert task["id"] in here.studio.tasks


def test_one_that_was_deleted_there_is_sent_again_under_its_key(here: Here) -> None:
    task = settled(here)
    here.people[0].delete(f"/api/tasks/{task['id']}/").raise_for_status()
    sync.pull(here.project)
    assert sync.push(here.project).trials == 1
    assert here.task(trial=True)["meta"]["key"] == task["meta"]["key"]


def test_a_removed_document_takes_them_with_it_once_their_answers_are_stored(here: Here) -> None:
    task = settled(here)
    here.answer(task, 2)
    with here.project.open() as store:
        remove_document(store, "report")
    assert sync.push(here.project).waiting == 1 and task["id"] in here.studio.tasks
    sync.pull(here.project)
    sync.push(here.project)
    assert here.studio.tasks == {}
    with here.project.open() as store:
        assert len(trial_answers(store)) == 1


def test_where_everybody_has_answered_nothing_is_asked_again(here: Here) -> None:
    sync.push(here.project)
    for who in (1, 2):
        here.answer(here.task(), who)
    sync.pull(here.project)
    here.settle()
    here.share(0, 0, 100)
    assert sync.push(here.project).trials == 0


def test_gold_of_too_few_people_is_not_asked_again(here: Here) -> None:
    settled(here)
    here.share(0, 0, 100, least=2)
    assert sync.push(here.project).deleted == len({"spans", "classes"})


def test_label_studio_is_told_nothing_of_one(here: Here) -> None:
    task = settled(here)
    with here.project.open() as store:
        body = {"project": f"{task['project']}.1", "tasks": [{"data": task["data"]}]}
        (made,) = predicting.predictions(store, here.project.pack(), predicting.read_request(
            json.loads(json.dumps(body)), sync.connection(store)))
        assert made["result"] == []


def test_it_waits_for_those_who_have_not_seen_the_region(here: Here) -> None:
    task = settled(here)
    with here.project.open() as store:
        li, new = (add_user(store, name, "annotator", "a long password") for name in ("li", "wu"))
        link_studio_account(store, li, "li@example.org", 2)
        link_studio_account(store, new, "wu@example.org", 9)
        assert task["id"] not in {row["studio_task"] for row in waiting_tasks(store, li, 1)}
        rows = waiting_tasks(store, new, 1)
        assert task["id"] in {row["studio_task"] for row in rows}
        assert sum(waiting_counts(store, new, 1).values()) == len(rows)
        assert {row["suggestions"] for row in rows} == {0}


def test_what_was_offered_beside_answers_is_not_what_the_next_one_saw(here: Here) -> None:
    sync.push(here.project)
    here.answer(here.task(), 1)
    sync.pull(here.project)
    here.suggest("second", SUGGESTIONS.spans[0])
    assert sync.push(here.project).offered == 1
    here.answer(here.task(), 2)
    sync.pull(here.project)
    with here.project.open() as store:
        assert [row["seen_set"] for row in newest_answers(store)] == [1, 1]
