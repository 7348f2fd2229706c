"""Records: fields, places, the shape of the command line."""
from __future__ import annotations

import pytest

from labels.checks import Figures
from labels.document import Document
from labels.errors import OffsetError
from labels.records import Record, record_rule, record_to_json, records

TEXT = "任命陈雨为局长"


def test_a_record_is_json_with_one_place_or_a_list_of_places() -> None:
    record = Record("attendance", {"expected": "2", "present": ("陈雨", "王岚")},
                    {"expected": ((0, 1),), "present": ((2, 4), (5, 7))})
    assert record_to_json(record, "a.txt") == {
        "record": "attendance", "document": "a.txt", "expected": "2", "present": ["陈雨", "王岚"],
        "spans": {"expected": [0, 1], "present": [[2, 4], [5, 7]]}}


def test_a_field_that_the_kind_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="no field amount"):
        Record("appointment", {"amount": "1"}).check(TEXT)


def test_a_place_outside_the_text_is_an_error() -> None:
    with pytest.raises(OffsetError):
        Record("appointment", {"person": "陈雨"}, {"person": ((2, 99),)}).check(TEXT)


def test_records_come_in_the_order_of_the_text() -> None:
    @record_rule
    def backwards(figures: Figures) -> list[Record]:
        return [Record("appointment", {"person": "局长"}, {"person": ((5, 7),)}),
                Record("appointment", {"person": "陈雨"}, {"person": ((2, 4),)})]

    found = records(Figures(Document("d", TEXT)), [backwards])
    assert [record.start for record in found] == [2, 5]
