"""Records and cells: what people's programs find in the files, and what never happens in them."""
from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exporters import Export, export, tables_xlsx
from exporters.fact_columns import TABLES, Column
from exporters.fact_tables import rows_of
from exporters.tables_parquet import fit as parquet_fit
from labels.errors import ExportError
from labels.facts import Base, FactCell, FactRecord, FactTable, Facts, Words
from labels.spreadsheets import unguarded
from tests.exporters.nasty import CELLS, FACTS, RELEASE, cell, release_with

NAMES = ["tables-csv", "tables-parquet", "tables-xlsx"]
Exported = Callable[[str], Export]


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def one_cell(text: str, value: Decimal | None = None) -> FactTable:
    return FactTable("", "", "", 0, 9, (replace(cell(0, text), value=value),))


def only(tmp_path: Path, name: str, *tables: FactTable) -> Export:
    return export(release_with(Facts("d", 1, "", "train", (), tables)), name, tmp_path / "out")


def test_every_row_has_the_columns_of_its_table() -> None:
    widths = {table.name: len(table.columns) for table in TABLES}
    for facts in FACTS:
        for held in rows_of(facts):
            assert len(held.row) == widths[held.table]


def test_csv_begins_with_the_mark_of_utf_8_and_ends_its_lines_as_rfc_4180(
        exported: Exported) -> None:
    data = (exported("tables-csv").folder / "records-appointment.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfrecord,document,")
    assert data.count(b"\r\n") == data.count(b"\n") == 2


def test_csv_gives_each_cell_back_without_its_apostrophe(exported: Exported) -> None:
    rows = csv_rows(exported("tables-csv").folder / "cells.csv")
    assert [unguarded(row["text"]) for row in rows] == [text.replace("\0", "␀") for text in CELLS]


def test_no_field_of_csv_begins_like_a_formula(exported: Exported) -> None:
    for path in exported("tables-csv").folder.glob("*.csv"):
        for row in csv_rows(path):
            for value in row.values():
                if value.lstrip(" \u200b")[:1] in tuple("=+-@＝＋－＠\t\r\n"):
                    Decimal(value.rstrip("%"))


def test_pandas_reads_csv_with_numbers_and_truth(exported: Exported) -> None:
    import pandas
    cells = pandas.read_csv(exported("tables-csv").folder / "cells.csv",
                            dtype={"value_base": float})
    assert cells["value_base"].iloc[1] == -52000 and cells["settled"].dtype == bool
    assert cells["document"].tolist() == ["n1"] * len(CELLS)


def test_exact_figures_are_exact_in_every_format(exported: Exported) -> None:
    from openpyxl import load_workbook
    from pyarrow import parquet
    wanted = {text: Decimal(text) for text in ("-5.20", "0.1", "123456789012345678.9")}
    in_csv = {row["text"]: row["value"] for row in csv_rows(
        exported("tables-csv").folder / "cells.csv")}
    in_parquet = {row["text"]: row["value"] for row in parquet.read_table(
        exported("tables-parquet").folder / "cells.parquet").to_pylist()}
    head, *rows = load_workbook(exported("tables-xlsx").folder / "tables.xlsx")["cells"].values
    in_xlsx = {row[head.index("text")]: row[head.index("value")] for row in rows}
    for text, number in wanted.items():
        assert Decimal(in_csv[text]) == in_parquet[text] == number
        assert Decimal(str(in_xlsx[text])) == number
    assert isinstance(in_xlsx["0.1"], float)
    assert isinstance(in_xlsx["123456789012345678.9"], str)


def test_parquet_has_true_types(exported: Exported) -> None:
    from pyarrow import parquet
    schema = parquet.read_schema(exported("tables-parquet").folder / "cells.parquet")
    assert {name: str(schema.field(name).type) for name in (
        "text", "value", "row", "settled", "row_path")} == {
            "text": "string", "value": "decimal128(38, 10)", "row": "int64", "settled": "bool",
            "row_path": "list<element: string>"}


def test_a_figure_that_parquet_has_no_digits_for_is_told(tmp_path: Path) -> None:
    done = only(tmp_path, "tables-parquet", one_cell("x", Decimal("1E+30")),
                one_cell("y", Decimal("1.234E-12")), one_cell("z", Decimal("9" * 28)))
    assert [(loss.what, loss.kind) for loss in done.losses] == [
        ("cells 1:1:1 value", "dropped"), ("cells 2:1:1 value", "dropped")]


@given(st.decimals(allow_nan=False, allow_infinity=False))
@example(Decimal("7.3299715008147783214903785E-24"))
def test_a_figure_fits_parquet_or_is_told(number: Decimal) -> None:
    import pyarrow
    kept, reason, _ = parquet_fit(Column("value", "number", "", ""), number)
    try:
        # It rounds some figures of many digits away without a word: those do not fit either.
        fits = pyarrow.scalar(number, pyarrow.decimal128(38, 10)).as_py() == number
    except pyarrow.ArrowInvalid:
        fits = False
    assert (kept is None) == bool(reason)
    assert reason == "" or not fits


def test_the_workbook_holds_no_formula_and_no_link(exported: Exported) -> None:
    from openpyxl import load_workbook
    path = exported("tables-xlsx").folder / "tables.xlsx"
    kinds = {one.data_type for sheet in load_workbook(path).worksheets
             for row in sheet.iter_rows() for one in row if one.value is not None}
    assert kinds == {"s", "n", "b"}
    with zipfile.ZipFile(path) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist()
                         if name.startswith("xl/worksheets/"))
    assert "=1+1" in sheets and "<f>" not in sheets and "hyperlink" not in sheets


