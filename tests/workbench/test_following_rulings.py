"""Rulings and precedents under a schema whose names change."""
from __future__ import annotations

import json

import pytest

from labels.schema_changes import Change, Remove, Rename
from tests.workbench.review.test_adjudication import LINES, key_of, region, regions, say
from workbench import schemas
from workbench.migration import migrate
from workbench.project import Project
from workbench.review import adjudication
from workbench.review.adjudication import rule, set_precedent
from workbench.store import Store
from workbench.store.holds import give_reasons, reasons_given
from workbench.store.lints import dismiss_lint, dismissed_lints, open_lints
from workbench.store.rulings import precedents, rulings_of

__all__ = ["regions"]


def change(project: Project, *changes: Change) -> None:
    with project.open() as store:
        schemas.save(store, changes, "试一试", "lead")
    migrate(project)


@pytest.fixture(autouse=True)
def stamped(store: Store, regions: list[int]) -> None:
    """Times as Label Studio writes them."""
    with store.write() as db:
        db.execute("UPDATE answers SET studio_updated_at = '2026-01-01T00:00:00.000000Z'")


@pytest.fixture
def ruled(store: Store, regions: list[int]) -> int:
    """A region on whose sum was ruled, and the ruling made a precedent."""
    rule(store, regions[0], key_of(store, regions[0]), "0", "陈审")
    set_precedent(store, regions[0], key_of(store, regions[0]), "不含等", "陈审")
    return regions[0]


def test_a_ruling_on_a_renamed_label_stands_under_its_new_name(
        project: Project, store: Store, ruled: int) -> None:
    change(project, Rename("label", "MONEY", "SUM"))
    here = region(store, ruled)
    assert here.open == () and [one.key for one in here.compared.found] == list(here.rulings)
    (row,) = here.rulings.values()
    assert row["content"]["spans"] == [[4, 9, "SUM"]]
    assert row["content"]["told"] == [["SUM", "500万元"]]
    assert "MONEY" not in row["decision"]
    adjudication.finish(store, project.pack().schema, ruled, "陈审")


def test_a_precedent_is_told_under_the_new_name_and_comes_up_for_the_same_words(
        project: Project, store: Store, ruled: int, regions: list[int]) -> None:
    change(project, Rename("label", "MONEY", "SUM"))
    (one,) = region(store, regions[1]).compared.found
    (told,) = precedents(store, [one.question])
    assert told["name"] == "SUM"
    assert one.option_like(told["decision"]) is not None


def test_a_precedent_of_a_label_that_is_gone_ends(
        project: Project, store: Store, ruled: int) -> None:
    change(project, Remove("label", "MONEY"))
    assert precedents(store) == []


def test_the_precedent_of_a_class_follows_its_set_and_choice(
        project: Project, store: Store, regions: list[int]) -> None:
    with store.write() as db:
        db.execute("UPDATE regions SET kind = 'classes' WHERE id = ?", [regions[3]])
        for row, choice in zip(store.rows("SELECT id FROM answers WHERE region_id = ?",
                                          [regions[3]]), ("plan", "target")):
            db.execute("UPDATE answers SET answer = ? WHERE id = ?", [json.dumps(
                {"spans": [], "relations": [], "classes": {"function": [choice]}}), row["id"]])
    rule(store, regions[3], key_of(store, regions[3]), "0", "陈审")
    set_precedent(store, regions[3], key_of(store, regions[3]), "", "陈审")
    (before,) = rulings_of(store, [regions[3]])[regions[3]].values()
    (chosen,) = before["content"]["choices"]
    change(project, Rename("choice", chosen, "intent", "function"))
    (row,) = region(store, regions[3]).rulings.values()
    assert row["content"]["choices"] == ["intent"] and region(store, regions[3]).open == ()
    assert [told["name"] for told in precedents(store)] == ["function"]


def test_why_a_remark_was_dismissed_or_let_be_follows_the_names_it_tells(
        project: Project, store: Store, regions: list[int]) -> None:
    here = regions[0]
    keys = {f"{here}:two_labels:4-9:MONEY,ORG,500万元,等:十":
            f"{here}:two_labels:4-9:SUM,ORG,500万元,等:十",
            f"{here}:relation_labels:4-9:ORG,MONEY,VALUE":
            f"{here}:relation_labels:4-9:ORG,SUM,VALUE",
            f"{here}:edge_mark:4-9:MONEY": f"{here}:edge_mark:4-9:MONEY"}
    for key in keys:
        dismiss_lint(store, key, "guide", "", "陈审")
        give_reasons(store, [{"region_id": here, "cause": "lint", "key": key}], "guide", "",
                     "batch", "陈审")
    change(project, Rename("label", "MONEY", "SUM"))
    assert dismissed_lints(store, keys.values()) == set(keys.values())
    assert {row["key"] for row in reasons_given(store, here)} == set(keys.values())


def test_the_new_version_of_an_answer_has_its_remarks(
        project: Project, store: Store, regions: list[int]) -> None:
    made = say(store, regions[3], "zhao", (0, len(LINES[3]), "ORG"),
               when="2026-02-01T00:00:00.000000Z")
    change(project, Rename("label", "ORG", "ORGAN"))
    (remark,) = open_lints(store, region_id=regions[3])
    assert remark["lint"].code == "edge_mark" and remark["answer_id"] > made
