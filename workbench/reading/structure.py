"""`Draft` → `Document`: the one place where structure is found, over a text that never changes."""
from __future__ import annotations

from bisect import bisect_left
from typing import Sequence

from labels.document import Block, Document, NameList, Part, ReadWarning
from workbench.reading.blocks import (
    Group, Stated, blocks_of, classify, make_groups, stated_by)
from workbench.reading.draft import Article, Draft, Grid, Line, Range, split_lines
from workbench.reading.facts import find_facts
from workbench.reading.footnotes import find_footnotes
from workbench.reading.grids import caption_above, find_grids, lift_caption
from workbench.reading.names import build_list, names_in, stated_count
from workbench.reading.sections import find_sections
from workbench.reading.tables import build_tables
from workbench.reading.toc import find_toc


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
    grids = sorted((*known, *found), key=lambda grid: grid.start)
    tables, table_warnings = build_tables(text, grids)
    blocks, footnotes = find_footnotes(text, blocks_of(groups))
    for group, block in zip(groups, blocks):
        group.kind = block.kind
    name_lists, name_warnings = _name_lists(text, groups)
    facts = find_facts(text, blocks, draft.title, draft.date)
    return Document(
        id=draft.id, text=text, source=draft.source, title=facts.title, type=facts.type,
        date=facts.date, issuer=facts.issuer, number=facts.number,
        parts=tuple(_parts(draft, blocks)),
        sections=tuple(find_sections(groups, len(text), run_ins)),
        blocks=tuple(blocks), tables=tuple(tables), footnotes=tuple(footnotes),
        name_lists=tuple(name_lists),
        warnings=tuple([*draft.warnings, *table_warnings, *name_warnings]))


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


def _parts(draft: Draft, blocks: Sequence[Block]) -> list[Part]:
    """One part for each article of a page of several; else the whole text is one."""
    inside = [(article, _within(article, blocks)) for article in draft.articles]
    inside = [(article, held) for article, held in inside if held]
    if len(inside) < 2:
        inside = [(Article(blocks[0].start, blocks[-1].end), list(blocks))] if blocks else []
    parts = []
    for article, held in inside:
        facts = find_facts(draft.text, held, *(() if len(inside) > 1 else (
            draft.title, draft.date)))
        parts.append(Part(facts.title, facts.type, held[0].start, held[-1].end, date=facts.date,
                          issuer=facts.issuer, number=facts.number))
    return parts


def _within(article: Article, blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if article.start <= block.start and block.end <= article.end]
