"""Patterns that are compiled at first use.

A pack holds hundreds of patterns, most of which stand behind a rare word; to compile them all took
a third of the time from starting Python to the first suggestion.
"""
from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class LazyPattern:
    """Stands for ``re.compile(pattern, flags)``; holds its methods once one of them was asked for.

    `pattern` and `flags` are told without compiling. An error in the pattern is raised at first
    use as `re.error`.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = int(flags) | int(re.UNICODE)

    def __getattr__(self, name: str) -> Any:
        """Reached only for what the object does not hold yet."""
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> "re.Pattern[str]":
    """As `re.compile`, but the work is done when the pattern is first used."""
    return cast("re.Pattern[str]", LazyPattern(pattern, flags))
