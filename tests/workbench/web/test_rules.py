"""The pages of the rules: what they show, and what a lead changes with them."""
from __future__ import annotations

import io
import json
from typing import Any, Callable

import pytest
from flask import Flask

from labels import govdoc
from labels.document import Block, Document
from tests.workbench.web.conftest import Browser
from workbench import jobs, stages
from workbench.project import Project
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import settle_region
from workbench.store.overlays import draft, newest_overlay
from workbench.store.suggestions import current_set, spans_of
from workbench.store.tasks import task_states

PERCENT = "numbers.percent"
PATTERN = {"name": "hotline", "label": "QUANTITY", "pattern": r"热线(?P<mention>\d{5})",
           "examples": "拨打热线⟦12345⟧\n", "rejects": "", "priority": "99", "score": "0.8"}
TEXT = "增长3.5%，完成1.5%。"


@pytest.fixture
def lead(browser: Callable[[str], Browser], project: Project, store: Store) -> Browser:
    """The lead of a project with real suggestions, in English."""
    document = Document("text", TEXT, "text", "文", blocks=(Block("paragraph", 0, len(TEXT)),))
    add_document(store, document)
    stages.suggest(store, project.pack())
    someone = browser("lead")
    someone.post("/language", {"locale": "en"})
    return someone


def replayed(lead: Browser, project: Project) -> None:
    assert lead.post("/rules/draft/replay").status_code == 303
    assert jobs.wait(project, "replay", timeout=20)


def test_the_ledger_lists_every_rule_with_what_it_did(lead: Browser) -> None:
    page = lead.get("/rules").text
    for rule in govdoc.load().rules:
        assert f">{rule.name}<" in page
    row = page[page.index(f">{PERCENT}<"):]
    row = row[:row.index("</tr>")]
    assert ">2<" in row and ">50%<" in row, "2 spans in one of two documents"
    assert govdoc.load().versions[PERCENT] in row


FILTERS = (
    ("q=percent", PERCENT, "dates.date"), ("label=DATE", "dates.date", PERCENT),
    ("kind=relation", "appointments.act", PERCENT),
    ("sort=made&down=1", PERCENT, None), ("sort=priority&down=1", "titles.book_title", None),
    ("sort=right&down=1", None, None), ("measure=demo&sort=score", None, None),
)


def test_the_ledger_is_filtered_and_sorted(lead: Browser) -> None:
    for query, first, absent in FILTERS:
        page = lead.get(f"/rules?{query}").text
        table = page[page.index("<tbody>"):page.index("</tbody>")]
        assert first is None or f">{first}<" in table[:table.index("</tr>")], query
        assert absent is None or f">{absent}<" not in table, query


NOWHERE = (
    "/rules?sort=nothing", "/rules?measure=x", "/rules?kind=x", "/rules?state=x", "/rules/no.rule",
    "/rules/posts.post?state=x", "/rules/posts.post?page=0", "/rules/lexicons/none",
    "/rules/lexicons/..", "/rules/draft?verdict=x", "/rules/draft?page=0",
    "/rules/pattern?name=none")


def test_what_is_not_there_is_not_found(lead: Browser) -> None:
    assert {path: lead.get(path).status_code for path in NOWHERE} == dict.fromkeys(NOWHERE, 404)


def test_every_rule_has_its_page(lead: Browser) -> None:
    for name, version in govdoc.load().versions.items():
        answer = lead.get(f"/rules/{name}")
        assert answer.status_code == 200 and version in answer.text, name


