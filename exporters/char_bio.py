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
in the order of the release::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "split": "train",
     "sequences": [[0, 9]]}

Tags are flat: of overlapping spans the longest is kept, each other one is a Loss.
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

from exporters import Format, Loss
from exporters.columns import BIO, carried_flat, characters, read_regions, write_columns
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

FORMAT = Format(
    name="char-bio", title=N_("Character BIO (one character and tag a line)"),
    carries=("spans",), drops=("relations", "classes"))

_README = """\
# Character BIO

`train.txt`, `validation.txt`, `test.txt` (those that have regions): one character and its tag a
line, a tab between, a blank line after each sequence of at most {limit} characters (more only where
one span is longer). `labels.txt` lists the tags. `regions.jsonl` names the region of each sequence,
in the order of the release, with its offsets.

White space and controls are written visibly, so that every line has two columns: ␊ line feed,
␍ carriage return, ␉ tab, ␠ space, ␣ ideographic space, other controls by their picture
(U+2400-2421). A first column of more than one character is `\\u` and the number of one character
in hexadecimal. Offsets count Unicode code points.
"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the files. Raises ExportError for a label that would break the columns."""
    return write_columns(release, folder, BIO, characters, _README)


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    return carried_flat(release)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the release. Raises ExportError where files contradict."""
    return read_regions(folder, BIO)
