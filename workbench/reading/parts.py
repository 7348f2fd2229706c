"""Parts: the documents inside a document.

A gazette is split at the titles of its body, which are matched against its own contents list; what
has no counterpart is told. A page that lists articles is split at their titles, and what stands
around the list is furniture. A notice is parted from the documents annexed to it.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Iterator, Sequence

from labels.document import Block, Part, ReadWarning
from workbench.reading import cues
from workbench.reading.blocks import Group
from workbench.reading.contents import Entry, best, entries_of, form_of, joined, match
from workbench.reading.draft import Draft
from workbench.reading.facts import find_facts
from workbench.reading.furniture import is_running_head

_ANNEX = re.compile(r"(?:#{1,6}\s*)?\**附\s*(?:件|表|录)?\s*[\d一二三四五六七八九十]{0,3}\s*(?:[:：].{0,60})?\**")
_ANNEX_NUMBER = re.compile(r"(?:#{1,6}\s*)?\**附\s*(?:件|录)?\s*[\d一二三四五六七八九十]{0,3}\s*[:：]?\s*\**")
_LEAST_ARTICLES = 3
_TITLE_LINE = 110


@dataclass(frozen=True, slots=True)
class Piece:
    """A part by the blocks ``[first, last)`` that make it, and what the contents say of it."""

    first: int
    last: int
    entry: Entry | None = None


def mark_listing(groups: Sequence[Group]) -> list[int]:
    """The numbers of the groups that begin an article, on a page that lists articles.

    Each has its title and a line with nothing but its date, above or below its text. What stands
    before the first article and after the last becomes furniture. Empty for any other text.
    """
    titles = [n for n, group in enumerate(groups) if group.kind == "title"]
    if len(titles) < _LEAST_ARTICLES:
        return []
    dated = [n for n, group in enumerate(groups)
             if len(group.text) <= 20 and cues.is_date_line(group.text)]
    closes = set(dated)
    below = sum(after - 1 in closes for after in titles[1:])
    above = sum(title + 1 in closes for title in titles)
    if below < len(titles) - 1 and above < len(titles):
        return []
    if below >= len(titles) - 1:
        last = next((n for n in dated if n > titles[-1]), None)
        last = titles[-1] + 1 if last is None else last
    else:
        last = next((n - 1 for n in range(titles[-1] + 2, len(groups))
                     if groups[n].kind == "page_furniture"), len(groups) - 1)
    for number, group in enumerate(groups):
        if number < titles[0] or number > last:
            group.kind = "page_furniture"
    return titles


def find_parts(draft: Draft, blocks: Sequence[Block], listing: Sequence[int]
               ) -> tuple[list[Part], list[ReadWarning]]:
    """The parts of a text in order, and the warnings ``part_unmatched``.

    `listing` holds the first blocks of the articles on a page that lists them.
    """
    if not blocks:
        return [], []
    warnings: list[ReadWarning] = []
    pieces = _articles(draft, blocks) or _between(blocks, listing)
    if len(pieces) < 2:
        pieces, warnings = _by_contents(draft.text, blocks)
    if len(pieces) < 2:
        pieces = _between(blocks, _borders(draft.text, blocks))
    if len(pieces) < 2:
        pieces = [Piece(0, len(blocks))]
    return [_part(draft, blocks, piece, len(pieces) == 1) for piece in pieces], warnings


def _part(draft: Draft, blocks: Sequence[Block], piece: Piece, alone: bool) -> Part:
    held = blocks[piece.first:piece.last]
    facts = find_facts(draft.text, held, *((draft.title, draft.date) if alone else (
        piece.entry.title if piece.entry else "", None)))
    speaker = facts.speaker or (piece.entry.speaker if piece.entry else "") or None
    return Part(facts.title, facts.type, held[0].start, held[-1].end, date=facts.date,
                issuer=facts.issuer, speaker=speaker, post=facts.post, meeting=facts.meeting,
                number=facts.number, spans=facts.spans)


def _articles(draft: Draft, blocks: Sequence[Block]) -> list[Piece]:
    """The articles that the format states."""
    pieces: list[Piece] = []
    for article in draft.articles:
        inside = [n for n, block in enumerate(blocks)
                  if article.start <= block.start and block.end <= article.end]
        if inside:
            pieces.append(Piece(inside[0], inside[-1] + 1))
    return pieces


def _between(blocks: Sequence[Block], starts: Sequence[int]) -> list[Piece]:
    """The pieces that begin at `starts`, without the furniture at their ends."""
    pieces: list[Piece] = []
    for first, after in zip(starts, [*starts[1:], len(blocks)]):
        while after - 1 > first and blocks[after - 1].kind == "page_furniture":
            after -= 1
        pieces.append(Piece(first, after))
    return pieces


def _borders(text: str, blocks: Sequence[Block]) -> list[int]:
    """The first blocks of a document and of those annexed to it, or that follow it.

    A later title begins one if a line 附件 stands above it, or a byline or salutation of its own
    below it and the text above has come to its signature.
    """
    starts: list[int] = []
    signed = False
    for number, block in enumerate(blocks):
        signed = signed or block.kind == "signature"
        if block.kind != "title":
            continue
        above = _above(blocks, number)
        if above is not None and blocks[above].kind == "title":
            continue
        annexed = above is not None and bool(_ANNEX_NUMBER.fullmatch(
            text[blocks[above].start:min(blocks[above].end, blocks[above].start + 40)]))
        if not starts:
            starts.append(0)
            signed = False
            if above is None or not annexed:
                continue
        if annexed or (signed and _opens(text, blocks, number)):
            begin = above if annexed and above is not None else number
            if begin > starts[-1]:
                starts.append(begin)
                signed = False
    return starts


def _above(blocks: Sequence[Block], number: int) -> int | None:
    """The number of the block above, furniture passed over."""
    return next((n for n in range(number - 1, max(number - 6, -1), -1)
                 if blocks[n].kind != "page_furniture"), None)


def _opens(text: str, blocks: Sequence[Block], number: int) -> bool:
    """Whether a title has a byline or salutation of its own."""
    return any(block.kind in ("byline", "salutation") for block in blocks[number + 1:number + 3])


def _by_contents(text: str, blocks: Sequence[Block]) -> tuple[list[Piece], list[ReadWarning]]:
    """The parts that the contents list, where it lists documents and not sections."""
    listed = [(block.start, block.end) for block in blocks if block.kind == "toc_entry"]
    entries = entries_of(text, listed)
    if len(entries) < 2:
        return [], []
    after = next(n for n, block in enumerate(blocks) if block.kind == "toc_entry")
    titles = [n for n in _heads(blocks) if n > after]
    matched, entries = _match(text, blocks, entries, titles)
    if len(matched) < 2 or 2 * len(matched) < len(entries):
        return [], []
    matched = {**matched, **_in_lines(text, blocks, entries, matched, after)}
    starts = {block: entries[entry] for entry, block in matched.items()}
    warnings = [ReadWarning("part_unmatched", entry.start, entry.end,
                            "the contents list this; no title in the text is like it")
                for number, entry in enumerate(entries) if number not in matched]
    known: dict[int, Entry | None] = dict(starts)
    for number in titles:
        if number not in known and number > min(starts) and not _annexed(text, blocks, number) and (
                _opens(text, blocks, number)):
            known[number] = None
            warnings.append(ReadWarning(
                "part_unmatched", blocks[number].start, blocks[number].end,
                "a document with this title stands in the text, but not in the contents"))
    pieces = [replace(piece, entry=known[piece.first])
              for piece in _between(blocks, sorted(known))]
    return pieces, sorted(warnings, key=lambda warning: warning.start)


def _heads(blocks: Sequence[Block]) -> Iterator[int]:
    """The title blocks that follow no other title."""
    for number, block in enumerate(blocks):
        if block.kind == "title":
            above = _above(blocks, number)
            if above is None or blocks[above].kind != "title":
                yield number


def _annexed(text: str, blocks: Sequence[Block], number: int) -> bool:
    above = _above(blocks, number)
    return above is not None and bool(
        _ANNEX.fullmatch(text, blocks[above].start, blocks[above].end))


def _match(text: str, blocks: Sequence[Block], entries: Sequence[Entry], titles: Sequence[int]
           ) -> tuple[dict[int, int], list[Entry]]:
    """Entry → block, and the entries, where two lines of the list that are one are joined."""
    forms = [form_of(_title_at(text, blocks, number)) for number in titles]
    heads = [_head_at(text, blocks, number) for number in titles]
    listed = [form_of(entry.title) for entry in entries]
    found = match(listed, forms, [[bool(entry.speaker) and entry.speaker in head for head in heads]
                                  for entry in entries])
    whole: dict[int, tuple[Entry, int]] = {}
    free = set(range(len(titles))) - set(found.values())
    for number in reversed(range(len(entries) - 1)):
        mine = {found[n] for n in (number, number + 1) if n in found}
        if len(mine) == 2 or number + 1 in whole or len(found) < 2:
            continue
        one = joined(text, entries[number], entries[number + 1])
        title = best(form_of(one.title), forms, free | mine, listed[number:number + 2])
        if title is not None:
            whole[number] = one, title
            free.discard(title)
    kept: list[Entry] = []
    pairs: dict[int, int] = {}
    for number, entry in enumerate(entries):
        if number - 1 in whole:
            continue
        here, place = whole.get(number, (entry, found.get(number)))
        if place is not None:
            pairs[len(kept)] = titles[place]
        kept.append(here)
    return pairs, kept


def _title_at(text: str, blocks: Sequence[Block], number: int) -> str:
    """The words of a title that may go on in the next title block."""
    last = number
    while last + 1 < len(blocks) and blocks[last + 1].kind == "title":
        last += 1
    return text[blocks[number].start:blocks[last].end].lstrip("#•* ")


def _head_at(text: str, blocks: Sequence[Block], number: int) -> str:
    """The lines under a title, without white space: the speaker is named there."""
    end = blocks[min(number + 4, len(blocks) - 1)].end
    return "".join(text[blocks[number].start:min(end, blocks[number].start + 300)].split())


def _in_lines(text: str, blocks: Sequence[Block], entries: Sequence[Entry],
              matched: dict[int, int], after: int) -> dict[int, int]:
    """Entries without a title block that a line of the body says word for word."""
    left = {form_of(entry.title).words: number for number, entry in enumerate(entries)
            if number not in matched}
    if not left:
        return {}
    found: dict[int, int] = {}
    taken = set(matched.values())
    for number in range(after, len(blocks)):
        block = blocks[number]
        if block.kind in ("toc_entry", "table_row", "page_furniture") or number in taken or (
                block.end - block.start > _TITLE_LINE):
            continue
        content = text[block.start:block.end]
        if is_running_head(content):
            continue
        entry = left.get(form_of(content.lstrip("#* ")).words)
        if entry is not None and entry not in found:
            found[entry] = number
    return found
