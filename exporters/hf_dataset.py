r"""A Hugging Face dataset folder of JSON Lines.

``README.md`` declares the columns, so that ``datasets.load_dataset(FOLDER, "spans")`` needs no
code, keeps its types where every list of a split is empty, and works offline. A split without
regions has no file. One line of ``data/spans-train.jsonl``, the canonical form::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "text": "就业岗位增长5%。",
     "spans": [{"start": 0, "end": 4, "label": "INDICATOR"}, {"start": 6, "end": 8, "label": …}],
     "relations": [{"type": "CHANGE", "source": 0, "target": 1, "direction": "up"}]}

of ``data/classes-train.jsonl``, one column a class set (null: not asked; []: none chosen)::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "text": "就业岗位增长5%。",
     "function": "achievement", "topics": ["employment"]}

of ``data/tokens-train.jsonl``, a window of a region for token classification, and of
``data/function-train.jsonl`` for text classification; both are declared as ClassLabel::

    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "tokens": ["就", "业", …],
     "ner_tags": ["B-INDICATOR", "I-INDICATOR", …]}
    {"id": "d1:0-9", "document": "d1", "start": 0, "end": 9, "text": "就业岗位增长5%。",
     "label": "achievement"}

`start` and `end` of a region are offsets into its document, those of spans into `text`; all count
Unicode code points, end exclusive. `source` and `target` index `spans`.

`datasets` guesses types before it looks at those declared: where all texts of one file are dates
(``2031-01-02``) it reads times and writes them in another way. That is told as a Loss of each such
text; Parquet has no such guess.
"""
from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Iterator

from exporters import Format, Loss
from exporters import hf_tables
from exporters.hf_tables import (
    CLASSES, TOKENS, Kept, SpanRow, card, check_names, losses_of, narrow, path, read_tables, tables,
)
from exporters.lines import Files, json_line, read_json_lines, read_lines, read_typed, write_text
from exporters.regions import SPANS
from labels.errors import N_
from labels.gold import GoldRegion, GoldRelease

FORMAT = Format(
    name="hf", title=N_("Hugging Face dataset (JSON Lines)"),
    carries=("spans", "relations", "classes"))

_ENDING = "jsonl"


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the dataset. A single choice without an answer is a Loss: null says *not asked*."""
    check_names(release)
    found = tables(release)
    losses: list[Loss] = []
    counts: Counter[tuple[str, str]] = Counter()
    times = _Times()
    with Files(folder) as files:
        for region in release.regions:
            losses += losses_of(release, region)
            held = narrow(release, region)
            for table in found:
                for row in table.rows(held):
                    files.write(path(table.config, region.split, _ENDING), json_line(row))
                    counts[table.config, region.split] += 1
                    times.add(table.config, region)
    losses += times.losses()
    write_text(folder / "README.md", card(release, found, counts, _ENDING))
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    return hf_tables.carried(release)


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the canonical files hold; those of both configurations come twice."""
    def file(config: str, split: str) -> Path:
        return folder / path(config, split, _ENDING)
    # A derived row is compared as the line it should be: that costs less than to read it.
    return read_tables(Kept(
        spans=lambda split: read_typed(file(SPANS, split), SpanRow),
        classes=lambda split: read_json_lines(file(CLASSES, split)),
        derived=lambda config, split: read_lines(file(config, split)), as_derived=json_line))


class _Times:
    """Which files hold nothing but dates in their column of texts: the regions of each, None as
    soon as there is another text. Tokens are lists, of which nothing is guessed."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], list[str] | None] = {}

    def add(self, config: str, region: GoldRegion) -> None:
        found = self._files.setdefault((config, region.split), [])
        if found is not None:
            if config != TOKENS and _is_time(region.text):
                found.append(region.id)
            else:
                self._files[config, region.split] = None

    def losses(self) -> Iterator[Loss]:
        for (config, _), regions in self._files.items():
            for region in regions or ():
                yield Loss(region, f"text in {config}", N_(
                    "all texts of its file are dates, which datasets reads as times and writes "
                    "otherwise; the format hf-parquet keeps them"), "cut")


# What Arrow's reader of JSON takes for a time.
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d)(?::(\d\d)(?::(\d\d))?)?"
                   r"(?:Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII)


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        datetime(year, month, day, hour, minute, second)
    except ValueError:
        return False
    return True
