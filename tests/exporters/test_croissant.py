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


def test_rows_are_read_through_it(load: Any, exported: Callable[[str], Export]) -> None:
    dataset = load(exported("hf").folder)
    own = "data/spans-train.jsonl/rows"
    rows = list(dataset.records(own))
    assert {row[f"{own}/id"].decode(): row[f"{own}/text"].decode() for row in rows} == {
        region.id: region.text for region in RELEASE.asked("spans") if region.split == "train"}


def test_a_hash_that_is_no_longer_the_files_is_found(load: Any, tmp_path: Path) -> None:
    folder = export(RELEASE, "hf", tmp_path / "out").folder
    path = folder / "data" / "spans-train.jsonl"
    path.write_bytes(path.read_bytes().replace(b"ORG", b"LOC", 1))
    dataset = load(folder)
    with pytest.raises(Exception, match="Download") as caught:
        list(dataset.records("data/spans-train.jsonl/rows"))
    assert "Hash" in str(caught.value.__cause__)
