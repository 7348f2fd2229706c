from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from labels.errors import ExportError
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS, TEXT
from workbench import stages
from workbench.project import Project
from workbench.store import Store
from workbench.store.answers import add_answer
from workbench.store.documents import add_document, current_ids
from workbench.store.gold import load_release, releases, settled_regions
from workbench.store.suggestions import save_suggestions
from workbench.store.tasks import region_text, task_states

NOTHING = {"spans": [], "relations": [], "classes": {}}


@pytest.fixture
def region(store: Store) -> int:
    """The id of the one spans region of the sample document."""
    document_id = add_document(store, DOCUMENT).document_id
    save_suggestions(store, document_id, "pack", SUGGESTIONS)
    stages.cut_regions(store, document_id)
    (row,) = [row for row in task_states(store) if row["kind"] == "spans"]
    return int(row["id"])


def answer(store: Store, region: int, spans: list[tuple[int, int, str]], *, who: str = "a@b",
           annotation: int = 1, at: str = "2024-01-01T00:00:00Z",
           relations: list[dict] | None = None, state: str = "accepted") -> None:
    add_answer(store, region_id=region, studio_annotation=annotation, studio_updated_at=at,
               annotator=who, state=state, reason="", raw=[], lead_time=None,
               answer={"spans": [{"start": s, "end": e, "label": label} for s, e, label in spans],
                       "relations": relations or [], "classes": {}})


