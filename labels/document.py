"""A read document: one unchanging text, and views over it.

All offsets are Unicode code points into `Document.text`, end exclusive. Views (parts, sections,
blocks, tables, footnotes, name lists) never hold text of their own that is not a slice of it,
except captions and header paths, which are folded to one line for people to read.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any, Mapping

from labels.errors import N_, OffsetError

BLOCK_KINDS = (
    "title", "heading", "paragraph", "list_item", "table_row", "table_caption", "toc_entry",
    "footnote", "salutation", "byline", "signature", "name_list", "page_furniture",
)


def slice_checked(text: str, start: int, end: int, quote: str | None = None) -> str:
    """Return ``text[start:end]``; every border of the workbench goes through here.

    Raises OffsetError if the offsets do not lie in the text, the slice is empty, or it is not
    `quote` where one is given.
    """
    if not 0 <= start < end <= len(text):
        raise OffsetError(
            N_("span %(start)s-%(end)s does not lie in a text of %(length)s characters"),
            start=start, end=end, length=len(text))
    found = text[start:end]
    if quote is not None and found != quote:
        raise OffsetError(
            N_("span %(start)s-%(end)s is %(found)r in the text, not %(quote)r"),
            start=start, end=end, found=found, quote=quote)
    return found


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest unit of layout; the blocks partition all non-space characters of the text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered or marked heading and all that stands under it. `level` counts from 1."""

    level: int
    number: str
    title: str
    start: int
    end: int
    heading_start: int
    heading_end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A document inside the document: a resolution in a gazette, an article on a page.

    `spans` says where each of its facts stands: ``{"speaker": (start, end), …}``; a fact that the
    format's metadata or the contents list told has none.
    """

    title: str
    type: str
    start: int
    end: int
    date: str | None = None
    issuer: str | None = None
    speaker: str | None = None
    post: str | None = None
    meeting: str | None = None
    number: str | None = None
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `text` is exactly ``document.text[start:end]`` (empty cells have start == end).

    `period` is the time its column, row or caption names (``2030年``), without white space.
    """

    text: str
    start: int
    end: int
    value: Decimal | None = None
    unit: str | None = None
    row: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` holds one header path a column; `rows` the body cells, all of one width.

    A head that is repeated after a page break is in no row. `notes` are the notes under it.
    """

    caption: str
    number: str
    unit: str
    start: int
    end: int
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """An entry of a glossary (名词解释): the `term` as it stands at `term_start`, and the whole."""

    term: str
    term_start: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Footnote:
    mark: str
    start: int
    end: int
    anchor: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameList:
    """`count` is the number of names that the heading states, if it states one."""

    heading: str
    count: int | None
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class ReadWarning:
    code: str
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader returns. `id` is stable for a source; `source` names the file it came from.

    `joined` holds the paragraphs and headings that a page break cut: the pieces of each, in order.
    """

    id: str
    text: str
    source: str = ""
    title: str = ""
    type: str = "other"
    date: str | None = None
    issuer: str | None = None
    number: str | None = None
    parts: tuple[Part, ...] = ()
    sections: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    name_lists: tuple[NameList, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()
    definitions: tuple[Definition, ...] = ()
    joined: tuple[tuple[Span, ...], ...] = ()

    def check(self) -> None:
        """Raise OffsetError unless every view re-slices and the blocks partition the text."""
        position = 0
        for block in self.blocks:
            slice_checked(self.text, block.start, block.end)
            if block.start < position or self.text[position:block.start].strip():
                raise OffsetError(
                    N_("block at %(start)s overlaps or leaves out text"), start=block.start)
            position = block.end
        if self.text[position:].strip():
            raise OffsetError(N_("text after %(start)s is in no block"), start=position)
        for table in self.tables:
            for row in table.rows:
                for cell in row:
                    if self.text[cell.start:cell.end] != cell.text:
                        raise OffsetError(
                            N_("cell at %(start)s is not a slice of the text"), start=cell.start)
        for names in self.name_lists:
            for name in names.names:
                slice_checked(self.text, name.start, name.end, name.text)
        for entry in self.definitions:
            slice_checked(self.text, entry.term_start, entry.term_start + len(entry.term),
                          entry.term)
        pieces = [piece for joined in self.joined for piece in joined]
        notes = [note for table in self.tables for note in table.notes]
        facts = [Span(*span) for part in self.parts for span in part.spans.values()]
        views: list[Part | Section | Footnote | Definition | Span] = [
            *self.parts, *self.sections, *self.footnotes, *self.definitions, *pieces, *notes,
            *facts]
        for view in views:
            slice_checked(self.text, view.start, view.end)


def document_to_json(document: Document) -> dict[str, Any]:
    """The JSON shape of ``workbench read``; decimals become strings."""
    record = asdict(document)
    for block in record["blocks"]:
        block["block"] = block.pop("kind")
    for table in record["tables"]:
        for row in table["rows"]:
            for cell in row:
                cell["value"] = None if cell["value"] is None else str(cell["value"])
    return record


def document_from_json(record: Mapping[str, Any]) -> Document:
    """The inverse of `document_to_json`; unknown keys are ignored."""
    def build(cls: type, source: Mapping[str, Any], **changed: Any) -> Any:
        names = {field.name for field in fields(cls)}
        return cls(**{**{k: v for k, v in source.items() if k in names}, **changed})

    def cell(row: Mapping[str, Any]) -> Cell:
        value = row.get("value")
        return build(Cell, row, row=tuple(row.get("row", ())), column=tuple(row.get("column", ())),
                     value=None if value is None else Decimal(value))

    def table(row: Mapping[str, Any]) -> Table:
        return build(Table, row, columns=tuple(tuple(path) for path in row["columns"]),
                     rows=tuple(tuple(cell(c) for c in cells) for cells in row["rows"]),
                     notes=tuple(build(Span, note) for note in row.get("notes", ())))

    def part(row: Mapping[str, Any]) -> Part:
        return build(Part, row, spans={name: (span[0], span[1]) for name, span in (
            row.get("spans") or {}).items()})

    def footnote(row: Mapping[str, Any]) -> Footnote:
        anchor = row.get("anchor")
        return build(Footnote, row, anchor=tuple(anchor) if anchor else None)

    def name_list(row: Mapping[str, Any]) -> NameList:
        return build(NameList, row, names=tuple(build(Name, n) for n in row["names"]))

    return build(
        Document, record,
        parts=tuple(part(r) for r in record.get("parts", ())),
        sections=tuple(build(Section, r) for r in record.get("sections", ())),
        blocks=tuple(
            Block(r["block"], r["start"], r["end"]) for r in record.get("blocks", ())),
        tables=tuple(table(r) for r in record.get("tables", ())),
        footnotes=tuple(footnote(r) for r in record.get("footnotes", ())),
        name_lists=tuple(name_list(r) for r in record.get("name_lists", ())),
        warnings=tuple(build(ReadWarning, r) for r in record.get("warnings", ())),
        definitions=tuple(build(Definition, r) for r in record.get("definitions", ())),
        joined=tuple(tuple(build(Span, piece) for piece in pieces)
                     for pieces in record.get("joined", ())),
    )
