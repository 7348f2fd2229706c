"""Facts of a release: from gold and the read document alone, made once, kept for ever."""
from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labels.document import Document
from labels.errors import ExportError
from labels.facts import Facts, facts_hash, hash_of
from labels.gold import GoldRelease
from labels.release_diff import compare
from tests.workbench.answering import put_answer
from workbench import facts, reading, stages
from workbench.checking import check_figures, finding_to_json
from workbench.project import Project
from workbench.store import Store
from workbench.store.derived import answer_finding
from workbench.store.documents import add_document
from workbench.store.gold import load_release, settled_regions, whole_release
from workbench.store.tasks import task_states

TABLE = ("江岚市云泽区2030年收支决算表\n\n单位：万元\n\n| 项目 | 决算数 |\n|---|---|\n| 税收收入 | 60.00 |\n"
         "| 其他收入 | 40.00 |\n| 收入合计 | {total} |\n\n就业岗位增长5%。\n")


def table_document(tmp_path: Path, total: str = "100.00") -> Document:
    path = tmp_path / "final-accounts.md"
    path.write_text(TABLE.format(total=total), encoding="utf-8")
    (document,) = reading.read_file(path)
    return document


def settle(store: Store, project: Project, document: Document,
           *spans: tuple[str, str], relations: list[dict[str, Any]] = []) -> int:
    """The id of the document, all its regions settled; `spans` are (words, label)."""
    made = add_document(store, document).document_id
    stages.cut_regions(store, made)
    for region in task_states(store, made):
        if region["kind"] != "spans":
            continue
        text = document.text[region["start"]:region["end"]]
        found = [{"start": text.index(words), "end": text.index(words) + len(words),
                  "label": label} for words, label in spans if words in text]
        answer = put_answer(store, region["id"], email="a@example.org")
        with store.write() as db:
            db.execute("UPDATE answers SET answer = ? WHERE id = ?", [json.dumps({
                "spans": found, "relations": relations if len(found) == len(spans) else [],
                "classes": {}}, ensure_ascii=False), answer])
    stages.settle(store, project.pack(), "lead")
    return made


def frozen(store: Store, project: Project) -> GoldRelease:
    return whole_release(store, stages.freeze(store, project.pack(), "lead").number)


def only(release: GoldRelease) -> Facts:
    (found,) = release.facts
    return found


def test_records_follow_from_gold_and_never_from_suggestions(
        store: Store, project: Project, tmp_path: Path) -> None:
    document = table_document(tmp_path)
    settle(store, project, document)
    stages.suggest(store, project.pack())
    prose = [one for one in only(frozen(store, project)).records if one.values["source"] == "prose"]
    assert prose == []
    settle(store, project, replace(document, id="other.md"), ("就业岗位", "INDICATOR"),
           ("5%", "PERCENT"), relations=[{"type": "CHANGE", "source": 0, "target": 1,
                                          "direction": "up"}])
    _, other = frozen(store, project).facts
    (record,) = [one for one in other.records if one.values["source"] == "prose"]
    assert record.settled and record.values["change"] == "+5%"
    assert [word.text for word in record.words] == ["就业岗位", "5%"]


def test_cells_have_their_heads_figures_and_what_arithmetic_says(
        store: Store, project: Project, tmp_path: Path) -> None:
    settle(store, project, table_document(tmp_path))
    (table,) = only(frozen(store, project)).tables
    assert [(cell.text, cell.unit, cell.base and (str(cell.base.number), cell.base.unit),
             cell.settled, cell.arithmetic) for cell in table.cells[1::2]] == [
        ("60.00", "万元", ("600000", "CNY"), True, "confirmed"),
        ("40.00", "万元", ("400000", "CNY"), True, "confirmed"),
        ("100.00", "万元", ("1000000", "CNY"), True, "confirmed")]


