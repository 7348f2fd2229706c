from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from labels.errors import InputError
from tests.workbench import test_rereading as rereads
from workbench import removing, stages
from workbench.cli import main
from workbench.project import Project
from workbench.store import Store
from workbench.store.conflicts import raise_conflict
from workbench.store.documents import current_ids

first = rereads.first


def run(project: Project, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(project.folder), *arguments])


@pytest.fixture
def released(project: Project, store: Store, first: int) -> int:
    rereads.answer(store, rereads.region_with(store, first, "公交"), ("3条", "QUANTITY"))
    stages.settle(store, project.pack(), "t")
    stages.freeze(store, project.pack(), "t")
    return first


def test_a_removal_tells_what_it_touches_and_is_undone(store: Store, released: int) -> None:
    told = removing.remove(store, "report")
    assert told == removing.Affected("report", 6, 1, (1,)) and current_ids(store) == []
    with pytest.raises(InputError, match="removed already"):
        removing.remove(store, str(released))
    assert removing.restore(store, str(released)) == told and current_ids(store) == [released]
    with pytest.raises(InputError, match="was not removed"):
        removing.restore(store, "report")


@pytest.mark.parametrize("name", ["", "none", "99", "9" * 40, "²"])
def test_what_names_no_document_is_told(store: Store, released: int, name: str) -> None:
    with pytest.raises(InputError, match="no document"):
        removing.remove(store, name)


def test_remove_on_the_command_line(project: Project, store: Store, released: int) -> None:
    done = run(project, "remove", "report")
    assert done.exit_code == 0 and json.loads(done.stdout) == {
        "document": "report", "removed": True, "tasks": 6, "answers": 1, "releases": [1]}
    assert "Releases that hold it, and keep it: 1" in done.stderr
    assert run(project, "remove", "report").exit_code == 2
    assert json.loads(run(project, "remove", "--undo", "report").stdout)["removed"] is False


def test_conflicts_on_the_command_line(project: Project, store: Store) -> None:
    assert run(project, "conflicts").exit_code == 0
    raise_conflict(store, "foreign", "there:1", {"task": 1})
    told = run(project, "conflicts")
    assert told.exit_code == 3 and told.stdout.startswith("1\tforeign\t")
    (row,) = map(json.loads, run(project, "conflicts", "--json").stdout.splitlines())
    assert (row["kind"], row["content"]) == ("foreign", {"task": 1})
    assert run(project, "conflicts", "--kind", "double").exit_code == 0
    assert run(project, "conflicts", "--kind", "none").exit_code == 2