def test_ingest_goes_on_after_a_file_that_cannot_be_read(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("云泽区概况", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02" * 50)
    (tmp_path / "c.txt").write_text("", encoding="utf-8")
    (tmp_path / "notes.bin").write_bytes(b"never looked at")
    report = stages.ingest(store, [tmp_path])
    assert [entry.outcome for entry in report] == ["new", "refused", "refused"]
    assert "b.txt" in report[1].message and "c.txt" in report[2].message
    assert len(current_ids(store)) == 1
    assert [entry.outcome for entry in stages.ingest(store, [tmp_path / "a.txt"])] == ["unchanged"]


def test_ingest_tells_of_every_member_of_an_archive(store: Store, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("一.txt", "云泽区概况")
        archive.writestr("二.txt", "")
    report = stages.ingest(store, [tmp_path])
    assert [(Path(entry.file).name, entry.outcome) for entry in report] == [
        ("一.txt", "new"), ("二.txt", "refused")]
    assert report[0].file == str(tmp_path / "a.zip" / "一.txt") and len(current_ids(store)) == 1


def test_a_changed_file_is_a_new_version(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("云泽区概况", encoding="utf-8")
    stages.ingest(store, [path])
    path.write_text("云泽区概况二", encoding="utf-8")
    assert [entry.outcome for entry in stages.ingest(store, [path])] == ["changed"]
    assert store.value("SELECT max(version) FROM documents") == 2


def test_files_of_one_name_in_several_folders_stay_apart(store: Store, tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / "all" / year).mkdir(parents=True)
        (tmp_path / "all" / year / "报告.txt").write_text(f"{year}年云泽区报告", encoding="utf-8")
    outcomes = [entry.outcome for entry in stages.ingest(store, [tmp_path / "all"])]
    assert outcomes == ["new", "new"] and len(current_ids(store)) == 2
    outcomes = [entry.outcome for entry in stages.ingest(store, [tmp_path / "all"])]
    assert outcomes == ["unchanged", "unchanged"]


def test_another_file_of_the_same_name_is_refused_not_taken_for_a_version(
        store: Store, tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "报告.txt").write_text(f"{year}年云泽区报告", encoding="utf-8")
    stages.ingest(store, [tmp_path / "2023" / "报告.txt"])
    (entry,) = stages.ingest(store, [tmp_path / "2024" / "报告.txt"])
    assert entry.outcome == "refused" and "2023" in entry.message
    assert store.value("SELECT count(*) FROM documents") == 1


def test_suggest_works_once_a_state_of_the_pack(project: Project, store: Store) -> None:
    add_document(store, DOCUMENT)
    first = stages.suggest(store, project.pack())
    assert (first.documents, first.failures) == (1, ()) and first.spans >= 2
    assert stages.suggest(store, project.pack()).documents == 0


def test_regions_are_cut_once_and_slice_the_document(store: Store, region: int) -> None:
    before = task_states(store)
    stages.cut_regions(store, before[0]["document_id"])
    assert task_states(store) == before
    row = store.row("SELECT * FROM regions WHERE id = ?", [region])
    assert row is not None
    assert region_text(store, region) == TEXT[row["start"]:row["end"]]
    assert {row["kind"] for row in before} == {"spans", "classes"}


def test_one_answer_settles_and_a_repeat_changes_nothing(project: Project, store: Store,
                                                         region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    assert stages.settle(store, project.pack(), "lead").settled == 1
    assert stages.settle(store, project.pack(), "lead").unchanged == 1
    (gold,) = settled_regions(store)
    assert gold["answer"]["spans"] == [{"start": 0, "end": 6, "label": "ORG"}]
    assert gold["annotators"] == ["a@b"]


def test_a_later_correction_is_a_new_version_of_gold(project: Project, store: Store,
                                                     region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    stages.settle(store, project.pack(), "lead")
    answer(store, region, [(0, 6, "LOC")], at="2024-01-02T00:00:00Z")
    assert stages.settle(store, project.pack(), "lead").settled == 1
    assert [row["version"] for row in store.rows("SELECT version FROM gold ORDER BY id")] == [1, 2]
    (gold,) = settled_regions(store)
    assert gold["answer"]["spans"][0]["label"] == "LOC"


def test_equal_answers_in_another_order_agree(project: Project, store: Store, region: int) -> None:
    link = {"type": "VALUE", "direction": None}
    answer(store, region, [(12, 14, "INDICATOR"), (15, 22, "MONEY")],
           relations=[{**link, "source": 0, "target": 1}])
    answer(store, region, [(15, 22, "MONEY"), (12, 14, "INDICATOR")], who="c@d", annotation=2,
           relations=[{**link, "source": 1, "target": 0}])
    done = stages.settle(store, project.pack(), "lead")
    assert (done.settled, done.disagreeing) == (1, ())
    assert settled_regions(store)[0]["annotators"] == ["a@b", "c@d"]


def test_answers_that_differ_are_left_and_named(project: Project, store: Store,
                                                region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    answer(store, region, [(0, 3, "LOC")], who="c@d", annotation=2)
    assert stages.settle(store, project.pack(), "lead").disagreeing == (region,)
    assert settled_regions(store) == []


def test_skipped_and_quarantined_answers_settle_nothing(project: Project, store: Store,
                                                        region: int) -> None:
    answer(store, region, [], state="skipped")
    answer(store, region, [], state="quarantined", annotation=2)
    assert stages.settle(store, project.pack(), "lead").settled == 0


def test_freeze_without_gold_says_what_to_do(project: Project, store: Store) -> None:
    with pytest.raises(ExportError, match="no region is settled yet"):
        stages.freeze(store, project.pack(), "lead")
    assert releases(store) == []


def test_a_release_is_immutable_numbered_and_hashed(project: Project, store: Store,
                                                    region: int) -> None:
    answer(store, region, [(0, 6, "ORG"), (12, 14, "INDICATOR")])
    stages.settle(store, project.pack(), "lead")
    first = stages.freeze(store, project.pack(), "lead")
    assert stages.freeze(store, project.pack(), "lead").hash == first.hash
    answer(store, region, [(0, 6, "LOC")], at="2024-01-02T00:00:00Z")
    stages.settle(store, project.pack(), "lead")
    second = stages.freeze(store, project.pack(), "lead")
    assert (first.number, second.number) == (1, 2) and first.hash != second.hash
    assert load_release(store, 1) == first
    assert [(row["number"], row["spans"]) for row in releases(store)] == [(2, 1), (1, 2)]
    assert {region.split for region in first.regions} == {region.split for region in second.regions}


def test_export_of_an_unknown_release_writes_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no release 7"):
        stages.export_release(store, 7, "hf", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_exported_release_is_read_back(project: Project, store: Store, region: int,
                                          tmp_path: Path) -> None:
    answer(store, region, [(0, 6, "ORG"), (23, 27, "ORG")])
    stages.settle(store, project.pack(), "lead")
    release = stages.freeze(store, project.pack(), "lead")
    done = stages.export_release(store, 1, "hf", tmp_path / "out")
    name = f"data/spans-{release.regions[0].split}.jsonl"
    (row,) = [json.loads(line) for line in
              (done.folder / name).read_text(encoding="utf-8").splitlines()]
    assert [row["text"][s["start"]:s["end"]] for s in row["spans"]] == ["云泽区财政局", "𠮷祥公司"]
