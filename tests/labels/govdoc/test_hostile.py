"""No text makes a rule hang: patterns whose cost grows faster than the text show up here.

The limit is far above what any of them needs (milliseconds); it only parts "ends" from "hangs".
"""
from __future__ import annotations

import signal
from contextlib import contextmanager
from types import FrameType
from typing import Iterator

import pytest

from labels import govdoc
from labels.document import Document
from labels.rules import suggest

LIMIT_S = 20
LENGTH = 20_000
FRAGMENTS = {
    "open titles": "《中", "nested titles": "《〈", "open brackets": "(（", "digits": "1",
    "numbers": "12,345.6", "ranges": "1-2—3~", "numerals": "一百二十", "dates": "2024年1月",
    "places": "云泽区", "organs": "区人大常委会", "names": "李萍、", "name grid": "李 萍\t",
    "appointments": "任命李萍为局长", "posts": "副主任委员", "projects": "改造工程",
    "indicators": "一般公共预算收入", "growth": "同比增长", "meetings": "第十届人民代表大会",
    "quotes": "“智慧”", "one character": "的", "latin": "ab", "organs of zones": "江岚市云泽高新区管委会",
    "road ends": "云桥路兰溪路", "offices": "法规科、",
    "commas": "，", "tabs": "\t1", "cells": "产值\t1\t", "comma cells": ",亿元,1", "systems": "管理平台",
    "what is said of works": "2所学校10月底按期全面开工", "phases": "一、二期工程",
    "lists of organs": "云泽区水务局、河道管理所",
    "zones of zones": "苏州园", "lists of towns": "砚溪、桐汀区域", "bracketed bodies": "联合国(苏州)",
}


@contextmanager
def must_end(what: str) -> Iterator[None]:
    def give_up(signum: int, frame: FrameType | None) -> None:
        raise AssertionError(f"still running after {LIMIT_S} s: {what}")
    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_suggesting_ends_on_one_long_line_of(name: str) -> None:
    fragment = FRAGMENTS[name]
    text = (fragment * (LENGTH // len(fragment) + 1))[:LENGTH]
    with must_end(name):
        found = suggest(Document(id="d", text=text), govdoc.load())
    assert not found.failures
    assert all(text[span.start:span.end] for span in found.spans)
