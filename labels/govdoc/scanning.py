"""One pass over the document finds where the patterns of many rules may begin.

`re` looks at every character again for every pattern (4 ns a character), and most patterns of the
rules begin with one of a few words that are rare. Such a pattern is made by `worded`; one
automaton finds the words of all of them at once, and each pattern is tried where its own stand. The
terms of some word lists are looked for in the same pass (`find`)::

    _HEAD = worded(r"会议|全会(?!室)", "会议", "全会")

    for match in _HEAD.finditer(context):

The matches are those of ``pattern.finditer(context.view.text)``, if the words are all that a match
can begin with. A pattern that begins with a single character is as fast without this.
"""
from __future__ import annotations

import re
from typing import Any, Iterator, NamedTuple

from labels.govdoc.names import once
from labels.lazy import lazy
from labels.rules import Context


class Worded(NamedTuple):
    """A pattern whose matches all begin with one of `words`."""

    pattern: "re.Pattern[str]"
    words: tuple[str, ...]

    def finditer(self, context: Context) -> Iterator["re.Match[str]"]:
        """Its matches in the folded text, from left to right, without overlaps."""
        places = _scan(context).places
        starts = places[self.words[0]] if len(self.words) == 1 else sorted(
            {start for word in self.words for start in places[word]})
        text, match_at, end = context.view.text, self.pattern.match, 0
        for start in starts:
            if start >= end:
                match = match_at(text, start)
                if match is not None:
                    end = match.end()
                    yield match


def find(context: Context, name: str, kind: str = "") -> list[tuple[str, int, int]]:
    """As `Lexicon.find` for one of `LEXICONS`, in the same pass as the words of the patterns.

    With `kind` for the terms of this kind only, as ``lexicon.only(kind).find``.
    """
    hits = _scan(context).terms[name]
    if kind:
        entries = context.lexicon(name).entries
        hits = [hit for hit in hits if entries[hit[2]].get("kind") == kind]
    found: list[tuple[str, int, int]] = []
    position = 0
    for start, end, term in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if start >= position:
            found.append((term, start, end))
            position = end
    return found


# Word lists of which few terms stand in a text.
LEXICONS = ("laws", "posts", "programmes")


class _Scan(NamedTuple):
    """Where each word of the patterns stands, and (start, end, term) by lexicon."""

    places: dict[str, list[int]]
    terms: dict[str, list[tuple[int, int, str]]]


class _Scanner:
    """The words of all patterns, and the automata made of them and the lexicons so far.

    An object, not constants of the module: those are part of the version of every rule that uses
    them, and what other rules look for is not.
    """

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self._made: dict[tuple[str, ...], tuple[Any, list[tuple[str, str]]]] = {}

    def add(self, words: tuple[str, ...]) -> None:
        for word in words:
            self.words.setdefault(word, len(self.words))
        self._made.clear()

    def automaton(self, context: Context) -> tuple[Any, list[tuple[str, str]]]:
        """What finds all, and (lexicon, term) for what it finds beyond the words."""
        lexicons = [context.lexicon(name) for name in LEXICONS]
        key = tuple(lexicon.hash for lexicon in lexicons)
        if key not in self._made:
            from ahocorasick_rs import AhoCorasick, Implementation
            terms = [(name, term) for name, lexicon in zip(LEXICONS, lexicons) for term in lexicon]
            self._made[key] = AhoCorasick([*self.words, *(term for _, term in terms)],
                                          implementation=Implementation.DFA), terms
        return self._made[key]


_SCANNER = _Scanner()


def worded(pattern: str, *words: str) -> Worded:
    """A pattern whose matches all begin with one of `words`, looked for with all others."""
    _SCANNER.add(words)
    return Worded(lazy(pattern), words)


def _scan(context: Context) -> _Scan:
    return once(context, "scanning", _scanned)


def _scanned(context: Context) -> _Scan:
    automaton, terms = _SCANNER.automaton(context)
    places: list[list[int]] = [[] for _ in _SCANNER.words]
    found: dict[str, list[tuple[int, int, str]]] = {name: [] for name in LEXICONS}
    for number, start, end in automaton.find_matches_as_indexes(
            context.view.text, overlapping=True):
        if number < len(places):
            places[number].append(start)
        else:
            name, term = terms[number - len(places)]
            found[name].append((start, end, term))
    return _Scan(dict(zip(_SCANNER.words, places)), found)
