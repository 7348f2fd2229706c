"""A lead changes the rules in a real browser: draft, replay, save, new suggestions, undo."""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lead import lead_page
from workbench import jobs, stages
from workbench.project import Project, create_project
from workbench.store.suggestions import current_set, spans_of

pytestmark = pytest.mark.e2e

TEXT = "全区地区生产总值65.2亿元，增长3.5%。\n\n任命李若川为云泽区财政局督云使。\n\n拨打热线12345。\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    made = create_project(tmp_path / "project", "规则")
    (tmp_path / "password").write_text(made.password)
    with made.project.open() as store:
        stages.ingest(store, [tmp_path / "report.txt"])
        stages.suggest(store, made.project.pack())
    return made.project


@pytest.fixture
def page(project: Project, tmp_path: Path) -> Iterator[Page]:
    """The lead's browser, signed in, in English; it must see no error of a script or of the CSP."""
    password = (tmp_path / "password").read_text()
    with lead_page(project, password, "Guide and rules › Rules", forgiven="400") as opened:
        yield opened


def suggested(project: Project) -> set[tuple[str, str]]:
    """(what matched, label) of the suggestions that count."""
    assert jobs.wait(project, "suggest", timeout=20)
    with project.open() as store:
        current = current_set(store, 1)
        assert current is not None
        return {(row["evidence"]["matched"], row["label"])
                for row in spans_of(store, current["id"])}


def test_rules_are_changed_replayed_saved_and_brought_back(page: Page, project: Project) -> None:
    before = suggested(project)
    assert ("3.5%", "PERCENT") in before and ("督云使", "POST") not in before

    page.get_by_label("Find").fill("percent")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="numbers.percent").click()
    expect(page.locator("mark", has_text="3.5%").first).to_be_visible()
    page.get_by_role("button", name="Switch off").click()
    expect(page.locator(".changes li")).to_have_count(1)

    page.goto(page.url.replace("/rules/draft", "/rules/lexicons/posts"))
    page.get_by_label("Term", exact=True).fill("督云使")
    page.locator("select[name=kind]").select_option("head")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("stands in the draft")).to_be_visible()

    page.get_by_role("link", name="Rules", exact=True).click()
    page.get_by_role("link", name="New pattern rule").click()
    page.get_by_label("Name of the rule").fill("hotline")
    page.locator("select[name=label]").select_option("QUANTITY")
    page.get_by_label("Pattern (RE2)").fill(r"热线(?P<mention>\d{5}")
    page.get_by_label("Examples that").fill("拨打热线⟦12345⟧")
    page.get_by_label("Priority").fill("99")
    page.get_by_role("button", name="Put it into the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("at character 3: missing )")
    page.get_by_label("Pattern (RE2)").fill(r"热线(?P<mention>\d{5})")
    page.get_by_role("button", name="Put it into the draft").click()

    expect(page.locator(".changes li")).to_have_count(3)
    page.get_by_role("button", name="Replay over the stored documents").click()
    # The page moves on by itself when the replay has ended.
    expect(page.get_by_role("heading", name="What it would change")).to_be_visible()
    table = page.get_by_role("region", name="What it would change")
    for change, mark in (("gained", "12345"), ("gained", "督云使"), ("lost", "3.5%")):
        expect(table.locator("tr", has_text=change).filter(
            has=page.locator("mark", has_text=mark)).first).to_be_visible()
    assert suggested(project) == before, "nothing counts before it is saved"
    page.get_by_label("Why").fill("试用")
    page.get_by_role("button", name="Save: these rules").click()
    expect(page.get_by_text("Version 1 of the rules counts")).to_be_visible()
    after = suggested(project)
    assert before - after == {("3.5%", "PERCENT")}
    assert {("督云使", "POST"), ("12345", "QUANTITY")} <= after - before

    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Go back to the rules as they came").click()
    expect(page.get_by_text("Version 2 of the rules counts")).to_be_visible()
    assert suggested(project) == before
