"""The house rules that a program can check."""
from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("labels", "exporters", "workbench")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# What each package may import of ours and of the outside that carries I/O.
FORBIDDEN = {
    "labels": {"exporters", "workbench", "app", "flask", "sqlite3", "sqlite_utils", "requests",
               "httpx", "label_studio_sdk", "urllib", "socket"},
    "exporters": {"workbench", "app", "flask", "sqlite3", "sqlite_utils", "requests", "httpx",
                  "urllib", "socket"},
    "workbench": {"app", "tests"},
}
# Inside the workbench: a module may not import the rooms named here.
LAYERS = {
    "workbench/store": ("reading", "studio", "stages", "sync", "jobs", "web",
                        "cli", "commands", "supervisor"),
    "workbench/reading": ("store", "studio", "stages", "sync", "jobs", "web",
                          "cli", "commands", "supervisor"),
    "workbench/studio": ("store", "reading", "stages", "sync", "jobs", "web",
                         "cli", "commands", "supervisor"),
    "workbench/review": ("studio", "sync", "jobs", "web", "cli", "commands", "supervisor"),
    "workbench/stages.py": ("studio", "sync", "jobs", "web", "cli", "commands", "supervisor"),
    "workbench/outgoing.py": ("stages", "sync", "jobs", "web", "cli", "commands", "supervisor"),
    "workbench/incoming.py": ("stages", "sync", "jobs", "web", "cli", "commands", "supervisor"),
    "workbench/sync.py": ("jobs", "web", "cli", "commands", "supervisor"),
    "workbench/jobs.py": ("web", "cli", "commands", "supervisor"),
    "workbench/web": ("cli", "commands", "supervisor"),
}


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_one_way(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        roots = {name.split(".")[0] for name in imports(path)}
        assert not roots & FORBIDDEN[package], path


@pytest.mark.parametrize("room", LAYERS)
def test_rooms_of_the_workbench_do_not_look_up(room: str) -> None:
    target = ROOT / room
    paths = [target] if target.suffix else list(target.rglob("*.py"))
    assert paths
    for path in paths:
        for forbidden in LAYERS[room]:
            hits = [name for name in imports(path)
                    if name == f"workbench.{forbidden}" or
                    name.startswith(f"workbench.{forbidden}.")]
            assert not hits, f"{path} imports {hits}"


def test_label_studio_sdk_is_imported_in_one_package_only() -> None:
    for path in SOURCES:
        if (ROOT / "workbench" / "studio") not in path.parents:
            assert "label_studio_sdk" not in {name.split(".")[0] for name in imports(path)}, path


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    heavy = {"spacy", "datasets", "label_studio_sdk", "pyarrow", "pandas", "jieba", "re2"}
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & heavy, path
            elif isinstance(node, ast.ImportFrom) and node.module:
                assert node.module.split(".")[0] not in heavy, path


WRITING = {"insert", "insert_all", "upsert", "upsert_all", "update", "delete", "delete_where"}


def test_the_database_is_written_inside_store_write_only() -> None:
    """Every statement that writes runs on the `db` that ``with store.write() as db`` gave."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) \
                    or node.func.attr not in {"execute", *WRITING}:
                continue
            segment = ast.get_source_segment(text, node) or ""
            writes_sql = node.func.attr == "execute" and re.match(
                r"[^(]*\(\s*f?\"+\s*(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)", segment)
            writes_table = node.func.attr in WRITING and ".table(" in segment.split(")")[0] + ")"
            if writes_sql or writes_table:
                assert segment.startswith("db."), f"{path}:{node.lineno} writes past store.write()"
                assert (ROOT / "workbench" / "store") in path.parents, path


def test_messages_of_errors_are_constants_for_the_translators() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) \
                    and node.func.id == "N_":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


def test_no_error_is_swallowed() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                silent = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
                assert not silent, f"{path}:{node.lineno}"


def test_no_path_of_one_machine_stands_in_the_repository() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True,
                             check=True).stdout.split()
    for name in tracked:
        if name.endswith((".py", ".md", ".cfg", ".toml", ".html", ".js", ".css")) and \
                name != "tests/test_architecture.py":
            text = (ROOT / name).read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])/(work|home|root|tmp/w)/", text), name


def test_no_document_but_the_demo_and_no_picture_but_those_of_the_docs_is_kept_here() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True,
                             check=True).stdout.split("\0")
    foreign = [name for name in tracked if re.search(
        r"\.(pdf|docx?|xlsx?|7z|zip|html?|png|jpe?g)$", name, re.IGNORECASE)
        and not name.startswith(("docs/images/", "workbench/demo/", "workbench/web/templates/"))]
    assert foreign == []
