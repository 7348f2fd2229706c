"""`workbench schema`: the schema as files, in and out, and its history."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from labels import govdoc
from labels.guide import load_guide
from labels.schema import load_schema
from labels.schema_changes import Merge, Rename
from workbench import schemas
from workbench.cli import main
from workbench.migration import migrate
from workbench.project import Project
from workbench.store import Store
from workbench.store.schemas import newest_schema
from workbench.store.settings import set_setting


def run(project: Project, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--project", str(project.folder), "schema", *arguments])


def told(result: Result) -> list[Any]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def exported(project: Project, folder: Path) -> Path:
    assert run(project, "export", str(folder)).exit_code == 0
    return folder


def test_what_is_exported_is_read_back_equal(project: Project, store: Store,
                                             tmp_path: Path) -> None:
    first = exported(project, tmp_path / "first")
    assert load_schema(first / "schema.toml") == govdoc.schema()
    assert load_guide(first / "guide.toml", govdoc.schema()) == govdoc.guide()
    schemas.save(store, [Rename("label", "ORG", "ORGAN")], "x", "lead")
    migrate(project)
    second = exported(project, tmp_path / "second")
    assert load_schema(second / "schema.toml") == project.pack().schema
    assert load_guide(second / "guide.toml", project.pack().schema) == project.guide()


def test_an_edited_export_is_imported_as_typed_changes(project: Project, store: Store,
                                                       tmp_path: Path) -> None:
    folder = exported(project, tmp_path / "pack")
    for name in ("schema.toml", "guide.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("[labels.ORG]", "[labels.ORGAN]").replace(
            '"ORG"', '"ORGAN"'), encoding="utf-8")
    asked = run(project, "import", str(folder), "--why", "x")
    # A name that is gone and one that is new: nobody is to guess.
    assert asked.exit_code == 2
    assert "label ORG is gone, and ORGAN are new" in asked.stderr
    (dry,) = told(run(project, "import", str(folder), "--rename", "ORG=ORGAN", "--dry-run"))
    assert dry["changes"] == [{"change": "rename", "kind": "label", "name": "ORG", "to": "ORGAN"}]
    assert newest_schema(store)["version"] == 0
    (done,) = told(run(project, "import", str(folder), "--rename", "ORG=ORGAN", "--why", "x"))
    assert done["version"] == 1 and "ORGAN" in project.pack().schema.label_names


def test_typed_changes_are_imported_from_lines(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "changes.jsonl"
    file.write_text(schemas.to_lines([Merge("label", ("MONEY", "QUANTITY"), "NUMBER")]),
                    encoding="utf-8")
    refused = run(project, "import", str(file))
    assert refused.exit_code == 2 and "say why" in refused.stderr
    told(run(project, "import", str(file), "--why", "x"))
    assert "NUMBER" in project.pack().schema.label_names
    file.write_text("{\n", encoding="utf-8")
    assert "line 1" in run(project, "import", str(file), "--why", "x").stderr


def test_history_differences_and_the_way_back(project: Project, store: Store) -> None:
    schemas.save(store, [Rename("label", "ORG", "ORGAN"),
                         Rename("choice", "plan", "planned", "function")], "x", "lead")
    migrate(project)
    assert [(row["version"], row["why"], row["step"]) for row in told(run(project, "history"))] == [
        (1, "x", "done")]
    assert {(one["change"], one["name"], one["to"]) for one in told(run(project, "diff"))} == {
        ("rename", "ORG", "ORGAN"), ("rename", "plan", "planned")}
    assert {(one["name"], one["to"]) for one in told(run(project, "diff", "1", "0"))} == {
        ("ORGAN", "ORG"), ("planned", "plan")}
    (dry,) = told(run(project, "back", "0", "--dry-run"))
    assert dry["dry_run"]["there"] == {"why": "", "connected": False}
    (done,) = told(run(project, "back", "0"))
    assert done["version"] == 2 and project.pack().schema == govdoc.schema()
    assert run(project, "back", "0").exit_code == 2
    assert "there is no version 9" in run(project, "diff", "0", "9").stderr


def test_an_interrupted_change_is_resumed(project: Project, store: Store) -> None:
    schemas.save(store, [Rename("label", "ORG", "ORGAN")], "x", "lead")
    assert run(project, "back", "0").exit_code == 2
    (done,) = told(run(project, "resume"))
    assert done["version"] == 1 and newest_schema(store)["step"] == "done"


def test_nothing_is_begun_while_label_studio_cannot_be_reached(
        project: Project, store: Store, tmp_path: Path) -> None:
    set_setting(store, "studio", {"url": "http://127.0.0.1:9", "token": "t",
                                  "public_url": "", "projects": {"spans:1": [1, "o"]}})
    file = tmp_path / "changes.jsonl"
    file.write_text(schemas.to_lines([Rename("label", "ORG", "ORGAN")]), encoding="utf-8")
    refused = run(project, "import", str(file), "--why", "x")
    assert refused.exit_code == 1 and "cannot be reached" in refused.stderr
    assert newest_schema(store)["version"] == 0


@pytest.mark.parametrize("pair", ["ORG", "=X", "ORG="])
def test_a_rename_that_is_none_is_refused(project: Project, tmp_path: Path, pair: str) -> None:
    folder = exported(project, tmp_path / "pack")
    refused = run(project, "import", str(folder), "--rename", pair, "--why", "x")
    assert refused.exit_code == 2 and "is not OLD=NEW" in refused.stderr
