"""A schema that changes under answers and gold, without a Label Studio: all follows, and back."""
from __future__ import annotations

import json
from typing import Any

import pytest

from labels import govdoc
from labels.answers import faults
from labels.errors import InputError, SchemaError
from labels.overlays import AddPattern, Overlay
from labels.schema_changes import (
    Add, Change, Edit, Explain, Merge, Remove, Rename, Split,
)
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS, TEXT
from workbench import schemas, stages
from workbench.migration import migrate
from workbench.project import Project
from workbench.store import Store
from workbench.store.answers import NewAnswer, add_answer, newest_answers
from workbench.store.conflicts import end_conflict, open_conflicts
from workbench.store.documents import add_document
from workbench.store.gold import load_release, standing_gold
from workbench.store.overlays import add_overlay, newest_overlay
from workbench.store.rereads import NewAnchoring, carried, save_reread
from workbench.store.schemas import newest_schema, schema_draft, set_step
from workbench.store.suggestions import current_set, label_counts, save_suggestions
from workbench.store.tasks import task_states

ANSWER = {"spans": [{"start": 0, "end": 6, "label": "ORG"}, {"start": 12, "end": 14,
                                                             "label": "INDICATOR"},
                    {"start": 15, "end": 22, "label": "MONEY"},
                    {"start": 23, "end": 27, "label": "ORG"}],
          "relations": [{"source": 1, "target": 2, "type": "VALUE", "direction": None}],
          "classes": {}}
ROAD = {"title": "道路", "title_en": "Road", "code": "路", "color": "#3f1f5f"}
FIRM = {"title": "企业", "title_en": "Company", "code": "企", "color": "#3f1f5f"}


@pytest.fixture
def document(project: Project, store: Store) -> int:
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, project.pack().hash, SUGGESTIONS)
    stages.cut_regions(store, document_id)
    return document_id


@pytest.fixture
def region(store: Store, document: int) -> int:
    """Of the spans, answered by one person and settled."""
    (row,) = [row for row in task_states(store, document) if row["kind"] == "spans"]
    return int(row["id"])


def said(store: Store, region_id: int, annotation: int, answer: Any = ANSWER,
         when: str = "2026-01-01T00:00:00.000000Z", who: str = "a@workbench.local") -> int:
    return add_answer(store, NewAnswer(
        region_id=region_id, origin="gone", slot=1, studio_task=7, studio_annotation=annotation,
        studio_updated_at=when, studio_user=3, annotator=who, state="accepted", reason="",
        answer=answer, raw=raw(answer), lead_time=None, made_at=when, blind=True))


def raw(answer: Any) -> list[dict[str, Any]]:
    """As Label Studio would hold the answer."""
    spans = [{"id": f"s{index}", "type": "labels", "from_name": "label", "to_name": "text",
              "value": {"start": span["start"], "end": span["end"], "labels": [span["label"]],
                        "text": TEXT[span["start"]:span["end"]]}}
             for index, span in enumerate(answer["spans"])]
    return [*spans, *({"type": "relation", "from_id": f"s{link['source']}",
                       "to_id": f"s{link['target']}", "direction": "right",
                       "labels": [f"数值 {link['type']}"]} for link in answer["relations"])]


def change(project: Project, *changes: Change) -> int:
    with project.open() as store:
        version = schemas.save(store, changes, "试一试", "lead")
    migrate(project)
    return version


def labels_of(rows: Any) -> list[str]:
    return [span["label"] for row in rows for span in row["answer"]["spans"]]


def settled(project: Project, store: Store) -> None:
    stages.settle(store, project.pack(), "lead")


def test_a_renamed_label_is_renamed_in_answers_gold_and_suggestions(
        project: Project, store: Store, document: int, region: int) -> None:
    said(store, region, 1)
    settled(project, store)
    change(project, Rename("label", "ORG", "ORGAN"), Rename("relation", "VALUE", "IS"))
    assert labels_of(newest_answers(store)) == ["ORGAN", "INDICATOR", "MONEY", "ORGAN"]
    (answer,) = newest_answers(store)
    assert answer["answer"]["relations"][0]["type"] == "IS"
    assert json.loads(answer["raw"])[0]["value"]["labels"] == ["ORGAN"]
    (gold,) = standing_gold(store)
    assert labels_of([gold]) == ["ORGAN", "INDICATOR", "MONEY", "ORGAN"]
    assert (gold["settled_by"], gold["answer_ids"]) == ("schema 1", [answer["id"]])
    current = current_set(store, document)
    assert current is not None and current["pack_hash"] == project.pack().hash
    assert label_counts(store, current["id"]) == {"ORGAN": 2, "INDICATOR": 1, "MONEY": 1}
    # and the next settle finds nothing new in that
    assert stages.settle(store, project.pack(), "lead").settled == 0
    assert not open_conflicts(store, "schema")


