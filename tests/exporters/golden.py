"""What the exporters make of the nasty release, kept under tests/golden/ for people to read.

``python -m tests.exporters.golden FORMAT…`` writes them anew (all formats without arguments); then
read the difference that git shows.
"""
from __future__ import annotations

import json
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Iterator

from exporters import export, formats
from exporters.parquet_files import read_rows
from exporters.lines import json_line
from tests.exporters.nasty import RELEASE

WITH_VERSIONS = ("manifest.json", "croissant.json")
FOLDER = Path(__file__).resolve().parent.parent / "golden"


def snapshot(folder: Path) -> dict[str, str]:
    """Every file of an export as text, DocBins and Parquet decoded; without tool versions."""
    return dict(_decoded(folder, path) for path in sorted(folder.rglob("*"))
                if path.is_file() and path.name not in WITH_VERSIONS)


def _decoded(folder: Path, path: Path) -> tuple[str, str]:
    name = path.relative_to(folder).as_posix()
    if path.suffix == ".parquet":
        return f"{name}.jsonl", b"".join(
            json_line({column: str(value) if isinstance(value, Decimal) else value
                       for column, value in row.items()})
            for row in read_rows(path)).decode("utf-8")
    if path.suffix == ".xlsx":
        return f"{name}.jsonl", b"".join(_sheets(path)).decode("utf-8")
    if path.suffix != ".spacy":
        return name, path.read_bytes().decode("utf-8")
    import spacy
    from spacy.tokens import DocBin
    from exporters.spacy_docbin import doc_to_json
    docs = DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab)
    lines = [json.dumps(doc_to_json(doc), ensure_ascii=False) + "\n" for doc in docs]
    return f"{name}.jsonl", "".join(lines)


def _sheets(path: Path) -> Iterator[bytes]:
    """Each row of each sheet as a line."""
    from openpyxl import load_workbook
    for sheet in load_workbook(path).worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield json_line([sheet.title, *row])


def golden(name: str) -> dict[str, str]:
    """The golden files of format `name`, by their names; empty where there are none."""
    folder = FOLDER / name
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8")
            for path in sorted(folder.rglob("*")) if path.is_file()}


def rewrite(name: str) -> None:
    """Put what the exporter writes today in the place of the golden files of `name`."""
    with tempfile.TemporaryDirectory() as scratch:
        export(RELEASE, name, Path(scratch) / name)
        files = snapshot(Path(scratch) / name)
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    for file, text in files.items():
        path = FOLDER / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    for wanted in sys.argv[1:] or formats():
        rewrite(wanted)
