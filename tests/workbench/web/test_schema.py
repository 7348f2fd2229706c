"""The schema's pages: everybody reads, the lead changes a draft, saves it, goes back."""
from __future__ import annotations

import json
from typing import Any, Callable

import pytest

from labels import govdoc
from labels.schema_changes import Rename, Split
from tests.workbench.web.conftest import Browser
from workbench import jobs, schemas, stages
from workbench.migration import migrate
from workbench.project import Project
from workbench.store import Store
from workbench.store.conflicts import open_conflicts
from workbench.store.schemas import newest_schema, schema_draft
from workbench.store.settings import set_setting

Open = Callable[[str], Browser]
ROAD = {"name": "ROAD", "title": "道路", "title_en": "Road", "code": "路", "color": "#3F1F5F",
        "hotkey": "z", "guide": "", "rule": "有名称的道路。", "yes": "沿⟦望江路⟧走", "no": "走路 | 动作",
        "decisions": ""}


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def draft_of(store: Store) -> list[dict[str, Any]]:
    begun = schema_draft(store)
    return [json.loads(line) for line in begun["changes"].splitlines()] if begun else []


def test_everybody_sees_labels_relations_and_classes_and_only_the_lead_may_change(
        browser: Open) -> None:
    for role in ("annotator", "lead"):
        text = page(browser(role), "/schema")
        for name in ("INDICATOR", "POST_OF", "function"):
            assert f"<code>{name}</code>" in text or f'id="{name}"' in text
        assert ("/schema/new/label" in text) == (role == "lead")


def test_a_new_label_stands_in_the_draft_with_its_guide_and_its_colour(
        browser: Open, store: Store) -> None:
    lead = browser("lead")
    assert lead.post("/schema/new/label", ROAD).status_code == 303
    assert [change["change"] for change in draft_of(store)] == ["add", "explain"]
    assert "ROAD" in page(lead, "/schema") and "ROAD" not in page(browser("annotator"), "/schema")
    assert ".l-ROAD" in page(lead, "/labels.css?draft=1")
    assert ".l-ROAD" not in page(lead, "/labels.css")
    assert ".l-ROAD" not in page(browser("annotator"), "/labels.css?draft=1")
    text = page(lead, "/schema/preview")
    assert "望江路" in text and 'alias=&#34;ROAD&#34;' in text and "<kbd>z</kbd>" in text


@pytest.mark.parametrize(("wrong", "words"), [
    ({"hotkey": "1"}, "share the hotkey"), ({"color": "#ffeeaa"}, "too pale to read"),
    ({"code": "机"}, "have the same code"), ({"name": "ORG"}, "already"),
    ({"yes": "没有标记"}, "marks nothing"), ({"no": "少了理由"}, "not as many texts"),
])
def test_a_form_that_is_no_good_comes_back_with_one_line_and_what_was_typed(
        browser: Open, store: Store, wrong: dict[str, str], words: str) -> None:
    lead = browser("lead")
    lead.post("/language", {"locale": "en", "next": "/schema"})
    answer = lead.post("/schema/new/label", {**ROAD, **wrong})
    assert answer.status_code == 400 and words in answer.text
    assert wrong.get("yes", "望江路") in answer.text
    assert draft_of(store) == []


def test_editing_puts_only_what_changed_into_the_draft(browser: Open, store: Store) -> None:
    lead = browser("lead")
    from workbench.web.schema import Look, given_of
    given = dict(given_of(Look(govdoc.schema(), govdoc.guide(), False), "label", "ORG", "") or {})
    same = lead.post("/schema/entries/label/ORG/edit", given)
    assert same.status_code == 303 and draft_of(store) == []
    lead.post("/schema/entries/label/ORG/edit", {**given, "title": "单位", "rule": "某一个单位。"})
    assert draft_of(store) == [
        {"change": "edit", "kind": "label", "name": "ORG", "entry": {"title": "单位"}},
        {"change": "explain", "kind": "label", "name": "ORG", "guide": {"rule": "某一个单位。"}}]


def test_relations_classes_and_choices_have_forms_of_their_own(browser: Open,
                                                               store: Store) -> None:
    lead = browser("lead")
    for path in ("/schema/entries/relation/CHANGE", "/schema/entries/class/topics",
                 "/schema/entries/choice/plan?of=function", "/schema/new/relation",
                 "/schema/new/choice?of=topics", "/schema/new/class"):
        page(lead, path)
    lead.post("/schema/new/relation", {
        "name": "NEAR", "title": "邻近", "title_en": "near", "from": ["LOC"], "to": ["LOC", "ORG"],
        "directions": "north south", "rule": "", "yes": "", "decisions": ""})
    lead.post("/schema/entries/relation/CHANGE/value", {"value": "up", "to": "rise"})
    lead.post("/schema/new/choice", {"of": "topics", "name": "weather", "title": "天气",
                                     "title_en": "Weather", "rule": "天气", "example": ""})
    lead.post("/schema/new/class", {
        "name": "tone", "title": "语气", "title_en": "Tone", "rule": "",
        "choices": "plain | 平实 | Plain\nurgent ｜ 紧迫 ｜ Urgent"})
    lead.post("/schema/entries/choice/plan/merge", {"of": "function", "with": ["target"],
                                                    "into": "plan"})
    lead.post("/schema/entries/label/LOC/split", {
        "first": "LOC", **{key: ROAD[key] for key in (
            "name", "title", "title_en", "code", "color", "hotkey")}})
    kinds = [(one["change"], one["kind"]) for one in draft_of(store)]
    assert kinds == [("add", "relation"), ("rename", "value"), ("add", "choice"),
                     ("explain", "choice"), ("add", "class"), ("merge", "choice"),
                     ("split", "label")]
    assert "NEAR" in page(lead, "/schema/draft")


