"""What the rules share: where a Chinese name may begin, everyday words, scans made once a document.

Chinese has no spaces, so the head of a name (…路, …工程, …局) is easy to find and its beginning
is not. A name begins at a *floor*: after punctuation, a digit with its measure word, or an opener
(preposition, conjunction, verb) of ``lexicons/openers.tsv``. Everything is computed once a
document and kept in ``context.memory``.

How a rule stays fast (all rules together have some 600 ns a character):

- Find a rare anchor first, then look around it. `re` skips ahead fast (3 ns a character) only
  where a pattern begins with a literal or a set of characters, or with alternatives that all do.
  A look-behind, an optional piece or a wide class (any Han character) in front makes it try at
  every position: put the look-behind after the first character (``元(?<!美元)``), or take the
  rarest piece as the anchor and match what stands before it on a slice or with `Lexicon.ending`.
- Many words are one `Lexicon.find` (10 ns a character, however many); in a pattern every word
  costs at every place where its first character stands. At a known place, `Lexicon.at` and
  `Lexicon.ending` are look-ups. ``lexicon.only("kind", …)`` has an automaton of its own. A table
  made of a lexicon is made once by `Lexicon.derived`, not once a document.
- A pattern that begins with one of a few rare words is best made by `scanning.worded`: one pass
  finds the words of all such patterns together.
- The patterns of a module are made by `lazy`: most stand behind a rare word and are never compiled
  in a short run. Alternatives let `re` skip ahead only if each begins with a literal; where one
  begins with a set, put one set before all: ``[区市](?:(?<=区)…|(?<=市)…)``.
- What two rules look for is looked for once: `matches` keeps where a pattern matches in the
  document, and `Hits.count` answers for a passage. What is made by the ten thousand (a figure, a
  match) is made by ``tuple.__new__``: by its fields a NamedTuple takes three times as long. It
  is not unpacked: that takes sixteen times as long as a tuple, two of its fields take a third.
- Relation rules take the folded place of a span from ``context.folded``, not from `View.locate`.
- Look behind and ahead only a bounded way; ``text.rfind("\\n", 0, start)`` is not bounded on a
  line of a million characters, ``text.rfind("\\n", start - 200, start)`` is.
"""
from __future__ import annotations

import importlib.util
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Callable, TypeVar

from labels.rules import Context

T = TypeVar("T")

HAN = "\u4e00-\u9fff"
# Where a count ends inside a clause: 12亿元, 17号线, 30余个.
_COUNTED = re.compile(r"[0-9](?=[万亿元号余多个座条所项批期处片栋台家位名户])(?:[万亿]{0,2}元|号线|余?多?[个座条所项批期处片栋台家位名户])")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# By the second byte of a character: U+4E00 to U+9FFF are Han.
_NOT_HAN = bytes(not 0x4e <= byte <= 0x9f for byte in range(256))


def once(context: Context, key: str, make: Callable[[Context], T]) -> T:
    """What `make` returns for this document, computed at first use."""
    memory = context.memory
    if key not in memory:
        memory[key] = make(context)
    found: T = memory[key]
    return found


_ORDINARY = re.compile(r"\n([^ ]{2,3} [0-9]{2,}) (?!n[srzt])[vnadbcfilmpqruzt]")


@lru_cache(maxsize=1)
def dictionary() -> str:
    """The text of jieba's dictionary: a line feed, a word, its count, its tag.

    The file is found without importing jieba. To read it whole with a pattern costs a tenth of
    parsing its lines, and as bytes a quarter of `Path.read_text`, which looks for line ends.
    """
    found = importlib.util.find_spec("jieba")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("jieba")
    return "\n" + Path(found.origin).with_name("dict.txt").read_bytes().decode()


@lru_cache(maxsize=1)
def _ordinary() -> dict[str, str]:
    """Words of two and three characters that are counted ten times or more, with their count."""
    pairs = iter(" ".join(_ORDINARY.findall(dictionary())).split(" "))
    return dict(zip(pairs, pairs))


@lru_cache(maxsize=4)
def common_words(least: int = 10) -> frozenset[str]:
    """Everyday words of two and three characters, counted `least` (10 or more) times by jieba.

    What is a word is hardly the name before 区 or 市 (实现, 众多); tags of names are left out.
    """
    if least <= 10:
        return frozenset(_ordinary())
    digits = len(str(least))
    return frozenset(word for word, count in _ordinary().items()
                     if len(count) >= digits and int(count) >= least)


def plainness(name: str) -> float:
    """The share of `name` that everyday words cover, read from the left, the longest first.

    A last word of two characters counts as three (the share may pass 1): it is the kind of thing.
    """
    words, covered, index = common_words(), 0, 0
    while index < len(name):
        step = next((size for size in (3, 2) if name[index:index + size] in words), 0)
        covered += step
        index += step or 1
    return covered / len(name) if name else 1.0


@dataclass(frozen=True)
class Floors:
    """``marks[i]`` is 1 where a name may begin; `inner` are the indices inside an opener."""

    marks: bytearray
    inner: set[int]

    def before(self, index: int) -> int:
        """The last place at or before `index` where a name may begin."""
        return self.marks.rfind(1, 0, index + 1)


def floors(context: Context) -> Floors:
    return once(context, "names.floors", _floors)


def _floors(context: Context) -> Floors:
    text = context.view.text
    marks = bytearray(b"\1") + _not_han(text)
    inner: set[int] = set()
    for match in _COUNTED.finditer(text):
        marks[match.end()] = 1
    for _, start, end in context.lexicon("openers").spans(text):
        marks[end] = 1
        if end - start == 2:
            inner.add(start + 1)
        elif end - start > 2:
            inner.update(range(start + 1, end))
    return Floors(marks, inner)


def _not_han(text: str) -> bytearray:
    """1 for every character that is not Han: looked up byte by byte, which costs 2 ns each."""
    marks = bytearray(text.encode("utf-32-le", "surrogatepass")[1::4].translate(_NOT_HAN))
    for match in _ASTRAL.finditer(text):
        marks[match.start()] = 1
    return marks


def core_start(context: Context, head: int, least: int, most: int) -> int | None:
    """Where a name begins whose head (路, 区 …) stands at `head`.

    None unless the last floor before the head leaves `least`…`most` characters for the core.
    """
    start = floors(context).before(head)
    return start if least <= head - start <= most else None


@dataclass(frozen=True)
class Hits:
    """Where what one scan of the document found begins and ends, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def count(self, low: int, high: int) -> int:
        """How many lie in ``low``…``high`` of the folded text."""
        return max(0, bisect_right(self.ends, high) - bisect_left(self.starts, low))


def matches(context: Context, pattern: "re.Pattern[str]") -> Hits:
    """All matches of `pattern` in the document; ``^`` and ``$`` need the flag for lines."""
    def find(_: Context) -> Hits:
        spans = [match.span() for match in pattern.finditer(context.view.text)]
        return Hits(tuple(start for start, _ in spans), tuple(end for _, end in spans))
    return once(context, f"names.matches.{pattern.flags}.{pattern.pattern}", find)