def test_an_old_release_is_exported_under_the_schema_it_was_frozen_with(
        project: Project, store: Store, region: int) -> None:
    said(store, region, 1)
    settled(project, store)
    old = stages.freeze(store, project.pack(), "lead")
    change(project, Rename("label", "ORG", "ORGAN"))
    new = stages.freeze(store, project.pack(), "lead")
    assert new.number == old.number + 1 and load_release(store, old.number) == old
    assert "ORG" in old.labels and "ORGAN" in new.labels and "ORG" not in new.labels
    assert [span.label for span in old.regions[0].spans].count("ORG") == 2
    assert [span.label for span in new.regions[0].spans].count("ORGAN") == 2


def test_an_old_release_writes_old_names_after_a_rename(
        project: Project, store: Store, region: int, tmp_path: Any) -> None:
    said(store, region, 1)
    settled(project, store)
    stages.freeze(store, project.pack(), "lead")
    change(project, Rename("label", "ORG", "ORGAN"))
    stages.export_release(store, 1, "label-studio", tmp_path / "out")
    written = (tmp_path / "out" / "spans.json").read_text(encoding="utf-8")
    assert '"ORG"' in written and "ORGAN" not in written


def test_what_a_split_leaves_doubtful_waits_for_review_and_is_not_frozen(
        project: Project, store: Store, region: int) -> None:
    said(store, region, 1)
    settled(project, store)
    change(project, Split("label", "ORG", {"ORG": {}, "FIRM": FIRM}))
    (open_one,) = open_conflicts(store, "schema")
    assert open_one["region_id"] == region
    notes = open_one["content"]["notes"]
    assert [(note["text"], note["options"]) for note in notes] == [
        ("云泽区财政局", ["ORG", "FIRM"]), ("𠮷祥公司", ["ORG", "FIRM"])]
    with pytest.raises(Exception, match="no region is settled"):
        stages.freeze(store, project.pack(), "lead")
    better = json.loads(json.dumps(ANSWER))
    better["spans"][3]["label"] = "FIRM"
    said(store, region, 1, better, "2026-01-02T00:00:00.000000Z")
    settled(project, store)
    assert not open_conflicts(store, "schema")
    release = stages.freeze(store, project.pack(), "lead")
    labels = [span.label for span in release.regions[0].spans]
    assert labels == ["ORG", "INDICATOR", "MONEY", "FIRM"]


def test_a_person_may_say_that_it_is_right_as_it_is(project: Project, store: Store,
                                                    region: int) -> None:
    said(store, region, 1)
    settled(project, store)
    change(project, Split("label", "ORG", {"ORG": {}, "FIRM": FIRM}))
    (open_one,) = open_conflicts(store, "schema")
    end_conflict(store, open_one["id"], "right", "lead")
    assert stages.freeze(store, project.pack(), "lead").number == 1


def test_a_removed_label_goes_with_its_relations_and_undone_both_are_back(
        project: Project, store: Store, region: int) -> None:
    said(store, region, 1)
    settled(project, store)
    (before,) = standing_gold(store)
    change(project, Remove("label", "INDICATOR"))
    (gold,) = standing_gold(store)
    assert labels_of([gold]) == ["ORG", "MONEY", "ORG"] and not gold["answer"]["relations"]
    with project.open() as opened:
        version = schemas.go_back(opened, 0, "doch", "lead")
    migrate(project)
    assert version == 2 and project.pack().schema == govdoc.schema()
    (gold,), (answer,) = standing_gold(store), newest_answers(store)
    assert gold["answer"] == before["answer"] == answer["answer"]
    assert json.loads(answer["raw"]) == raw(ANSWER)
    assert not open_conflicts(store, "schema")
    assert stages.settle(store, project.pack(), "lead").settled == 0


def test_a_merge_is_undone_for_what_nobody_touched_since_and_asked_for_the_rest(
        project: Project, store: Store, region: int) -> None:
    said(store, region, 1)
    said(store, region, 2, when="2026-01-01T01:00:00.000000Z", who="b@workbench.local")
    change(project, Merge("label", ("ORG", "MONEY"), "THING"))
    changed = json.loads(json.dumps(newest_answers(store)[1]["answer"]))
    changed["spans"].pop()
    said(store, region, 2, changed, "2026-03-01T00:00:00.000000Z", "b@workbench.local")
    with project.open() as opened:
        schemas.go_back(opened, 0, "", "lead")
    migrate(project)
    first, second = newest_answers(store)
    assert first["answer"] == json.loads(json.dumps(ANSWER))
    assert labels_of([second]) == ["ORG", "INDICATOR", "ORG"]
    (open_one,) = open_conflicts(store, "schema")
    assert open_one["content"]["by"] == "b@workbench.local"
    assert {tuple(note["options"]) for note in open_one["content"]["notes"]
            if note["what"] == "span"} == {("ORG", "MONEY")}