def test_the_draft_tells_what_it_would_touch_and_is_saved_with_a_reason(
        browser: Open, project: Project, store: Store, with_tasks: int) -> None:
    set_setting(store, "studio", None)
    stages.settle(store, project.pack(), "lead")
    lead = browser("lead")
    lead.post("/language", {"locale": "en", "next": "/schema"})
    lead.post("/schema/entries/label/ORG/split", {
        "first": "ORG", "name": "FIRM", "title": "企业", "title_en": "Company", "code": "企",
        "color": "#3f1f5f", "hotkey": ""})
    text = page(lead, "/schema/draft")
    assert "labels that were split" in text and "云泽区财政局" in text and "FIRM" in text
    assert lead.post("/schema/draft/save", {"why": ""}).status_code == 303
    assert newest_schema(store)["version"] == 0
    lead.post("/schema/draft/save", {"why": "企业另标"})
    assert jobs.wait(project, "schema", 60)
    assert newest_schema(store)["step"] == "done"
    (waiting,) = open_conflicts(store, "schema")
    text = page(lead, "/conflicts?kind=schema")
    assert "云泽区财政局" in text and "企业" in text
    assert "企业另标" in page(lead, "/schema/history")
    assert "FIRM" in page(lead, "/schema/compare?a=0&b=1")
    lead.post(f"/conflicts/{waiting['id']}", {"decision": "keep"})
    assert not open_conflicts(store, "schema")
    assert "/schema/back?version=0" in page(lead, "/schema/history")
    text = page(lead, "/schema/back?version=0")
    assert "FIRM" in text and 'action="/schema/back"' in text
    lead.post("/schema/back", {"version": "0"})
    assert jobs.wait(project, "schema", 60)
    assert project.pack().schema == govdoc.schema()


def test_a_change_is_taken_out_of_the_draft_and_the_draft_is_dropped(browser: Open,
                                                                     store: Store) -> None:
    lead = browser("lead")
    lead.post("/schema/entries/label/ORG/rename", {"to": "ORGAN"})
    lead.post("/schema/entries/label/LOC/remove")
    lead.post("/schema/general", {"title": "样", "title_en": "Sample", "general": "先读全段。"})
    lead.post("/schema/draft/remove", {"place": "0"})
    assert [one["change"] for one in draft_of(store)] == ["remove", "edit", "explain"]
    lead.post("/schema/draft/drop")
    assert draft_of(store) == []


def test_an_interrupted_migration_is_told_and_gone_on_with(
        browser: Open, project: Project, store: Store) -> None:
    schemas.save(store, [Rename("label", "ORG", "ORGAN")], "x", "lead")
    lead = browser("lead")
    assert "/schema/resume" in page(lead, "/schema")
    lead.post("/schema/resume")
    assert jobs.wait(project, "schema", 60)
    assert newest_schema(store)["step"] == "done" and "/schema/resume" not in page(lead, "/schema")


def test_all_pages_show_the_names_of_the_project(browser: Open, project: Project, store: Store,
                                                 filled: int) -> None:
    schemas.save(store, [Rename("label", "ORG", "ORGAN"),
                         Split("label", "MONEY", {"SUM": {}, "FUND": {
                             "title": "资金", "title_en": "Fund", "code": "资",
                             "color": "#3f1f5f"}})], "x", "lead")
    migrate(project)
    lead = browser("lead")
    assert ".l-ORGAN" in page(lead, "/labels.css") and ".l-ORG " not in page(lead, "/labels.css")
    assert 'id="ORGAN"' in page(lead, "/guide")
    assert "l-ORGAN" in page(lead, f"/documents/{filled}")
    assert "ORGAN" in page(lead, f"/documents/{filled}/spans/0")
    assert "l-ORGAN" in page(lead, "/rules")
    assert 'value="ORGAN"' in page(lead, "/rules/pattern")


@pytest.mark.parametrize("path", [
    "/schema/entries/label/TREE", "/schema/entries/choice/plan?of=tree",
    "/schema/new/choice?of=tree", "/schema/compare?a=7&b=0"])
def test_what_is_not_there_is_not_found(browser: Open, path: str) -> None:
    assert browser("lead").get(path).status_code == 404
