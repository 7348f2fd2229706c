from __future__ import annotations

import json
from typing import Any

import pytest

from labels.document import Block, Document
from labels.errors import InputError
from tests.workbench.answering import put_answer
from workbench import stages
from workbench.project import Project
from workbench.review import adjudication
from workbench.review.adjudication import Disputed, disputed_region, finish, queue, reopen, rule
from workbench.review.disagreements import Says
from workbench.store import Store
from workbench.store.derived import Derived, save_derived
from workbench.store.documents import add_document
from workbench.store.gold import standing_gold
from workbench.store.rulings import contradictions, end_precedent, precedents
from workbench.store.tasks import add_regions, task_states

LINES = ("安排资金500万元等。", "安排资金36万元等。", "安排资金36万元等。", "江岚小学建成。")


def say(store: Store, region: int, person: str, *spans: tuple[int, int, str],
        when: str = "2026-01-01T00:00:00Z") -> int:
    # Another task each time: of a person who answers a region again the newer answer counts.
    made = put_answer(store, region, email=f"{person}@x", when=when,
                      task=100 * region + int(when[5:7]))
    with store.write() as db:
        db.execute("UPDATE answers SET answer = ? WHERE id = ?", [json.dumps(
            {"spans": [{"start": start, "end": end, "label": label}
                       for start, end, label in sorted(spans)],
             "relations": [], "classes": {}}), made])
    return made


@pytest.fixture
def regions(store: Store) -> list[int]:
    """Four lines; of the first three one person took 等 with the sum and another did not, of the
    last one person marked the school and another did not."""
    text = "\n".join(LINES)
    places: list[tuple[int, int, list[str]]] = []
    for line in LINES:
        start = places[-1][1] + 1 if places else 0
        places.append((start, start + len(line), []))
    document = add_document(store, Document(
        id="report", text=text, source="report.txt", title="报告", type="other",
        blocks=tuple(Block("paragraph", start, end) for start, end, _ in places))).document_id
    add_regions(store, document, "spans", "p", places)
    ids = [row["id"] for row in task_states(store, document)]
    for region, line in zip(ids[:3], LINES):
        end = line.index("等")
        say(store, region, "wang", (4, end, "MONEY"))
        say(store, region, "li", (4, end + 1, "MONEY"))
    say(store, ids[3], "wang", (0, 4, "ORG"))
    say(store, ids[3], "li")
    return ids


def region(store: Store, region_id: int) -> Disputed:
    found = disputed_region(store, region_id)
    assert found is not None
    return found


def key_of(store: Store, region_id: int) -> str:
    (one,) = region(store, region_id).compared.found
    return one.key


def test_the_queue_begins_with_what_the_arithmetic_contradicts(
        store: Store, regions: list[int]) -> None:
    assert [one.id for one in queue(store)] == regions
    document = region(store, regions[0]).row["document_id"]
    at = len(LINES[0]) + 1 + len(LINES[1]) + 1 + 4
    save_derived(store, document, Derived("b", 0, 1, 1, (), [{
        "key": "k", "check": "sum", "status": "broken", "start": at, "group": None,
        "terms": [{"start": at, "end": at + 4}]}], ()))
    assert [(one.id, one.findings) for one in queue(store)] == [
        (regions[2], 1), (regions[0], 0), (regions[1], 0), (regions[3], 0)]


def test_a_region_is_settled_by_what_was_decided_and_settling_leaves_it(
        project: Project, store: Store, regions: list[int]) -> None:
    first, schema = regions[0], project.pack().schema
    with pytest.raises(InputError):
        finish(store, schema, first, "陈审")
    rule(store, first, key_of(store, first), "0", "陈审")
    finish(store, schema, first, "陈审")
    (gold,) = standing_gold(store)
    assert gold["answer"]["spans"] == [{"start": 4, "end": 9, "label": "MONEY"}]
    assert gold["settled_by"] == "陈审" and gold["annotators"] == ["li@x", "wang@x"]
    assert len(gold["answer_ids"]) == 2 and disputed_region(store, first) is None
    done = stages.settle(store, project.pack(), "lead")
    assert first not in done.disagreeing and done.unchanged == 1


def test_neither_and_an_adjusted_boundary_count_as_they_are(
        project: Project, store: Store, regions: list[int]) -> None:
    schema = project.pack().schema
    rule(store, regions[3], key_of(store, regions[3]), "adjusted", "陈审",
         adjusted=Says(((0, 2, "PLACE"),)))
    rule(store, regions[0], key_of(store, regions[0]), "neither", "陈审")
    for one in (regions[0], regions[3]):
        finish(store, schema, one, "陈审")
    assert {row["region_id"]: row["answer"]["spans"] for row in standing_gold(store)} == {
        regions[0]: [], regions[3]: [{"start": 0, "end": 2, "label": "PLACE"}]}


@pytest.mark.parametrize("choice, adjusted", [
    ("2", None), ("x", None), ("adjusted", None), ("adjusted", Says(((3, 3, "ORG"),))),
    ("adjusted", Says(((0, 99, "ORG"),))), ("adjusted", Says(choices=("plan",)))])
def test_what_is_no_decision_is_refused(store: Store, regions: list[int], choice: str,
                                        adjusted: Any) -> None:
    with pytest.raises(InputError):
        rule(store, regions[0], key_of(store, regions[0]), choice, "陈审", adjusted=adjusted)
    assert region(store, regions[0]).rulings == {}


