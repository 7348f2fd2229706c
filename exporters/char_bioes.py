r"""Character BIOES: as `exporters.char_bio`, with tags that say where a span ends.

S- is a span of one character, E- the last character of a longer one (seqeval: ``scheme=IOBES``)::

    黄	B-PERSON
    ␠	I-PERSON
    辉	E-PERSON
    。	O

Files, cuts, the visible writing of white space and ``regions.jsonl`` are those of character BIO.
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

from exporters import Format, Loss
from exporters.columns import BIOES, carried_flat, characters, read_regions, write_columns
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

FORMAT = Format(
    name="char-bioes", title=N_("Character BIOES (one character and tag a line, ends marked)"),
    carries=("spans",), drops=("relations", "classes"))

_README = """\
# Character BIOES

`train.txt`, `validation.txt`, `test.txt` (those that have regions): one character and its tag a
line, a tab between, a blank line after each sequence of at most {limit} characters (more only where
one span is longer). B- opens a span, E- ends it, S- is a span of one character. `labels.txt` lists
the tags. `regions.jsonl` names the region of each sequence, in the order of the release.

White space and controls are written visibly, so that every line has two columns: ␊ line feed,
␍ carriage return, ␉ tab, ␠ space, ␣ ideographic space, other controls by their picture
(U+2400-2421). A first column of more than one character is `\\u` and the number of one character
in hexadecimal. Offsets count Unicode code points.
"""


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the files. Raises ExportError for a label that would break the columns."""
    return write_columns(release, folder, BIOES, characters, _README)


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    return carried_flat(release)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions in the order of the release. Raises ExportError where files contradict."""
    return read_regions(folder, BIOES)
