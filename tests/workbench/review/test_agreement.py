from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labels import govdoc
from labels.schema import load_schema
from tests.workbench.answering import put_answer
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS
from workbench.project import Project
from workbench.review.agreement import agreement, agreement_to_json, measure, stretches
from workbench.review.pace import paces
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.people import add_user, link_studio_account
from workbench.store.settings import set_setting
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import add_regions, record_sent, record_tasks, task_states

SCHEMA = load_schema(Path(govdoc.__file__).parent / "schema.toml")


def row(person: str, region: int, kind: str = "spans", document: int = 1, at: str = "2026-03-04",
        **answer: Any) -> dict[str, Any]:
    spans = [{"start": start, "end": end, "label": label}
             for start, end, label in answer.get("spans", ())]
    return {"person": person, "region_id": region, "kind": kind, "document_id": document,
            "answered_at": f"{at}T08:00:00Z", "type": "budget_report", "blind": True,
            "answer": {"spans": spans, "relations": [], "classes": answer.get("classes", {})}}


def test_spans_are_told_by_label_person_type_and_week() -> None:
    shared = [[row("王", 1, spans=[(0, 2, "ORG"), (4, 6, "MONEY")]),
               row("李", 1, spans=[(0, 2, "ORG"), (4, 7, "MONEY")])],
              [row("王", 2, at="2026-03-11", spans=[(0, 2, "ORG")]),
               row("李", 2, at="2026-03-08", spans=[])]]
    found = measure(shared, {1: "一二三四五六七八", 2: "一二三"}, SCHEMA)
    lines = {line.name: line for line in found.spans}
    assert lines[""].exact.value == pytest.approx(2 * 1 / 5)
    assert lines[""].overlap.value == pytest.approx(2 * 2 / 5)
    assert lines["ORG"].exact.value == pytest.approx(2 / 3) and lines["ORG"].exact.n == 3
    assert lines["MONEY"].exact.value == 0 and lines["MONEY"].overlap.value == 1
    assert [pair.people for pair in found.pairs] == [("李", "王")]
    assert [(week.name, week.regions) for week in found.weeks] == [
        ("2026-03-02", 1), ("2026-03-09", 1)]
    assert [kind.name for kind in found.types] == ["budget_report"]
    assert found.labels == {("ORG", "ORG"): 1, ("MONEY", "MONEY"): 1, ("", "ORG"): 1}
    assert found.fringes == (("MONEY", "七", 1),)
    assert json.loads(json.dumps(agreement_to_json(found)))["regions"] == {"spans": 2, "classes": 0}


def test_alpha_of_a_label_is_over_its_characters() -> None:
    """Ten characters; one marks four of them, the other two of these: two disagree."""
    shared = [[row("王", 1, spans=[(0, 4, "ORG")]), row("李", 1, spans=[(0, 2, "ORG")])]]
    found = measure(shared, {1: "一二三四五六七八九十"}, SCHEMA)
    expected = 1 - (20 - 1) * 4 / (2 * 6 * 14)
    assert {line.name: line.alpha and line.alpha.value for line in found.spans} == {
        "": pytest.approx(expected), "ORG": pytest.approx(expected)}


def test_the_stretches_of_a_text_are_all_of_it() -> None:
    answers = [row("王", 1, spans=[(1, 4, "ORG"), (2, 4, "PLACE")])["answer"],
               row("李", 1, spans=[(4, 6, "ORG")])["answer"]]
    found = stretches(answers, 8)
    assert [width for width, _ in found] == [1, 1, 2, 2, 2]
    assert found[2] == (2, [frozenset(("ORG", "PLACE")), frozenset()])


