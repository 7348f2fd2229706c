"""The five real documents through read → suggest → push, and seen in Label Studio."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import editor
from workbench import stages, sync
from workbench.project import create_project
from workbench.store.suggestions import spans_of
from workbench.store.tasks import pushed
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.push import task_states

pytestmark = [pytest.mark.e2e, pytest.mark.reference]


def test_the_real_documents_are_seen_with_their_suggestions_in_label_studio(
        reference: Path, label_studio: local.Server, tmp_path: Path) -> None:
    seeds = sorted((reference / "seeds").glob("*.txt"))
    project = create_project(tmp_path / "project", "seeds").project
    sync.connect(project, label_studio.url, label_studio.token)
    with project.open() as store:
        assert [entry.outcome for entry in stages.ingest(store, seeds)] == ["new"] * 5
        done = stages.suggest(store, project.pack())
        assert done.documents == 5 and done.failures == ()
        report = sync.push(project)
        link = sync.connection(store)
        regions = pushed(store, "spans", link.project("spans").origin)
        # Of each document the region with most suggestions is looked at.
        best: dict[int, tuple[int, int]] = {}
        for region in regions:
            count = len(spans_of(store, region["set_id"], region["start"], region["end"]))
            known = best.get(region["document_id"], (0, 0))
            best[region["document_id"]] = max(known, (count, region["studio_task"]))
    with Client(label_studio.url, label_studio.token) as client:
        for kind in sync.KINDS:
            states = task_states(client, link.project(kind).id).values()
            assert states and all(state.predictions == 1 for state in states)
            report.created -= len(states)
    assert report.created == 0 and len(best) == 5
    with editor.browser() as chromium:
        page = editor.new_page(chromium)
        editor.sign_in(page, label_studio.url, label_studio.email, label_studio.password)
        for count, task in best.values():
            editor.open_task(page, link.project("spans").id, task, label_studio.url)
            assert len(editor.regions(page)) == count