def test_a_removal_undone_asks_for_what_it_cannot_put_back(
        project: Project, store: Store, region: int) -> None:
    said(store, region, 1)
    change(project, Remove("label", "MONEY"))
    said(store, region, 1, {**ANSWER, "spans": ANSWER["spans"][:1], "relations": []},
         "2026-03-01T00:00:00.000000Z")
    with project.open() as opened:
        schemas.go_back(opened, 0, "", "lead")
    migrate(project)
    (open_one,) = open_conflicts(store, "schema")
    missing = [note for note in open_one["content"]["notes"] if note["fate"] == "missing"]
    assert ("MONEY", "65.2 亿元") in [(note["before"], note["text"]) for note in missing]


def test_several_versions_are_undone_at_once(project: Project, store: Store,
                                             region: int) -> None:
    said(store, region, 1)
    change(project, Rename("label", "ORG", "ORGAN"))
    change(project, Split("label", "ORGAN", {"ORGAN": {}, "FIRM": FIRM}))
    change(project, Merge("label", ("MONEY", "QUANTITY"), "NUMBER"))
    with project.open() as opened:
        schemas.go_back(opened, 1, "", "lead")
    migrate(project)
    assert labels_of(newest_answers(store)) == ["ORGAN", "INDICATOR", "MONEY", "ORGAN"]
    assert not open_conflicts(store, "schema")
    assert project.pack().schema.version == "1.1"


