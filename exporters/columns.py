"""What the column formats share: one token and its tag a line, a blank line after each sequence.

A sequence is one window of a region, so that a model's limit never cuts a span. Columns cannot say
which region a sequence is of, nor where white space was: ``regions.jsonl`` says the first, in the
order of the release (`exporters.char_bio` shows a line), and `labels.tokens.column_token` writes
the second visibly. A token of several characters holds only characters that are written as they
are, so a column of more than one character that begins with a backslash is always an escape.
"""
from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Sequence

from exporters import Loss
from exporters.regions import (
    SPANS, Files, asked, json_line, narrowed, read_json_lines, span_loss, write_text,
)
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelease, GoldSpan
from labels.tokens import (
    OUTSIDE, bio_spans, bio_tags, bioes_spans, bioes_tags, column_char, column_token, flat, windows,
)

LIMIT = 510  # what a BERT encoder takes beside its two marks
INDEX = "regions.jsonl"

Cutter = Callable[[str, Sequence[GoldSpan]], tuple[list[str], list[GoldSpan]]]


@dataclass(frozen=True)
class Scheme:
    """`prefixes` are those of a label's tags, in the order of ``labels.txt``."""

    prefixes: str
    tags: Callable[[int, Iterable[GoldSpan]], list[str]]
    spans: Callable[[Sequence[str]], tuple[GoldSpan, ...]]


BIO = Scheme("BI", bio_tags, bio_spans)
BIOES = Scheme("BIES", bioes_tags, bioes_spans)


def characters(text: str, spans: Sequence[GoldSpan]) -> tuple[list[str], list[GoldSpan]]:
    """Each character is a token; every border of a span is between two."""
    return list(text), []


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
                inside = [GoldSpan(span.start - start, span.end - start, span.label)
                          for span in kept if start <= span.start < end]
                tokens, repaired = cut(region.text[start:end], inside)
                tags = scheme.tags(len(tokens), _by_token(tokens, inside))
                files.write(f"{region.split}.txt", "".join(
                    [f"{_WRITTEN[token]}\t{tag}\n" for token, tag in zip(tokens, tags)]) + "\n")
                losses += [span_loss(
                    region, GoldSpan(span.start + start, span.end + start, span.label),
                    N_("its border stood inside a token, which was split there"), kind="repaired")
                    for span in repaired]
            files.write(INDEX, json_line({
                "id": region.id, "document": region.document, "start": region.start,
                "end": region.end, "split": region.split, "sequences": cuts}))
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
    splits = {split: _sequences(folder / f"{split}.txt") for split in SPLITS}
    for row in read_json_lines(folder / INDEX):
        sequences = splits[row["split"]]
        pieces = [next(sequences, ([], [])) for _ in row["sequences"]]
        texts = ["".join(tokens) for tokens, _ in pieces]
        if [len(text) for text in texts] != [end - start for start, end in row["sequences"]]:
            raise ExportError(N_("%(file)s does not hold the sequences of region %(id)s"),
                              file=f"{row['split']}.txt", id=row["id"])
        yield GoldRegion(
            id=row["id"], document=row["document"], start=row["start"], end=row["end"],
            split=row["split"], text="".join(texts), asked=(SPANS,),
            spans=tuple(span for (tokens, tags), (start, _) in zip(pieces, row["sequences"])
                        for span in _by_character(tokens, scheme.spans(tags), start)))
    for split, sequences in splits.items():
        if next(sequences, None):
            raise ExportError(N_("%(file)s holds sequences of no region"), file=f"{split}.txt")


def _sequences(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="\n") as lines:
            yield from read_columns(lines)


def read_columns(lines: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Each sequence as (tokens, tags). Raises ExportError with the line that is not two columns."""
    block: list[str] = []
    first = 1
    for number, line in enumerate(lines, start=1):
        if line != "\n":
            block.append(line)
            continue
        if block:
            yield _columns(block, first)
            block = []
        first = number + 1
    if block:
        yield _columns(block, first)


def _columns(block: list[str], first: int) -> tuple[list[str], list[str]]:
    columns = "".join(block).split()
    if len(columns) != 2 * len(block):
        number = next(number for number, line in enumerate(block, start=first)
                      if len(line.split()) != 2)
        raise ExportError(N_("line %(line)s is not a token and a tag"), line=number)
    return list(map(_READ.__getitem__, columns[::2])), columns[1::2]


def _by_token(tokens: Sequence[str], spans: Sequence[GoldSpan]) -> Sequence[GoldSpan]:
    """`spans` in tokens instead of characters; their borders are borders of tokens."""
    if not spans or sum(map(len, tokens)) == len(tokens):
        return spans
    place = {offset: number for number, offset in enumerate(_offsets(tokens))}
    return [GoldSpan(place[span.start], place[span.end], span.label) for span in spans]


def _by_character(tokens: Sequence[str], spans: Sequence[GoldSpan],
                  start: int) -> Iterator[GoldSpan]:
    if spans:
        offsets = list(_offsets(tokens))
        for span in spans:
            yield GoldSpan(start + offsets[span.start], start + offsets[span.end], span.label)


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


def _remember(seen: Any, key: str, value: str) -> str:
    if len(seen) < 200_000:
        seen[key] = value
    return value


_WRITTEN, _READ = _Written(), _Read()