def test_a_sheet_that_is_full_goes_on_in_another(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import load_workbook
    monkeypatch.setattr(tables_xlsx, "ROWS", 10)
    book = load_workbook(export(RELEASE, "tables-xlsx", tmp_path / "out").folder / "tables.xlsx")
    sheets = [book[name] for name in book.sheetnames if name.startswith("cells")]
    assert [sheet.title for sheet in sheets] == ["cells", "cells (2)", "cells (3)", "cells (4)"]
    assert sum(sheet.max_row - 1 for sheet in sheets) == len(CELLS)
    assert all(sheet["A1"].value == "document" for sheet in sheets)


def test_a_text_longer_than_a_cell_is_cut_in_the_workbook_only_and_told(tmp_path: Path) -> None:
    text = "𠮷" * 16_384 + "完"
    done = only(tmp_path, "tables-xlsx", one_cell(text))
    assert ("cells 1:1:1 text", "cut") in {(loss.what, loss.kind) for loss in done.losses}
    for name in ("tables-csv", "tables-parquet"):
        assert only(tmp_path, name, one_cell(text)).losses == ()


def test_a_text_longer_than_csv_readers_like_comes_back(tmp_path: Path) -> None:
    assert only(tmp_path, "tables-csv", one_cell("长" * 200_000)).losses == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_that_failed_is_told_as_a_loss(name: str, exported: Exported) -> None:
    assert [(loss.region, loss.what) for loss in exported(name).losses
            if loss.kind == "dropped" and loss.what.startswith("records ")] == [
                ("n2", "records budget.lines")]


@pytest.mark.parametrize("name", NAMES)
def test_facts_that_were_edited_are_refused_and_an_earlier_export_stays(
        name: str, tmp_path: Path) -> None:
    export(RELEASE, name, tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    edited = replace(RELEASE, facts=(replace(FACTS[0], title="别的"), *FACTS[1:]))
    moved = replace(RELEASE, facts=(replace(FACTS[0], split="test"), *FACTS[1:]))
    for release in (edited, moved, replace(RELEASE, facts=FACTS[1:])):
        with pytest.raises(ExportError, match="release 3 was changed since it was frozen"):
            export(release, name, tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", NAMES)
def test_a_release_from_before_facts_says_what_to_do(name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="before records and cells were kept") as caught:
        export(replace(RELEASE, facts=(), facts_hash=""), name, tmp_path / "out")
    assert caught.value.hint and list(tmp_path.iterdir()) == []


def test_the_dictionary_names_every_column_of_every_file(exported: Exported) -> None:
    folder = exported("tables-csv").folder
    told = json.loads((folder / "columns.json").read_text(encoding="utf-8"))
    for table in told:
        with (folder / table["file"]).open(encoding="utf-8-sig", newline="") as file:
            assert next(csv.reader(file)) == [column["name"] for column in table["columns"]]
        assert all(column["en"] and column["zh"] for column in table["columns"])
    assert {path.name for path in folder.glob("*.csv")} == {table["file"] for table in told}


TEXTS = st.text(st.one_of(
    st.sampled_from("=+-@'\t\r\n 云/_x0041<r>&,\";\u2028\x0b\x00𠮷\ufffe"),
    st.characters(exclude_categories=["Cs"])), max_size=20)
NUMBERS = st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-10**30,
                                  max_value=10**30)
PATHS = st.lists(TEXTS, max_size=3).map(tuple)
FACT_CELLS = st.builds(
    FactCell, st.integers(1, 9), st.integers(1, 9), st.integers(0, 99), st.integers(0, 99), TEXTS,
    NUMBERS, TEXTS, st.none() | st.builds(Base, NUMBERS.filter(lambda one: one is not None), TEXTS),
    PATHS, PATHS, TEXTS, st.booleans(), PATHS, st.sampled_from(["", "broken", "confirmed"]))
FACT_RECORDS = st.builds(
    FactRecord, st.just("attendance"), st.booleans(), st.just(""),
    st.fixed_dictionaries({"meeting": TEXTS, "present": PATHS}), st.just({}),
    st.lists(st.builds(Words, st.sampled_from(["meeting", "present"]), st.integers(0, 50),
                       st.integers(0, 99), TEXTS), max_size=3).map(tuple))
FACT_TABLES = st.builds(FactTable, TEXTS, TEXTS, TEXTS, st.just(0), st.just(9),
                        st.lists(FACT_CELLS, max_size=3).map(tuple))
ANY = st.lists(st.builds(
    Facts, st.uuids().map(str), st.integers(1, 3), TEXTS, st.sampled_from(["train", "test"]),
    st.lists(FACT_RECORDS, max_size=2).map(tuple), st.lists(FACT_TABLES, max_size=2).map(tuple)),
    min_size=1, max_size=3)


@pytest.mark.parametrize("name", NAMES)
def test_any_facts_come_back_but_for_what_is_told(
        name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(deadline=None, max_examples=25)
    @given(ANY)
    def check(found: list[Facts]) -> None:
        done: Any = export(release_with(*found), name, tmp_path_factory.mktemp("any") / "out")
        assert {loss.region for loss in done.losses} <= {one.document for one in found}
    check()