def test_the_page_of_a_rule_shows_matches_right_and_wrong(lead: Browser, store: Store) -> None:
    document = next(row["document_id"] for row in store.rows(
        "SELECT document_id FROM suggestion_sets ORDER BY id DESC LIMIT 1"))
    stages.cut_regions(store, document)
    region = next(row for row in task_states(store, document) if row["kind"] == "spans")
    settle_region(store, region_id=region["id"], answer_ids=[], annotators=["a"],
                  schema_hash="s", settled_by="t", answer={
                      "spans": [{"start": 2, "end": 6, "label": "PERCENT"}], "relations": [],
                      "classes": {}})

    def matches(state: str) -> str:
        page = lead.get(f"/rules/{PERCENT}?state={state}").text
        return page[page.index('id="matches"'):page.index("Examples")]
    assert ">3.5%</mark>" in matches("right") and ">1.5%</mark>" not in matches("right")
    assert ">1.5%</mark>" in matches("wrong") and ">3.5%</mark>" not in matches("wrong")
    assert "There is no such match" in matches("unjudged")
    assert "1 / 2" in lead.get(f"/rules/{PERCENT}").text
    assert f"/documents/{document}?span=" in matches("")


def test_a_rule_is_switched_off_replayed_saved_and_undone(
        lead: Browser, project: Project, store: Store) -> None:
    before = project.pack().hash
    assert lead.post(f"/rules/{PERCENT}/switch", {"on": "0"}).location == "/rules/draft"
    page = lead.get("/rules/draft").text
    assert "rule switched off:" in page and PERCENT in page
    assert "Save: these rules count" not in page, "not before a replay"
    replayed(lead, project)
    page = lead.get("/rules/draft").text
    assert "Save: these rules count" in page and page.count("3.5%</mark>") == 1
    assert "There is no" not in page
    assert project.pack().hash == before
    lead.post("/rules/draft/save", {"why": "试一试"})
    assert jobs.wait(project, "suggest", timeout=20)
    assert project.pack().hash != before and draft(store) is None
    document = store.value("SELECT max(document_id) FROM suggestion_sets")
    current = current_set(store, document)
    assert current and not [row for row in spans_of(store, current["id"])
                            if row["rule"] == PERCENT]
    assert "switched off" in lead.get("/rules?state=off").text
    history = lead.get("/rules/history").text
    assert "试一试" in history and "version 1" in history
    assert "version 1" in lead.get(f"/rules/{PERCENT}").text
    lead.post("/rules/back", {"version": "0"})
    assert jobs.wait(project, "suggest", timeout=20)
    assert project.pack().hash == before
    current = current_set(store, document)
    assert current and [row for row in spans_of(store, current["id"]) if row["rule"] == PERCENT]


def test_a_term_is_added_found_and_taken(lead: Browser, store: Store) -> None:
    added = {"term": "督云 使", "kind": "head"}
    assert lead.post("/rules/lexicons/posts", added).status_code == 303
    page = lead.get("/rules/lexicons/posts?q=督云使").text
    assert "added here" in page and "<b class=\"n\">1</b>" in page
    answer = lead.post("/rules/lexicons/posts", added)
    assert answer.status_code == 400 and "stands in the lexicon posts already" in answer.text
    assert 'value="督云 使"' in answer.text, "what was typed stays"
    lead.post("/rules/lexicons/posts/take", {"term": "局长"})
    row = draft(store)
    assert row is not None and row["content"].count("\n") == 2
    assert "<del>局长</del>" in lead.get("/rules/lexicons/posts?q=局长").text
    lead.post("/rules/lexicons/posts/take", {"term": "局长", "back": "1"})
    lead.post("/rules/lexicons/posts/take", {"term": "督云使"})
    assert draft(store) is None


BAD_TERMS = (
    ({"term": "", "kind": "head"}, "the term is empty"),
    ({"term": "局长", "kind": "head"}, "already"), ({"term": "新词"}, "needs the column kind"),
    ({"term": "新词", "kind": "boss"}, "boss is no kind"),
    ({"term": "新词", "kind": "head", "sort": "x"}, "no column sort"))


def test_a_bad_term_is_refused_and_nothing_is_stored(lead: Browser, store: Store) -> None:
    for given, words in BAD_TERMS:
        answer = lead.post("/rules/lexicons/posts", given)
        assert answer.status_code == 400 and words in answer.text and draft(store) is None


