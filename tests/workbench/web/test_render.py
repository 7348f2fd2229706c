"""Reading form: nothing of the text is lost, whatever is shown or hidden."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from labels.document import (
    Block, Cell, Document, Footnote, Name, NameList, Part, Section, Table,
)
from workbench.web import layout, render
from workbench.web.render import BlockView, Mark

LETTERS = st.sampled_from("云泽区𠮷😀a1 \n\t|，。<&")


def views(document: Document, marks: list[Mark], size: int = layout.PAGE_SIZE) -> list[BlockView]:
    pages = layout.paginate(layout.layout(document, size), size)
    return [view for page in pages for view in render.render(document, page, marks)]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text cut into blocks of random kinds, with gaps of white space between some."""
    kinds = st.sampled_from(("title", "heading", "paragraph", "list_item", "byline", "name_list",
                             "footnote", "page_furniture", "table_row"))
    text, blocks, names = "", [], []
    for _ in range(draw(st.integers(1, 5))):
        text += draw(st.sampled_from(("", "\n", " \n\n")))
        start = len(text)
        text += draw(st.text(LETTERS, min_size=1, max_size=24))
        kind = draw(kinds)
        blocks.append(Block(kind, start, len(text)))
        if kind == "name_list":
            at = draw(st.integers(start, len(text) - 1))
            names.append(Name(text[at:at + 1], at, at + 1))
    return Document("d", text, blocks=tuple(blocks),
                    name_lists=(NameList("", None, tuple(names)),) if names else ())


@st.composite
def marked(draw: st.DrawFn) -> tuple[Document, list[Mark]]:
    document = draw(documents())
    length = len(document.text)
    ends = draw(st.lists(st.tuples(st.integers(0, length), st.integers(0, length)), max_size=6))
    return document, [Mark(number, min(pair), max(pair), "ORG")
                      for number, pair in enumerate(ends)]


@given(marked(), st.integers(1, 40))
def test_the_pieces_of_each_block_are_its_text(
        case: tuple[Document, list[Mark]], size: int) -> None:
    document, marks = case
    found = views(document, marks, size)
    assert [(view.start, view.end) for view in found] == [
        (block.start, block.end) for block in document.blocks]
    for view in found:
        assert view.text == document.text[view.start:view.end]


@given(marked())
def test_every_drawn_mark_covers_just_its_text(case: tuple[Document, list[Mark]]) -> None:
    document, marks = case
    pieces = [piece for view in views(document, marks) for piece in view.all_pieces()]
    for piece in pieces:
        assert document.text[piece.start:piece.start + len(piece.text)] == piece.text
        if piece.mark:
            assert piece.mark.start <= piece.start
            assert piece.start + len(piece.text) <= piece.mark.end
            assert piece.first == (piece.start == piece.mark.start)
            assert piece.last == (piece.start + len(piece.text) == piece.mark.end)


@given(marked())
def test_only_white_space_is_hidden_outside_tables(case: tuple[Document, list[Mark]]) -> None:
    document, marks = case
    for view in views(document, marks):
        for piece in view.all_pieces():
            assert not piece.hidden or not any(letter.isalnum() for letter in piece.text)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Document, list[Mark]]:
    """A table as text, with a head line, words outside of cells, empty and repeated cells."""
    width = draw(st.integers(1, 3))
    text = "前文\n"
    start = len(text)
    heads = [f"列{column}" for column in range(width)]
    text += "\t".join(heads) + "\n"
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            text += "页眉 12\n"
        cells: list[Cell] = []
        for column in range(width):
            kind = draw(st.sampled_from(("new", "new", "empty", "repeat")))
            before = [cell for row in (*rows, cells) for cell in row if cell.text]
            if kind == "repeat" and before:
                cells.append(before[-1])
                continue
            word = "" if kind == "empty" else draw(st.sampled_from(("收入", "3.5", "其中：\n合计")))
            at = len(text)
            text += word
            value = Decimal(word) if word == "3.5" else None
            cells.append(Cell(word, at, at + len(word), value))
            text += draw(st.sampled_from(("\t", " | ")))
        text += "\n"
        rows.append(tuple(cells))
    text += "注：完"
    body = (Block("paragraph", 0, 2), Block("table_row", start, len(text)))
    document = Document("d", text, blocks=body, tables=(
        Table("表", "", "", start, len(text), tuple((head,) for head in heads), tuple(rows)),))
    at = draw(st.integers(0, len(text) - 1))
    return document, [Mark(1, at, draw(st.integers(at + 1, len(text))), "ORG")]


@given(tables(), st.integers(1, 60))
def test_tables_lose_no_text_however_they_are_cut(
        case: tuple[Document, list[Mark]], size: int) -> None:
    document, marks = case
    document.check()
    found = views(document, marks, size)
    assert "".join(view.text for view in found if view.kind == "table") == document.text[3:]
    shown = "".join(piece.text for view in found for piece in view.all_pieces()
                    if not piece.hidden)
    assert [c for c in shown if c.isalnum()] == [c for c in document.text if c.isalnum()]
    for view in found:
        for line in view.lines:
            if line.kind == "cells":
                assert sum(slot.columns for slot in line.slots) == view.width


