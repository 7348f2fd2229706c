"""Suggestions decided one by one with single keys, in a real browser."""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.lead import lead_page
from workbench import stages
from workbench.project import Project, create_project
from workbench.store.documents import current_ids

pytestmark = pytest.mark.e2e

TEXT = ("# 云泽区财政情况\n\n云泽区财政局拨付 20 万元，用于云泽区水利局防汛，桐汀镇人民政府配套 30 万元。\n\n"
        "| 项目 | 预算数 |\n| --- | --- |\n| 教育支出 | 1200 万元 |\n| 科技支出 | 300 万元 |\n")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "report.md").write_text(TEXT, encoding="utf-8")
    made = create_project(tmp_path / "project", "判定")
    (tmp_path / "password").write_text(made.password)
    with made.project.open() as store:
        stages.ingest(store, [tmp_path / "report.md"])
        stages.suggest(store, made.project.pack())
        for document_id in current_ids(store):
            stages.cut_regions(store, document_id)
    return made.project


@pytest.fixture
def page(project: Project, tmp_path: Path) -> Iterator[Page]:
    """The lead's browser at the questions, as the document runs; no script may have failed."""
    password = (tmp_path / "password").read_text()
    with lead_page(project, password, "Labelling › My work") as opened:
        opened.get_by_role("link", name="Quick decisions").first.click()
        opened.get_by_label("Order").select_option("text")
        opened.get_by_role("button", name="Ask these").click()
        expect(opened.locator("#question")).to_be_focused()     # the script is there
        yield opened


def rows(project: Project) -> list[tuple[object, ...]]:
    with project.open() as store:
        return [tuple(row.values()) for row in store.rows(
            "SELECT verdict, quote, fixed_start - start, fixed_end - \"end\", fixed_label"
            " FROM quick_decisions ORDER BY id")]


def press(page: Page, key: str) -> Locator:
    """Press a key that leads to another question, and wait for it."""
    before = page.locator("#question").get_attribute("data-address")
    page.keyboard.press(key)
    expect(page.locator("#question")).not_to_have_attribute("data-address", before or "")
    asked = page.locator("#question")
    expect(asked).to_be_focused()
    expect(asked.locator(".at").first).to_be_in_viewport()
    return asked


def test_questions_are_decided_with_single_keys(page: Page, project: Project) -> None:
    first = page.locator("#question h1 q").inner_text()
    press(page, "a")
    press(page, "r")
    assert [row[0] for row in rows(project)] == ["accept", "reject"]
    press(page, "u")
    press(page, "u")
    expect(page.locator("#question h1 q")).to_have_text(first)
    second = press(page, "j").locator("h1 q").inner_text()
    press(page, "k")
    expect(page.locator("#question h1 q")).to_have_text(first)
    press(page, "s")
    expect(page.locator("#question h1 q")).to_have_text(second)
    press(page, "Enter")
    assert [row[0] for row in rows(project)] == [
        "accept", "reject", "undo", "undo", "skip", "accept"]

    # Another boundary: one character less, by the arrows.
    page.keyboard.press("e")
    expect(page.locator(".strip")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    press(page, "Enter")
    assert rows(project)[-1][0] == "fix" and rows(project)[-1][2:4] == (0, -1)

    # Another label, by its key in Label Studio.
    page.keyboard.press("l")
    chosen = page.locator("[data-labels] [data-hotkey]").first
    expect(chosen).to_be_focused()
    label, key = chosen.get_attribute("value"), chosen.get_attribute("data-hotkey")
    press(page, key or "")
    assert rows(project)[-1][0] == "fix" and rows(project)[-1][2:] == (0, 0, label)

    # The guide opens and closes; a page that is opened anew shows the same question.
    page.keyboard.press("g")
    expect(page.locator(".from-guide p").first).to_be_visible()
    asked = page.locator("#question h1 q").inner_text()
    page.reload()
    expect(page.locator("#question h1 q")).to_have_text(asked)
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.press("l")
    page.keyboard.press("Escape")
    expect(page.locator("[data-labels]")).not_to_have_attribute("open", "")


def test_a_signed_out_person_is_led_to_the_door(page: Page, project: Project) -> None:
    with project.open() as store, store.write() as db:
        db.execute("DELETE FROM sessions")
    page.keyboard.press("a")
    expect(page.locator("input[name=password]")).to_be_visible()
    assert rows(project) == []
