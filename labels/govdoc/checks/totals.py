"""Rows that are the sum of other rows: 合计 and its like, classes over items, groups over members.

What a row sums is told by codes, numbering and position; where they leave it open the figures
decide, and where they do too, the row is not checkable. A claim is made for all columns of a row
or for none: a sum that fails in most of its columns was probably not meant.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Iterable, Iterator, Sequence

from labels.checks import Equation, Figures, NotCheckable, Suspect, check
from labels.errors import N_
from labels.govdoc.checks.nesting import (
    Children, Vector, additive, by_codes, by_figures, by_numbers, vectors)
from labels.govdoc.checks.sheet import Block, Line, Sheet, sheets

Claim = Equation | NotCheckable

_MESSAGE = N_("%(column)s: %(total)s is the sum of %(count)s rows")
_CODES_HOLD = 1 / 3
_LONGEST = 400
_CHANCE = 0.01
_LITTLE, _MUCH = 0.3, 1.7
_NESTS = 4
_WHOLE = re.compile(r".{0,6}(?:总额|总量|总数|总值)")


@dataclass(frozen=True, slots=True)
class Sum:
    """A row and the rows it sums; `sure` where words, not figures, say so."""

    total: int
    parts: tuple[int, ...]
    sure: bool


@check
def rows_add_up(figures: Figures) -> Iterator[Claim]:
    for sheet in sheets(figures):
        for block in sheet.blocks:
            yield from _block(sheet, block)


def _block(sheet: Sheet, block: Block) -> Iterator[Claim]:
    columns = additive(sheet, block)
    known = vectors(sheet, block, columns) if columns else {}
    sums: list[Sum] = []
    if known and len(block.lines) > 1:
        sums = list({one.total: one for one in _sums(sheet, block, known)}.values())
        for one in sums:
            yield from _equations(sheet, block, columns, one)
    claimed = {one.total for one in sums}
    for line in block.lines:
        if line.total and line.row not in claimed and line.row in known:
            yield NotCheckable(
                "totals.rows_add_up", *_place(sheet, line.row, columns),
                f"{sheet.name()} · {line.name}",
                N_("which rows this total sums is unclear: no run of rows adds up to it"))
    yield from _shares(sheet, block)


def _place(sheet: Sheet, row: int, columns: Sequence[int]) -> tuple[int, int]:
    held = [sheet.cells[row][column] for column in columns
            if sheet.figures[row][column] is not None]
    return held[0].start, held[-1].end


def _sums(sheet: Sheet, block: Block, known: dict[int, Vector]) -> Iterator[Sum]:
    codes = by_codes(block, known)
    if codes and _codes_hold(codes, known):
        yield from (Sum(total, tuple(parts), True) for total, parts in codes.items())
        under = {part for parts in codes.values() for part in parts}
        yield from _totals(block, known, [line.row for line in block.lines
                                          if line.row in known and line.row not in under
                                          and not line.total], sheet)
        return
    plain = [line.row for line in block.lines if line.row in known and not line.total]
    numbered = by_numbers(block, known)
    found, _ = by_figures(plain, known)
    shares = {line.row for line in block.lines if line.part}   # 其中 need not name all
    closing = {total: _closing(total, [tuple(parts), tuple(found.get(total, ()))], known,
                               sure=not shares & set(parts))
               for total, parts in numbered.items()}
    told = sum(bool(parts) for parts in closing.values())
    for total, parts in numbered.items():
        chosen = closing[total] or (
            tuple(parts) if 2 * told > len(closing) > 2 and not shares & set(parts) else ())
        if chosen:
            yield Sum(total, chosen, True)
    sure = {total for total, parts in found.items()
            if len(parts) > 1 and _no_chance(known[total], len(parts), len(plain))}
    nests = len(sure) >= _NESTS   # then its small figures nest too
    for total, parts in found.items():
        if total not in numbered and (nests or total in sure):
            yield Sum(total, tuple(parts), False)
    yield from _totals(block, known, plain, sheet)


def _codes_hold(codes: Children, known: dict[int, Vector]) -> bool:
    """Whether enough sums by codes close for codes to nest in this table at all."""
    closing = [_closes(known[total], [known[part] for part in parts])
               for total, parts in codes.items()]
    return sum(closing) >= min(2, _CODES_HOLD * len(closing))


def _closes(whole: Vector, parts: Sequence[Vector]) -> bool:
    return _open(whole, parts) == 0


def _open(whole: Vector, parts: Sequence[Vector]) -> int:
    """In how many columns the parts do not add up to the whole."""
    slack = (len(parts) + 1) / 2
    return sum(abs(entry - sum(part[at] for part in parts)) > slack
               for at, entry in enumerate(whole))


def _used(whole: Vector, parts: Sequence[Vector]) -> int:
    return sum(bool(entry) or any(part[at] for part in parts) for at, entry in enumerate(whole))


def _closing(total: int, choices: Sequence[tuple[int, ...]], known: dict[int, Vector],
             sure: bool = False) -> tuple[int, ...]:
    """The choice of parts that closes in most columns, if few are left open and a column closes
    that two parts or more make up (where another stays open and words do not make it `sure`: two
    columns, or three parts)."""
    best: tuple[int, ...] = ()
    least = 10 ** 6
    for parts in choices:
        if not parts or len(parts) > _LONGEST:
            continue
        held = [known[part] for part in parts]
        left, used = _open(known[total], held), _used(known[total], held)
        told = _told(known[total], held)
        if left <= max(used > 1, used // 3) and left < least and told and (
                not left or sure or len(told) > 1 or told[0] > 2):
            best, least = parts, left
    return best


def _told(whole: Vector, parts: Sequence[Vector]) -> list[int]:
    """Of the columns that close by two parts or more, how many parts each has."""
    slack = (len(parts) + 1) / 2
    counts = (sum(bool(part[at]) for part in parts) for at, entry in enumerate(whole)
              if entry and abs(entry - sum(part[at] for part in parts)) <= slack)
    return [count for count in counts if count > 1]


def _no_chance(whole: Vector, parts: int, rows: int) -> bool:
    """Whether it is no chance that the figures under a row add up to it: of all the runs that were
    tried, less than one in a hundred would come as near."""
    odds = float(min(rows, 100))
    for entry in whole:
        if entry:
            odds *= min(1.0, (parts + 1) / abs(entry))
    return odds < _CHANCE


def _totals(block: Block, known: dict[int, Vector], plain: Sequence[int], sheet: Sheet
            ) -> Iterator[Sum]:
    """The rows that call themselves totals, each with the rows it sums."""
    every = known
    totals = [line for line in block.lines if line.total and line.row in known]
    if not totals:
        first = _unnamed_total(block, known, plain)
        if first is not None:
            yield first
        return
    for line in totals:
        known = _where_told(sheet, block, line.row, every)
        choices = list(_choices(block, line, totals, plain, known))
        chosen = _closing(line.row, [choice for choice, _ in choices], known)
        clear = [choice for choice, sure in choices if sure and _enough(line, choice, block, known)
                 and (line.name or not _has_gaps(sheet, block, known))]
        if not chosen and clear:
            held = [known[part] for part in clear[0]]
            if len(held) == 1 or _told(known[line.row], held) or _plausible(
                    known[line.row], held):
                chosen = clear[0]
        if chosen:
            yield Sum(line.row, chosen, True)


def _where_told(sheet: Sheet, block: Block, total: int, known: dict[int, Vector]
                ) -> dict[int, Vector]:
    """The vectors without the columns in which the total says nothing."""
    told = [at for at, column in enumerate(additive(sheet, block))
            if sheet.figures[total][column] is not None]
    if len(told) == len(known[total]):
        return known
    return {row: tuple(vector[at] for at in told) for row, vector in known.items()}


def _has_gaps(sheet: Sheet, block: Block, known: dict[int, Vector]) -> bool:
    """Whether dashes stand for names without figures: then not all that a total counts has a part
    in this block."""
    return any(sheet.blank[line.row][label] and sheet.cells[line.row][label].text
               for line in block.lines if not line.total and line.row not in known
               for label in block.labels)


def _enough(line: Line, parts: tuple[int, ...], block: Block, known: dict[int, Vector]) -> bool:
    """A single part is a total's whole only if it is numbered, or just as much; or if it falls
    short of it in three columns and more, as where another row was lost."""
    if len(parts) != 1:
        return bool(parts)
    part = next(other for other in block.lines if other.row == parts[0])
    pairs = [pair for pair in zip(known[line.row], known[part.row]) if any(pair)]
    return part.rank > 0 or _closes(known[line.row], [known[part.row]]) or (
        len(pairs) > 2 and all(entry > held > 0 for entry, held in pairs))


def _unnamed_total(block: Block, known: dict[int, Vector], plain: Sequence[int]) -> Sum | None:
    """A last row that is called the whole (资产总额), or a first row that all others add up to in
    two columns or more (a province and its cities)."""
    last = plain[-1] if plain else -1
    name = next((line.name for line in block.lines if line.row == last), "")
    if len(plain) > 2 and _WHOLE.fullmatch(name):
        chosen = _closing(last, [tuple(plain[:-1])], known)
        held = [known[part] for part in plain[:-1]]
        if chosen or _told(known[last], held):
            return Sum(last, tuple(plain[:-1]), True)
    if len(plain) < 4 or block.lines[0].row != plain[0] or len(known[plain[0]]) < 2:
        return None
    _, top = by_figures(plain[1:], known)
    chosen = _closing(plain[0], [tuple(top), tuple(plain[1:])], known)
    used = _used(known[plain[0]], [known[part] for part in chosen])
    return Sum(plain[0], chosen, False) if chosen and used >= 2 else None


def _choices(block: Block, line: Line, totals: Sequence[Line], plain: Sequence[int],
             known: dict[int, Vector]) -> Iterator[tuple[tuple[int, ...], bool]]:
    """The rows a total may sum, the likeliest first; with each, whether words make it clear."""
    rows = [other for other in totals if other.row < line.row]
    higher = [other.row for other in rows if other.total >= line.total]
    lower = [other.row for other in rows if other.total < line.total
             and other.row > (higher[-1] if higher else -1)]
    start = higher[-1] if higher else -1
    before = [row for row in plain if start < row < line.row]
    if lower:
        tail = [row for row in before if row > lower[-1]]
        yield from _shapes(block, (*lower, *tail), known)
        yield tuple(sorted((*lower, *before))), False
        yield (lower[-1], *tail), False
        parts = {other.row for other in block.lines if other.part}
        if tail and tail[0] in parts:   # what follows a subtotal breaks it down first
            yield from (((lower[-1], *tail[at:]), False) for at in range(1, len(tail) + 1))
    if before:
        yield from _shapes(block, tuple(before), known)
    if higher:
        yield from _shapes(block, (start, *before), known, clear=False)
        yield tuple(sorted((*(row for row in plain if row < line.row), *higher))), False
    stop = next((other.row for other in totals if other.row > line.row
                 and other.total >= line.total), 10 ** 9)
    after = [row for row in plain if line.row < row < stop]
    if after:
        first = line.row == block.lines[0].row
        yield tuple(_numbered_run(block, after)), first
        yield from _shapes(block, tuple(after), known, clear=first)


def _shapes(block: Block, rows: tuple[int, ...], known: dict[int, Vector], clear: bool = True
            ) -> Iterator[tuple[tuple[int, ...], bool]]:
    """All of the rows; those on top by numbering; those on top by their figures."""
    top = tuple(_top(block, rows, known))
    found, by_sum = by_figures(rows, known)
    nested = any(_no_chance(known[total], len(parts), len(rows))
                 for total, parts in found.items())
    yield top, clear and not nested
    yield tuple(by_sum), False
    yield tuple(_once(block, rows, known)), False
    yield tuple(by_figures(rows, known, 1)[1]), False
    yield rows, False


def _once(block: Block, rows: Sequence[int], known: dict[int, Vector]) -> list[int]:
    """The rows without those that say the same as the one before, as a page break makes them."""
    names = {line.row: line.name for line in block.lines}
    return [row for before, row in zip((-1, *rows), rows)
            if before < 0 or (names[before], known[before]) != (names[row], known[row])]


def _top(block: Block, rows: Sequence[int], known: dict[int, Vector]) -> list[int]:
    """The rows without those that numbering or 其中 puts under another."""
    lines = {line.row: line for line in block.lines}
    ranks = [lines[row].rank for row in rows if lines[row].rank]
    best = min(ranks, default=0)
    kept: list[int] = []
    seen = under = False
    for row in rows:
        line = lines[row]
        if line.part:
            under = True
            continue
        if line.rank == best or line.total:
            seen, under = seen or bool(line.rank), False
        elif (seen and line.rank) or under:
            continue
        kept.append(row)
    return kept


def _numbered_run(block: Block, rows: Sequence[int]) -> list[int]:
    """The rows of the first row's numbering, up to one that is not numbered and no part."""
    lines = {line.row: line for line in block.lines}
    if not rows or not lines[rows[0]].rank:
        return []
    rank, under = lines[rows[0]].rank, False
    run: list[int] = []
    for row in rows:
        line = lines[row]
        if line.rank == rank and not line.part:
            run.append(row)
            under = False
        elif line.part or line.rank > rank:
            under = True
        elif not under:
            break
    return run


