"""Word lists as data: one automaton for all terms of a pack.

A lexicon is a tab-separated file ``lexicons/NAME.tsv``: a header line naming the columns, the
first of which is ``term``; further columns are free (``kind``, ``alias_of``, …). ``#`` starts a
comment line. An empty or duplicate term is refused with file and line.
"""
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping, TypeVar

from labels.errors import N_, LexiconError


T = TypeVar("T")

# Up to how many terms an automaton is a table.
_TABLED = 700


@dataclass(frozen=True)
class Lexicon:
    """`entries` maps each term to its row (column name → text)."""

    name: str
    entries: Mapping[str, Mapping[str, str]]
    hash: str

    def __contains__(self, term: str) -> bool:
        return term in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def terms(self, **where: str) -> list[str]:
        """Terms whose columns equal `where`, longest first (as alternations want them)."""
        found = [term for term, row in self.entries.items()
                 if all(row.get(key) == value for key, value in where.items())]
        return sorted(found, key=lambda term: (-len(term), term))

    def only(self, *kinds: str) -> "Lexicon":
        """The terms whose column ``kind`` is one of `kinds`, with an automaton of their own."""
        if kinds not in self._parts:
            entries = {term: row for term, row in self.entries.items() if row.get("kind") in kinds}
            self._parts[kinds] = Lexicon(f"{self.name}.{'.'.join(kinds)}", entries, self.hash)
        return self._parts[kinds]

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """Leftmost-longest occurrences of the terms in `text` as (term, start, end).

        One pass, however many terms; about 10 ns a character and 150 ns a hit.
        """
        if not self.entries:
            return []
        terms = self._terms
        return [(terms[index], start, end)
                for index, start, end in self._automaton.find_matches_as_indexes(text)]

    def at(self, text: str, start: int) -> str | None:
        """The longest term that begins at ``text[start]``."""
        for length in self._heads.get(text[start:start + 1], ()):
            term = text[start:start + length]
            if term in self.entries:
                return term
        return None

    def ending(self, text: str, end: int, start: int = 0) -> str | None:
        """The longest term that ends right before ``text[end]`` and begins at `start` or later."""
        entries = self.entries
        # Most places end in no two characters that end a term: one look-up tells.
        for length in self._tails.get(text[end - 2:end], ()) if end > 1 else ():
            if end - length >= start:
                term = text[end - length:end]
                if term in entries:
                    return term
        last = text[end - 1:end]
        return last if last in entries and end - 1 >= start else None

    def derived(self, make: Callable[["Lexicon"], T]) -> T:
        """What `make`, a function of a module, returns for this lexicon; made at first use."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found

    def spans(self, text: str) -> list[tuple[int, int, int]]:
        """As `find`, with the number of the term in place of it, where no one asks for it."""
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(text)
        return found

    @cached_property
    def _automaton(self) -> Any:
        """Built at first use: most runs of the command line need few of the lexicons.

        A table of all states is a third faster, but its memory and making only fit short lists.
        """
        from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
        kind = Implementation.DFA if len(self.entries) <= _TABLED else None
        return AhoCorasick(self._terms, matchkind=MatchKind.LeftmostLongest, implementation=kind)

    @cached_property
    def _heads(self) -> dict[str, list[int]]:
        """How long the terms with some first character are, the longest first."""
        return _lengths((term[0], len(term)) for term in self.entries)

    @cached_property
    def _tails(self) -> dict[str, list[int]]:
        """How long the terms with some two last characters are, the longest first."""
        return _lengths((term[-2:], len(term)) for term in self.entries if len(term) > 1)

    @cached_property
    def _parts(self) -> "dict[tuple[str, ...], Lexicon]":
        return {}

    @cached_property
    def _derived(self) -> dict[Callable[["Lexicon"], Any], Any]:
        return {}

    @cached_property
    def _terms(self) -> list[str]:
        return list(self.entries)


def _lengths(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for key, length in pairs:
        found.setdefault(key, set()).add(length)
    return {key: sorted(lengths, reverse=True) for key, lengths in found.items()}


def load_lexicon(path: Path) -> Lexicon:
    """Read one lexicon file. Raises LexiconError naming file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LexiconError(N_("there is no lexicon %(file)s"), file=path.name) from None
    except UnicodeDecodeError as error:
        line = error.object[:error.start].count(b"\n") + 1
        raise LexiconError(N_("%(file)s line %(line)s: this is not UTF-8"), file=path.name,
                           line=line) from error
    return parse_lexicon(path.stem, text, path.name)


def parse_lexicon(name: str, text: str, source: str) -> Lexicon:
    """Parse the text of a lexicon; `source` is named in errors."""
    columns: list[str] | None = None
    entries: dict[str, dict[str, str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split("\t")
        if columns is None:
            columns = row
            if columns[0] != "term":
                raise LexiconError(N_("%(file)s line %(line)s: the first column must be `term`"),
                                   file=source, line=number)
            continue
        if len(row) > len(columns):
            raise LexiconError(N_("%(file)s line %(line)s: there are more fields than columns"),
                               file=source, line=number)
        term = row[0].strip()
        if not term:
            raise LexiconError(N_("%(file)s line %(line)s: the term is empty"),
                               file=source, line=number)
        if term in entries:
            raise LexiconError(N_("%(file)s line %(line)s: %(term)s stands twice"),
                               file=source, line=number, term=term)
        entries[term] = dict(zip(columns[1:], (value.strip() for value in row[1:])))
    return Lexicon(name, entries, hashlib.sha256(text.encode("utf-8")).hexdigest()[:12])