def test_a_figure_that_is_contradicted_is_explained_once_people_answered(
        store: Store, project: Project, tmp_path: Path) -> None:
    made = settle(store, project, table_document(tmp_path, "101.00"))
    first = frozen(store, project)
    assert {cell.arithmetic for cell in only(first).tables[0].cells[1::2]} == {"broken"}
    document = table_document(tmp_path, "101.00")
    rows = [row for row in settled_regions(store) if row["kind"] == "spans"]
    figures = facts.gold_figures(document, rows, facts.newest_version(store).names)
    for finding in check_figures(figures):
        if finding.status == "broken":
            answer_finding(store, made, finding_to_json(finding, "")["key"], "source", "", "lead")
    second = frozen(store, project)
    assert {cell.arithmetic for cell in only(second).tables[0].cells[1::2]} == {"explained"}
    assert (second.number, second.hash) == (2, first.hash)
    diff = compare(first, second)
    assert diff.facts == ("final-accounts.md",) and not diff.empty and not diff.regions_changed
    assert {cell.arithmetic for cell in only(whole_release(store, 1)).tables[0].cells[1::2]} == {
        "broken"}


def test_nothing_new_makes_no_release_and_nothing_twice(
        store: Store, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(store, project, table_document(tmp_path))
    first = frozen(store, project)
    monkeypatch.setattr(facts, "make_facts", None)
    assert frozen(store, project).number == first.number == 1
    assert facts_hash((hash_of(one), one.split) for one in first.facts) == first.facts_hash


def test_a_release_keeps_its_facts_whatever_becomes_of_the_document(
        store: Store, project: Project, tmp_path: Path) -> None:
    settle(store, project, table_document(tmp_path))
    before = only(frozen(store, project))
    settle(store, project, table_document(tmp_path, "99.00"))
    assert only(frozen(store, project)) != before
    assert only(whole_release(store, 1)) == before


EDITS = (
    "UPDATE facts SET content = x'00'",
    "UPDATE facts SET content = (SELECT content FROM facts ORDER BY hash DESC LIMIT 1)",
    "UPDATE release_facts SET split = 'test' WHERE split = 'train'",
    "DELETE FROM release_facts WHERE position = 1",
    "UPDATE releases SET header = json_set(header, '$.facts_hash', 'other')",
)


@pytest.mark.parametrize(("edit", "fmt"), [
    *((edit, "tables-csv") for edit in EDITS), (EDITS[2], "tables-parquet"),
    (EDITS[0], "tables-xlsx")])
def test_edited_facts_are_refused_and_the_export_before_stays(
        store: Store, project: Project, tmp_path: Path, edit: str, fmt: str) -> None:
    for name in ("one.md", "two.md"):
        settle(store, project, replace(table_document(tmp_path), id=name, title=name))
    frozen(store, project)
    done = stages.export_release(store, 1, fmt, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in done.folder.iterdir()}
    with store.write() as db:
        db.execute(edit)
    with pytest.raises(ExportError, match="release 1 was changed"):
        stages.export_release(store, 1, fmt, tmp_path / "out")
    assert {path.name: path.read_bytes() for path in done.folder.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} == {"out", "project", "final-accounts.md"}


def test_a_release_from_before_facts_is_followed_by_one_that_has_them(
        store: Store, project: Project, tmp_path: Path) -> None:
    settle(store, project, table_document(tmp_path))
    frozen(store, project)
    with store.write() as db:
        db.execute("DELETE FROM release_facts")
        db.execute("UPDATE releases SET header = json_remove(header, '$.facts_hash')")
    old = load_release(store, 1)
    assert old is not None and old.facts_hash == ""
    assert stages.freeze(store, project.pack(), "lead").number == 2


def test_facts_of_equal_content_are_kept_once(
        store: Store, project: Project, tmp_path: Path) -> None:
    settle(store, project, table_document(tmp_path))
    frozen(store, project)
    (row,) = store.rows("SELECT hash, content FROM facts")
    assert json.loads(zlib.decompress(row["content"]))["document"] == "final-accounts.md"
