"""Every format writes its golden files, byte for byte (DocBins: what they hold)."""
from __future__ import annotations

from pathlib import Path

import pytest

from exporters import export, formats
from exporters.__main__ import reference
from tests.conftest import ROOT
from tests.exporters.golden import FOLDER, golden, snapshot
from tests.exporters.nasty import RELEASE


@pytest.mark.parametrize("name", sorted(formats()))
def test_format_writes_its_golden_files(name: str, tmp_path: Path) -> None:
    kept = golden(name)
    assert kept, (f"the format {name} lacks its golden files in tests/golden/{name}/: write them "
                  f"with python -m tests.exporters.golden {name}, and read them")
    export(RELEASE, name, tmp_path / name)
    written = snapshot(tmp_path / name)
    assert sorted(written) == sorted(kept)
    for file in kept:
        assert written[file] == kept[file], f"tests/golden/{name}/{file}"


def test_the_reference_tells_what_the_modules_tell() -> None:
    kept = (ROOT / "docs" / "exporters.md").read_text(encoding="utf-8")
    assert kept == reference(), "write it with: python -m exporters > docs/exporters.md"


def test_every_golden_folder_has_its_format() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(formats())