def _plausible(whole: Vector, parts: Sequence[Vector]) -> bool:
    """Whether rows that do not add up are near enough, in most columns, for one of them to be
    wrong or missing."""
    sums = [sum(part[at] for part in parts) for at in range(len(whole))]
    used = [(entry, total) for entry, total in zip(whole, sums) if entry or total]
    near = sum(_LITTLE * entry <= total <= _MUCH * entry for entry, total in used)
    return len(used) == 1 or 2 * near > len(used)


def _gaps(sheet: Sheet, column: int, one: Sum, held: Sequence[int]) -> tuple[Suspect, ...]:
    """The one or two rows with an empty cell, where all others are filled."""
    empty = [row for row in one.parts if row not in held and sheet.blank[row][column]]
    if not empty or len(empty) > 2 or len(held) < 4 * len(empty):
        return ()
    return tuple(Suspect(*sheet.place(row, column), "missing",
                         N_("its cell is empty, where those of the other rows are not"))
                 for row in empty)


def _equations(sheet: Sheet, block: Block, columns: Sequence[int], one: Sum) -> Iterator[Claim]:
    for column in columns:
        if sheet.figures[one.total][column] is None:
            continue
        parts = [row for row in one.parts if _counts(sheet, row, column)]
        if parts:
            yield equation(sheet, "totals.rows_add_up", column, one.total, parts,
                           _gaps(sheet, column, one, parts))
        elif sheet.ints[one.total][column]:
            cell = sheet.cells[one.total][column]
            yield NotCheckable("totals.rows_add_up", cell.start, cell.end,
                               sheet.address(one.total, column),
                               N_("the rows this total sums hold no figures in its column"))


