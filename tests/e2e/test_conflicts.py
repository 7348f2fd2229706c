"""A lead decides conflicts by keys in a real browser, and takes a decision back."""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.lead import lead_page
from workbench.project import Project, create_project
from workbench.store.conflicts import ended_conflicts, open_conflicts, raise_conflict

pytestmark = pytest.mark.e2e


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = create_project(tmp_path / "project", "裁决")
    (tmp_path / "password").write_text(made.password)
    with made.project.open() as store:
        for task in (1, 2, 3):
            raise_conflict(store, "foreign", f"there:{task}",
                           {"task": task, "kind": "spans", "slot": 1, "text": f"任务{task}"})
    return made.project


@pytest.fixture
def page(project: Project, tmp_path: Path) -> Iterator[Page]:
    password = (tmp_path / "password").read_text()
    with lead_page(project, password, "Review › Conflicts") as opened:
        yield opened


def test_a_conflict_is_gone_to_and_decided_by_keys(page: Page, project: Project) -> None:
    items = page.locator("[data-item]")
    expect(items).to_have_count(3)
    expect(page.locator("[data-keys]")).to_be_visible()
    for key, place in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
        page.keyboard.press(key)
        expect(items.nth(place)).to_be_focused()
    page.keyboard.press("1")
    expect(page.get_by_text("Decided.")).to_be_visible()
    expect(items).to_have_count(2)
    with project.open() as store:
        assert [row["content"]["task"] for row in open_conflicts(store)] == [1, 3]
        assert ended_conflicts(store)[0]["resolution"] == "leave"
    page.get_by_label("State").select_option("ended")
    page.get_by_role("button", name="Show").click()
    expect(items).to_have_count(1)
    expect(page.locator("[data-keys]")).to_be_visible()     # the script is there
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.get_by_text("The decision was taken back.")).to_be_visible()
    with project.open() as store:
        assert len(open_conflicts(store)) == 3


def test_keys_write_where_somebody_writes(page: Page, project: Project) -> None:
    note = page.get_by_label("Note").first
    note.click()
    page.keyboard.type("jk1")
    expect(note).to_have_value("jk1")
    with project.open() as store:
        assert len(open_conflicts(store)) == 3
