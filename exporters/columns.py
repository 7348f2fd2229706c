"""What the column formats share: one token and its tag a line, a blank line after each sequence.

A sequence is one window of a region, so that a model's limit never cuts a span. Columns cannot say
which region a sequence is of, nor where white space was: ``regions.jsonl`` says the first, in the
order of the release (`exporters.char_bio` shows a line), and `labels.tokens.column_token` writes
the second visibly. A token of several characters holds only characters that are written as they
are, so a column of more than one character that begins with a backslash is always an escape.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Callable, Iterable, Iterator, Sequence

from exporters import Loss
from exporters.lines import Files, json_line, read_typed, write_text
from exporters.regions import SPANS, asked, narrowed, span_loss
from exporters.windowed import INDEX, Place, place
from labels.errors import N_, ExportError, OffsetError
from labels.gold import SPLITS, GoldRegion, GoldRelease, GoldSpan
from labels.tokens import (
    OUTSIDE, bio_spans, bio_tags, bioes_spans, bioes_tags, column_char, column_text, column_token,
    flat, text_of_column, windows,
)

LIMIT = 510  # what a BERT encoder takes beside its two marks

Cutter = Callable[[str, Sequence[GoldSpan]], tuple[Sequence[str], list[GoldSpan]]]
_REST = "\t%s\n"  # of a line, behind its token
_OUTSIDE = _REST % OUTSIDE
_PIECE = 1 << 14  # characters that are read at once; they stay in the cache of a processor


class IndexRow(Place):
    sequences: list[tuple[int, int]]


@dataclass(frozen=True)
class Scheme:
    """`prefixes` are those of a label's tags, in the order of ``labels.txt``.

    `span` finds the lines of one span of single characters, from behind its first one on; the group
    that is there is the label.
    """

    prefixes: str
    tags: Callable[[int, Iterable[GoldSpan], str], list[str]]
    spans: Callable[[Sequence[str]], tuple[GoldSpan, ...]]
    span: re.Pattern[str]


BIO = Scheme("BI", bio_tags, bio_spans, re.compile(r"\tB-([^\t\n]+)\n(?:.\tI-\1\n)*"))
BIOES = Scheme("BIES", bioes_tags, bioes_spans, re.compile(
    r"\t(?:S-([^\t\n]+)\n|B-([^\t\n]+)\n(?:.\tI-\2\n)*.\tE-\2\n)"))


def characters(text: str, spans: Sequence[GoldSpan]) -> tuple[Sequence[str], list[GoldSpan]]:
    """Each character is a token; every border of a span is between two."""
    return text, []


def write_columns(release: GoldRelease, folder: Path, scheme: Scheme, cut: Cutter,
                  readme: str) -> list[Loss]:
    """Write one file a split, the tags, the index and `readme`.

    `cut` makes the tokens of a window and tells the spans for whose sake it split one. Raises
    ExportError for a label that would break the columns.
    """
    for label in release.labels:
        if len(label.split()) != 1 or label.split()[0] != label:
            raise ExportError(N_("the label %(label)r holds white space; columns end there"),
                              label=label)
    losses: list[Loss] = []
    with Files(folder) as files:
        for region in asked(release, SPANS):
            kept, dropped = flat(region.spans)
            losses += [span_loss(region, span, N_("overlaps a longer span or stands in its place"))
                       for span in dropped]
            cuts = [(window.start, window.end) for window in windows(region.text, kept, LIMIT)]
            for start, end in cuts:
                inside = kept if len(cuts) == 1 else [
                    GoldSpan(span.start - start, span.end - start, span.label)
                    for span in kept if start <= span.start < end]
                tokens, repaired = cut(region.text[start:end], inside)
                files.write(f"{region.split}.txt", _lines(
                    tokens, scheme.tags(len(tokens), _by_token(tokens, inside), _REST)))
                losses += [span_loss(
                    region, GoldSpan(span.start + start, span.end + start, span.label),
                    N_("its border stood inside a token, which was split there"), kind="repaired")
                    for span in repaired]
            files.write(INDEX, json_line(IndexRow(*place(region), cuts)))
    write_text(folder / "README.md", readme.format(limit=LIMIT))
    tags = [OUTSIDE, *(f"{prefix}-{label}" for label in release.labels
                       for prefix in scheme.prefixes)]
    write_text(folder / "labels.txt", "".join(f"{tag}\n" for tag in tags))
    return losses


def carried_flat(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions asked for spans, with those spans that overlap no longer one."""
    for region in asked(release, SPANS):
        yield narrowed(release, region, [SPANS], spans=flat(region.spans)[0], relations=())


def read_regions(folder: Path, scheme: Scheme) -> Iterator[GoldRegion]:
    """The regions in the order of the index, put together from their sequences.

    Raises ExportError where a file and the index do not name the same sequences.
    """
    splits = {split: _sequences(folder / f"{split}.txt", scheme) for split in SPLITS}
    for row in read_typed(folder / INDEX, IndexRow):
        sequences = splits[row.split]
        texts: list[str] = []
        spans: list[GoldSpan] = []
        for start, end in row.sequences:
            try:
                text, found = next(sequences, ("", []))
            except OffsetError:  # its tags do not fit each other
                text = ""
            if len(text) != end - start:
                raise ExportError(N_("%(file)s does not hold the sequences of region %(id)s"),
                                  file=f"{row.split}.txt", id=row.id)
            texts.append(text)
            spans += found if not start else [
                GoldSpan(start + span.start, start + span.end, span.label) for span in found]
        yield GoldRegion(
            id=row.id, document=row.document, start=row.start, end=row.end, split=row.split,
            text="".join(texts), asked=(SPANS,), spans=tuple(spans))
    for split, sequences in splits.items():
        if next(sequences, None):
            raise ExportError(N_("%(file)s holds sequences of no region"), file=f"{split}.txt")


