"""Offsets in a real browser: what is marked with the mouse comes back as the slice it was.

JavaScript counts UTF-16 units and the page counts nodes; we count code points. So regions are
drawn after characters that differ in that: beyond the basic plane (𠀀 𠮷 𬭚), emoji joined of
several, with tabs and line breaks before and in between.
"""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import editor
from tests.e2e.connected import connected_project
from workbench import sync
from workbench.project import Project
from workbench.store.answers import newest_answers
from workbench.store.tasks import task_states
from workbench.studio import local

pytestmark = pytest.mark.e2e

TEXT = ("𠀀字号\t云泽区𠮷水镇政府\n"
        "𬭚材料公司\t👨‍👩‍👧‍👦文化站👍🏽负责人\n\n"
        "  🇨🇳代表团\t到访𠮷𠮷桥\te\u0301tude小组")
# (what is drawn, its key): each after more of what is counted differently.
DRAWN = (("云泽区𠮷水镇政府", "1", "ORG"), ("𬭚材料公司", "1", "ORG"), ("文化站", "1", "ORG"),
         ("负责人", "3", "POST"), ("代表团", "1", "ORG"), ("𠮷𠮷桥", "4", "LOC"), ("小组", "1", "ORG"))


@pytest.fixture
def project(tmp_path: Path, label_studio: local.Server) -> Project:
    made = connected_project(tmp_path, label_studio, TEXT)
    sync.push(made)
    return made


def test_regions_drawn_with_the_mouse_come_back_as_their_slices(
        project: Project, label_studio: local.Server) -> None:
    with project.open() as store:
        there = sync.connection(store).project("spans").id
        tasks = [(row["studio_task"], row["start"], row["end"])
                 for row in task_states(store) if row["kind"] == "spans"]
    with editor.browser() as chromium:
        page = editor.new_page(chromium)
        editor.sign_in(page, label_studio.url, label_studio.email, label_studio.password)
        for task, start, end in tasks:
            editor.open_task(page, there, task)
            for quote, key, _ in DRAWN:
                if quote in TEXT[start:end]:
                    editor.mark(page, quote, key)
            editor.submit(page)
    pulled = sync.pull(project)
    assert (pulled.accepted, pulled.quarantined) == (len(tasks), 0)
    with project.open() as store:
        offset = {row["id"]: row["start"] for row in store.rows("SELECT id, start FROM regions")}
        found = sorted((offset[row["region_id"]] + span["start"],
                        offset[row["region_id"]] + span["end"], span["label"])
                       for row in newest_answers(store) for span in row["answer"]["spans"])
    wanted = [(TEXT.index(quote), TEXT.index(quote) + len(quote), label)
              for quote, _, label in DRAWN]
    assert [(TEXT[start:end], start, label) for start, end, label in found] \
        == [(TEXT[start:end], start, label) for start, end, label in wanted]
