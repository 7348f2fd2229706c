from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, strategies as st

from labels import patterns
from labels.document import Block, Document
from labels.errors import RuleError
from labels.patterns import compile_pattern, find_in, mentions, pattern_rule, unmarked


@pytest.mark.parametrize("pattern, position, words", [
    ("云泽区(财政", 4, "missing"), ("[局", 1, "missing"), ("局)", 2, "unexpected"),
    ("*局", 1, "no argument"), ("区(?=政府)", 2, "invalid perl operator"),
    ("(?<=区)局", 1, "invalid perl operator"), (r"(区)\1", 4, "invalid escape"),
    ("区{2000}", 2, "invalid repetition size"), ("区[局-人]", 3, "invalid character class"),
    ("区\\", 2, "trailing"),
])
def test_a_pattern_that_does_not_compile_is_refused_with_the_position(
        pattern: str, position: int, words: str) -> None:
    with pytest.raises(RuleError, match=f"at character {position}: {re.escape(words)}"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["", "局*", "(区|)", "^", "$", "(?P<mention>局)?"])
def test_a_pattern_that_matches_the_empty_text_is_refused(pattern: str) -> None:
    with pytest.raises(RuleError, match="empty text"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern, words", [
    ("局" * 2001, "longer than 2000"), ("\ud800", "half a character"),
    (r"[\W局]", r"\\W cannot stand in a class"),
])
def test_other_patterns_that_are_none(pattern: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern, text, found", [
    (r"\w+", "云泽区，abc１", ["云泽区", "abc1"]),
    (r"[\w、]+", "云、泽。区", ["云、泽", "区"]),
    (r"\d+", "第٣条3", ["٣", "3"]),
    (r"\W", "云。", ["。"]), (r"[^\s局]+", "财 政\u2003局", ["财政"]),
    (r"[]局]", "局]", ["局", "]"]), (r"[[:digit:]\w]", "局", ["局"]), (r"\\w", "\\w", ["\\w"]),
    (r"\Q[\w]\E", "[\\w]", ["[\\w]"]), ("(?i)abc", "ABC", ["ABC"]),
    ("(?P<mention>𠮷祥)公司", "在𠮷祥公司😀𠮷祥公司", ["𠮷祥", "𠮷祥"]),
    ("任(?P<mention>局长)?务", "任务，任局长务", ["局长"]),
])
def test_classes_are_of_all_scripts_and_a_group_may_be_the_mention(
        pattern: str, text: str, found: list[str]) -> None:
    folded = Document("d", text)
    assert [folded.text[a:b].translate({0xFF11: "1", 0x20: None}) for a, b in
            find_in(pattern, folded)] == found


def test_no_match_crosses_a_block() -> None:
    blocks = Block("paragraph", 0, 2), Block("paragraph", 4, 6)
    document = Document("d", "财政\n\n局长", blocks=blocks)
    assert find_in("[^。]+", document) == ((0, 2), (4, 6))
    assert find_in(r"政\s*局", document) == find_in("(?s)政.局", document) == ()


def test_a_match_leads_back_through_what_extraction_left_inside() -> None:
    assert find_in("云泽区财政局", Document("d", "据云 泽区财\n政局报告")) == ((1, 9),)


@given(st.text(st.characters(codec=None), max_size=60))
def test_offsets_are_code_points_in_any_text(text: str) -> None:
    compiled = compile_pattern(r"\w")
    found = [text[start:end] for start, end in mentions(compiled, text)]
    assert all(len(one) == 1 for one in found)
    assert "".join(found) == "".join(char for char in text if compiled.search(
        "\ufffd" if "\ud800" <= char <= "\udfff" else char))


def test_marks_are_read_from_examples() -> None:
    assert unmarked("⟦a⟧b⟦cd⟧") == ("abcd", ((0, 1), (2, 4)))


@pytest.mark.parametrize("examples, rejects, words", [
    (("拨打热线12345",), (), "marks nothing"),
    (("拨打热线⟦12345⟧", "拨打⟦12345⟧"), (), "finds nothing in the example 拨打⟦12345⟧"),
    (("拨打⟦热线12345⟧",), (), "finds 12345 in the example"),
    (("⟦热线12345⟧和热线67890",), (), "finds 12345、67890 in the example"),
    (("热线⟦12345⟧",), ("热线67890",), "finds 67890 in what it must reject"),
    (("热线⟦12345⟧",), ("⟦67890⟧",), "marks in ⟦ ⟧ what must not match"),
])
def test_an_example_that_does_not_do_what_it_says_is_refused(
        examples: tuple[str, ...], rejects: tuple[str, ...], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        pattern_rule("hotline", "QUANTITY", r"热线(?P<mention>\d{5})", 50, 0.8, examples, rejects)


@given(st.text("甲乙丙\n", max_size=200), st.sampled_from(
    ("甲+", "甲乙?丙", "^甲", "丙$", r"\A甲乙", r"乙\z", "甲[^乙]{0,5}丙", "(?P<mention>乙)丙")))
def test_windows_neither_lose_nor_repeat_a_match(text: str, pattern: str) -> None:
    compiled = compile_pattern(pattern)
    whole = list(mentions(compiled, text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "_WINDOW", 20)
        patch.setattr(patterns, "REACH", 10)
        windowed = list(mentions(compiled, text))
    if pattern != "甲+":  # which may be longer than this reach
        assert windowed == whole
    assert "".join(text[a:b] for a, b in windowed) == "".join(text[a:b] for a, b in whole)


@pytest.mark.parametrize("pattern", ["局.*长|局", "(局+)+长|局", "[^长]*局长|局", "(局|局局)*长"])
def test_the_cost_is_linear_in_a_line_without_end(pattern: str) -> None:
    compiled = compile_pattern(pattern)

    def cost(length: int) -> float:
        text = "局" * length
        before = time.process_time()
        assert sum(1 for _ in mentions(compiled, text)) in (0, length)
        return time.process_time() - before
    cost(2_000)
    assert cost(40_000) < 12 * cost(10_000) + 0.1
