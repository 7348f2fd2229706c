"""One pass over the document finds where the patterns of many rules may begin.

`re` looks at every character again for every pattern (4 ns a character), and most patterns of the
rules begin with one of a few words that are rare. Such a pattern is made by `worded`; one
automaton finds the words of all of them at once, and each pattern is tried where its own stand::

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
        places = once(context, "scanning.places", _places)
        starts = places[self.words[0]] if len(self.words) == 1 else sorted(
            {start for word in self.words for start in places[word]})
        text, match_at, end = context.view.text, self.pattern.match, 0
        for start in starts:
            if start >= end:
                match = match_at(text, start)
                if match is not None:
                    end = match.end()
                    yield match


_KNOWN: dict[str, int] = {}
_AUTOMATON: list[Any] = []


def worded(pattern: str, *words: str) -> Worded:
    """A pattern whose matches all begin with one of `words`, looked for with all others."""
    for word in words:
        _KNOWN.setdefault(word, len(_KNOWN))
    _AUTOMATON.clear()
    return Worded(re.compile(pattern), words)


def _places(context: Context) -> dict[str, list[int]]:
    """Where each word of all patterns stands."""
    if not _AUTOMATON:
        from ahocorasick_rs import AhoCorasick, Implementation
        _AUTOMATON.append(AhoCorasick(list(_KNOWN), implementation=Implementation.DFA))
    found: list[list[int]] = [[] for _ in _KNOWN]
    for word, start, _ in _AUTOMATON[0].find_matches_as_indexes(
            context.view.text, overlapping=True):
        found[word].append(start)
    return dict(zip(_KNOWN, found))
