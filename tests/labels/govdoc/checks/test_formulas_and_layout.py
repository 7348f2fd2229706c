"""Formulas written beside the rows; rows that slid sideways."""
from __future__ import annotations

from labels import govdoc
from labels.checks import Figures, run
from labels.document import Cell, Document, ReadWarning, Table
from tests.labels.govdoc.checks.claims import broken, statuses

DEBT = ("表1 债务", "单位：亿元", "项目\t公式\t本地区", "一、发行数\tA=B+C\t53.83", "（一）一般债券\tB\t21.36",
        "（二）专项债券\tC\t32.47", "二、还本数\tD\t21.53")


def test_a_formula_beside_a_row_is_kept() -> None:
    check = "formulas.rows_keep_their_formulas"
    assert statuses(check, *DEBT) == ["holds"]
    wrong = tuple(line.replace("C\t32.47", "C\t23.47") for line in DEBT)
    assert broken(check, *wrong) == [["53.83", "21.36", "23.47"]]


def test_rows_the_reader_found_slid_are_one_finding_a_run() -> None:
    text = "指标\t目标\n甲\t5\n乙\t6\n"
    rows = tuple((Cell(text[a:a + 1], a, a + 1), Cell(text[a + 2:a + 3], a + 2, a + 3))
                 for a in (6, 10))
    table = Table("表", "", "", 0, 13, (("指标",), ("目标",)), rows)
    warnings = tuple(ReadWarning("row_shifted", start, start + 3, "the cells were moved there")
                     for start in (6, 10))
    document = Document("d", text, tables=(table,), warnings=warnings)
    (finding,) = [one for one in run(Figures(document), govdoc.load_checks())
                  if one.check.startswith("layout.")]
    assert (finding.status, finding.difference) == ("broken", 2)
    assert [suspect.cause for suspect in finding.suspects] == ["shifted", "shifted"]