def test_a_table_shows_cells_heads_and_what_is_in_no_cell() -> None:
    text = "项目 决算数\n收入 3.5\n页眉\n支出 2"
    where = text.index
    cell = lambda word, value=None: Cell(  # noqa: E731
        word, where(word), where(word) + len(word), value)
    document = Document("d", text, blocks=(
        Block("table_row", 0, 13), Block("page_furniture", 14, 16),
        Block("table_row", 17, len(text))), tables=(Table(
            "", "", "", 0, len(text), (("项目",), ("决算数",)),
            ((cell("收入"), cell("3.5", Decimal("3.5"))), (cell("支出"), cell("2", Decimal(2))))),))
    table, = views(document, [Mark(7, where("3.5"), where("3.5") + 3, "MONEY")])
    assert [line.kind for line in table.lines] == ["source", "cells", "furniture", "cells"]
    assert [[head.text for head in row] for row in table.heads] == [["项目", "决算数"]]
    amount = table.lines[1].slots[1]
    assert amount.numeric and [piece.text for piece in amount.pieces if piece.mark] == ["3.5"]
    assert table.text == text


def test_head_paths_span_columns_and_rows() -> None:
    first, second = render.head_rows((("项目",), ("支出", "基本"), ("支出", "项目"), ()))
    assert [(head.text, head.columns, head.rows) for head in first] == [
        ("项目", 1, 2), ("支出", 2, 1), ("", 1, 2)]
    assert [head.text for head in second] == ["基本", "项目"]


def test_cells_out_of_order_are_shown_as_their_blocks() -> None:
    text = "甲 乙"
    table = Table("", "", "", 0, 3, (), ((Cell("乙", 2, 3), Cell("甲", 0, 1)),))
    found = views(Document("d", text, blocks=(Block("table_row", 0, 3),), tables=(table,)), [])
    assert [(view.kind, view.text) for view in found] == [("table_row", text)]


def test_a_mark_that_crosses_a_border_has_a_piece_on_each_side() -> None:
    document = Document("d", "云泽\n\n区政府来", blocks=(
        Block("paragraph", 0, 2), Block("paragraph", 4, 8)))
    first, second = views(document, [Mark(3, 1, 7, "ORG")])
    left, right = first.pieces[1], second.pieces[0]
    assert (left.text, left.first, left.last) == ("泽", True, False)
    assert (right.text, right.first, right.last) == ("区政府", False, True)


def test_lines_of_a_paragraph_are_joined_unless_they_part_latin_words() -> None:
    document = Document("d", "江岚\n市 GDP\ngrowth", blocks=(Block("paragraph", 0, 16),))
    paragraph, = views(document, [])
    assert [piece.text for piece in paragraph.pieces if piece.hidden] == ["\n"]
    assert "GDP\ngrowth" in paragraph.pieces[-1].text


def test_a_footnote_mark_leads_to_its_note() -> None:
    document = Document("d", "收入①增长\n①说明", blocks=(
        Block("paragraph", 0, 5), Block("footnote", 6, 9)),
        footnotes=(Footnote("①", 6, 9, (2, 3)),))
    paragraph, note = views(document, [])
    assert [piece.text for piece in paragraph.pieces if piece.note == 0] == ["①"]
    assert note.note == 0


def test_names_are_set_apart_and_the_text_between_stays() -> None:
    text = "出席：张 云  李泽（请假）"
    names = NameList("出席", 2, (Name("张 云", 3, 6), Name("李泽", 8, 10)))
    view, = views(Document("d", text, blocks=(Block("name_list", 0, len(text)),),
                           name_lists=(names,)), [])
    assert [slot.kind for slot in view.slots] == ["gap", "name", "gap", "name", "gap"]
    assert [piece.text for slot in view.slots for piece in slot.pieces if piece.hidden] == ["  "]


def test_a_text_that_no_reader_cut_is_shown_by_lines() -> None:
    assert [view.text for view in views(Document("d", "  一\n\n二 "), [])] == ["一", "二"]
    assert views(Document("d", ""), []) == []


def test_the_outline_leads_to_the_page_and_block_of_each_heading() -> None:
    text = "上\n" + "文" * 50 + "\n一、收入\n" + "字" * 50 + "\n下"
    title, heading = text.index("一"), text.index("下")
    document = Document("d", text, blocks=(
        Block("title", 0, 1), Block("paragraph", 2, 52), Block("heading", title, title + 4),
        Block("paragraph", title + 5, title + 55), Block("title", heading, heading + 1)),
        parts=(Part("上", "other", 0, title), Part("下", "other", heading, heading + 1)),
        sections=(Section(1, "一、", "收入", title, heading, title, title + 4),))
    pages = layout.paginate(layout.layout(document), 60)
    entries = layout.outline(document, pages)
    assert [(entry.level, entry.text) for entry in entries] == [
        (0, "上"), (1, "一、收入"), (0, "下")]
    for entry in entries:
        page = pages[entry.page - 1]
        assert entry.anchor in [item.start for item in page.items]


@pytest.mark.parametrize("marks", [0, 9_000])
def test_a_block_of_140_000_characters_loses_nothing(marks: int) -> None:
    text = ("云泽区全年收入增长\n" * 14_000)[:140_000]
    document = Document("d", text, blocks=(Block("paragraph", 0, len(text)),))
    view, = views(document, [Mark(i, 15 * i, 15 * i + 3, "ORG") for i in range(marks)])
    assert view.text == text


@pytest.mark.reference
def test_real_documents_lose_nothing(reference: Path) -> None:
    from workbench import reading
    for path in sorted((reference / "seeds").glob("*.txt")):
        for document in reading.read_file(path):
            for view in views(document, []):
                assert view.text == document.text[view.start:view.end], path.name
