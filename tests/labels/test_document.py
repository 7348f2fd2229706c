from __future__ import annotations

from decimal import Decimal

import pytest

from labels.document import (
    BLOCK_KINDS, Block, Cell, Document, Footnote, Name, NameList, Part, ReadWarning, Section,
    Table, document_from_json, document_to_json, slice_checked,
)
from labels.errors import OffsetError
from labels.govdoc import FOLDER
from labels.schema import load_schema

TEXT = "标题\n项目\t12.5\n李萍"
DOCUMENT = Document(
    id="d", text=TEXT, source="d.txt", title="标题", type="notice", date="2024-03-01",
    parts=(Part("标题", "notice", 0, 2, speaker="李萍"),),
    sections=(Section(1, "一", "标题", 0, len(TEXT), 0, 2),),
    blocks=(Block("title", 0, 2), Block("table_row", 3, 10), Block("name_list", 11, 13)),
    tables=(Table("表", "1", "万元", 3, 10, (("项目",), ("金额",)),
                  ((Cell("项目", 3, 5), Cell("12.5", 6, 10, Decimal("12.5"), "万元",
                                           ("项目",), ("金额",))),)),),
    footnotes=(Footnote("①", 0, 1, (1, 2)),),
    name_lists=(NameList("出席", 1, (Name("李萍", 11, 13),)),),
    warnings=(ReadWarning("encoding", 0, 0, "read as GB18030"),),
)


def test_a_document_survives_json() -> None:
    assert document_from_json(document_to_json(DOCUMENT)) == DOCUMENT


def test_check_accepts_views_that_slice_the_text() -> None:
    DOCUMENT.check()
    assert document_to_json(DOCUMENT)["blocks"][0] == {"block": "title", "start": 0, "end": 2}


@pytest.mark.parametrize("blocks", [
    (Block("title", 0, 2),),
    (Block("title", 0, 2), Block("paragraph", 1, 13)),
    (Block("title", 0, 99),),
])
def test_check_refuses_blocks_that_do_not_partition(blocks: tuple[Block, ...]) -> None:
    with pytest.raises(OffsetError):
        Document(id="d", text=TEXT, blocks=blocks).check()


def test_check_refuses_a_cell_that_is_no_slice() -> None:
    table = Table("", "", "", 3, 10, ((),), ((Cell("别的", 3, 5),),))
    with pytest.raises(OffsetError, match="cell at 3"):
        Document(id="d", text=TEXT, blocks=DOCUMENT.blocks, tables=(table,)).check()


def test_slice_checked_compares_the_quote() -> None:
    assert slice_checked("𠮷祥", 0, 1, "𠮷") == "𠮷"
    with pytest.raises(OffsetError, match="not '祥'"):
        slice_checked("𠮷祥", 0, 1, "祥")
    with pytest.raises(OffsetError):
        slice_checked("𠮷祥", 1, 1)


def test_the_kinds_of_blocks_are_those_of_the_schema() -> None:
    schema = load_schema(FOLDER / "schema.toml")
    assert tuple(choice.name for choice in schema.class_set("block").choices) == BLOCK_KINDS