def test_the_same_disagreement_is_decided_everywhere_up_to_figures(
        store: Store, regions: list[int]) -> None:
    made = rule(store, regions[0], key_of(store, regions[0]), "1", "陈审", everywhere=True)
    assert made == 3
    for one, end in zip(regions[:3], (10, 9, 9)):
        (row,) = region(store, one).rulings.values()
        assert row["content"]["spans"] == [[4, end, "MONEY"]]
    assert region(store, regions[3]).rulings == {}
    assert adjudication.undo(store, regions[1], "陈审") == 3
    assert all(region(store, one).rulings == {} for one in regions)


def test_an_adjusted_boundary_is_repeated_among_the_same_words_only(
        store: Store, regions: list[int]) -> None:
    made = rule(store, regions[1], key_of(store, regions[1]), "adjusted", "陈审",
                adjusted=Says(((4, 6, "MONEY"),)), everywhere=True)
    assert made == 2 and region(store, regions[0]).rulings == {}


def test_undo_takes_the_last_back_and_only_where_nothing_is_settled(
        project: Project, store: Store, regions: list[int]) -> None:
    rule(store, regions[0], key_of(store, regions[0]), "1", "陈审", everywhere=True)
    finish(store, project.pack().schema, regions[1], "陈审")
    assert adjudication.undo(store, regions[0], "陈审") == 2
    with pytest.raises(InputError):
        adjudication.undo(store, regions[0], "陈审")
    with pytest.raises(InputError):
        adjudication.undo(store, regions[1], "陈审")
    reopen(store, project.pack().schema, regions[1], "陈审")
    assert len(region(store, regions[1]).rulings) == 1


def test_a_new_answer_asks_again_only_what_it_changed(
        project: Project, store: Store, regions: list[int]) -> None:
    old = key_of(store, regions[0])
    rule(store, regions[0], old, "0", "陈审")
    say(store, regions[0], "li", (4, 10, "MONEY"), (0, 2, "ORG"), when="2026-02-01T00:00:00Z")
    here = region(store, regions[0])
    assert [one.kind for one in here.open] == ["missing"] and old in here.rulings
    say(store, regions[0], "li", (4, 8, "MONEY"), when="2026-03-01T00:00:00Z")
    assert len(region(store, regions[0]).open) == 1
    with pytest.raises(InputError):
        rule(store, regions[0], old, "0", "陈审")


def test_a_precedent_is_told_by_its_label_until_it_is_taken_back(
        store: Store, regions: list[int]) -> None:
    key = key_of(store, regions[0])
    with pytest.raises(InputError):
        adjudication.set_precedent(store, regions[0], key, "", "陈审")
    rule(store, regions[0], key, "0", "陈审")
    adjudication.set_precedent(store, regions[0], key, "等不在金额内", "陈审")
    (row,) = precedents(store)
    assert (row["name"], row["note"], row["quote"]) == ("MONEY", "等不在金额内", "500万元等")
    assert row["content"]["told"] == [["MONEY", "500万元"]]
    (other,) = region(store, regions[1]).compared.found
    assert [one["id"] for one in precedents(store, [other.question])] == [row["id"]]
    assert other.option_like(row["decision"]) is not None
    assert end_precedent(store, row["id"], "陈审") and not end_precedent(store, row["id"], "陈审")
    assert precedents(store) == []


def test_a_precedent_goes_with_its_ruling(store: Store, regions: list[int]) -> None:
    key = key_of(store, regions[0])
    rule(store, regions[0], key, "0", "陈审")
    adjudication.set_precedent(store, regions[0], key, "", "陈审")
    adjudication.undo(store, regions[0], "陈审")
    assert precedents(store) == []


def test_rulings_on_the_same_words_that_differ_are_told(store: Store, regions: list[int]) -> None:
    rule(store, regions[0], key_of(store, regions[0]), "0", "陈审")
    rule(store, regions[1], key_of(store, regions[1]), "0", "陈审")
    assert contradictions(store) == {}
    rule(store, regions[2], key_of(store, regions[2]), "1", "王丽")
    (rows,) = contradictions(store).values()
    assert {row["region_id"] for row in rows} == set(regions[:3])


def test_a_relation_that_the_schema_forbids_falls_and_is_counted(
        project: Project, store: Store, regions: list[int]) -> None:
    spans = [{"start": 0, "end": 4, "label": "INDICATOR"},
             {"start": 4, "end": 9, "label": "MONEY"}]
    other = [spans[0], {**spans[1], "label": "ORG"}]
    for person, said in (("wang", spans), ("li", other)):
        made = say(store, regions[0], person, when="2026-02-01T00:00:00Z")
        with store.write() as db:
            db.execute("UPDATE answers SET answer = ? WHERE id = ?", [json.dumps(
                {"spans": said, "classes": {}, "relations": [
                    {"type": "VALUE", "source": 0, "target": 1, "direction": None}]}), made])
    here = region(store, regions[0])
    (one,) = here.compared.found
    assert one.kind == "label" and len(here.compared.links) == 1
    rule(store, regions[0], one.key, "1", "陈审")
    assert finish(store, project.pack().schema, regions[0], "陈审").fallen == 1
    assert standing_gold(store)[0]["answer"]["relations"] == []
