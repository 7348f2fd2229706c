"""Releases: what stays together, what is left out and told, and what an edit is met with."""
from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

import exporters
from labels.document import Block, Document
from labels.errors import ExportError, InputError
from labels.gold import GoldRelease
from labels.grouping import FAMILY, TIES
from tests.workbench.answering import put_answer
from tests.workbench.conftest import DOCUMENT
from workbench import grouping, stages, withdrawing
from workbench.project import Project, create_project
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.gold import sealed_release, whole_release
from workbench.store.groups import members
from workbench.store.tasks import task_states
from workbench.store.withdrawals import release_notes, withdrawn

TEXT = "事项：{what}。{what}的安排，{what}的落实，{what}的总结。收入 65.2 亿元，𠮷祥公司到会。"


def settled(store: Store, project: Project, *names: str, title: str = "",
            text: str = TEXT) -> None:
    """Documents of these names, each with one settled region."""
    for name in names:
        said = text.format(what=name)
        document = Document(id=name, text=said, source=name, title=title,
                            blocks=(Block("paragraph", 0, len(said)),))
        made = add_document(store, document).document_id
        stages.cut_regions(store, made)
        for region in task_states(store, made):
            if region["kind"] == "spans":
                put_answer(store, region["id"], email="a@example.org")
    stages.settle(store, project.pack(), "lead")


def frozen(store: Store, project: Project) -> GoldRelease:
    return stages.freeze(store, project.pack(), "lead")


def splits(release: GoldRelease) -> dict[str, str]:
    return {region.document: region.split for region in release.regions}


def groups(release: GoldRelease) -> dict[str, str]:
    return {region.document: region.group for region in release.regions}


def test_two_years_of_a_report_go_to_one_split(store: Store, project: Project) -> None:
    settled(store, project, "budget-2023.txt", "budget-2024.txt", "gazette.txt", "plan.txt")
    release = frozen(store, project)
    assert groups(release)["budget-2023.txt"] == groups(release)["budget-2024.txt"]
    assert set(splits(release).values()) == {"train", "validation", "test"}


def test_documents_that_come_later_move_nobody(store: Store, project: Project) -> None:
    settled(store, project, "budget-2023.txt", "gazette.txt", "plan.txt")
    before = splits(frozen(store, project))
    settled(store, project, *(f"{name}.txt" for name in ("notice", "ledger", "budget-2024")))
    release = frozen(store, project)
    assert before.items() <= splits(release).items()
    assert splits(release)["budget-2024.txt"] == before["budget-2023.txt"]
    assert release_notes(store, 2) == []


def test_groups_that_grow_together_follow_the_older_and_it_is_told(
        store: Store, project: Project) -> None:
    settled(store, project, "budget.txt", "gazette.txt")
    first = splits(frozen(store, project))
    settled(store, project, "plan-2024.txt")
    second = splits(frozen(store, project))
    assert second["plan-2024.txt"] == "validation"
    settled(store, project, "budget-2024.txt", title="云泽区2024年预算")
    assert splits(frozen(store, project))["budget-2024.txt"] == first["budget.txt"]
    # A new version says by its title that it is of the same place and year.
    said = TEXT.format(what="云泽区2024年计划")
    newer = add_document(store, Document(id="plan-2024.txt", text=said, source="plan-2024.txt",
                                         title="云泽区2024年计划",
                                         blocks=(Block("paragraph", 0, len(said)),)))
    stages.cut_regions(store, newer.document_id)
    for region in task_states(store, newer.document_id):
        if region["kind"] == "spans":
            put_answer(store, region["id"], email="a@example.org")
    stages.settle(store, project.pack(), "lead")
    last = frozen(store, project)
    assert splits(last)["plan-2024.txt"] == first["budget.txt"] == "train"
    (note,) = release_notes(store, last.number)
    assert note["kind"] == "moved" and note["document"] == "plan-2024.txt"
    assert (note["content"]["from_split"], note["content"]["to_split"]) == ("validation", "train")


def test_the_lead_says_what_keeps_documents_together(store: Store, project: Project) -> None:
    settled(store, project, "budget.txt", "plan.txt", title="云泽区2024年的事")
    grouping.ask_ties(store, [FAMILY])
    assert len(set(groups(frozen(store, project)).values())) == 2
    with pytest.raises(InputError, match="colour is nothing"):
        grouping.ask_ties(store, ["colour"])
    assert grouping.ties_asked(store) == (FAMILY,) and len(TIES) == 3


def test_a_document_split_before_there_were_groups_keeps_its_split(
        store: Store, project: Project) -> None:
    with store.write() as db:
        for name, split in (("budget-2023.txt", "test"), ("budget-2024.txt", "train")):
            db.execute("INSERT INTO splits (group_name, split) VALUES (?, ?)", [name, split])
            db.execute("INSERT INTO document_groups (document, group_name, since, kept)"
                       " VALUES (?, ?, 1, 1)", [name, name])
    settled(store, project, "budget-2023.txt", "budget-2024.txt", "budget-2025.txt")
    release = frozen(store, project)
    assert splits(release) == {"budget-2023.txt": "test", "budget-2024.txt": "train",
                               "budget-2025.txt": "test"}
    assert members(store)["budget-2025.txt"].group == "budget-2023.txt"