def test_a_pattern_rule_is_written_edited_and_taken_out(
        lead: Browser, project: Project, store: Store) -> None:
    assert lead.post("/rules/pattern", PATTERN).location == "/rules/draft"
    page = lead.get("/rules/pattern?name=hotline").text
    assert "拨打热线⟦12345⟧" in page
    lead.post("/rules/pattern", {**PATTERN, "score": "0.5"})
    row = draft(store)
    assert row is not None and row["content"].count("hotline") == 1
    assert '"score": 0.5' in row["content"]
    replayed(lead, project)
    lead.post("/rules/draft/save", {"why": "热线"})
    assert jobs.wait(project, "suggest", timeout=20)
    page = lead.get("/rules/pattern.hotline").text
    assert "added here" in page and "Change the pattern" in page
    lead.post("/rules/pattern.hotline/switch", {"on": "0"})
    row = draft(store)
    assert row is not None and row["content"] == ""
    assert "not any more:" in lead.get("/rules/draft").text


BAD_PATTERNS: tuple[tuple[dict[str, str], str], ...] = (
    ({"pattern": "热线(\\d{5}"}, "at character 3: missing"),
    ({"pattern": "\\d*"}, "matches the empty text"),
    ({"label": "HOTLINE"}, "there is no label HOTLINE"), ({"name": "a b"}, "is no name"),
    ({"priority": "x"}, "priority must be a number"), ({"priority": "0"}, "from 1 to 99"),
    ({"score": "nan"}, "above 0"), ({"examples": ""}, "needs an example"),
    ({"examples": "⟦12345⟧"}, "finds nothing in the example"),
    ({"rejects": "热线00000"}, "finds 00000 in what it must reject"))


def test_a_bad_pattern_is_refused_and_what_was_typed_stays(lead: Browser, store: Store) -> None:
    for changed, words in BAD_PATTERNS:
        typed = {**PATTERN, **changed}
        answer = lead.post("/rules/pattern", typed)
        assert answer.status_code == 400 and words in answer.text and draft(store) is None
        assert f'value="{typed["name"]}"' in answer.text


def test_a_change_is_taken_out_of_the_draft_and_the_draft_is_dropped(
        lead: Browser, store: Store) -> None:
    lead.post(f"/rules/{PERCENT}/switch", {"on": "0"})
    lead.post("/rules/dates.date/switch", {"on": "0"})
    lead.post("/rules/draft/remove", {"line": '{"off": "dates.date"}'})
    row = draft(store)
    assert row is not None and row["content"] == f'{{"off": "{PERCENT}"}}\n'
    assert lead.post("/rules/draft/remove", {"line": "x"}).status_code == 400
    lead.post("/rules/draft/drop")
    assert draft(store) is None and newest_overlay(store)["version"] == 0


def test_errors_of_the_draft_are_shown_and_nothing_is_saved(lead: Browser, store: Store) -> None:
    lead.post("/rules/no.rule/switch", {"on": "0"})
    assert "there is no rule no.rule" in lead.get("/rules/draft").text
    lead.post(f"/rules/{PERCENT}/switch", {"on": "0"})
    lead.post("/rules/draft/save", {"why": "x"})
    assert "the draft was not replayed yet" in lead.get("/rules/draft").text
    lead.post("/rules/back", {"version": "9"})
    assert "there is a draft" in lead.get("/rules/history").text
    assert lead.post("/rules/back").status_code == 400
    assert newest_overlay(store)["version"] == 0


def upload(lead: Browser, content: bytes, name: str = "r.jsonl") -> Any:
    return lead.post("/rules/references", {"file": (io.BytesIO(content), name)},
                     content_type="multipart/form-data")


def test_a_reference_file_is_scored_and_its_measure_shown(
        lead: Browser, project: Project, store: Store) -> None:
    row = {"id": "1", "text": TEXT, "spans": [{"start": 2, "end": 6, "label": "PERCENT"}]}
    upload(lead, json.dumps(row).encode(), "files/my.jsonl")
    assert jobs.wait(project, "score", timeout=20)
    page = lead.get("/rules").text
    assert ">my.jsonl</a>" in page and ">0.667<" in page
    page = lead.get(f"/rules?measure=reference-1&q={PERCENT}").text
    assert "1 / 2" in page
    assert "my.jsonl" in lead.get(f"/rules/{PERCENT}").text
    lead.post("/rules/references/1", {"drop": "1"})
    assert "my.jsonl" not in lead.get("/rules").text
    assert lead.post("/rules/references/1").status_code == 404


