"""`workbench export`: every format whole with its papers, or one line and nothing touched."""
from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest
from click.testing import CliRunner, Result

import exporters
from tests.conftest import ROOT
from tests.workbench.test_facts import settle, table_document
from workbench.cli import main
from workbench.project import Project, create_project
from workbench.web.release_report import report_files

FORMATS = sorted(exporters.formats())


def run(project: Project, *arguments: object) -> Result:
    return CliRunner().invoke(
        main, ["--project", str(project.folder), *(str(argument) for argument in arguments)])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with release 1 of one document and its report."""
    folder = tmp_path_factory.mktemp("released")
    project = create_project(folder / "project", "云泽区").project
    with project.open() as store:
        settle(store, project, table_document(folder), ("就业岗位", "INDICATOR"), ("5%", "PERCENT"),
               relations=[{"type": "CHANGE", "source": 0, "target": 1, "direction": "up"}])
    assert run(project, "freeze").exit_code == 0
    return project


@pytest.fixture(scope="module")
def papers(released: Project) -> dict[str, str]:
    return report_files(released, 1)


@pytest.fixture
def before(tmp_path: Path) -> Iterator[dict[str, bytes]]:
    """An earlier export in ``out``, which must be there untouched in the end."""
    (tmp_path / "out").mkdir()
    for name, text in (("train.txt", "云"), ("manifest.json", json.dumps(
            {"release": {}, "files": {"train.txt": ""}}))):
        (tmp_path / "out" / name).write_text(text, encoding="utf-8")
    found = contents(tmp_path / "out")
    yield found
    assert contents(tmp_path / "out") == found
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def refused(result: Result, words: str) -> None:
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr.startswith("workbench: ") and words in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_has_report_and_card_beside_its_files(
        released: Project, papers: dict[str, str], fmt: str, tmp_path: Path) -> None:
    assert set(papers) == {"README.md", "report.html", "report.en.html"}
    done = run(released, "export", 1, "--format", fmt, "--output", tmp_path / "out")
    assert done.exit_code == 0, done.output
    found = contents(tmp_path / "out")
    assert found["report.html"].decode() == papers["report.html"]
    assert found["report.en.html"].decode() == papers["report.en.html"]
    readme = found["README.md"].decode()
    assert readme.endswith(papers["README.md"])
    assert readme.count("只有语段内的文字是标注过的") == 1 and "云泽区 · release 1" in readme
    manifest = json.loads(found["manifest.json"])
    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest()
                                 for name, data in found.items() if name != "manifest.json"}
    croissant = json.loads(found["croissant.json"])
    assert {file["name"] for file in croissant["distribution"]} == {
        *found} - {"manifest.json", "croissant.json"}


def test_the_same_release_has_the_same_bytes_after_more_answers(
        released: Project, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(released, "export", 1, "--format", "tables-xlsx", "--output", tmp_path / name)
        with released.open() as store, store.write() as db:
            db.execute("INSERT INTO finding_answers (document_id, key, reason, note, answered_by,"
                       " answered_at) VALUES (1, 'none', 'source', '', 'lead', '')")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_card_leaves_what_datasets_loads_by(
        released: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets
    datasets.disable_progress_bars()
    run(released, "export", 1, "--format", "hf", "--output", tmp_path / "out")
    rows = datasets.load_dataset(str(tmp_path / "out"), "spans", cache_dir=str(tmp_path / "cache"))
    assert rows["train"].features["start"].dtype == "int64"
    assert sum(len(row["spans"]) for row in rows["train"]) == 2


def test_an_unknown_release_or_format_is_one_line(
        released: Project, tmp_path: Path, before: dict[str, bytes]) -> None:
    refused(run(released, "export", 9, "--format", "hf", "--output", tmp_path / "out"),
            "there is no release 9")
    refused(run(released, "export", 1, "--format", "conll", "--output", tmp_path / "out"),
            "there is no format 'conll'")


@pytest.fixture(scope="module")
def edited(released: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with another label in its release."""
    folder = tmp_path_factory.mktemp("edited") / "project"
    shutil.copytree(released.folder, folder)
    with sqlite3.connect(folder / "project.sqlite") as db:
        db.execute("UPDATE release_regions SET region = replace(region, 'PERCENT', 'MONEY')")
    db.close()
    return Project(folder)


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_release_whose_rows_were_edited_is_one_line(
        edited: Project, fmt: str, tmp_path: Path, before: dict[str, bytes]) -> None:
    refused(run(edited, "export", 1, "--format", fmt, "--output", tmp_path / "out"),
            "release 1 was changed after it was frozen")


# Exports one format after the other with room for so many bytes in each file.
SMALL_DISK = """
import json, resource, sys
from click.testing import CliRunner
from workbench.cli import main
project, output, room, *formats = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
for name in formats:
    done = CliRunner().invoke(
        main, ["--project", project, "export", "1", "--format", name, "--output", output])
    print(json.dumps([name, done.exit_code, done.stdout, done.stderr]))
"""


def test_a_disk_that_is_full_at_the_last_is_one_line_in_every_format(
        released: Project, papers: dict[str, str], tmp_path: Path,
        before: dict[str, bytes]) -> None:
    """The data may still find room, the report does not."""
    room = 20_000
    assert len(papers["report.html"]) > room
    with released.open():  # so that the database has its files already
        done = subprocess.run(
            [sys.executable, "-c", SMALL_DISK, str(released.folder), str(tmp_path / "out"),
             str(room), *FORMATS], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, *_ in told] == FORMATS
    for name, status, stdout, stderr in told:
        assert (status, stdout) == (1, ""), name
        *foreseen, error = stderr.splitlines()
        assert error.startswith(f"workbench: cannot write to {tmp_path / 'out'}: "), name
        assert all("has no place for" in line for line in foreseen), name
        assert "File too large" in error, name
