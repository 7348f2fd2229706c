"""`Draft` → `Document`: the one place where structure is found, over a text that never changes."""
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import Iterator, Sequence

from labels.document import Block, Document, NameList, ReadWarning, Span, Table
from workbench.reading.blocks import (
    Group, Stated, blocks_of, classify, make_groups, stated_by)
from workbench.reading.definitions import find_definitions
from workbench.reading.draft import Draft, Grid, Line, Range, split_lines
from workbench.reading.facts import find_facts, gazette_facts, is_gazette
from workbench.reading.footnotes import find_footnotes
from workbench.reading.grids import caption_above, find_grids, join_pieces, lift_caption
from workbench.reading.joins import find_joined
from workbench.reading.names import build_list, names_in, stated_count
from workbench.reading.numbering import lead
from workbench.reading.parts import find_parts, mark_listing
from workbench.reading.sections import find_sections
from workbench.reading.tables import build_tables
from workbench.reading.toc import find_toc

_NOTE = re.compile(r"[*（(]{0,3}(?:备?注(?:释)?|说明|资料来源|数据来源)\s*\d{0,2}\s*[:：]")
_NOTES = 8


def build(draft: Draft) -> Document:
    """Find the structure of `draft`. Cost is linear in the length of its text.

    The result passes `Document.check`: every view is a slice, and the blocks hold every character
    that is not white space exactly once.
    """
    text = draft.text
    lines = _lines(text, draft.grids)
    known = [lift_caption(text, caption_above(text, lines, grid)) for grid in draft.grids]
    run_ins = {mark.start: mark.end for mark in draft.marks if mark.kind == "run_in"}
    stated = stated_by([mark for mark in draft.marks if mark.kind != "run_in"], lines)
    contents, toc = find_toc(text, lines)
    for number, listed in enumerate(contents):
        if listed and not stated[number].kind:
            stated[number] = Stated("toc_entry")
    _state_rows(lines, stated, known)
    found = find_grids(text, lines, [bool(one.kind) or _is_name_line(text, line)
                                     for one, line in zip(stated, lines)])
    _state_rows(lines, stated, found)
    groups = make_groups(text, lines, stated)
    classify(text, groups, toc)
    listing = mark_listing(groups)
    grids = join_pieces(text, sorted((*known, *found), key=lambda grid: grid.start))
    tables, table_warnings = build_tables(text, grids)
    blocks, footnotes = find_footnotes(text, blocks_of(groups))
    for group, block in zip(groups, blocks):
        group.kind = block.kind
    joined = find_joined(text, groups)
    blocks = blocks_of(groups)
    name_lists, name_warnings = _name_lists(text, groups)
    parts, part_warnings = find_parts(draft, blocks, listing)
    facts = (gazette_facts if is_gazette(blocks) else find_facts)(
        text, blocks, draft.title, draft.date)
    sections = find_sections(groups, len(text), [part.start for part in parts], joined,
                             run_ins)
    return Document(
        id=draft.id, text=text, source=draft.source, title=facts.title, type=facts.type,
        date=facts.date, issuer=facts.issuer, number=facts.number, parts=tuple(parts),
        sections=tuple(sections), blocks=tuple(blocks),
        tables=tuple(_with_notes(text, tables, blocks)), footnotes=tuple(footnotes),
        name_lists=tuple(name_lists), definitions=tuple(find_definitions(groups, sections)),
        joined=tuple(joined),
        warnings=tuple([*draft.warnings, *part_warnings, *table_warnings, *name_warnings]))


def _with_notes(text: str, tables: Sequence[Table], blocks: Sequence[Block]) -> Iterator[Table]:
    """The tables with the notes (注：…, 备注：…) that stand under them."""
    at = 0
    for table in tables:
        while at < len(blocks) and blocks[at].start < table.end:
            at += 1
        notes: list[Span] = []
        listed = 0
        for block in blocks[at:at + _NOTES]:
            head = text[block.start:min(block.end, block.start + 12)]
            if _NOTE.match(head):
                notes.append(Span(block.start, block.end))
                listed = int(text[block.start:block.end].rstrip("*")[-1:] in "：:")
            elif listed and lead(head).ordinal == listed:
                notes.append(Span(block.start, block.end))
                listed += 1
            elif block.kind not in ("page_furniture", "table_caption") or notes:
                break
        yield replace(table, notes=tuple(notes)) if notes else table


def _lines(text: str, grids: Sequence[Grid]) -> list[Line]:
    """The lines of the text; a row that a grid states is one line, whatever it holds."""
    lines: list[Line] = []
    position = 0
    for start, end in (line for grid in grids for line in grid.lines):
        lines.extend(split_lines(text, position, start))
        lines.append(Line(start, end, start, end, not lines or lines[-1].gap, end - start))
        position = end
    lines.extend(split_lines(text, position))
    return lines


def _state_rows(lines: Sequence[Line], stated: list[Stated], grids: Sequence[Grid]) -> None:
    """Mark the lines of `grids` as rows, and those of caption and unit as captions."""
    kinds: dict[int, str] = {}
    for grid in grids:
        for start, _ in grid.lines:
            kinds[start] = "table_row"
        for caption in (grid.caption, grid.unit):
            if caption is not None:
                first = bisect_left(lines, caption[0], key=lambda line: line.start)
                for line in lines[first:first + 2]:
                    if line.end <= caption[1]:
                        kinds.setdefault(line.start, "table_caption")
    for number, line in enumerate(lines):
        kind = kinds.get(line.start)
        # A heading that is also a caption stays one: a section hangs on it.
        if kind and (kind == "table_row" or stated[number].kind not in (
                "page_furniture", "heading")):
            stated[number] = Stated(kind)


def _is_name_line(text: str, line: Line) -> bool:
    """Whether a line is part of an attendance grid, not a row of a table."""
    return line.end - line.start <= 120 and bool(names_in(text, line.start, line.end))


def _name_lists(text: str, groups: Sequence[Group]) -> tuple[list[NameList], list[ReadWarning]]:
    """The name blocks joined to lists: those that follow one heading make one list."""
    lists: list[NameList] = []
    warnings: list[ReadWarning] = []
    heading: Range | None = None
    names: list[Range] = []

    def close() -> None:
        if names:
            built, warning = build_list(text, heading, list(names))
            lists.append(built)
            warnings.extend([warning] if warning else [])
        names.clear()

    for group in groups:
        if group.kind == "name_list":
            names.extend(names_in(text, group.start, group.end))
        elif group.kind not in ("page_furniture", "footnote"):
            close()
            heading = None
            if len(group.text) <= 60 and stated_count(group.text) is not None:
                heading = group.start, group.end
    close()
    return lists, warnings
