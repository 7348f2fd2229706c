"""Gold by commands: what is held back, why it is let through, where a release comes from."""
from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from tests.workbench.review.test_holding import lines
from workbench.commands.base import NEEDS_PERSON
from workbench.cli import main
from workbench.project import Project
from workbench.store import Store

__all__ = ["lines"]


def run(project: Project, *arguments: str, status: int = 0) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["--project", str(project.folder), *arguments])
    assert result.exit_code == status, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_is_held_is_told_and_let_through_with_a_reason_that_the_release_tells(
        project: Project, store: Store, lines: list[int]) -> None:
    (settled,) = run(project, "settle", status=NEEDS_PERSON)
    assert (settled["settled"], settled["held"], settled["contradicted"]) == (1, lines[:2], 0)
    told = run(project, "held", status=NEEDS_PERSON)
    assert [(one["region"], one["causes"][0]["code"]) for one in told] == [
        (region, "edge_mark") for region in lines[:2]]
    for region in lines[:2]:
        run(project, "held", "--release", str(region), "--reason", "guide", "--note", "如此")
    assert run(project, "held") == run(project, "held", "--settled") == []
    (settled,) = run(project, "settle")
    assert settled["unchanged"] == 3
    (frozen,) = run(project, "freeze")
    rows = run(project, "releases", "provenance", str(frozen["release"]))
    assert [[one["reason"] for one in row["reasons"]] for row in rows] == [["guide"], ["guide"], []]
    assert all(row["settled_by"] == "cli" and row["schema_version"] == 0 and row["guide_hash"]
               and row["answer_ids"] for row in rows)


@pytest.mark.parametrize("arguments", [(), ("--reason", "nothing"), ("--reason", "other")])
def test_without_a_reason_nothing_is_let_through(
        project: Project, lines: list[int], arguments: tuple[str, ...]) -> None:
    run(project, "held", "--release", str(lines[0]), *arguments, status=2)
    assert len(run(project, "held", status=NEEDS_PERSON)) == 2


def test_freezing_is_done_though_older_versions_have_gold(
        project: Project, store: Store, lines: list[int]) -> None:
    run(project, "settle", status=NEEDS_PERSON)
    run(project, "freeze")
    with store.write() as db:
        db.execute("INSERT INTO documents (name, version, source, text_hash, title, type, views,"
                   " created_at) SELECT name, 2, source, text_hash, title, type, views, created_at"
                   " FROM documents")
        db.execute("INSERT INTO regions (key, document_id, kind, start, \"end\", heading_path)"
                   " SELECT 'n:' || key, 2, kind, start, \"end\", heading_path FROM regions")
        db.execute("INSERT INTO gold (region_id, version, answer, answer_ids, annotators,"
                   " schema_hash, settled_by, settled_at) SELECT r.id, 1, g.answer, '[]', '[]', '',"
                   " 'lead', g.settled_at FROM regions r JOIN gold g WHERE r.key LIKE 'n:%'"
                   " LIMIT 1")
    (frozen,) = run(project, "freeze")
    assert frozen["older_left_out"] == 1
