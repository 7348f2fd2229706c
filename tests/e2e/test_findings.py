"""A lead answers findings in a real browser: from the queue to the figure, answered, taken back."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.lead import lead_page
from workbench import stages
from workbench.deriving import derive
from workbench.project import Project, create_project
from workbench.store.derived import findings

pytestmark = pytest.mark.e2e

# Many paragraphs stand before the figures, so that nothing is seen without being gone to.
TEXT = ("# 云泽区财政情况\n\n" + "云泽区财政局认真履行职责，各项工作有序推进。\n\n" * 40
        + "表 1 云泽区支出情况\n单位：万元\n\n| 项目 | 预算数 | 决算数 |\n| --- | --- | --- |\n"
          "| 教育支出 | 1200 | 1260 |\n| 科技支出 | 300 | 290 |\n| 合计 | 1600 | 1570 |\n\n"
        + "云泽区财政局继续推进各项工作。\n\n" * 40
        + "2024年，全区一般公共预算收入100亿元，其中：税收收入70亿元，非税收入20亿元。\n")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "report.md").write_text(TEXT, encoding="utf-8")
    made = create_project(tmp_path / "project", "勾稽")
    (tmp_path / "password").write_text(made.password)
    with made.project.open() as store:
        stages.ingest(store, [tmp_path / "report.md"])
        stages.suggest(store, made.project.pack())
        derive(store)
    return made.project


@pytest.fixture
def page(project: Project, tmp_path: Path) -> Iterator[Page]:
    """The lead's browser at the findings, in English; it must see no error of a script."""
    password = (tmp_path / "password").read_text()
    with lead_page(project, password, "Documents › Findings") as opened:
        yield opened


def sees(figure: Locator) -> None:
    """The figure is on the screen, outlined, and nothing stands before it."""
    expect(figure).to_be_in_viewport()
    expect(figure).to_have_class(re.compile(r"\basked\b"))
    assert figure.evaluate("""element => {
        const box = element.getClientRects()[0];
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return element.contains(top) || top.contains(element);
    }""")


def test_a_finding_leads_to_its_figure_is_answered_and_taken_back(
        page: Page, project: Project) -> None:
    with project.open() as store:
        waiting = len(findings(store, "open"))
    assert waiting >= 3
    # One cause, one answer: the two totals of the table.
    group = page.locator("section.many")
    expect(group).to_have_count(1)
    group.get_by_label("Answer").first.select_option("source")
    group.get_by_role("button", name="Answer all 2").click()
    expect(page.get_by_text("2 findings were answered.")).to_be_visible()
    page.get_by_label("State").select_option("answered")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name="Take all 2 back").click()
    expect(page.get_by_text("2 answers were taken back.")).to_be_visible()

    # To a cell, and to a figure in running text.
    page.goto(page.url.split("?")[0])
    page.get_by_text("The first 2 of them").click()
    page.get_by_role("link", name="1600", exact=True).first.click()
    sees(page.locator("td:target"))
    expect(page.locator("td:target")).to_contain_text("1600")
    page.go_back()
    page.get_by_role("cell", name="100亿元").get_by_role("link").click()
    sees(page.locator("span:target"))
    expect(page.locator("span:target")).to_have_text("100亿元")

    # Answered beside the text, the next one comes; a key goes on from there.
    panel = page.locator(".asked-finding")
    said = panel.locator("p b").first.text_content()
    panel.get_by_label("Answer").select_option("rounding")
    panel.get_by_role("button", name="Keep the answer").click()
    expect(page.get_by_text("The answer was kept.")).to_be_visible()
    assert panel.locator("p b").first.text_content() != said
    with project.open() as store:
        (answered,) = findings(store, "answered")
        assert len(findings(store, "open")) == waiting - 1
    page.keyboard.press("f")
    expect(panel).to_be_visible()
    sees(page.locator(":target"))
    page.goto(f"{page.url.split('/documents')[0]}/findings?state=answered")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The answer was taken back.")).to_be_visible()
    with project.open() as store:
        assert answered["key"] in {row["key"] for row in findings(store, "open")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_the_figure_is_seen_above_the_panel(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 420, "height": 800})
    page.get_by_text("The first 2 of them").click()
    page.get_by_role("link", name="1600", exact=True).first.click()
    sees(page.locator("td:target"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
