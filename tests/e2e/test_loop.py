"""The proof: document in, suggestions seen, a person's correction in a real Label Studio, gold out,
a trainer's loader finds the corrected span at the right characters."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator

import pytest

from labels.gold import GoldRelease
from tests.e2e import editor
from workbench import stages, sync
from workbench.project import Project, create_project
from workbench.store import Row
from workbench.store.answers import newest_answers
from workbench.store.people import add_user
from workbench.store.tasks import task_counts, task_states
from workbench.studio import local
from workbench.studio.client import Client
from workbench.studio.push import task_states as studio_tasks

pytestmark = pytest.mark.e2e

# What counts in offsets: characters beyond the BMP, a joined emoji, a tab, both line ends.
TEXT = ("𠮷祥集团与𬭚光公司😀👨‍👩‍👧在云泽区签约。\r\n"
        "云泽区财政局\t2024 年投入 153.5 亿元，\r\n同比增长 12.5%，涉及 38 个项目。\n"
        "任命李若川为云泽区教育局局长。")
EMAIL, PASSWORD = "annotator-2@workbench.local", "correct horse battery"
# The annotator makes the office a place: a change that no rule would propose.
CHANGED, HOTKEY, NEW_LABEL = "云泽区财政局", "4", "LOC"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory,
            label_studio: local.Server) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("loop")
    source = folder / "rare.jsonl"
    source.write_text(json.dumps({"id": "rare", "text": TEXT}, ensure_ascii=False) + "\n",
                      encoding="utf-8")
    made = create_project(folder / "project", "证明").project
    with made.open() as store:
        (report,) = stages.ingest(store, [source])
        assert report.outcome == "new"
        done = stages.suggest(store, made.pack())
        assert done.spans >= 6 and not done.failures
        user_id = add_user(store, "annotator", "annotator", PASSWORD)
    sync.connect(made, label_studio.url, label_studio.token)
    assert sync.give_account(made, user_id, PASSWORD) == EMAIL
    yield made


def regions_of(project: Project, kind: str) -> list[Row]:
    with project.open() as store:
        return [row for row in task_states(store) if row["kind"] == kind]


def counts_there(project: Project, server: local.Server) -> list[tuple[int, int]]:
    """(tasks, predictions) of both projects as Label Studio tells them."""
    with project.open() as store, Client(server.url, server.token) as client:
        link = sync.connection(store)
        found = [studio_tasks(client, link.project(kind).id).values() for kind in sync.KINDS]
    return [(len(tasks), sum(task.predictions for task in tasks)) for tasks in found]


@pytest.fixture(scope="module")
def submitted(project: Project, label_studio: local.Server) -> dict[str, Any]:
    """Push twice; then an annotator changes one region in a real browser and submits."""
    first = sync.push(project)
    before = counts_there(project, label_studio)
    second = sync.push(project)
    assert first.created and not second.created and second.found == first.created
    assert counts_there(project, label_studio) == before
    (region,) = regions_of(project, "spans")
    with project.open() as store:
        spans_project = sync.connection(store).project("spans").id
    with editor.browser() as chromium:
        page = editor.new_page(chromium)
        editor.sign_in(page, label_studio.url, EMAIL, PASSWORD)
        editor.open_task(page, spans_project, region["studio_task"])
        seen = editor.regions(page)
        editor.relabel(page, CHANGED, HOTKEY)
        changed = editor.regions(page)
        annotation = editor.submit(page)
    return {"seen": seen, "changed": changed, "annotation": annotation, "region": region}


def test_the_predictions_are_seen_in_the_editor(submitted: dict[str, Any],
                                                project: Project) -> None:
    seen = {(region.label, region.text) for region in submitted["seen"]}
    assert {("机构", CHANGED), ("金额", "153.5 亿元"), ("比例", "12.5%"), ("数量", "38 个"),
            ("人名", "李若川"), ("职务", "局长")} <= seen
    assert ("地点", CHANGED) in {(r.label, r.text) for r in submitted["changed"]}


@pytest.fixture(scope="module")
def release(project: Project, submitted: dict[str, Any]) -> GoldRelease:
    pulled = sync.pull(project)
    assert (pulled.accepted, pulled.quarantined) == (1, 0)
    again = sync.pull(project)
    assert (again.accepted, again.quarantined) == (0, 0)
    with project.open() as store:
        assert len(newest_answers(store)) == 1
        assert task_counts(store)["answered"] == 1
        settled = stages.settle(store, project.pack(), "lead")
        assert (settled.settled, settled.disagreeing) == (1, ())
        assert stages.settle(store, project.pack(), "lead").unchanged == 1
        made = stages.freeze(store, project.pack(), "lead")
        assert stages.freeze(store, project.pack(), "lead").number == made.number == 1
    return made


def test_the_answer_is_the_annotators(release: GoldRelease, project: Project) -> None:
    (region,) = release.regions
    assert region.annotators == (EMAIL,)
    assert region.text == TEXT[region.start:region.end]
    found = [(region.text[s.start:s.end], s.label) for s in region.spans]
    assert (CHANGED, NEW_LABEL) in found and (CHANGED, "ORG") not in found
    assert ("153.5 亿元", "MONEY") in found


def exported(project: Project, fmt: str, folder: Path) -> Path:
    with project.open() as store:
        done = stages.export_release(store, 1, fmt, folder / fmt)
    assert done.losses == ()
    return done.folder


def test_datasets_loads_the_changed_span(release: GoldRelease, project: Project, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets
    folder = exported(project, "hf", tmp_path)
    loaded = datasets.load_dataset(str(folder), "spans", cache_dir=str(tmp_path / "cache"))
    (row,) = [row for split in loaded.values() for row in split]
    spans = {(row["text"][s["start"]:s["end"]], s["label"], row["start"] + s["start"])
             for s in row["spans"]}
    assert (CHANGED, NEW_LABEL, TEXT.index(CHANGED)) in spans


def test_spacy_loads_the_changed_span(release: GoldRelease, project: Project,
                                      tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin
    folder = exported(project, "spacy", tmp_path)
    (path,) = folder.rglob("*.spacy")
    (doc,) = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    assert doc.text == TEXT
    assert (CHANGED, NEW_LABEL, TEXT.index(CHANGED)) in {
        (ent.text, ent.label_, ent.start_char) for ent in doc.ents}


def test_the_other_formats_hold_the_changed_span(release: GoldRelease, project: Project,
                                                 tmp_path: Path) -> None:
    (region,) = release.regions
    start = region.text.index(CHANGED)
    lines = (exported(project, "char-bio", tmp_path) / f"{region.split}.txt").read_text(
        encoding="utf-8").splitlines()
    assert lines[start].split("\t") == ["云", f"B-{NEW_LABEL}"]
    tasks = json.loads((exported(project, "label-studio", tmp_path) / "spans.json").read_text(
        encoding="utf-8"))
    values = [item["value"] for item in tasks[0]["annotations"][0]["result"]
              if item["type"] == "labels"]
    assert {"start": start, "end": start + len(CHANGED), "text": CHANGED,
            "labels": [NEW_LABEL]} in values


def test_a_task_deleted_in_label_studio_is_noticed_and_pushed_again(
        release: GoldRelease, project: Project, label_studio: local.Server) -> None:
    region = regions_of(project, "classes")[0]
    with Client(label_studio.url, label_studio.token) as client:
        client.delete(f"/api/tasks/{region['studio_task']}/")
    assert sync.pull(project).gone == 1
    assert sync.push(project).created == 1