BAD_FILES = (
    (b"", "holds no reference rows"), (b'{"id": "1"}\n', "r.jsonl line 1 is no reference row"),
    (b"\xff\xfe", "r.jsonl is not written in UTF-8"),
    (b'{"id":"1","text":"a","spans":[]}\n' * 2, "line 2"))


def test_a_reference_file_that_is_none_is_refused(lead: Browser) -> None:
    for content, words in BAD_FILES:
        upload(lead, content)
        assert words in lead.get("/rules").text


def test_a_large_reference_file_is_taken_where_other_pages_refuse_as_much(
        lead: Browser, project: Project) -> None:
    body = "\r\n".join([
        "--border", 'Content-Disposition: form-data; name="csrf_token"', "", lead.token(),
        "--border", 'Content-Disposition: form-data; name="file"; filename="r.jsonl"', "",
        "\n" * (1 << 20) + '{"id": "1", "text": "字", "spans": []}', "--border--", ""]).encode()
    answer = lead.client.post("/rules/references", data=body,
                              content_type="multipart/form-data; boundary=border")
    assert answer.status_code == 303
    assert jobs.wait(project, "score", timeout=20)
    assert ">r.jsonl</a>" in lead.get("/rules").text
    assert lead.post("/rules/pattern", {**PATTERN, "rejects": "字" * 400_000}).status_code == 413


def test_a_rule_that_failed_is_shown_where_people_look(lead: Browser, store: Store) -> None:
    with store.write() as db:
        db.execute("UPDATE suggestion_sets SET failures = ? WHERE id = 1", [json.dumps(
            [{"rule": "posts.post", "error": "KeyError: 'kind'", "count": 7}])])
    for path in ("/rules", "/rules/posts.post", "/rules?state=failed"):
        page = lead.get(path).text
        assert "KeyError: &#39;kind&#39;" in page and "failed 7 times" in page, path
    assert "failed 7 times" in lead.get("/documents/1").text


def test_a_saved_change_that_does_not_fit_any_more_is_told(lead: Browser, store: Store) -> None:
    from workbench.store.overlays import add_overlay
    add_overlay(store, '{"off": "gone.rule"}\n', "old", "lead")
    assert "there is no rule gone.rule" in lead.get("/rules").text
    assert lead.get("/rules/history").status_code == 200


def test_who_does_not_lead_reads_and_finds_no_button(
        app: Flask, browser: Callable[[str], Browser], project: Project, lead: Browser) -> None:
    lead.post(f"/rules/{PERCENT}/switch", {"on": "0"})
    for role in ("annotator", "reviewer"):
        someone = browser(role)
        for path in ("/rules", f"/rules/{PERCENT}", "/rules/lexicons/posts", "/rules/history"):
            page = someone.get(path).text
            main = page[page.index("<main"):]
            assert 'method="post"' not in main and "/rules/draft" not in main, path


def test_the_pages_speak_chinese(browser: Callable[[str], Browser]) -> None:
    someone = browser("lead")
    for path, words in (("/rules", "准确率"), (f"/rules/{PERCENT}", "停用"),
                        ("/rules/draft", "没有草稿"), ("/rules/pattern", "正则表达式"),
                        ("/rules/history", "目前使用内置规则"),
                        ("/rules/lexicons/posts", "添加词条")):
        assert words in someone.get(path).text, path
    answer = someone.post("/rules/pattern", {**PATTERN, "pattern": "(热线"})
    assert "正则有误，第 1 个字符处" in answer.text


def test_the_inspector_leads_to_the_rule(lead: Browser) -> None:
    assert '/rules/numbers.percent"' in lead.get("/documents/2?span=0").text
