r"""Word BIO: one word of jieba and its tag a line, for taggers that work on words.

Files, cuts and ``regions.jsonl`` are those of `exporters.char_bio`; only the tokens are longer::

    云泽区	B-LOC
    人民政府	O
    。	O

Where a span begins or ends inside a word of jieba, the word is split there, so that no span is lost
or moved. Each such span is listed in ``manifest.json`` as *repaired*: a tagger that cuts its words
with jieba alone will not find its border. White space, controls and the characters that a column
file writes as an escape are tokens of their own.
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

from exporters import Format, Loss
from exporters.columns import BIO, carried_flat, read_regions, write_columns
from exporters.words import cut_words
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

FORMAT = Format(
    name="word-bio", title=N_("Word BIO (one word of jieba and tag a line)"),
    carries=("spans",), drops=("relations", "classes"), package="jieba")

_README = """\
# Word BIO

`train.txt`, `validation.txt`, `test.txt` (those that have regions): one word and its tag a line, a
tab between, a blank line after each sequence of at most {limit} characters (more only where one
span is longer). The words are jieba's, split where a span begins or ends inside one;
`manifest.json` lists these spans as repaired. `labels.txt` lists the tags. `regions.jsonl` names
the region of each sequence, in the order of the release, with its offsets in characters.

White space and controls are written visibly, so that every line has two columns: ␊ line feed,
␍ carriage return, ␉ tab, ␠ space, ␣ ideographic space, other controls by their picture
(U+2400-2421). A first column that begins with a backslash and is longer than one character is
`\\u` and the number of one character in hexadecimal.
"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the files. Raises ExportError for a label that would break the columns."""
    return write_columns(release, folder, BIO, cut_words, _README)


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    return carried_flat(release)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the release. Raises ExportError where files contradict."""
    return read_regions(folder, BIO)