def _counts(sheet: Sheet, row: int, column: int) -> bool:
    figure = sheet.figures[row][column]
    return figure is not None and figure.kind != "%"


def equation(sheet: Sheet, name: str, column: int, total: int, parts: Iterable[int],
             suspects: tuple[Suspect, ...] = ()) -> Equation:
    terms = (sheet.term(total, column), *(sheet.term(row, column) for row in parts))
    return Equation(name, terms, _MESSAGE,
                    {"column": sheet.head(column) or sheet.name(),
                     "total": sheet.label(total, column), "count": len(terms) - 1},
                    weights=(1, *[-1] * (len(terms) - 1)), suspects=suspects)


def _shares(sheet: Sheet, block: Block) -> Iterator[Claim]:
    """Shares of a whole: a column of rates whose total is 100 % and whose rows come to it."""
    lines = [line for line in block.lines if line.total]
    if len(lines) != 1:
        return
    total = lines[0].row
    for column in (column for column in block.figures if column in sheet.rates):
        whole = sheet.figures[total][column]
        rows = [line.row for line in block.lines if not line.total and not line.part
                and sheet.figures[line.row][column] is not None]
        if whole is None or whole.value != 100 or len(rows) < 2:
            continue
        figures = [sheet.figures[row][column] for row in rows]
        come_to = sum((figure.value for figure in figures if figure is not None), Decimal(0))
        if abs(come_to - 100) <= 5:
            yield equation(sheet, "totals.rows_add_up", column, total, rows)
