"""An invitation, in a real browser and with a real Label Studio: one password, two accounts, and a
page that opens the right task in one's own slot."""
from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import editor
from tests.e2e.lead import lead_page
from workbench import stages, sync
from workbench.project import Project, create_project
from workbench.store.people import set_password, user_by_name
from workbench.store.settings import set_setting
from workbench.store.work import answers_by_person, waiting_tasks
from workbench.studio import local

pytestmark = pytest.mark.e2e

LEAD, OWN, NAME = "a long password", "chosen by myself", "李萍"
TEXTS = ("云泽区财政局2024年投入153.5亿元。", "任命李若川为云泽区教育局局长。")


@pytest.fixture
def project(tmp_path: Path, label_studio: local.Server) -> Project:
    """Two documents whose regions are all asked in two slots, and sent."""
    source = tmp_path / "two.jsonl"
    source.write_text("".join(json.dumps({"id": f"d{n}", "text": text}, ensure_ascii=False) + "\n"
                              for n, text in enumerate(TEXTS)), encoding="utf-8")
    made = create_project(tmp_path / "project", "席位").project
    with made.open() as store:
        stages.ingest(store, [source])
        stages.suggest(store, made.pack())
        set_password(store, 1, LEAD)
        set_setting(store, "overlap", {"people": 2, "share": 100})
    sync.connect(made, label_studio.url, label_studio.token)
    sync.push(made)
    return made


def task_of(page: Page) -> tuple[int, int]:
    """(project, task) that a page of Label Studio shows, when its editor is ready."""
    page.wait_for_url("**/data?task=*")
    parts = urlsplit(page.url)
    task = int(parse_qs(parts.query)["task"][0])
    expect(page.locator(".lsf-current-task__task-id")).to_have_text(str(task))
    page.locator(editor.SUBMIT).first.wait_for()
    return int(parts.path.split("/")[2]), task


def test_who_is_invited_chooses_one_password_and_lands_at_their_own_tasks(
        project: Project, label_studio: local.Server) -> None:
    with lead_page(project, LEAD, "People") as lead:
        form = lead.locator("form[action$='/people/invitations']")
        form.get_by_label("Name").fill(NAME)
        form.get_by_label("Slot").select_option("2")
        form.get_by_role("button", name="Invite").click()
        link = lead.locator("code.secret").inner_text()
        chromium = lead.context.browser
        assert chromium is not None

        page = editor.new_page(chromium)
        page.goto(link)
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name=f"Welcome, {NAME}")).to_be_visible()
        page.get_by_label("Password", exact=True).fill(OWN)
        page.get_by_label("Password again").fill(OWN)
        page.get_by_role("button", name="Make my account").click()
        page.wait_for_url("**/mine")
        with project.open() as store:
            person = user_by_name(store, NAME)
            assert person is not None and person["slot"] == 2 and person["studio_user"]
            link_there = sync.connection(store)
            first, second = waiting_tasks(store, person["id"], 2)[:2]

        # The same password signs in at both.
        editor.sign_in(page, label_studio.url, person["studio_email"], OWN)
        other = editor.new_page(chromium)
        other.goto(link)
        expect(other.get_by_role("link", name="登录")).to_be_visible()
        other.goto(f"{link[:link.index('/join/')]}/sign-in")
        other.locator("input[name=name]").fill(NAME)
        other.locator("input[name=password]").fill(OWN)
        other.keyboard.press("Enter")
        other.wait_for_url("**/mine")

        page.goto(other.url)
        with page.context.expect_page() as opened:
            page.keyboard.press("Enter")
        studio = opened.value
        assert task_of(studio) == (link_there.project("spans", 2).id, first["studio_task"])
        editor.submit(studio)
        studio.close()
        # Not fetched yet: the page asks Label Studio itself what is still to be done.
        page.locator("h1").click()
        with page.context.expect_page() as opened:
            page.keyboard.press("Enter")
        assert task_of(opened.value) == (second["studio_project"], second["studio_task"])

        assert sync.pull(project).accepted == 1
        with project.open() as store:
            assert answers_by_person(store)[person["id"]]["accepted"] == 1
        page.reload()
        expect(page.locator(".figure", has_text="answered today").locator("b")).to_have_text("1")
