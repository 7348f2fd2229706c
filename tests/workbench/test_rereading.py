"""A document read again: what goes with the text that stayed, and what a person is asked."""
from __future__ import annotations

from typing import Any

import pytest

from labels.document import Block, Document
from labels.rules import Evidence, RelationSuggestion, SpanSuggestion, Suggestions
from workbench import rereading, stages
from workbench.outgoing import outgoing
from workbench.project import Project
from workbench.store import Row, Store
from workbench.store.answers import NewAnswer, add_answer
from workbench.store.conflicts import end_conflict, open_conflicts
from workbench.store.documents import add_document
from workbench.store.gold import count_older, settled_regions
from workbench.store.rereads import (
    anchorings_of, carried, place_in_set, regions_of, releases_with, remove_document,
    removed_documents, reread_summary, restore_document,
)
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import (
    record_tasks, region_text, task_counts, task_states, unasked_tasks,
)

INCOME = "全年实现一般公共预算收入65.2亿元，同比增长6.5%，完成预算的102%，税收占比达到88%。"
ROADS = "云泽大道北延伸段建成通车，新增公交线路3条，群众出行更加便利，新改建道路12条。"
SCHOOL = "新建公办幼儿园4所，新增学位1200个，学前教育普惠率达到88%，教师培训全面完成。"


def report(*paragraphs: str) -> Document:
    """Every paragraph is a region of its own: each begins a part of the first level."""
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block("title", start, start + 2))
        blocks.append(Block("paragraph", start + 3, start + 3 + len(paragraph)))
        start += len(paragraph) + 4
    text = "\n".join(f"标题\n{paragraph}" for paragraph in paragraphs)
    return Document("report", text, title="报告", blocks=tuple(blocks))


@pytest.fixture
def first(store: Store) -> int:
    """The first version with its regions, each with a task."""
    document_id = add_document(store, report(INCOME, ROADS, SCHOOL)).document_id
    stages.cut_regions(store, document_id)
    rows = regions_of(store, document_id)
    record_tasks(store, "there", 1, 1, {row["id"]: 100 + row["id"] for row in rows})
    return document_id


def region_with(store: Store, document_id: int, words: str, kind: str = "spans") -> Row:
    (row,) = [row for row in regions_of(store, document_id)
              if row["kind"] == kind and words in region_text(store, row["id"])]
    return row


def answer(store: Store, region: Row, *quotes: tuple[str, str], annotation: int = 1,
           relations: list[dict[str, Any]] | None = None, classes: dict | None = None,
           who: str = "a@b") -> None:
    text = region_text(store, region["id"])
    spans = [{"start": text.index(quote), "end": text.index(quote) + len(quote), "label": label}
             for quote, label in quotes]
    add_answer(store, NewAnswer(
        region_id=region["id"], origin="there", slot=1, studio_user=7, made_at="", blind=True,
        studio_task=100 + region["id"], studio_annotation=annotation, annotator=who,
        studio_updated_at="2026-01-01T00:00:00Z", state="accepted", reason="",
        raw=[], lead_time=None,
        answer={"spans": spans, "relations": relations or [], "classes": classes or {}}))


def reread(store: Store, *paragraphs: str) -> int:
    document_id = add_document(store, report(*paragraphs)).document_id
    stages.cut_regions(store, document_id)
    return document_id


def quotes(store: Store, document_id: int) -> dict[str, tuple[str, str]]:
    """By quote: verdict, and what stands where it is suggested."""
    text = store.value("SELECT t.text FROM documents d JOIN texts t ON t.hash = d.text_hash"
                       " WHERE d.id = ?", [document_id])
    return {row["quote"]: (row["verdict"], text[slice(*row["places"][row["taken"]])]
                           if row["taken"] is not None else "")
            for row in anchorings_of(store, document_id)}


def test_regions_whose_text_stands_go_with_task_answers_and_gold(
        project: Project, store: Store, first: int) -> None:
    roads = region_with(store, first, "公交")
    answer(store, roads, ("3条", "QUANTITY"))
    stages.settle(store, project.pack(), "t")
    second = reread(store, INCOME, SCHOOL, "新的一段，此前没有，说的是云泽湖的治理进展情况。", ROADS)
    moved = region_with(store, second, "公交")
    assert (moved["id"], moved["key"]) == (roads["id"], roads["key"])
    assert moved["start"] != roads["start"] and "3条" in region_text(store, moved["id"])
    (gold,) = settled_regions(store)
    assert gold["document_id"] == second and gold["text"][slice(
        gold["answer"]["spans"][0]["start"], gold["answer"]["spans"][0]["end"])] == "3条"
    assert count_older(store) == 0
    assert len(regions_of(store, second)) == 8 and regions_of(store, first) == []
    assert (reread_summary(store, second) or {})["regions"] == 6