def test_a_withdrawn_document_is_left_out_and_the_next_release_tells_it(
        store: Store, project: Project) -> None:
    settled(store, project, "budget.txt", "gazette.txt")
    first = frozen(store, project)
    done = withdrawing.withdraw(store, "budget.txt", "the office asked  for it", "王")
    assert done.releases == (1,) and [row["document"] for row in withdrawn(store)] == ["budget.txt"]
    second = frozen(store, project)
    assert set(splits(second)) == {"gazette.txt"}
    assert release_notes(store, 2) == [{"kind": "withdrawn", "document": "budget.txt", "content": {
        "why": "the office asked for it", "by": "王"}}]
    assert whole_release(store, 1) == first
    withdrawing.take_back(store, "budget.txt", "李")
    third = frozen(store, project)
    assert splits(third) == splits(first) and third.hash == first.hash
    assert [(note["kind"], note["content"]["by"]) for note in release_notes(store, 3)] \
        == [("returned", "李")]


def test_a_withdrawal_needs_a_document_a_reason_and_happens_once(
        store: Store, project: Project) -> None:
    settled(store, project, "budget.txt")
    with pytest.raises(InputError, match="needs a reason"):
        withdrawing.withdraw(store, "budget.txt", "  ", "王")
    with pytest.raises(InputError, match="no document nothing"):
        withdrawing.withdraw(store, "nothing", "why", "王")
    with pytest.raises(InputError, match="is not withdrawn"):
        withdrawing.take_back(store, "budget.txt", "王")
    withdrawing.withdraw(store, "budget.txt", "why", "王")
    with pytest.raises(InputError, match="withdrawn already"):
        withdrawing.withdraw(store, "budget.txt", "again", "王")
    with pytest.raises(ExportError, match="no region is settled"):
        frozen(store, project)


def test_a_withdrawal_that_was_taken_back_before_a_release_is_not_told(
        store: Store, project: Project) -> None:
    settled(store, project, "budget.txt")
    withdrawing.withdraw(store, "budget.txt", "by mistake", "王")
    withdrawing.take_back(store, "budget.txt", "王")
    frozen(store, project)
    assert release_notes(store, 1) == []


def test_a_region_with_nothing_marked_stays_as_asked_and_empty(
        store: Store, project: Project) -> None:
    made = add_document(store, replace(DOCUMENT, id="empty.txt", source="empty.txt")).document_id
    stages.cut_regions(store, made)
    for region in task_states(store, made):
        if region["kind"] == "spans":
            answer = put_answer(store, region["id"], email="a@example.org")
            with store.write() as db:
                db.execute("UPDATE answers SET answer = ? WHERE id = ?",
                           ['{"classes":{},"relations":[],"spans":[]}', answer])
    stages.settle(store, project.pack(), "lead")
    (region,) = frozen(store, project).regions
    assert region.spans == () and region.asked == ("spans",)


@pytest.mark.parametrize("edit", [
    "UPDATE release_regions SET region = replace(region, 'ORG', 'LOC') WHERE number = 1",
    "UPDATE release_regions SET region = '{' WHERE number = 1",
    "DELETE FROM release_regions WHERE number = 1",
    "UPDATE releases SET header = replace(header, 'MONEY', 'CASH') WHERE number = 1",
    "UPDATE releases SET hash = 'ab' WHERE number = 1",
])
def test_a_release_that_was_edited_is_not_exported(
        edit: str, store: Store, project: Project, tmp_path: Path) -> None:
    settled(store, project, "budget.txt")
    frozen(store, project)
    stages.export_release(store, 1, "char-bio", tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with store.write() as db:
        db.execute(edit)
    with pytest.raises(ExportError, match="release 1 was changed after it was frozen"):
        stages.export_release(store, 1, "char-bio", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_the_same_gold_makes_the_same_release_and_files_in_any_project(tmp_path: Path) -> None:
    with ExitStack() as open_stores:
        made: list[GoldRelease] = []
        for place, names in (("one", ("budget.txt", "gazette.txt", "plan.txt")),
                             ("two", ("plan.txt", "gazette.txt", "budget.txt"))):
            project = create_project(tmp_path / place, "试用").project
            store = open_stores.enter_context(project.open())
            settled(store, project, *names)
            number = frozen(store, project).number
            made.append(replace(whole_release(store, number), created="2026-01-01T00:00:00+00:00"))
        assert made[0] == made[1] and made[0].facts_hash == made[1].facts_hash
        for name in light():
            for place, release in zip(("one", "two"), made):
                exporters.export(release, name, tmp_path / f"{place}-{name}")
            same(tmp_path / f"one-{name}", tmp_path / f"two-{name}")


def light() -> list[str]:
    return [name for name, fmt in exporters.formats().items() if not fmt.package]


def same(one: Path, two: Path) -> None:
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert names
    for path in names:
        assert (one / path).read_bytes() == (two / path).read_bytes(), path


def test_a_release_is_walked_where_it_is_stored_and_held_only_if_whole(
        store: Store, project: Project) -> None:
    settled(store, project, "budget.txt", "gazette.txt")
    made = frozen(store, project)
    stored = sealed_release(store, 1)
    assert len(stored.regions) == len(made.regions) == len(list(stored.regions))
    assert tuple(stored.regions) == tuple(stored.regions) == made.regions
    assert isinstance(whole_release(store, 1).regions, tuple)
