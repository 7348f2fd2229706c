"""Records and findings of stored documents: made anew when their labels change, and only then."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Iterator

import pytest

from labels import govdoc, rules
from labels.checks import Check, Equation, Figures, Term
from labels.document import Document
from labels.records import RecordRule
from tests.workbench.test_stages import answer
from workbench import deriving, stages
from workbench.checking import check_figures
from workbench.deriving import derive
from workbench.project import Project
from workbench.store import Store
from workbench.store.derived import (
    answer_finding, checked, equations_with, failures, finding_counts, findings, record_counts,
    records,
)
from workbench.store.documents import add_document
from workbench.store.tasks import task_states
from workbench.reading import read_bytes

TABLE = ("表 1 云泽区收入情况\n单位：万元\n\n| 项目 | 预算数 | 决算数 |\n| --- | --- | --- |\n"
         "| 税收收入 | 1200 | 1260 |\n| 非税收入 | 300 | 290 |\n| 合计 | 1500 | {total} |\n\n"
         "决定任命林文海为云泽区教育局局长。\n")


@pytest.fixture
def document_id(project: Project, store: Store) -> int:
    """A stored document whose second column does not add up, with suggestions."""
    (document,) = read_bytes("a.md", TABLE.format(total=1570).encode())
    document_id = add_document(store, document).document_id
    stages.suggest(store, project.pack())
    return document_id


def test_a_total_that_is_wrong_is_a_finding_and_the_right_one_confirms(
        store: Store, document_id: int) -> None:
    made = derive(store)
    assert (made.documents, made.broken) == (1, 1)
    (found,) = findings(store, "open")
    assert "1570" in [term["text"] for term in found["content"]["terms"]]
    state = checked(store, document_id)
    assert state is not None and state.open == 1
    text = TABLE.format(total=1570)
    assert {text[start:end] for start, end in state.confirmed} >= {"1200", "300", "1500"}


def test_what_has_not_changed_is_not_derived_again(store: Store, document_id: int) -> None:
    derive(store)
    assert derive(store).documents == 0


def test_an_answer_stays_with_its_finding_when_the_document_is_derived_again(
        store: Store, document_id: int) -> None:
    derive(store)
    (found,) = findings(store, "open")
    answer_finding(store, document_id, found["key"], "source", "印错", "lead")
    with store.write() as db:
        db.execute("UPDATE checks SET basis = 'older'")
    assert derive(store).documents == 1
    (kept,) = findings(store, "answered")
    assert (kept["key"], kept["reason"], kept["note"]) == (found["key"], "source", "印错")
    answer_finding(store, document_id, found["key"], "", "", "lead")
    assert finding_counts(store)["open"] == 1


def test_records_follow_the_labels_that_people_settled(
        project: Project, store: Store, document_id: int) -> None:
    derive(store)
    (row,) = records(store, "appointment")
    assert row["content"]["person"] == "林文海"
    # People settle the region without that name: the record goes.
    stages.cut_regions(store, document_id)
    for task in task_states(store):
        if task["kind"] == "spans":
            answer(store, task["id"], [])
    stages.settle(store, project.pack(), "lead")
    assert derive(store).documents == 1
    assert record_counts(store).get("appointment", 0) == 0


def test_a_document_without_suggestions_is_left_for_later(store: Store) -> None:
    add_document(store, Document("b", "云泽区概况"))
    assert derive(store).documents == 0


def test_gold_takes_the_place_of_suggestions_inside_its_region(
        project: Project, store: Store, document_id: int) -> None:
    suggested = rules.suggest(Document("x", TABLE.format(total=1570)), project.pack())
    assert any(link.type == "APPOINTED" for link in suggested.relations)
    stages.cut_regions(store, document_id)
    (task,) = [task for task in task_states(store) if task["kind"] == "spans"]
    text = TABLE.format(total=1570)[task["start"]:task["end"]]
    person, post = text.index("林文海"), text.index("局长")
    answer(store, task["id"], [(person, person + 3, "PERSON"), (post, post + 2, "POST")],
           relations=[{"type": "REMOVED", "source": 0, "target": 1, "direction": None}])
    stages.settle(store, project.pack(), "lead")
    derive(store)
    (row,) = records(store, "appointment")
    assert row["content"]["action"] == "removed"


def failing(figures: Figures) -> Iterator[Any]:
    raise ValueError("odd")
    yield


def dividing(figures: Figures) -> Iterator[Equation]:
    yield Equation("bad.dividing", (Term("1", 0, 1, Decimal(1), Decimal(1), ""),), "one",
                   residual=lambda values: values[0] / Decimal(0))


def test_a_check_or_record_rule_that_raises_is_told_and_the_others_go_on(
        store: Store, document_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    checks, rules_of = govdoc.load_checks(), govdoc.record_rules()
    monkeypatch.setattr(govdoc, "load_checks", lambda: (
        Check("bad.failing", failing), Check("bad.dividing", dividing), *checks))
    monkeypatch.setattr(govdoc, "record_rules", lambda: (
        RecordRule("bad.records", failing), *rules_of))
    made = derive(store)
    assert made.broken == 1 and made.records >= 1
    assert [(one.rule, one.documents) for one in made.failures] == [
        ("bad.dividing", 1), ("bad.failing", 1), ("bad.records", 1)]
    assert [row["name"] for row in failures(store)] == [
        "bad.dividing", "bad.failing", "bad.records"]
    assert derive(store).documents == 0, "what fails is not tried again till something changes"


def test_labels_that_change_while_a_document_is_derived_are_derived_too(
        project: Project, store: Store, document_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[int] = []

    def change(figures: Figures, failures: Any = None) -> Any:
        if not changed:
            changed.append(document_id)
            with project.open() as other, other.write() as db:
                db.execute("INSERT INTO suggestion_sets (document_id, pack_hash, failures,"
                           " created_at) VALUES (?, 'newer', '[]', 'now')", [document_id])
        return check_figures(figures, failures)
    monkeypatch.setattr(deriving, "check_figures", change)
    assert derive(store).documents == 1
    assert deriving.due(store) == []
    assert record_counts(store).get("appointment", 0) == 0, "the newer set has no labels"


def test_an_answer_does_not_pass_to_another_difference_of_the_same_figures(
        store: Store, document_id: int) -> None:
    derive(store)
    (found,) = findings(store, "open")
    other = found["key"].rpartition("=")[0] + "=999"
    answer_finding(store, document_id, other, "source", "", "lead")
    assert len(findings(store, "open")) == 1


def test_a_document_that_is_read_anew_in_another_way_is_due(
        store: Store, document_id: int) -> None:
    derive(store)
    (document,) = read_bytes("a.md", TABLE.format(total=1570).encode())
    add_document(store, replace(document, tables=()))
    assert [row["id"] for row in deriving.due(store)] == [document_id]
    derive(store)
    assert findings(store, "broken") == []


def test_equations_that_hold_are_kept_by_their_figures(store: Store, document_id: int) -> None:
    derive(store)
    start = TABLE.index("1200")
    (equation,) = equations_with(store, document_id, start, start + 4)
    assert ["1200", "1500"] == sorted(term[2] for term in equation["terms"] if term[2] != "300")
    assert equations_with(store, document_id, 0, 1) == []
