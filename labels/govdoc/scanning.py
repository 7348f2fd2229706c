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


def find(context: Context, name: str) -> list[tuple[str, int, int]]:
    """As `Lexicon.find` for one of `LEXICONS`, in the same pass as the words of the patterns."""
    found: list[tuple[str, int, int]] = []
    position = 0
    for start, end, term in sorted(_scan(context).terms[name], key=lambda hit: (hit[0], -hit[1])):
        if start >= position:
            found.append((term, start, end))
            position = end
    return found


# Word lists of which few terms stand in a text.
LEXICONS = ("laws", "posts")
# The words of all patterns, with their number, and by state of the lexicons the automaton that was
# made of all, with (lexicon, term) for what it finds beyond the words.
_KNOWN: dict[str, int] = {}
_AUTOMATA: dict[tuple[str, ...], tuple[Any, list[tuple[str, str]]]] = {}


def worded(pattern: str, *words: str) -> Worded:
    """A pattern whose matches all begin with one of `words`, looked for with all others."""
    for word in words:
        _KNOWN.setdefault(word, len(_KNOWN))
    _AUTOMATA.clear()
    return Worded(re.compile(pattern), words)


class _Scan(NamedTuple):
    """Where each word of the patterns stands, and (start, end, term) by lexicon."""

    places: dict[str, list[int]]
    terms: dict[str, list[tuple[int, int, str]]]


def _scan(context: Context) -> _Scan:
    return once(context, "scanning", _scanned)


def _scanned(context: Context) -> _Scan:
    lexicons = [context.lexicon(name) for name in LEXICONS]
    key = tuple(lexicon.hash for lexicon in lexicons)
    if key not in _AUTOMATA:
        from ahocorasick_rs import AhoCorasick, Implementation
        listed = [(name, term) for name, lexicon in zip(LEXICONS, lexicons) for term in lexicon]
        _AUTOMATA[key] = AhoCorasick([*_KNOWN, *(term for _, term in listed)],
                                     implementation=Implementation.DFA), listed
    automaton, terms = _AUTOMATA[key]
    places: list[list[int]] = [[] for _ in _KNOWN]
    found: dict[str, list[tuple[int, int, str]]] = {name: [] for name in LEXICONS}
    for number, start, end in automaton.find_matches_as_indexes(
            context.view.text, overlapping=True):
        if number < len(places):
            places[number].append(start)
        else:
            name, term = terms[number - len(places)]
            found[name].append((start, end, term))
    return _Scan(dict(zip(_KNOWN, places)), found)
