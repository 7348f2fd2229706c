"""Where a Chinese name may begin, and the places and organisations that name rules build on.

Chinese has no spaces, so the head of a name (…路, …工程, …局) is easy to find and its beginning
is not. A name begins at a *floor*: after punctuation, a digit with its measure word, or an opener
(preposition, conjunction, verb) of ``lexicons/openers.tsv``. Everything is computed once a
document and kept in ``context.memory``.
"""
from __future__ import annotations

import re
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Callable, TypeVar

from labels.rules import Context

T = TypeVar("T")

HAN = "\u4e00-\u9fff"
_BREAK = re.compile(rf"[^{HAN}]|(?<=\d)[万亿]{{0,2}}元|(?<=\d)号线|(?<=\d)余?多?[个座条所项批期处片栋台家位名户]")


def once(context: Context, key: str, make: Callable[[Context], T]) -> T:
    """What `make` returns for this document, computed at first use."""
    if key not in context.memory:
        context.memory[key] = make(context)
    found: T = context.memory[key]
    return found


def terms(context: Context, name: str, *kinds: str) -> "re.Pattern[str]":
    """A pattern of the terms of lexicon `name` that are of `kinds` (all if none), longest first."""
    def make(_: Context) -> "re.Pattern[str]":
        lexicon = context.lexicon(name)
        found = [term for kind in kinds for term in lexicon.terms(kind=kind)] or lexicon.terms()
        return _alternation(tuple(found))
    return once(context, f"names.terms.{name}.{'.'.join(kinds)}", make)


@lru_cache(maxsize=64)
def _alternation(found: tuple[str, ...]) -> "re.Pattern[str]":
    ordered = sorted(found, key=len, reverse=True)
    return re.compile("|".join(re.escape(term) for term in ordered))


@lru_cache(maxsize=1)
def _dictionary() -> tuple[tuple[str, int, str], ...]:
    """Words of two to six characters in jieba's dictionary: (word, count, tag)."""
    with warnings.catch_warnings():
        # Python warns of escapes in jieba's source when it first compiles it, setuptools of how
        # jieba looks for its files: nothing that who runs the workbench could mend.
        warnings.filterwarnings("ignore", message=".*invalid escape sequence")
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        import jieba
    with jieba.get_dict_file() as lines:
        rows = (line.decode("utf-8").split() for line in lines)
        return tuple((row[0], int(row[1]), row[2]) for row in rows if 2 <= len(row[0]) <= 6)


_PROPER = frozenset(("ns", "nr", "nrt", "nrfg", "nz", "nt"))


@lru_cache(maxsize=4)
def common_words(least: int = 10) -> frozenset[str]:
    """Everyday words of two and three characters, counted `least` times or more by jieba.

    What is a word is hardly the name before 区 or 市 (实现, 众多); tags of names are left out.
    """
    return frozenset(word for word, count, tag in _dictionary()
                     if len(word) <= 3 and count >= least and tag not in _PROPER
                     and tag[0] in "vnadbcfilmpqruzt")


def plainness(name: str) -> float:
    """The share of `name` that everyday words cover, read from the left, the longest first."""
    words, covered, index = common_words(), 0, 0
    while index < len(name):
        step = next((size for size in (3, 2) if name[index:index + size] in words), 0)
        covered += step
        index += step or 1
    return covered / len(name) if name else 1.0


@lru_cache(maxsize=1)
def division_words() -> frozenset[str]:
    """Names of divisions with their head (金门县) that jieba's dictionary tags as places."""
    return frozenset(word for word, _, tag in _dictionary()
                     if tag == "ns" and len(word) >= 3 and word[-1] in "市区县州旗盟镇乡")


@dataclass(frozen=True)
class Floors:
    """`starts`: the folded indices where a name may begin; `inner`: those inside an opener."""

    starts: tuple[int, ...]
    inner: frozenset[int]

    def before(self, index: int) -> int:
        """The last start at or before `index`."""
        return self.starts[bisect_right(self.starts, index) - 1]


def floors(context: Context) -> Floors:
    return once(context, "names.floors", _floors)


def _floors(context: Context) -> Floors:
    text = context.view.text
    starts: set[int] = {0}
    inner: set[int] = set()
    starts.update(match.end() for match in _BREAK.finditer(text))
    for _, start, end in context.lexicon("openers").find(text):
        starts.add(end)
        inner.update(range(start + 1, end))
    return Floors(tuple(sorted(starts)), frozenset(inner))


def core_start(context: Context, head: int, least: int, most: int) -> int | None:
    """Where a name begins whose head (路, 区 …) stands at `head`.

    None unless the last floor before the head leaves `least`…`most` characters for the core.
    """
    start = floors(context).before(head)
    return start if least <= head - start <= most else None