def _sequences(path: Path, scheme: Scheme) -> Iterator[tuple[str, list[GoldSpan]]]:
    """The text of each sequence of a file, and its spans in characters."""
    if path.exists():
        with path.open(encoding="utf-8", newline="\n") as file:
            for block, first in _blocks(iter(lambda: file.read(_PIECE), "")):
                yield _single(block, scheme) or _several(*_columns(block, first), scheme)


def read_columns(lines: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Each sequence as (tokens, tags). Raises ExportError with the line that is not two columns."""
    for block, first in _blocks(lines):
        yield _columns(block, first)


def _blocks(pieces: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The lines of each sequence and the number of the first, from a file in pieces of any size.

    One string a sequence: to handle each line of a file takes longer than all else here.
    """
    rest, number = "", 1
    for piece in pieces:
        *blocks, rest = (rest + piece).split("\n\n")
        for block in blocks:
            if lines := block.strip("\n"):
                yield lines + "\n", number + block.index(lines[0])
            number += block.count("\n") + 2
    if lines := rest.strip("\n"):
        yield lines + "\n", number + rest.index(lines[0])


def _single(block: str, scheme: Scheme) -> tuple[str, list[GoldSpan]] | None:
    """Text and spans of a sequence whose tokens are single characters; None where it may be none.

    Then a line outside of spans has four characters and one of a span five more than its label, so
    the tokens are taken out by slices with these steps, some lines at a time. That it is so is
    certain if as many lines end in O as have room there and none is without a token.
    """
    texts: list[str] = []
    spans: list[GoldSpan] = []
    position = outside = at = 0
    for match in scheme.span.finditer(block):
        label = match[match.lastindex or 0]
        start, end = match.span()
        before = (start - at) >> 2  # the span's first character stands before the match
        step = len(label) + 5
        length = (end - start + 1) // step
        if at + 4 * before + 1 != start or start + step * length - 1 != end:
            return None
        texts += block[at:start:4], block[start + step - 1:end:step]
        first = position + before
        position = first + length
        outside += before
        at = end
        spans.append(GoldSpan(first, position, label))
    after, odd = divmod(len(block) - at, 4)
    texts.append(block[at::4])
    if odd or block.count(_OUTSIDE) != outside + after or block[0] == "\t" or "\n\t" in block:
        return None
    text = text_of_column("".join(texts))
    return None if text is None else (text, spans)


def _several(tokens: Sequence[str], tags: Sequence[str],
             scheme: Scheme) -> tuple[str, list[GoldSpan]]:
    """Text and spans of any sequence."""
    return "".join(tokens), list(_by_character(tokens, scheme.spans(tags)))


def _columns(block: str, first: int) -> tuple[list[str], list[str]]:
    lines = block.rstrip("\n").split("\n")
    columns = block.split()
    if len(columns) != 2 * len(lines):
        number = next(number for number, line in enumerate(lines, start=first)
                      if len(line.split()) != 2)
        raise ExportError(N_("line %(line)s is not a token and a tag"), line=number)
    return list(map(_READ.__getitem__, columns[::2])), columns[1::2]


def _lines(tokens: Sequence[str], rests: list[str]) -> str:
    """The lines of a sequence and the blank one; `rests` are those of the lines."""
    shown = column_text(tokens) if isinstance(tokens, str) else None
    lines = [""] * (2 * len(rests))
    lines[::2] = shown or list(map(_WRITTEN.__getitem__, tokens))
    lines[1::2] = rests
    return "".join(lines) + "\n"


def _by_token(tokens: Sequence[str], spans: Sequence[GoldSpan]) -> Sequence[GoldSpan]:
    """`spans` in tokens instead of characters; their borders are borders of tokens."""
    if not spans or isinstance(tokens, str):
        return spans
    place = {offset: number for number, offset in enumerate(_offsets(tokens))}
    return [GoldSpan(place[span.start], place[span.end], span.label) for span in spans]


def _by_character(tokens: Sequence[str], spans: Sequence[GoldSpan]) -> Iterator[GoldSpan]:
    if spans:
        offsets = list(_offsets(tokens))
        for span in spans:
            yield GoldSpan(offsets[span.start], offsets[span.end], span.label)


def _offsets(tokens: Sequence[str]) -> Iterator[int]:
    """Where each token begins, and where the last one ends."""
    return accumulate(map(len, tokens), initial=0)


class _Written(dict[str, str]):
    """Tokens as they are written; made at first sight, since a text has few different ones."""

    def __missing__(self, token: str) -> str:
        return _remember(self, token, "".join(map(column_token, token)))


class _Read(dict[str, str]):
    """Columns as the tokens they were."""

    def __missing__(self, column: str) -> str:
        escaped = len(column) == 1 or column.startswith("\\")
        return _remember(self, column, column_char(column) if escaped else column)


def _remember(seen: dict[str, str], key: str, value: str) -> str:
    if len(seen) < 200_000:
        seen[key] = value
    return value


_WRITTEN, _READ = _Written(), _Read()
