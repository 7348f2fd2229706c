"""Pattern rules: a rule that is one regular expression, written by a lead, not by a programmer.

The pattern is one of RE2, of which one match costs no more than the text is long, whatever is
written. It is matched against the folded view, as all rules read it; a match never holds a line
feed, so none crosses two blocks, and ``^`` and ``$`` are the ends of a block. A match has at most
`REACH` characters: to look for the end of each across a line without end would cost its square.
RE2 has no looking around: where only a part of the match is the mention, that part stands in a
group named `mention`::

    任命(?P<mention>\\w{2,3})同志

`\\d`, `\\s` and `\\w` mean the digits, spaces, letters and numbers of all scripts, so that `\\w` is
also a Chinese character, as in Python.
"""
from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Callable, Iterator

from labels.document import Document
from labels.errors import N_, RuleError
from labels.folding import fold
from labels.lexicons import Lexicon
from labels.rules import Context, Match, Rule

FAMILY = "pattern"
LONGEST = 2000
# Text is searched window by window; a match begins so far before the end of its window.
REACH = 300
_WINDOW = 1500
_GROUP = "mention"
_MARKS = re.compile("⟦([^⟦⟧]*)⟧")
# Escapes whose meaning in RE2 is ASCII only; inside a class, and outside of one.
_WIDE = {"d": r"\p{Nd}", "s": r"\s\p{Z}", "w": r"\p{L}\p{M}\p{N}_"}
_ENDS = {r"\A": "^", r"\z": "$"}
_ESCAPE = re.compile(r"\\Q.*?(?:\\E|\Z)|\\.|\[:\^?\w+:\]|\[\^?\]?|\]", re.DOTALL)
# RE2 takes UTF-8: half of a surrogate pair becomes the sign of what cannot be shown.
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class PatternRule(Rule):
    """A rule made of `pattern`; its version is a hash of all that was written."""

    pattern: str = ""

    def version(self, lexicon: Callable[[str], Lexicon],
                read: dict[Any, Any] | None = None) -> str:
        said = repr((self.target, self.priority, self.score, self.pattern))
        return hashlib.sha256(said.encode()).hexdigest()[:10]


def pattern_rule(name: str, label: str, pattern: str, priority: int, score: float,
                 examples: tuple[str, ...], rejects: tuple[str, ...]) -> PatternRule:
    """The rule ``pattern.NAME``. Raises RuleError if the pattern or an example is no good.

    In the examples the mentions that the pattern must find stand in ⟦ ⟧, all of them; in what it
    rejects it must find nothing.
    """
    compiled = compile_pattern(pattern)
    for example in examples:
        _check(compiled, example)
    for reject in rejects:
        _check(compiled, reject, marked=False)

    def find(context: Context) -> Iterator[Match]:
        for start, end in mentions(compiled, context.view.text):
            yield Match(start, end)

    return PatternRule(f"{FAMILY}.{name}", "span", (label,), find, priority, score, examples,
                       rejects, (), None, pattern)


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Any:
    """Compile an RE2 pattern. Raises RuleError that tells the position (from 1) of what is wrong,
    or that it would match the empty text."""
    import re2
    if len(pattern) > LONGEST:
        raise RuleError(N_("the pattern is longer than %(most)s characters"), most=LONGEST)
    if _SURROGATE.search(pattern):
        raise RuleError(N_("the pattern holds half a character"))
    options = re2.Options()
    options.never_nl = True
    options.log_errors = False
    try:
        re2.compile(pattern, options)  # as written, for the words of its error
        compiled = re2.compile(f"(?m){_widened(pattern)}", options)
    except re2.error as error:
        why = error.args[0].decode("utf-8", "replace") if error.args else str(error)
        raise RuleError(N_("the pattern does not compile, at character %(position)s: %(why)s"),
                        position=_position(pattern, why), why=why) from error
    if compiled.search("") is not None or compiled.fullmatch("") is not None:
        raise RuleError(N_("the pattern matches the empty text"),
                        hint=N_("write + for *, or say what must stand there"))
    return compiled


def mentions(compiled: Any, text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the mentions that a compiled pattern finds in the folded `text`."""
    group = compiled.groupindex.get(_GROUP, 0)
    text = _SURROGATE.sub("\ufffd", text)
    position = 0
    while position < len(text):
        # One character before the window, so that ^ and \b know where they stand.
        left = max(0, position - 1)
        window = text[left:position + _WINDOW]
        border = len(text) if position + _WINDOW >= len(text) else position + _WINDOW - REACH
        line_end = text.rfind("\n", position, border)
        border = border if line_end < 0 or border == len(text) else line_end + 1
        following = border
        for match in compiled.finditer(window, position - left):
            if left + match.start() >= border:
                break
            start, end = match.span(group)
            following = max(border, left + match.end())
            if 0 <= start < end:
                yield left + start, left + end
        position = following


def unmarked(example: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of an example without its ⟦ ⟧, and where the marked mentions stand in it."""
    spans: list[tuple[int, int]] = []
    for number, match in enumerate(_MARKS.finditer(example)):
        start = match.start() - 2 * number
        spans.append((start, start + len(match.group(1))))
    return _MARKS.sub(r"\1", example), tuple(spans)


def _check(compiled: Any, example: str, marked: bool = True) -> None:
    text, expected = unmarked(example)
    if marked and not expected:
        raise RuleError(N_("the example %(example)s marks nothing in ⟦ ⟧"), example=example)
    if not marked and expected:
        raise RuleError(N_("%(example)s marks in ⟦ ⟧ what must not match"), example=example)
    view = fold(text)
    found = tuple(view.span(*span) for span in mentions(compiled, view.text))
    if found == expected:
        return
    said = "、".join(text[start:end] for start, end in found)
    if not found:
        raise RuleError(N_("the pattern finds nothing in the example %(example)s"),
                        example=example)
    if not marked:
        raise RuleError(N_("the pattern finds %(found)s in what it must reject: %(example)s"),
                        found=said, example=example)
    raise RuleError(N_("the pattern finds %(found)s in the example %(example)s"), found=said,
                    example=example)


def find_in(pattern: str, document: Document) -> tuple[tuple[int, int], ...]:
    """Where `pattern` would mark `document`, before any conflict. Raises RuleError."""
    view = fold(document.text, document.blocks or None)
    return tuple(view.span(*span) for span in mentions(compile_pattern(pattern), view.text))


def _widened(pattern: str) -> str:
    r"""`pattern` with `\d`, `\s`, `\w` and their opposites for all scripts."""
    inside = False

    def replace(match: re.Match[str]) -> str:
        nonlocal inside
        said = match.group()
        if said[0] == "[":
            # At the beginning of a class ] is itself, inside of one [ is.
            inside = not inside or said.endswith(":]") or not said.endswith("]")
            return said
        if said == "]":
            inside = False
            return said
        if said in _ENDS and not inside:
            return _ENDS[said]
        small = said[1].lower()
        if said[1] == "Q" or small not in _WIDE:
            return said
        if said[1] == small:
            return _WIDE[small] if inside else f"[{_WIDE[small]}]"
        if inside:
            raise RuleError(N_("%(escape)s cannot stand in a class"), escape=said,
                            hint=N_("write the class with ^ and the small letter"))
        return f"[^{_WIDE[small]}]"

    return _ESCAPE.sub(replace, pattern)


def _position(pattern: str, why: str) -> int:
    """Where, from 1, stands what RE2 complains of; it names the words, not their place."""
    said = why.partition(": ")[2]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except re.error as error:
        if error.pos is not None:
            return error.pos + 1
    return max(0, pattern.rfind(said) if said != pattern else 0) + 1