def test_classes_have_kappa_for_two_and_fleiss_for_more() -> None:
    said = [("plan", "plan", "plan"), ("plan", "plan", "target"), ("target",) * 3]
    shared = [[row(person, region, "classes", classes={"function": [choice]})
               for person, choice in zip("王李陈", choices)]
              for region, choices in enumerate(said)]
    found = measure(shared, {}, SCHEMA)
    whole = found.classes[0]
    assert (whole.name, whole.choice, whole.raters) == ("function", "", 3)
    assert whole.same.value == pytest.approx(7 / 9)
    assert whole.fleiss is not None and whole.fleiss.value == pytest.approx(
        ((1 + 1 / 3 + 1) / 3 - (25 + 16) / 81) / (1 - (25 + 16) / 81))
    choices = {line.choice: line for line in found.classes[1:]}
    assert choices["plan"].same.value == pytest.approx(2 * 4 / (2 * 3 + 2 + 1 + 1))
    kappas = {pair.people: pair.kappa["function"].value for pair in found.pairs}
    assert kappas[("李", "王")] == 1 and kappas[("李", "陈")] == pytest.approx(0.4)


def test_nothing_to_compare_is_no_figure_and_no_error() -> None:
    found = measure([], {}, SCHEMA)
    assert found.spans == found.classes == found.pairs == () and found.documents == 0


@pytest.fixture
def regions(store: Store) -> list[int]:
    document = add_document(store, DOCUMENT).document_id
    add_regions(store, document, "spans", "p", [(0, 8, []), (10, 20, []), (20, 28, [])])
    return [found["id"] for found in task_states(store, document)]


def test_only_the_newest_blind_answers_of_two_people_count(
        store: Store, regions: list[int]) -> None:
    first, second, third = regions
    put_answer(store, first, "ORG", email="a@x")
    put_answer(store, first, "PLACE", email="b@x", slot=2, origin="other")
    put_answer(store, first, "ORG", email="b@x", slot=2, origin="other", task=99,
               when="2026-02-01T00:00:00Z")
    put_answer(store, second, "ORG", email="a@x")
    put_answer(store, second, "ORG", email="b@x", blind=False)
    put_answer(store, third, "ORG", email="a@x")
    put_answer(store, third, email="b@x", state="skipped", slot=2, origin="other")
    found = agreement(store, SCHEMA)
    assert found.regions == {"spans": 1, "classes": 0} and found.seen == 1
    assert found.spans[0].exact.value == 1 and found.people == ("a@x", "b@x")


def test_one_person_with_two_accounts_does_not_agree_with_themselves(
        store: Store, regions: list[int]) -> None:
    set_setting(store, "studio", {"projects": {"spans:1": [4, "there"], "spans:2": [5, "else"]}})
    user = add_user(store, "王丽", "annotator", "a long password")
    link_studio_account(store, user, "wang@x", 7)
    put_answer(store, regions[0], "ORG", account=7, email="wang@x")
    put_answer(store, regions[0], "PLACE", account=7, email="new@x", slot=2, origin="else",
               when="2026-02-01T00:00:00Z")
    assert agreement(store, SCHEMA).regions["spans"] == 0


def test_pace_counts_time_against_length_and_untouched_suggestions(
        project: Project, store: Store, regions: list[int]) -> None:
    document = store.value("SELECT id FROM documents")
    set_id = save_suggestions(store, document, project.pack().hash, SUGGESTIONS)
    record_tasks(store, "there", 4, 1, {region: 70 + region for region in regions})
    record_sent(store, "there", {region: set_id for region in regions[:2]})
    put_answer(store, regions[0], "ORG", email="a@x", seconds=16)   # suggested was 0–6, not 0–2
    put_answer(store, regions[1], "ORG", email="a@x", seconds=20)
    put_answer(store, regions[2], "ORG", email="a@x", seconds=90_000)
    (pace,) = paces(store)
    assert (pace.person, pace.answers, pace.timed, pace.characters) == ("a@x", 3, 2, 18)
    assert pace.per_hour == pytest.approx(18 * 3600 / 36) and pace.by_length[0] == (2, 18)
    assert (pace.suggested.shown, pace.suggested.untouched, pace.suggested.own) == (2, 0, 2)
