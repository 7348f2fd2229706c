"""`workbench check`: shapes, exit status, what is told of coverage."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from workbench.cli import main

TABLE = ("表1 云泽区镇情", "街镇\t户数（户）\t人口（人）", "桐汀镇\t1200\t3610", "沙浦镇\t980\t2914",
         "云荻街道\t2105\t6020", "合计\t4285\t12534")


def check(*arguments: str | Path) -> tuple[Result, list[dict[str, Any]]]:
    result = CliRunner().invoke(main, ["check", *map(str, arguments)])
    return result, [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "镇情.txt"
    path.write_text("\n".join(TABLE), encoding="utf-8")
    return path


def test_what_is_broken_is_printed_with_its_terms_and_suspects(file: Path) -> None:
    result, (finding,) = check(file)
    text = file.read_text("utf-8")
    assert result.exit_code == 3
    assert (finding["check"], finding["document"], finding["status"]) == (
        "totals.rows_add_up", "镇情.txt", "broken")
    assert finding["difference"] == "-10"
    for term in finding["terms"]:
        assert text[term["start"]:term["end"]] == term["text"]
    assert {"start", "end", "cause", "reason"} <= set(finding["suspects"][0])
    assert "%(" not in finding["message"] + finding["suspects"][0]["reason"]


def test_with_all_what_holds_is_printed_too(file: Path) -> None:
    result, findings = check(file, "--all")
    assert sorted(finding["status"] for finding in findings) == ["broken", "holds"]
    assert "8 figures in tables, 8 stand in an equation, 4 are confirmed" in result.stderr


def test_a_document_whose_sums_are_right_gives_nothing_and_exits_0(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("2914", "2904"), encoding="utf-8")
    result, findings = check(file)
    assert (result.exit_code, findings) == (0, [])


def test_a_file_that_cannot_be_read_exits_2(tmp_path: Path) -> None:
    result, findings = check(tmp_path / "none.txt")
    assert (result.exit_code, findings) == (2, [])
    assert result.stderr.startswith("workbench: ")
