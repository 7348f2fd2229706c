"""The description beside every export, read by MLCommons' own library."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest

from exporters import Export, export, formats
from exporters.croissant import CROISSANT
from tests.exporters.nasty import RELEASE

# mlcroissant calls what its own libraries have renamed.
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning"),
              pytest.mark.filterwarnings("ignore::FutureWarning")]


@pytest.fixture
def load() -> Callable[[Path], Any]:
    croissant: Any = pytest.importorskip("mlcroissant")
    return lambda folder: croissant.Dataset(jsonld=folder / CROISSANT)


@pytest.mark.parametrize("name", sorted(formats()))
def test_croissant_names_every_file_with_its_hash(
        name: str, load: Any, exported: Callable[[str], Export]) -> None:
    done = exported(name)
    dataset = load(done.folder)
    assert dataset.metadata.issues.errors == set()
    manifest = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    described = {file.id: file.sha256 for file in dataset.metadata.distribution}
    assert {**described, CROISSANT: manifest["files"][CROISSANT]} == manifest["files"]


@pytest.mark.parametrize("name", sorted(formats()))
def test_rows_read_through_it_are_those_of_the_files(
        name: str, load: Any, exported: Callable[[str], Export]) -> None:
    folder = exported(name).folder
    dataset = load(folder)
    described = {records.id: [field.id for field in records.fields]
                 for records in dataset.metadata.record_sets}
    texts = {path.relative_to(folder).as_posix() for path in folder.rglob("*.jsonl")}
    assert {f"{path}/rows" for path in texts} >= set(described)
    for own, columns in described.items():
        path = folder / own.removesuffix("/rows")
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        wanted = [{column: row[column.removeprefix(f"{own}/")] for column in columns}
                  for row in rows]
        assert [{column: _plain(row[column]) for column in columns}
                for row in dataset.records(own)] == wanted


def _plain(value: Any) -> Any:
    return value.decode("utf-8") if isinstance(value, bytes) else value


def test_a_hash_that_is_no_longer_the_files_is_found(load: Any, tmp_path: Path) -> None:
    folder = export(RELEASE, "hf", tmp_path / "out").folder
    path = folder / "data" / "spans-train.jsonl"
    path.write_bytes(path.read_bytes().replace(b"ORG", b"LOC", 1))
    dataset = load(folder)
    with pytest.raises(Exception, match="Download") as caught:
        list(dataset.records("data/spans-train.jsonl/rows"))
    assert "Hash" in str(caught.value.__cause__)
