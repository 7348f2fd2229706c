import importlib
import pkgutil
import re

import pytest

import labels
from labels.lazy import LazyPattern, lazy


def _patterns(thing):
    if isinstance(thing, LazyPattern):
        yield thing
    elif isinstance(thing, (tuple, list)):
        for entry in thing:
            yield from _patterns(entry)
    elif isinstance(thing, dict):
        yield from _patterns(tuple(thing.values()))


def test_every_lazy_pattern_of_the_package_compiles():
    found = 0
    for module in pkgutil.walk_packages(labels.__path__, "labels."):
        for thing in vars(importlib.import_module(module.name)).values():
            for pattern in _patterns(thing):
                re.compile(pattern.pattern, pattern.flags)
                found += 1
    assert found > 150


def test_a_lazy_pattern_does_what_the_compiled_one_does():
    text = "云泽区2030年安排A1，2031年安排a2"
    for flags in (0, re.IGNORECASE):
        eager, late = re.compile(r"(\d{4})年安排(A\d)", flags), lazy(r"(\d{4})年安排(A\d)", flags)
        assert (late.pattern, late.flags, late.groups) == (eager.pattern, eager.flags, 2)
        assert late.findall(text) == eager.findall(text)
        assert late.sub("", text) == eager.sub("", text)
        assert late.search(text, 3).span() == eager.search(text, 3).span()
        assert late.match(text, 3).groups() == eager.match(text, 3).groups()


def test_nothing_is_compiled_before_first_use():
    pattern = lazy("(")
    with pytest.raises(re.error):
        pattern.search("云泽区")


def test_a_lazy_pattern_has_only_what_a_pattern_has():
    with pytest.raises(AttributeError):
        lazy("区").replace
