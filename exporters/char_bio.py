r"""Character BIO: one character and its tag a line, for taggers and seqeval.

One file a split (``train.txt``, ``validation.txt``, ``test.txt``), tab-separated, no comments, a
blank line after each sequence::

    黄	B-PERSON
    ␠	I-PERSON
    辉	I-PERSON
    。	O

A character is one Unicode code point. White space and controls are written visibly, so that
``line.split()`` finds two columns and the text loads back exactly (`labels.tokens`): ␊ line feed,
␍ carriage return, ␉ tab, ␠ space, ␣ ideographic space, and ``\u200d`` for other invisible
characters. To get the characters back::

    from labels.tokens import column_char
    text = "".join(column_char(token) for token in tokens)

A sequence is at most 510 characters, what a BERT encoder takes beside its two marks: longer
regions are cut after a sentence, never inside a span. ``labels.txt`` lists the tags, ``README.md``
tells the trainer how to read them, and ``regions.jsonl`` says which sequences make up which region,
in file order::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "split": "train",
     "sequences": [[0, 9]]}

Tags are flat: of overlapping spans the longest is kept, each other one is a Loss.
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterable, Iterator

from exporters import Format, Loss
from exporters.regions import (
    SPANS, by_split, carried, check, json_line, read_json_lines, span_loss, verify, write_text,
)
from labels.errors import N_, ExportError
from labels.gold import SPLITS, GoldRegion, GoldRelease
from labels.tokens import (
    OUTSIDE, bio_spans, bio_tags, column_char, column_token, flat, windows,
)

FORMAT = Format(
    name="char-bio", title=N_("Character BIO (one character and tag a line)"),
    carries=("spans",), drops=("relations", "classes"))

LIMIT = 510

_README = """\
# Character BIO

`train.txt`, `validation.txt`, `test.txt` (those that have regions): one character and its tag a
line, a tab between, a blank line after each sequence of at most {limit} characters (more only where
one span is longer). `labels.txt` lists the tags. `regions.jsonl` names the region of each sequence,
in file order, with its offsets.

White space and controls are written visibly, so that every line has two columns: ␊ line feed,
␍ carriage return, ␉ tab, ␠ space, ␣ ideographic space, other controls by their picture
(U+2400-2421). A first column of more than one character is `\\u` and the number of one character
in hexadecimal. Offsets count Unicode code points.
"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the files. Raises ExportError for a label that would break the columns."""
    check(release)
    for label in release.labels:
        if len(label.split()) != 1 or label.split()[0] != label:
            raise ExportError(N_("the label %(label)r holds white space; columns end there"),
                              label=label)
    losses: list[Loss] = []
    expected: list[GoldRegion] = []
    index: list[str] = []
    for split, regions in by_split(release, SPANS):
        lines: list[str] = []
        for region in regions:
            kept, dropped = flat(region.spans)
            losses += [span_loss(region, span, N_("overlaps a longer span or stands in its place"))
                       for span in dropped]
            tagged = carried(release, region, [SPANS], spans=kept, relations=())
            cuts = [(window.start, window.end) for window in windows(region.text, kept, LIMIT)]
            lines += _lines(tagged, cuts)
            index.append(json_line({
                "id": region.id, "document": region.document, "start": region.start,
                "end": region.end, "split": split, "sequences": cuts}))
            expected.append(tagged)
        write_text(folder / f"{split}.txt", "".join(lines))
    write_text(folder / "README.md", _README.format(limit=LIMIT))
    write_text(folder / "regions.jsonl", "".join(index))
    tags = [OUTSIDE, *(f"{prefix}-{label}" for label in release.labels for prefix in "BI")]
    write_text(folder / "labels.txt", "".join(f"{tag}\n" for tag in tags))
    verify(expected, read(folder), FORMAT.name)
    return losses


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions of all splits, put together from their sequences.

    Raises ExportError where a file and ``regions.jsonl`` do not name the same sequences.
    """
    rows = read_json_lines(folder / "regions.jsonl")
    for split in SPLITS:
        path = folder / f"{split}.txt"
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="\n") as lines:
            sequences = list(read_columns(lines))
        for row in rows:
            if row["split"] != split:
                continue
            pieces = [sequences.pop(0) if sequences else ("", []) for _ in row["sequences"]]
            lengths = [end - start for start, end in row["sequences"]]
            if [len(text) for text, _ in pieces] != lengths:
                raise ExportError(N_("%(file)s does not hold the sequences of region %(id)s"),
                                  file=path.name, id=row["id"])
            yield GoldRegion(
                id=row["id"], document=row["document"], start=row["start"], end=row["end"],
                split=split, text="".join(text for text, _ in pieces), asked=(SPANS,),
                spans=bio_spans([tag for _, tags in pieces for tag in tags]))
        if sequences:
            raise ExportError(N_("%(file)s holds sequences of no region"), file=path.name)


def read_columns(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each sequence as (text, tags). Raises ExportError with the line that is not two columns."""
    text: list[str] = []
    tags: list[str] = []
    for number, line in enumerate(lines, start=1):
        columns = line.split()
        if len(columns) == 2:
            text.append(column_char(columns[0]))
            tags.append(columns[1])
        elif columns:
            raise ExportError(N_("line %(line)s is not a character and a tag"), line=number)
        elif text:
            yield "".join(text), tags
            text, tags = [], []
    if text:
        yield "".join(text), tags


def _lines(region: GoldRegion, cuts: list[tuple[int, int]]) -> Iterator[str]:
    tags = bio_tags(len(region.text), region.spans)
    for start, end in cuts:
        for char, tag in zip(region.text[start:end], tags[start:end]):
            yield f"{column_token(char)}\t{tag}\n"
        yield "\n"
