"""Word lists as data: one automaton for all terms of a pack.

A lexicon is a tab-separated file ``lexicons/NAME.tsv``: a header line naming the columns, the
first of which is ``term``; further columns are free (``kind``, ``alias_of``, …). ``#`` starts a
comment line. An empty or duplicate term is refused with file and line.
"""
from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Iterator, Mapping

from labels.errors import N_, LexiconError


@dataclass(frozen=True)
class Lexicon:
    """`entries` maps each term to its row (column name → text)."""

    name: str
    entries: Mapping[str, Mapping[str, str]]
    hash: str
    _automaton: list[Any] = field(default_factory=list, repr=False, compare=False)

    def __contains__(self, term: str) -> bool:
        return term in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def terms(self, **where: str) -> list[str]:
        """Terms whose columns equal `where`, longest first (as alternations want them)."""
        found = [term for term, row in self.entries.items()
                 if all(row.get(key) == value for key, value in where.items())]
        return sorted(found, key=lambda term: (-len(term), term))

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Leftmost-longest occurrences of the terms in `text` as (term, start, end)."""
        if not self.entries:
            return
        if not self._automaton:
            # Built at first use: most runs of the command line need few of the lexicons.
            import ahocorasick_rs
            self._automaton.append(ahocorasick_rs.AhoCorasick(
                self._terms, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest))
        for index, start, end in self._automaton[0].find_matches_as_indexes(text):
            yield self._terms[index], start, end

    @cached_property
    def _terms(self) -> list[str]:
        return list(self.entries)


def load_lexicon(path: Path) -> Lexicon:
    """Read one lexicon file. Raises LexiconError naming file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LexiconError(N_("there is no lexicon %(file)s"), file=path.name) from None
    return parse_lexicon(path.stem, text, path.name)


def parse_lexicon(name: str, text: str, source: str) -> Lexicon:
    """Parse the text of a lexicon; `source` is named in errors."""
    columns: list[str] | None = None
    entries: dict[str, dict[str, str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))
        if columns is None:
            columns = row
            if columns[0] != "term":
                raise LexiconError(N_("%(file)s line %(line)s: the first column must be `term`"),
                                   file=source, line=number)
            continue
        term = row[0].strip()
        if not term:
            raise LexiconError(N_("%(file)s line %(line)s: the term is empty"),
                               file=source, line=number)
        if term in entries:
            raise LexiconError(N_("%(file)s line %(line)s: %(term)s stands twice"),
                               file=source, line=number, term=term)
        entries[term] = dict(zip(columns[1:], (value.strip() for value in row[1:])))
    return Lexicon(name, entries, hashlib.sha256(text.encode("utf-8")).hexdigest()[:12])