@pytest.mark.parametrize("stop", ["widen", "narrow", "finish"])
def test_a_migration_that_was_killed_goes_on_where_it_stood(
        project: Project, store: Store, region: int, stop: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    said(store, region, 1)
    settled(project, store)
    from workbench import migration
    whole = getattr(migration, f"_{stop}")

    def killed(*arguments: Any) -> None:
        whole(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(migration, f"_{stop}", killed)
    with pytest.raises(KeyboardInterrupt):
        change(project, Rename("label", "ORG", "ORGAN"))
    for row in newest_answers(store):
        assert faults(row["answer"], project.pack().schema) == [] or stop == "narrow"
    monkeypatch.undo()
    migrate(project)
    migrate(project)
    assert newest_schema(store)["step"] == "done"
    assert labels_of(newest_answers(store)).count("ORGAN") == 2
    assert [row["version"] for row in standing_gold(store)] == [2]


def test_while_it_goes_on_gold_is_neither_settled_nor_frozen_nor_changed_again(
        project: Project, store: Store, region: int) -> None:
    said(store, region, 1)
    schemas.save(store, [Rename("label", "ORG", "ORGAN")], "x", "lead")
    assert {"ORG", "ORGAN"} <= set(project.pack().schema.label_names)
    for work in (lambda: stages.settle(store, project.pack(), "lead"),
                 lambda: stages.freeze(store, project.pack(), "lead"),
                 lambda: schemas.save(store, [Remove("label", "LOC")], "y", "lead"),
                 lambda: schemas.go_back(store, 0, "", "lead")):
        with pytest.raises(InputError, match="still being applied"):
            work()
    set_step(store, 1, "widen")
    migrate(project)
    assert "ORG" not in project.pack().schema.label_names


def test_pattern_rules_follow_their_labels(project: Project, store: Store) -> None:
    add_overlay(store, Overlay((
        AddPattern("club", "ORG", "读书会", 90, 0.9, ("青溪⟦读书会⟧",)),
        AddPattern("road", "LOC", "大道", 90, 0.9, ("青溪⟦大道⟧",)))).text(), "", "lead")
    change(project, Rename("label", "ORG", "ORGAN"), Remove("label", "LOC"))
    row = newest_overlay(store)
    assert row["version"] == 2 and '"ORGAN"' in row["content"] and "road" not in row["content"]
    assert not project.fitted().refused


def test_a_class_set_that_was_added_is_not_asked_of_what_was_answered_before(
        project: Project, store: Store, document: int) -> None:
    regions = [row["id"] for row in task_states(store, document) if row["kind"] == "classes"]
    answer = {"spans": [], "relations": [], "classes": {"function": ["plan"]}}
    said(store, regions[0], 1, answer)
    settled(project, store)
    change(project, Add("class", "tone", {"title": "语气", "title_en": "Tone", "choices": {
        "plain": ["平实", "Plain"], "urgent": ["紧迫", "Urgent"]}}))
    release = stages.freeze(store, project.pack(), "lead")
    assert release.regions[0].asked == ("function", "topics")


def test_records_are_made_from_labels_whatever_the_project_calls_them(
        project: Project, store: Store, document: int) -> None:
    from workbench import deriving
    deriving.derive(store)
    before = [json.loads(row["content"]) for row in store.rows("SELECT content FROM records")]
    change(project, Rename("label", "INDICATOR", "MEASURE"), Rename("label", "MONEY", "SUM"),
           Rename("relation", "VALUE", "IS"))
    deriving.derive(store)
    after = [json.loads(row["content"]) for row in store.rows("SELECT content FROM records")]
    assert before and after == before


def test_labels_carried_over_from_an_older_version_follow(
        project: Project, store: Store, document: int, region: int) -> None:
    def anchored(label: str, kind: str = "span") -> NewAnchoring:
        return NewAnchoring(region_id=region, old_document=document, answer_ids=(), kind=kind,
                            label=label, start=0, end=6, quote="云泽区财政局", verdict="moved",
                            places=((0, 6),), taken=0)
    save_reread(store, document, [anchored("ORG"), anchored("LOC"), anchored(
        json.dumps({"function": ["plan"]}), "class")], [(0, 1, "CHANGE", "up")], {})
    change(project, Rename("label", "ORG", "ORGAN"), Remove("label", "LOC"),
           Rename("choice", "plan", "planned", "function"), Rename("value", "up", "rise", "CHANGE"))
    labels, relations = carried(store, document)
    assert [row["label"] for row in labels] == ["ORGAN", '{"function": ["planned"]}']
    assert not relations
    (stored,) = store.rows("SELECT * FROM anchored_relations")
    assert (stored["type"], stored["direction"]) == ("CHANGE", "rise")


# --- the draft

def test_a_draft_is_made_of_typed_changes_and_saved_with_a_reason(project: Project,
                                                                  store: Store) -> None:
    schemas.edit(store, "lead", Rename("label", "ORG", "ORGAN"))
    schemas.edit(store, "lead", Edit("label", "ORGAN", {"title": "组织"}))
    with pytest.raises(SchemaError, match="there is no label ORGAN"):
        schemas.take_out(store, "lead", 0)
    schemas.take_out(store, "lead", 1)
    with pytest.raises(InputError, match="say why"):
        schemas.save_draft(store, " ", "lead")
    assert schemas.save_draft(store, "更准", "lead") == 1
    assert schema_draft(store) is None
    migrate(project)
    assert project.guide().labels["ORGAN"] == govdoc.guide().labels["ORG"]


def test_a_draft_that_was_overtaken_is_refused(project: Project, store: Store) -> None:
    schemas.edit(store, "lead", Rename("label", "ORG", "ORGAN"))
    begun = schema_draft(store)
    assert begun is not None
    change(project, Remove("label", "LOC"))
    with pytest.raises(InputError, match="changed meanwhile"):
        schemas.save(store, [Rename("label", "ORG", "ORGAN")], "x", "lead", base=begun["base"])


def test_changes_that_change_nothing_are_refused(store: Store) -> None:
    with pytest.raises(SchemaError, match="change nothing"):
        schemas.save(store, [Rename("label", "ORG", "X"), Rename("label", "X", "ORG")], "x",
                     "lead")


def test_a_guide_text_changes_the_guide_and_no_answer(project: Project, store: Store,
                                                      region: int) -> None:
    said(store, region, 1)
    change(project, Explain("label", "ORG", {"rule": "某一个机构。"}))
    assert project.guide().labels["ORG"].rule == "某一个机构。"
    assert project.guide().labels["ORG"].yes == govdoc.guide().labels["ORG"].yes
    assert store.value("SELECT count(*) FROM answers") == 1


def test_a_name_with_another_meaning_in_between_is_undone_step_by_step(
        project: Project, store: Store) -> None:
    change(project, Rename("label", "ORG", "ORGAN"))
    change(project, Add("label", "ORG", ROAD))
    with pytest.raises(SchemaError, match="ORG would mean something else"):
        schemas.go_back(store, 0, "", "lead")
    schemas.go_back(store, 1, "", "lead")
    migrate(project)
    schemas.go_back(store, 0, "", "lead")
    migrate(project)
    assert project.pack().schema == govdoc.schema()
