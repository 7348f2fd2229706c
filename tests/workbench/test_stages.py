from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from labels.errors import ExportError
from tests.workbench.conftest import DOCUMENT, SUGGESTIONS, TEXT
from workbench import stages
from workbench.project import Project
from workbench.store import Store
from workbench.store.answers import NewAnswer, add_answer, mark_deleted, newest_answers
from workbench.store.documents import add_document, current_ids, document_states
from workbench.store.gold import (
    count_older, load_release, releases, settle_region, settled_regions,
)
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
           annotation: int = 1, at: str = "2024-01-01T00:00:00Z", origin: str = "there",
           task: int = 1, relations: list[dict] | None = None, state: str = "accepted") -> None:
    add_answer(store, NewAnswer(
        region_id=region, origin=origin, slot=1, studio_task=task, studio_annotation=annotation,
        studio_updated_at=at, studio_user=None, annotator=who, state=state, reason="", raw=[],
        lead_time=None, made_at=at, blind=True,
        answer={"spans": [{"start": s, "end": e, "label": label} for s, e, label in spans],
                "relations": relations or [], "classes": {}}))


def state_of(store: Store, region: int) -> str:
    (row,) = [row for row in task_states(store) if row["id"] == region]
    return str(row["state"])


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


def test_the_regions_that_would_be_cut_are_told_without_a_write(store: Store) -> None:
    document_id = add_document(store, DOCUMENT).document_id
    told = stages.uncut_regions(store, document_id)
    assert task_states(store) == []
    stages.cut_regions(store, document_id)
    assert {(kind, one.start, one.end) for kind, found in told.items() for one in found} \
        == {(row["kind"], row["start"], row["end"]) for row in task_states(store)}
    assert stages.uncut_regions(store, document_id) == {}


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


def test_an_answer_to_a_task_of_a_new_server_takes_the_place_of_the_persons_older_one(
        project: Project, store: Store, region: int) -> None:
    """The ids there begin anew; the older annotation can never be corrected again."""
    answer(store, region, [(0, 6, "ORG")])
    answer(store, region, [(0, 6, "LOC")], origin="new", at="2024-01-02T00:00:00Z")
    assert stages.settle(store, project.pack(), "lead").disagreeing == ()
    (gold,) = settled_regions(store)
    assert gold["answer"]["spans"][0]["label"] == "LOC"


def test_answers_of_accounts_that_are_gone_do_not_replace_each_other(
        project: Project, store: Store, region: int) -> None:
    answer(store, region, [(0, 6, "ORG")], who="account 2")
    answer(store, region, [(0, 6, "LOC")], who="account 2", origin="new",
           at="2024-01-02T00:00:00Z")
    assert stages.settle(store, project.pack(), "lead").disagreeing == (region,)


def test_gold_whose_answer_was_deleted_is_withdrawn_until_there_is_an_answer(
        project: Project, store: Store, region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    stages.settle(store, project.pack(), "lead")
    mark_deleted(store, "there", [1])
    done = stages.settle(store, project.pack(), "lead")
    assert (done.settled, done.withdrawn, done.disagreeing) == (0, (region,), ())
    assert settled_regions(store) == [] and state_of(store, region) == "waiting"
    assert document_states(store)[0]["settled"] == 0
    with pytest.raises(ExportError, match="no region is settled yet"):
        stages.freeze(store, project.pack(), "lead")
    assert stages.settle(store, project.pack(), "lead").withdrawn == ()
    answer(store, region, [(0, 6, "ORG")], annotation=2)
    assert stages.settle(store, project.pack(), "lead").settled == 1
    assert store.value("SELECT max(version) FROM gold") == 3


@pytest.mark.parametrize("newer", ["skipped", "quarantined"])
def test_gold_whose_answer_is_no_answer_any_more_is_withdrawn(
        project: Project, store: Store, region: int, newer: str) -> None:
    answer(store, region, [(0, 6, "ORG")])
    stages.settle(store, project.pack(), "lead")
    answer(store, region, [], state=newer, at="2024-01-02T00:00:00Z")
    assert stages.settle(store, project.pack(), "lead").withdrawn == (region,)
    assert settled_regions(store) == [] and state_of(store, region) == newer
    assert document_states(store)[0]["answered"] == 0


def test_gold_that_a_second_person_disputes_is_withdrawn(
        project: Project, store: Store, region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    stages.settle(store, project.pack(), "lead")
    assert state_of(store, region) == "settled"
    answer(store, region, [(0, 3, "LOC")], who="c@d", annotation=2)
    assert state_of(store, region) == "disputed"
    done = stages.settle(store, project.pack(), "lead")
    assert (done.disagreeing, done.withdrawn) == ((region,), (region,))
    assert settled_regions(store) == [] and state_of(store, region) == "disputed"


def test_gold_decided_between_differing_answers_stands_until_there_is_another(
        project: Project, store: Store, region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    answer(store, region, [(0, 3, "LOC")], who="c@d", annotation=2)
    first, second = newest_answers(store)
    settle_region(store, region_id=region, answer=first["answer"], annotators=["a@b"],
                  answer_ids=[first["id"], second["id"]], schema_hash="s", settled_by="lead")
    done = stages.settle(store, project.pack(), "lead")
    assert (done.unchanged, done.disagreeing, done.withdrawn) == (1, (), ())
    assert state_of(store, region) == "settled" and len(settled_regions(store)) == 1
    answer(store, region, [(0, 6, "LOC")], who="e@f", annotation=3)
    assert stages.settle(store, project.pack(), "lead").withdrawn == (region,)


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


def test_a_release_holds_the_newest_version_of_a_document_only(
        project: Project, store: Store, region: int) -> None:
    answer(store, region, [(0, 6, "ORG")])
    stages.settle(store, project.pack(), "lead")
    assert count_older(store) == 0
    newer = add_document(store, replace(DOCUMENT, text=TEXT.replace("65.2", "65.3"))).document_id
    assert settled_regions(store) == [] and count_older(store) == 1
    stages.cut_regions(store, newer)
    (row,) = [row for row in task_states(store, newer) if row["kind"] == "spans"]
    answer(store, row["id"], [(0, 6, "ORG")], annotation=2, task=2)
    stages.settle(store, project.pack(), "lead")
    release = stages.freeze(store, project.pack(), "lead")
    assert ["65.3" in region.text for region in release.regions] == [True]
    assert count_older(store) == 1


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
