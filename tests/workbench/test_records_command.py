"""`workbench records`, and `workbench check` over several files of one place."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from workbench import demo
from workbench.cli import main

GAZETTE = demo.DOCUMENTS / "yunze-congress-gazette.txt"


def lines(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    ran = CliRunner().invoke(main, list(arguments))
    return ran.exit_code, [json.loads(line) for line in ran.stdout.splitlines()]


def test_records_come_as_json_lines_with_evidence_in_the_text() -> None:
    status, found = lines("records", str(GAZETTE), "--kind", "appointment")
    text = GAZETTE.read_text(encoding="utf-8")
    assert status == 0 and {one["record"] for one in found} == {"appointment"}
    first = found[0]
    assert first["document"] == GAZETTE.name and first["action"] == "resigned"
    assert text[slice(*first["spans"]["person"])] == first["person"]


def test_without_a_kind_all_kinds_are_told() -> None:
    paths = sorted(demo.DOCUMENTS.glob("yunze-[cfp]*"))
    _, found = lines("records", *(str(path) for path in paths))
    assert {one["record"] for one in found} >= {
        "appointment", "attendance", "indicator", "budget_line", "project"}


def test_a_file_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    assert lines("records", str(tmp_path / "none.txt"))[0] == 2


def test_files_of_one_place_are_held_against_each_other(tmp_path: Path) -> None:
    for year, retail in (("2022", "252.0"), ("2023", "225.0")):
        (tmp_path / f"{year}.txt").write_text(
            f"云泽区{year}年国民经济和社会发展计划执行情况的报告\n\n云泽区发展和改革委员会\n\n"
            f"2022年，全区社会消费品零售总额完成{retail}亿元。\n", encoding="utf-8")
    status, found = lines("check", *(str(path) for path in sorted(tmp_path.iterdir())))
    assert status == 3
    assert [(one["check"], one["document"]) for one in found] == [
        ("family.told_in_two_documents", "2022.txt + 2023.txt")]
