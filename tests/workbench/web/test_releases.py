"""Settling, freezing and taking a release away, in the browser."""
from __future__ import annotations

import io
import json
import threading
import zipfile
from typing import Callable

import pytest

import exporters
from tests.workbench.web.conftest import Browser, released
from workbench import jobs
from workbench.progress import Progress, Said
from workbench.project import Project
from workbench.store import Store

Open = Callable[..., Browser]


@pytest.fixture
def lead(browser: Open, with_tasks: int) -> Browser:
    return browser("lead")


def test_nothing_settled_cannot_be_frozen(browser: Open, store: Store) -> None:
    answer = released(browser("lead"), store, "freeze")
    assert "尚无定稿的任务" in answer.text and "尚无发布" in answer.text


def test_settle_and_freeze_say_what_they_did(lead: Browser, store: Store) -> None:
    answer = released(lead, store, "settle")
    assert "定稿或更改 1 处，未变 0 处，暂缓 0 处" in answer.text
    answer = released(lead, store, "freeze")
    assert "第 1 号版本已发布：1 个语段" in answer.text
    again = released(lead, store, "freeze")
    assert "没有变化" in again.text
    assert lead.get("/releases/2").status_code == 404


def test_what_goes_on_is_shown_with_its_progress_and_not_begun_twice(
        lead: Browser, project: Project, store: Store) -> None:
    go = threading.Event()

    def slowly(progress: Progress) -> Said:
        progress(3, 7, "云泽区概况")
        go.wait(30)
        return Said("")
    assert jobs.start(project, "settle", slowly)
    try:
        page = lead.post("/releases/settle", follow_redirects=True).text
        assert "正在进行中" in page
        assert 'data-name="settle" data-state="running"' in page and "<noscript><meta" in page
    finally:
        go.set()
    assert jobs.wait(project, "settle", 30)
    assert "<noscript><meta" not in lead.get("/releases").text


def test_every_format_is_offered_and_downloads_as_a_zip_of_its_export(
        lead: Browser, project: Project, store: Store) -> None:
    released(lead, store)
    page = lead.get("/releases/1").text
    light = [name for name, fmt in exporters.formats().items() if not fmt.package]
    assert light
    for name in light:
        assert f"/releases/1/{name}.zip" in page
        answer = lead.get(f"/releases/1/{name}.zip")
        assert answer.mimetype == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
            assert bundle.testzip() is None
            folder = f"release-1-{name}"
            manifest = json.loads(bundle.read(f"{folder}/manifest.json"))
            assert set(bundle.namelist()) == {
                f"{folder}/{file}" for file in (*manifest["files"], "manifest.json")}
        answer.close()


def test_an_export_is_made_once_and_again_when_it_is_of_another_release(
        lead: Browser, project: Project, store: Store) -> None:
    released(lead, store)
    name = sorted(exporters.formats())[0]
    lead.get(f"/releases/1/{name}.zip").close()
    manifest = project.exports_folder / f"release-1-{name}" / "manifest.json"
    first = manifest.stat().st_mtime_ns
    lead.get(f"/releases/1/{name}.zip").close()
    assert manifest.stat().st_mtime_ns == first
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["release"]["hash"] = "of another project"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    lead.get(f"/releases/1/{name}.zip").close()
    fresh = json.loads(manifest.read_text(encoding="utf-8"))
    assert fresh["release"]["hash"] != "of another project"


@pytest.mark.parametrize("damage", ["a file gone", "a file changed", "a file more",
                                    "manifest {", "manifest []", "manifest gone"])
def test_an_export_that_was_changed_is_made_anew(lead: Browser, project: Project, store: Store,
                                                 damage: str) -> None:
    released(lead, store)
    first = names_and_bytes(lead)
    folder = project.exports_folder / "release-1-char-bio"
    if damage == "a file gone":
        (folder / "labels.txt").unlink()
    elif damage == "a file changed":
        (folder / "labels.txt").write_text("ORG\n")
    elif damage == "a file more":
        (folder / "letters.txt").touch()
    elif damage == "manifest gone":
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_text(damage.split()[1])
    assert names_and_bytes(lead) == first


def names_and_bytes(lead: Browser) -> dict[str, bytes]:
    answer = lead.get("/releases/1/char-bio.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as bundle:
        found = {name: bundle.read(name) for name in bundle.namelist()}
    answer.close()
    return found


@pytest.mark.parametrize("fmt", ["char-bio", "tables-csv"])
def test_a_release_that_was_edited_is_not_downloaded_and_what_was_made_of_it_stays(
        lead: Browser, project: Project, store: Store, fmt: str) -> None:
    released(lead, store, "settle")
    released(lead, store, "freeze")
    lead.get(f"/releases/1/{fmt}.zip").close()
    kept = project.exports_folder / f"release-1-{fmt}"
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    with store.write() as db:
        db.execute("UPDATE release_regions SET region = replace(region, 'ORG', 'LOC')")
    answer = lead.get(f"/releases/1/{fmt}.zip")
    assert answer.status_code == 409 and "第 1 号发布后被改动过" in answer.text
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before
