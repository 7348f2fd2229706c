"""`exporters.export`: whole or not at all, and told what went missing."""
from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exporters
from exporters import Loss, char_bio, export, formats, gliner2
from exporters.lines import json_line
from labels.errors import ExportError
from labels.gold import GoldRegion, GoldRelease
from tests.conftest import ROOT
from tests.exporters.nasty import RELEASE, release_of


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_formats_are_found_by_name() -> None:
    assert {"hf", "char-bio", "spacy", "label-studio"} <= set(formats())
    for fmt in formats().values():
        told = {*fmt.carries, *fmt.drops} - {"records", "cells"}
        assert told == {"spans", "relations", "classes"}
        assert not set(fmt.carries) & set(fmt.drops)


def test_unknown_format_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no format 'conll'.*char-bio, .*hf, "):
        export(RELEASE, "conll", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("manifest", [None, "{}", "[]", "not JSON", '{"files": {"notes.txt": ""}}'])
def test_folder_with_foreign_files_is_refused_and_untouched(
        manifest: str | None, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    before = contents(folder)
    with pytest.raises(ExportError, match="holds other files"):
        export(RELEASE, "hf", folder)
    assert contents(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_file_added_to_an_export_is_not_deleted(tmp_path: Path) -> None:
    export(RELEASE, "hf", tmp_path / "out")
    (tmp_path / "out" / "data" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="data/mine.txt"):
        export(RELEASE, "hf", tmp_path / "out")
    assert (tmp_path / "out" / "data" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="is a file"):
        export(RELEASE, "hf", tmp_path / "out")


def test_a_later_export_replaces_an_earlier_whole(tmp_path: Path) -> None:
    export(RELEASE, "hf", tmp_path / "out")
    export(RELEASE, "char-bio", tmp_path / "out")
    assert set(contents(tmp_path / "out")) == {
        "README.md", "croissant.json", "labels.txt", "manifest.json", "regions.jsonl", "test.txt",
        "train.txt"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("bug")])
def test_failing_writer_leaves_an_earlier_export_untouched(
        error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(RELEASE, "hf", tmp_path / "out")
    before = contents(tmp_path / "out")

    def fail(release: GoldRelease, folder: Path) -> list[Loss]:
        (folder / "half.txt").write_text("half", encoding="utf-8")
        raise error
    monkeypatch.setattr(char_bio, "write", fail)
    with pytest.raises(ExportError if isinstance(error, OSError) else RuntimeError):
        export(RELEASE, "char-bio", tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_earlier_export_comes_back_where_the_new_cannot_be_placed(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(RELEASE, "hf", tmp_path / "out")
    before = contents(tmp_path / "out")
    rename = Path.rename

    def refuse(path: Path, target: Any) -> Path:
        if (path / "regions.jsonl").exists():
            raise OSError(5, "Input/output error")
        return rename(path, target)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ExportError, match="Input/output error"):
        export(RELEASE, "char-bio", tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", sorted(formats()))
def test_manifest_tells_files_hashes_and_losses(name: str, tmp_path: Path) -> None:
    done = export(RELEASE, name, tmp_path / "out")
    files = contents(done.folder)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {
        file: hashlib.sha256(data).hexdigest() for file, data in files.items()}
    assert done.files == (*sorted(files), "manifest.json")
    assert [Loss(**loss) for loss in manifest["losses"]] == list(done.losses)
    assert manifest["release"]["hash"] == RELEASE.hash
    assert manifest["cannot_carry"] == list(formats()[name].drops)


# Writes a release over an earlier export, with room for so many bytes in each file.
SMALL_DISK = """
import resource, sys
from pathlib import Path
from exporters import export
from labels.errors import ExportError
from tests.conftest import ROOT
from tests.exporters.nasty import RELEASE
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    export(RELEASE, sys.argv[1], Path(sys.argv[2]))
except ExportError as error:
    print(error)
"""


@pytest.mark.parametrize("name", sorted(formats()))
def test_full_disk_is_told_in_a_line_and_leaves_an_earlier_export_untouched(
        name: str, tmp_path: Path) -> None:
    export(RELEASE, "hf", tmp_path / "out")
    before = contents(tmp_path / "out")
    done = subprocess.run([sys.executable, "-c", SMALL_DISK, name, str(tmp_path / "out"), "300"],
                          capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("cannot write to ") and done.stdout.count("\n") == 1
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", sorted(formats()))
def test_export_twice_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    export(RELEASE, name, tmp_path / "a")
    export(RELEASE, name, tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_missing_library_says_what_to_install(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ExportError, match=r"needs spacy.*'annotation-workbench\[spacy\]'"):
        export(RELEASE, "spacy", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_formats_are_listed_without_their_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("spacy", "datasets", "label_studio_sdk", "pyarrow", "jieba", "xlsxwriter",
                    "openpyxl"):
        monkeypatch.setitem(sys.modules, library, None)
    for name in [name for name in sys.modules if name.startswith("exporters.")]:
        monkeypatch.delitem(sys.modules, name)
    assert "spacy" in exporters.formats()


@pytest.mark.parametrize("name", sorted(formats()))
def test_files_that_hold_something_else_are_not_delivered(
        name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer whose files read back with one thing changed fails, and says which."""
    module = exporters._module(name)
    read = module.read
    where = "cells 1:1:2" if "cells" in module.FORMAT.carries else "n3:test"

    def changed(folder: Path) -> Any:
        for one in read(folder):
            if one.id == where:
                one = (replace(one, spans=(replace(one.spans[0], start=1),))
                       if isinstance(one, GoldRegion) else replace(one, row=(*one.row[:-1], "x")))
            yield one
    monkeypatch.setattr(module, "read", changed)
    with pytest.raises(ExportError, match=where):
        export(RELEASE, name, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_span_that_is_lost_without_a_word_is_not_delivered(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = char_bio.write
    monkeypatch.setattr(char_bio, "write", lambda release, folder: write(release, folder)[1:])
    with pytest.raises(ExportError, match=r"holds \d+ of \d+ spans and tells of 6 lost"):
        export(RELEASE, "char-bio", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["relation ", "function"])
def test_what_else_is_lost_without_a_word_is_not_delivered(
        what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = gliner2.write
    monkeypatch.setattr(gliner2, "write", lambda release, folder: [
        loss for loss in write(release, folder) if not loss.what.startswith(what)])
    kind = "relations" if what == "relation " else "classes"
    with pytest.raises(ExportError, match=rf"holds \d+ of \d+ {kind} and tells of 0 lost"):
        export(RELEASE, "gliner2", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", sorted(formats()))
def test_what_a_format_has_no_place_for_is_told_before_it_is_written(
        name: str, tmp_path: Path) -> None:
    told: list[dict[str, int]] = []

    def foresee(found: Mapping[str, int]) -> None:
        assert not list(tmp_path.iterdir())
        told.append(dict(found))
    done = export(RELEASE, name, tmp_path / "out", foresee=foresee)
    holds = {"spans": sum(len(region.spans) for region in RELEASE.regions),
             "relations": sum(len(region.relations) for region in RELEASE.regions),
             "classes": sum(len(set(region.asked) - {"spans"}) for region in RELEASE.regions)}
    assert told == [{what: holds[what] for what in formats()[name].drops if what in holds}]
    manifest = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["not_carried"] == told[0]


@pytest.mark.parametrize("name", sorted(formats()))
def test_an_edited_release_is_refused_and_an_earlier_export_untouched(
        name: str, tmp_path: Path) -> None:
    export(RELEASE, name, tmp_path / "out")
    before = contents(tmp_path / "out")
    edited = replace(RELEASE.regions[0], spans=RELEASE.regions[0].spans[1:])
    with pytest.raises(ExportError, match="release 3 was changed since it was frozen"):
        export(replace(RELEASE, regions=(edited, *RELEASE.regions[1:])), name, tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def broken(**changes: Any) -> GoldRegion:
    return replace(RELEASE.regions[0], **changes)


@pytest.mark.parametrize(("region", "why"), [
    (broken(split="dev"), "its split"),
    (broken(asked=("spans", "mood")), "does not declare"),
    (broken(asked=("function",)), "was not asked for them"),
    (broken(classes=(("function", ("plan",)),)), "was not asked for it"),
    (broken(asked=("spans", "function"), classes=(("function", ("plan", "problem")),)), "several"),
    (broken(asked=("spans", "function"), classes=(("function", ("dance",)),)), "a class that"),
    (broken(spans=(replace(RELEASE.regions[0].spans[0], label="NOSUCH"),)), "a label that"),
    (broken(text="\ud800" + RELEASE.regions[0].text[1:]), "surrogate"),
    (broken(text="", spans=(), start=3, end=3), "no text"),
])
def test_region_that_no_format_could_carry_is_refused(
        region: GoldRegion, why: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=f"n1:overlap.*{why}"):
        export(release_of(region), "char-bio", tmp_path / "out")


def test_two_regions_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="twice"):
        export(release_of(broken(), broken()), "hf", tmp_path / "out")


def test_release_without_regions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="holds no regions"):
        export(release_of(), "hf", tmp_path / "out")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_line_of_json_is_that_of_the_standard_library_on_one_line(text: str) -> None:
    record = {"text": text, text: [1, {"a": None, "b": []}, {}]}
    line = json_line(record).decode("utf-8")
    assert line.splitlines(keepends=True) == [line] and json.loads(line) == record
    if not set(text) & set("\x85\u2028\u2029"):
        assert line == json.dumps(record, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", ["doccano", "label-studio", "chat", "uie", "gliner2", "hf"])
def test_a_line_that_is_no_row_is_told_by_its_number(name: str, tmp_path: Path) -> None:
    folder = export(RELEASE, name, tmp_path / "out").folder
    path = next(path for path in sorted(folder.rglob("*train*")) + [folder / "spans.json"]
                if path.is_file() and "classes" not in path.name and "function" not in path.name
                and "tokens" not in path.name and "topics" not in path.name)
    lines = path.read_bytes().splitlines(keepends=True)
    at = 2 if name == "label-studio" else 1  # its first line opens the list
    path.write_bytes(b"".join([*lines[:at], b"{}\n", *lines[at + 1:]]))
    with pytest.raises(ExportError, match=rf"{path.name}, record 2"):
        list(exporters._module(name).read(folder))