def test_a_repeat_changes_nothing(store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公交"), ("3条", "QUANTITY"))
    second = reread(store, INCOME, ROADS.replace("便利", "方便"), SCHOOL)
    before = [list(store.conn.iterdump())]
    stages.cut_regions(store, second)
    stages.cut_regions(store, second)
    assert stages.uncut_regions(store, second) == {}
    assert [list(store.conn.iterdump())] == before


def test_a_version_that_was_killed_half_way_took_over_nothing(
        store: Store, first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(store, region_with(store, first, "公共预算"), ("6.5%", "PERCENT"))
    second = add_document(store, report(INCOME.replace("6.5%", "6.8%"), SCHOOL)).document_id
    before = list(store.conn.iterdump())

    def killed(*_: object) -> None:
        raise KeyboardInterrupt
    with monkeypatch.context() as patched:
        patched.setattr(stages, "add_regions", killed)
        with pytest.raises(KeyboardInterrupt):
            stages.cut_regions(store, second)
    assert list(store.conn.iterdump()) == before
    stages.cut_regions(store, second)
    assert len(regions_of(store, second)) == 4 and len(open_conflicts(store, "anchor")) == 1


def test_a_dry_run_tells_the_new_regions_and_writes_nothing(store: Store, first: int) -> None:
    second = add_document(store, report(INCOME, SCHOOL, ROADS + "另有大修道路五条已经完工。"))
    before = list(store.conn.iterdump())
    told = stages.uncut_regions(store, second.document_id)
    assert {kind: len(found) for kind, found in told.items()} == {"spans": 1, "classes": 1}
    assert list(store.conn.iterdump()) == before


def test_labels_of_a_changed_region_are_told_and_suggested(store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"), ("6.5%", "PERCENT"),
           ("一般公共预算收入", "INDICATOR"),
           relations=[{"source": 2, "target": 0, "type": "VALUE", "direction": None},
                      {"source": 2, "target": 1, "type": "CHANGE", "direction": "up"}])
    second = reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    assert quotes(store, second) == {
        "一般公共预算收入": ("moved", "一般公共预算收入"), "65.2亿元": ("moved", "65.2亿元"),
        "6.5%": ("lost", "")}
    labels, relations = carried(store, second)
    assert [row["label"] for row in labels] == ["INDICATOR", "MONEY"]
    assert [row["type"] for row in relations] == ["VALUE"]
    (conflict,) = open_conflicts(store, "anchor")
    assert conflict["content"]["verdict"] == "lost" and conflict["content"]["candidates"] == []
    assert conflict["content"]["was"]["text"] == "6.5%"


def test_gold_of_a_region_whose_text_changed_does_not_count_for_the_new_one(
        project: Project, store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"))
    stages.settle(store, project.pack(), "t")
    reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    assert settled_regions(store) == [] and count_older(store) == 1


def test_what_only_an_older_version_holds_is_no_task_any_more(store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"))
    reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    assert task_counts(store) == {"waiting": 2, "open": 4}
    assert task_counts(store, first) == {"answered": 1, "open": 1}
    assert len(task_states(store)) == 6 and len(task_states(store, first)) == 2


def test_what_two_people_say_of_a_label_is_one(store: Store, first: int) -> None:
    for number in (1, 2):
        answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"),
               annotation=number, who=f"{number}@b")
    second = reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    (row,) = anchorings_of(store, second)
    assert row["taken"] == 0 and len(row["answer_ids"]) == 2


def test_the_classes_of_a_paragraph_that_changed_little_are_suggested(
        store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算", "classes"), classes={"function": ["figures"]})
    second = reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    ((row,), _) = carried(store, second)
    assert row["kind"] == "class" and row["label"] == '{"function": ["figures"]}'
    third = reread(store, "这一段现在讲的完全是别的事情，与原文没有相同之处。", ROADS, SCHOOL)
    assert [row["verdict"] for row in anchorings_of(store, third)] == ["lost"]
    assert carried(store, third) == ([], [])


def test_labels_nobody_answered_go_on_to_the_version_after(store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"), ("6.5%", "PERCENT"))
    reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    third = reread(store, INCOME.replace("6.5%", "6.9%"), ROADS, SCHOOL)
    assert quotes(store, third) == {"65.2亿元": ("moved", "65.2亿元"), "6.5%": ("lost", "")}
    (conflict,) = open_conflicts(store, "anchor")
    assert conflict["content"]["document"] == third


def test_labels_that_were_answered_again_do_not(store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"))
    second = reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    answer(store, region_with(store, second, "公共预算"), ("102%", "PERCENT"), annotation=2)
    third = reread(store, INCOME.replace("6.5%", "6.9%"), ROADS, SCHOOL)
    assert quotes(store, third) == {"102%": ("moved", "102%")}


def test_a_text_that_comes_back_has_its_answers_again(store: Store, first: int) -> None:
    roads = region_with(store, first, "公交")
    answer(store, roads, ("3条", "QUANTITY"))
    second = reread(store, INCOME, ROADS.replace("便利", "方便"), SCHOOL)
    assert region_with(store, second, "公交")["id"] != roads["id"]
    third = reread(store, INCOME, ROADS, SCHOOL)
    assert region_with(store, third, "公交")["id"] == roads["id"]


def test_a_lost_label_that_somebody_dismissed_is_not_raised_again(
        store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("6.5%", "PERCENT"))
    reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    (conflict,) = open_conflicts(store, "anchor")
    end_conflict(store, conflict["id"], rereading.DISMISSED, "lead")
    reread(store, INCOME.replace("6.5%", "6.9%"), ROADS, SCHOOL)
    assert open_conflicts(store, "anchor") == []


def prediction(project: Project, store: Store, region: Row) -> Any:
    (out,) = outgoing(store, project.pack(), region["kind"], [region])
    result = (out.task.prediction or {})["result"]
    return [(item["value"]["text"], item["value"]["labels"][0]) for item in result
            if item["type"] == "labels"], [item for item in result if item["type"] == "relation"]


def test_what_people_said_is_suggested_in_place_of_what_rules_say(
        project: Project, store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公共预算"), ("65.2亿元", "MONEY"),
           ("一般公共预算收入", "INDICATOR"), ("102%", "PERCENT"),
           relations=[{"source": 1, "target": 0, "type": "VALUE", "direction": None}])
    second = reread(store, INCOME.replace("6.5%", "6.8%"), ROADS, SCHOOL)
    region = region_with(store, second, "公共预算")
    text, start = region_text(store, region["id"]), region["start"]

    def made(quote: str, label: str) -> SpanSuggestion:
        at = start + text.index(quote)
        return SpanSuggestion(at, at + len(quote), label, "r", "1", 0.9, Evidence(quote))
    # One overlaps, one says the same, one says something of its own; COMPLETION joins the latter.
    save_suggestions(store, second, "pack", Suggestions((
        made("公共预算收入", "INDICATOR"), made("102%", "PERCENT"), made("6.8%", "PERCENT")),
        (RelationSuggestion("COMPLETION", 0, 1, "r", "1", 0.9),
         RelationSuggestion("SHARE", 2, 1, "r", "1", 0.9)), ()))
    spans, relations = prediction(project, store, region)
    assert spans == [("一般公共预算收入", "INDICATOR"), ("65.2亿元", "MONEY"), ("6.8%", "PERCENT"),
                     ("102%", "PERCENT")]
    assert [item["labels"][0].split()[-1] for item in relations] == ["VALUE", "SHARE"]


def test_a_region_that_went_along_is_not_due_for_what_it_shows_already(
        project: Project, store: Store, first: int) -> None:
    roads = region_with(store, first, "公交")
    at = roads["start"] + region_text(store, roads["id"]).index("3条")
    said = SpanSuggestion(at, at + 2, "QUANTITY", "r", "1", 0.9, Evidence("3条"))
    set_id = save_suggestions(store, first, "pack", Suggestions((said,), (), ()))
    second = reread(store, SCHOOL, INCOME.replace("6.5%", "6.8%"), ROADS)
    region = {**region_with(store, second, "公交"), "set_id": set_id}
    shift = region["start"] - roads["start"]
    for moved, changed in ((said._replace(start=at + shift, end=at + 2 + shift), False),
                           (said._replace(start=at + shift, end=at + 1 + shift), True)):
        with store.write() as db:
            db.execute("DELETE FROM suggestion_sets WHERE document_id = ?", [second])
        save_suggestions(store, second, "pack", Suggestions((moved,), (), ()))
        (out,) = outgoing(store, project.pack(), "spans", [region])
        assert shift and out.changed is changed


def test_where_a_region_stood_in_the_version_of_a_set_is_known(store: Store, first: int) -> None:
    set_id = save_suggestions(store, first, "pack", Suggestions((), (), ()))
    roads = region_with(store, first, "公交")
    second = reread(store, ROADS, INCOME, SCHOOL)
    moved = region_with(store, second, "公交")
    assert place_in_set(store, moved, set_id) == (roads["start"], roads["end"])
    newer = save_suggestions(store, second, "pack", Suggestions((), (), ()))
    assert place_in_set(store, moved, newer) == (moved["start"], moved["end"])


def test_all_tasks_of_a_removed_document_are_until_it_comes_back(
        project: Project, store: Store, first: int) -> None:
    answer(store, region_with(store, first, "公交"), ("3条", "QUANTITY"))
    stages.settle(store, project.pack(), "t")
    stages.freeze(store, project.pack(), "t")
    assert releases_with(store, "report") == [1]
    assert remove_document(store, "report") and not remove_document(store, "report")
    assert len(unasked_tasks(store, "spans", 1, "there")) == 3
    assert [row["name"] for row in removed_documents(store)] == ["report"]
    assert settled_regions(store) == []
    assert restore_document(store, "report") and not restore_document(store, "report")
    assert unasked_tasks(store, "spans", 1, "there") == [] and len(settled_regions(store)) == 1


def test_a_removed_document_that_is_read_again_is_back(store: Store, first: int) -> None:
    remove_document(store, "report")
    added = add_document(store, report(INCOME, ROADS, SCHOOL))
    assert (added.document_id, added.outcome) == (first, "returned")
    remove_document(store, "report")
    second = reread(store, INCOME, ROADS)
    assert len(regions_of(store, second)) == 4 and removed_documents(store) == []
