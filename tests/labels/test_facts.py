"""Facts: rows that follow from gold and tables, and the figures in them."""
from __future__ import annotations

import json
from decimal import Decimal

import pytest

from labels.checks import Figures
from labels.document import Block, Cell, Document, Table
from labels.facts import (
    Base, Facts, Settled, base, facts_from_json, facts_hash, facts_to_json, hash_of, make_facts,
)
from labels.records import Record, RecordRule

TEXT = "云泽区就业岗位5.2万个。\n收入\t12.5\n支出\t\n"
TABLE = Table("收支表", "1", "亿元", 14, 25, (("项目",), ("金额",)), (
    (Cell("收入", 14, 16),
     Cell("12.5", 17, 21, Decimal("12.50"), "亿元", ("收入",), ("金额",), "2030年")),
    (Cell("支出", 22, 24), Cell("", 25, 25, None, "亿元", ("支出",), ("金额",)))))
DOCUMENT = Document("d1", TEXT, title="简报", tables=(TABLE,),
                    blocks=(Block("paragraph", 0, len(TEXT)),))


def records(figures: Figures) -> list[Record]:
    return [Record("indicator", {"indicator": "就业岗位", "value": "5.2", "unit": "万个"},
                   {"indicator": ((3, 7),), "value": ((7, 12),)}),
            Record("indicator", {"indicator": "收入", "value": "12.5", "unit": "亿元"},
                   {"indicator": ((14, 16),), "value": ((17, 21),)})]


def broken(figures: Figures) -> list[Record]:
    raise KeyError("no such row")


def made(*rules: RecordRule, arithmetic: dict[tuple[int, int], str] = {}) -> Facts:
    settled = Settled([(0, 13)], [(3, 7, "INDICATOR"), (7, 12, "QUANTITY"), (15, 18, "ORG")])
    return make_facts(Figures(DOCUMENT), rules, settled, arithmetic, version=2, split="test")


RULE = RecordRule("test.records", records)


def test_a_record_is_settled_where_all_its_words_are() -> None:
    assert [one.settled for one in made(RULE).records] == [True, False]


def test_a_record_keeps_its_words_and_their_places() -> None:
    first = made(RULE).records[0]
    assert [(one.field, one.start, one.text) for one in first.words] == [
        ("indicator", 3, "就业岗位"), ("value", 7, "5.2万个")]
    assert first.bases == {"value": Base(Decimal(52000), "个")} and first.start == 3


def test_a_cell_has_its_heads_its_figure_and_the_labels_on_it() -> None:
    (table,) = made().tables
    name, figure, _, empty = table.cells
    assert (figure.row, figure.column, figure.value, figure.base) == (
        1, 2, Decimal("12.50"), Base(Decimal(1250000000), "CNY"))
    assert (figure.row_path, figure.column_path, figure.period) == (("收入",), ("金额",), "2030年")
    assert (name.labels, figure.labels, empty.labels) == (("ORG",), ("ORG",), ())
    assert (empty.text, empty.value, empty.base, empty.settled) == ("", None, None, False)


@pytest.mark.parametrize(("states", "said"), [
    ({}, ""), ({(7, 12): "confirmed"}, "confirmed"), ({(7, 12): "broken"}, "broken"),
    ({(3, 7): "broken", (7, 12): "explained"}, "explained")])
def test_arithmetic_of_a_record_is_that_of_its_figures(
        states: dict[tuple[int, int], str], said: str) -> None:
    assert made(RULE, arithmetic=states).records[0].arithmetic == said


def test_a_rule_that_raises_is_told_and_the_others_go_on() -> None:
    facts = made(RecordRule("test.broken", broken), RULE)
    assert facts.failures == (("test.broken", "KeyError: 'no such row'"),)
    assert len(facts.records) == 2


def test_facts_come_back_from_json_and_keep_their_hash() -> None:
    facts = made(RULE, RecordRule("test.broken", broken), arithmetic={(17, 21): "broken"})
    back = facts_from_json(json.loads(json.dumps(facts_to_json(facts))), "test")
    assert back == facts and hash_of(back) == hash_of(facts)


def test_the_hash_is_of_contents_splits_and_order() -> None:
    one, other = ("a" * 64, "train"), ("b" * 64, "test")
    assert len({facts_hash(held) for held in (
        [one, other], [other, one], [one], [one, ("b" * 64, "train")])}) == 4


def test_what_is_no_slice_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="d1 3-7"):
        made(RULE).check(TEXT.replace("就业", "失业"))


@pytest.mark.parametrize(("text", "unit", "number", "of"), [
    ("12.5", "亿元", "1250000000", "CNY"), ("28.35", "亿美元", "2835000000", "USD"),
    ("-5.2%", "", "-5.2", "%"), ("+6.3%", "", "6.3", "%"), ("1.5", "个百分点", "1.5", "百分点"),
    ("50万", "", "500000", ""), ("-0", "", "0", ""), ("120000万元", "", "1200000000", "CNY"),
    ("3.2", "亿元/公里", "320000000", "元/公里"), ("5", "（万元）", "50000", "CNY"),
    ("0.10", "%", "0.1", "%")])
def test_a_figure_in_base_units(text: str, unit: str, number: str, of: str) -> None:
    assert base(text, unit) == Base(Decimal(number), of)


@pytest.mark.parametrize(("text", "unit"), [
    ("17.9∶35.2", ""), ("291-332天", ""), ("千亿元", ""), ("", "元"), ("10", "8元"), ("1e5", ""),
    ("１２", "元")])
def test_what_is_not_one_number_has_no_base(text: str, unit: str) -> None:
    assert base(text, unit) is None
