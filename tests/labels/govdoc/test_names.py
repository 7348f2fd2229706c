from __future__ import annotations

import re

from hypothesis import given, strategies as st

from labels.document import Document
from labels.folding import fold
from labels.govdoc import lexicon
from labels.govdoc.names import (
    HAN, common_words, floors, matches, once, plainness,
)
from labels.rules import Context

TEXTS = st.text(alphabet=st.sampled_from("在云泽区和江岚市的财政局3万元号线个，。 A\n年𠮷😀\u4dff\ua000"), max_size=60)


def context(text: str) -> Context:
    return Context(Document(id="d", text=text), fold(text), lexicon)


def test_a_name_begins_after_an_opener_a_mark_and_a_count() -> None:
    found = floors(context("由云泽区、南坪镇及3号线江岚路"))
    text = "由云泽区、南坪镇及3号线江岚路"
    assert [text[found.before(text.index(head)):text.index(head) + 1] for head in "区镇路"] == [
        "云泽区", "南坪镇", "江岚路"]


def test_what_lies_inside_an_opener_is_told() -> None:
    assert {1} <= floors(context("其中云泽区")).inner
    assert 2 not in floors(context("其中云泽区")).inner


@given(TEXTS)
def test_every_place_after_what_is_not_han_is_a_floor(text: str) -> None:
    ask = context(text)
    folded, found = ask.view.text, floors(ask)
    assert found.before(0) == 0
    for match in re.finditer(f"[^{HAN}]", folded):
        assert found.before(match.end()) == match.end()


@given(TEXTS)
def test_a_floor_within_han_has_a_cause(text: str) -> None:
    ask = context(text)
    folded, found = ask.view.text, floors(ask)
    openers = {end for _, _, end in lexicon("openers").find(folded)}
    for index in range(1, len(folded)):
        if found.before(index) == index and re.match(f"[{HAN}]", folded[index - 1]):
            assert index in openers or re.search(
                r"\d(?:[万亿]{0,2}元|号线|余?多?[个座条所项批期处片栋台家位名户])$", folded[:index])


def test_everyday_words_are_told_from_names() -> None:
    assert {"实现", "发展"} <= common_words(400) <= common_words()
    assert "上海" not in common_words()


def test_plainness_is_the_share_of_everyday_words() -> None:
    assert plainness("推动发展的") == 0.8
    assert plainness("") == 1.0
    assert plainness("淞砦") == 0.0


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_matches_are_counted_that_lie_wholly_in_a_passage(text: str, low: int, high: int) -> None:
    ask = context(text)
    pattern = re.compile("..?")
    inside = [match for match in pattern.finditer(ask.view.text)
              if low <= match.start() and match.end() <= high]
    assert matches(ask, pattern).count(low, high) == len(inside)


def test_matches_are_found_once_a_document_and_pattern() -> None:
    ask = context("投入3亿元，增长5%")
    found = matches(ask, re.compile(r"\d"))
    assert found.starts == (2, 8) and found.ends == (3, 9)
    assert matches(ask, re.compile(r"\d")) is found
    assert matches(ask, re.compile(r"\w")) is not found


def test_once_makes_a_thing_once() -> None:
    made: list[int] = []

    def make(_: Context) -> list[int]:
        made.append(1)
        return made
    ask = context("云泽区")
    assert once(ask, "k", make) is once(ask, "k", make)
    assert made == [1]
