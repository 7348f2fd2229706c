"""The report of a release and the comparison of two, as pages, files and commands."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Callable

import pytest
from click.testing import CliRunner

from tests.workbench.answering import put_answer
from tests.workbench.test_releasing import settled
from tests.workbench.web.conftest import Browser, released
from workbench import stages
from workbench.cli import main
from workbench.project import Project
from workbench.store import Store
from workbench.web.release_report import report_files

Open = Callable[..., Browser]


@pytest.fixture
def two(project: Project, store: Store, filled: int) -> Store:
    """A project with two releases; in the second, documents and a label are others."""
    settled(store, project, "budget.txt", "gazette.txt", "plan.txt")
    stages.freeze(store, project.pack(), "lead")
    settled(store, project, "notice.txt")
    region = store.value("SELECT r.id FROM regions r JOIN documents d ON d.id = r.document_id"
                         " WHERE d.name = 'plan.txt' AND r.kind = 'spans'")
    with store.write() as db:
        db.execute("UPDATE answers SET deleted_at = '2026-01-02' WHERE region_id = ?", [region])
    put_answer(store, region, "LOC", email="a@example.org", when="2026-01-02T00:00:00Z")
    stages.settle(store, project.pack(), "lead")
    stages.freeze(store, project.pack(), "lead")
    return store


def run(project: Project, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["--project", str(project.folder), *words])
    return done.exit_code, done.stdout, done.stderr


def test_the_report_tells_splits_baselines_and_sources(browser: Open, two: Store) -> None:
    page = browser("reviewer").get("/releases/1/report")
    assert page.status_code == 200
    for words in ("拆分与泄漏", "按组拆分", "训练集词面的词典", "budget.txt", "没有两人独立标注过的语段"):
        assert words in page.text
    assert "<svg" in page.text and "style=" not in page.text


def test_the_report_is_taken_away_as_page_card_and_figures(browser: Open, two: Store) -> None:
    lead = browser("lead")
    page = lead.get("/releases/1/report.html").text
    assert "<style>" in page and "<link" not in page and "<script" not in page
    card = lead.get("/releases/1/report.md").text
    assert "第 1 号发布" in card and "release 1" in card and not re.search(r"\{\w+\}", card)
    figures = json.loads(lead.get("/releases/1/report.json").text)
    assert figures["figures"]["regions"] == {"train": 1, "validation": 1, "test": 1}
    assert figures["baselines"]["dictionary"]["unit"] == "regions"


def test_agreement_of_blind_answers_is_told(browser: Open, two: Store) -> None:
    for region in store_regions(two):
        put_answer(two, region, "LOC", email="b@example.org", slot=2)
    page = browser("lead").get("/releases/1/report").text
    assert "2 人" in page and "4 个语段" in page and "没有两人独立标注过的语段" not in page
    assert "b@example.org" not in page
    card = browser("lead").get("/releases/1/report.md").text
    assert "盲标一致性（标注精确 F1）：0." in card and "2 人重叠标注了 4 个语段，两两相比共 8 处标注" in card


def test_a_report_stays_as_it_was_counted_till_somebody_counts_again(
        browser: Open, two: Store, project: Project) -> None:
    lead = browser("lead")
    first = lead.get("/releases/1/report.json").text
    assert "已有变化" not in lead.get("/releases/1/report").text
    for region in store_regions(two):
        put_answer(two, region, "LOC", email="b@example.org", slot=2)
    assert lead.get("/releases/1/report.json").text == first
    assert "已有变化" in lead.get("/releases/1/report").text
    assert "已有变化" in browser("reviewer").get("/releases/1/report").text
    assert browser("reviewer").post("/releases/1/report").status_code == 403
    assert "重新统计了" in lead.post("/releases/1/report", follow_redirects=True).text
    second = json.loads(lead.get("/releases/1/report.json").text)
    assert second["peers"] == 2 and json.loads(first)["peers"] == 0
    assert second["figures"] == json.loads(first)["figures"]


def test_what_goes_with_the_files_of_a_release_stays_the_same(
        two: Store, project: Project) -> None:
    found = report_files(project, 1)
    assert set(found) == {"report.html", "report.en.html", "README.md"}
    assert "Splits and leakage" in found["report.en.html"]
    for region in store_regions(two):
        put_answer(two, region, "LOC", email="b@example.org", slot=2)
    assert report_files(project, 1) == found


def test_a_report_of_other_code_is_counted_again(browser: Open, two: Store) -> None:
    lead = browser("lead")
    first = lead.get("/releases/1/report.json").text
    with two.write() as db:
        db.execute("UPDATE release_reports SET shape = 'older', content = '{}'")
    second = json.loads(lead.get("/releases/1/report.json").text)
    assert {**json.loads(first), "made_at": ""} == {**second, "made_at": ""}


def store_regions(store: Store) -> list[int]:
    return [row["id"] for row in store.rows(
        "SELECT DISTINCT region_id AS id FROM answers WHERE state = 'accepted'")]


def test_two_releases_are_compared(browser: Open, two: Store) -> None:
    page = browser("reviewer").get("/releases/compare?first=1&second=2")
    assert page.status_code == 200
    for words in ("新增 1 个，移除 0 个，变更 1 个，未变 2 个", "notice.txt", "标签不同"):
        assert words in page.text
    same = browser("reviewer").get("/releases/compare?first=2&second=2")
    assert "两次发布内容相同" in same.text
    assert browser("reviewer").get("/releases/compare?first=7&second=2").status_code == 409


def test_without_a_release_there_is_nothing_to_compare(browser: Open) -> None:
    assert "尚无发布" in browser("lead").get("/releases/compare").text


def test_a_document_is_withdrawn_and_taken_back_by_button(browser: Open, two: Store) -> None:
    lead = browser("lead")
    said = lead.post("/releases/withdraw", {"document": "plan.txt", "why": "", "number": "2"},
                     follow_redirects=True)
    assert "撤回要写明理由" in said.text
    said = lead.post("/releases/withdraw", {"document": "plan.txt", "why": "有误", "number": "2"},
                     follow_redirects=True)
    assert "以后的发布不再收入 plan.txt" in said.text and "已撤回" in said.text
    assert "有误" in lead.get("/releases").text
    released(lead, two, "freeze")
    assert "撤回了 plan.txt：有误" in lead.get("/releases/3/report").text
    assert "撤回了 plan.txt：有误" in lead.get("/releases/compare").text
    said = lead.post("/releases/withdraw", {"document": "plan.txt", "undo": "1"},
                     follow_redirects=True)
    assert "将重新收入 plan.txt" in said.text


def test_the_lead_says_what_keeps_documents_together(browser: Open, two: Store) -> None:
    lead = browser("lead")
    page = lead.post("/releases/ties", {"tie": ["family"]}, follow_redirects=True).text
    assert "已保存" in page
    assert re.findall(r'value="([\w-]+)" checked', page) == ["family"]
    said = lead.post("/releases/ties", {"tie": ["colour"]}, follow_redirects=True)
    assert "不能作为文件归组的依据" in said.text


def test_an_edited_release_is_refused_with_one_line(browser: Open, two: Store) -> None:
    with two.write() as db:
        db.execute("UPDATE release_regions SET region = replace(region, 'LOC', 'ORG')")
    answer = browser("lead").get("/releases/2/report")
    assert answer.status_code == 409 and "第 2 号发布后被改动过" in answer.text


def test_the_commands_tell_the_same(project: Project, two: Store, tmp_path: Path) -> None:
    status, out, _ = run(project, "releases", "diff", "1", "2")
    assert status == 3 and "+ document notice.txt" in out and "relabelled" in out
    status, out, _ = run(project, "releases", "diff", "1", "2", "--json")
    assert json.loads(out)["documents"] == {"added": ["notice.txt"], "removed": []}
    assert run(project, "releases", "diff", "2", "2")[0] == 0
    for name, words in (("r.html", "<svg"), ("r.md", "# 试用"), ("r.json", '"baselines"')):
        assert run(project, "releases", "report", "1", "--output", str(tmp_path / name))[0] == 0
        assert words in (tmp_path / name).read_text(encoding="utf-8")
    english = tmp_path / "e.html"
    run(project, "releases", "report", "1", "--output", str(english), "--language", "en")
    assert "Splits and leakage" in english.read_text(encoding="utf-8")
    status, _, said = run(project, "releases", "report", "1", "--output", str(tmp_path / "r.pdf"))
    assert status == 2 and said.count("\n") == 1
    status, _, said = run(project, "releases", "report", "9", "--output", str(english))
    assert status == 1 and "no release 9" in said


def test_withdrawing_and_groups_on_the_command_line(project: Project, two: Store) -> None:
    assert run(project, "withdraw", "plan.txt", "--why", "wrong")[0] == 0
    assert run(project, "withdraw", "plan.txt")[0] == 2
    assert run(project, "withdraw", "plan.txt", "--undo")[0] == 0
    status, out, said = run(project, "releases", "groups", "--by", "family")
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 0 and {row["document"] for row in rows} >= {"plan.txt", "notice.txt"}
    assert "kept together by: family" in said
    assert len(run(project, "releases")[1].splitlines()) == 2
