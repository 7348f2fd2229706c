from __future__ import annotations

import pytest

from tests.workbench.conftest import DOCUMENT
from workbench import stages
from workbench.store import Store
from workbench.store.documents import add_document
from workbench.store.tasks import asked_regions, leave_others, record_tasks, task_states


@pytest.fixture
def regions(store: Store) -> list[int]:
    stages.cut_regions(store, add_document(store, DOCUMENT).document_id)
    return [row["id"] for row in task_states(store)]


def test_task_ids_of_a_new_server_may_be_those_of_the_old_one(
        store: Store, regions: list[int]) -> None:
    first, second = regions
    record_tasks(store, "old", 1, 1, {first: 1, second: 2})
    assert leave_others(store, ["new"]) == 2
    assert {row["state"] for row in task_states(store)} == {"waiting"}
    assert {row["studio_task"] for row in task_states(store)} == {None}
    assert [row["studio_task"] for row in asked_regions(store, "spans", 1, "new")] == [None]
    record_tasks(store, "new", 1, 1, {second: 1})
    record_tasks(store, "new", 1, 1, {first: 2})
    assert {row["id"]: row["studio_task"] for row in task_states(store)} == {first: 2, second: 1}
    assert leave_others(store, ["new"]) == 0
