"""Offsets → tags and back, windows, and the characters of a column file."""
from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.errors import OffsetError
from labels.gold import GoldSpan
from labels.tokens import (
    bio_spans, bio_tags, column_char, column_text, column_token, flat, text_of_column, windows,
)

LABELS = ("ORG", "B-X", "职务")


@st.composite
def spans_in(draw: st.DrawFn, length: int, most: int = 8) -> list[GoldSpan]:
    found = []
    for _ in range(draw(st.integers(0, most)) if length else 0):
        start = draw(st.integers(0, length - 1))
        found.append(GoldSpan(start, draw(st.integers(start + 1, length)),
                              draw(st.sampled_from(LABELS))))
    return found


TEXT = st.text(st.sampled_from("云泽区𠮷。；\n \t”"), max_size=60)


def test_tags_open_with_b_and_white_space_inside_is_i() -> None:
    tags = bio_tags(5, [GoldSpan(0, 3, "PERSON"), GoldSpan(3, 4, "POST")])
    assert tags == ["B-PERSON", "I-PERSON", "I-PERSON", "B-POST", "O"]


def test_adjacent_spans_of_one_label_stay_two() -> None:
    spans = (GoldSpan(0, 2, "LOC"), GoldSpan(2, 4, "LOC"))
    assert bio_tags(4, spans) == ["B-LOC", "I-LOC", "B-LOC", "I-LOC"]
    assert bio_spans(bio_tags(4, spans)) == spans


@given(st.data(), st.integers(0, 40))
def test_tags_of_flat_spans_give_the_spans_back(data: st.DataObject, length: int) -> None:
    kept, _ = flat(data.draw(spans_in(length)))
    tags = bio_tags(length, kept)
    assert len(tags) == length
    assert bio_spans(tags) == kept


@pytest.mark.parametrize("span", [GoldSpan(1, 1, "A"), GoldSpan(-1, 2, "A"), GoldSpan(2, 5, "A")])
def test_span_outside_or_empty_is_refused(span: GoldSpan) -> None:
    with pytest.raises(OffsetError, match="does not lie"):
        bio_tags(4, [span])


def test_overlap_is_refused() -> None:
    with pytest.raises(OffsetError, match="overlaps"):
        bio_tags(4, [GoldSpan(0, 3, "A"), GoldSpan(2, 4, "B")])


@pytest.mark.parametrize(
    "tags", [["I-A"], ["O", "I-A"], ["B-A", "I-B"], ["X"], ["B-"], ["B"], [""]])
def test_tags_that_are_not_bio_are_refused(tags: list[str]) -> None:
    with pytest.raises(OffsetError, match="continues nothing"):
        bio_spans(tags)


def test_the_longest_of_overlapping_spans_stays() -> None:
    outer, inner, tail = GoldSpan(0, 9, "ORG"), GoldSpan(0, 3, "LOC"), GoldSpan(8, 11, "ORG")
    assert flat([inner, tail, outer]) == ((outer,), (inner, tail))


def test_of_one_place_with_two_labels_the_first_stays() -> None:
    first, second = GoldSpan(0, 4, "PROJECT"), GoldSpan(0, 4, "LOC")
    assert flat([first, second]) == ((first,), (second,))


@given(st.data(), st.integers(0, 40))
def test_every_span_is_kept_or_dropped_for_one_that_is_no_shorter(
        data: st.DataObject, length: int) -> None:
    spans = data.draw(spans_in(length))
    kept, dropped = flat(spans)
    assert sorted([*kept, *dropped], key=repr) == sorted(spans, key=repr)
    for left, right in zip(kept, kept[1:]):
        assert left.end <= right.start
    for span in dropped:
        assert any(other.start < span.end and span.start < other.end
                   and other.end - other.start >= span.end - span.start for other in kept)


def test_window_ends_after_the_last_sentence_that_fits() -> None:
    text = "一二。三四。”五六七八"
    assert [text[w.start:w.end] for w in windows(text, [], 8)] == ["一二。三四。”", "五六七八"]


def test_window_without_a_sentence_end_is_cut_before_the_span() -> None:
    assert [(w.start, w.end) for w in windows("零一二三四五六七", [GoldSpan(3, 6, "A")], 5)] == [
        (0, 3), (3, 8)]


def test_window_gives_way_to_a_span_longer_than_it() -> None:
    assert [(w.start, w.end) for w in windows("零一二三四五六七", [GoldSpan(1, 7, "A")], 3)] == [
        (0, 1), (1, 7), (7, 8)]


def test_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="0 characters"):
        windows("一", [], 0)


@given(st.data(), TEXT, st.integers(1, 12))
def test_windows_join_to_the_text_and_cut_no_span(
        data: st.DataObject, text: str, limit: int) -> None:
    spans = data.draw(spans_in(len(text)))
    found = windows(text, spans, limit)
    assert "".join(text[w.start:w.end] for w in found) == text
    for window in found:
        assert window.start < window.end
        for span in spans:
            assert span.end <= window.start or window.end <= span.start or (
                window.start <= span.start and span.end <= window.end)
        if window.end - window.start > limit:  # only where no earlier place was free
            free = range(window.start + 1, window.end)
            assert all(any(s.start < p < s.end for s in spans) for p in free)


@pytest.mark.parametrize(("char", "token"), [
    ("区", "区"), ("𠮷", "𠮷"), ("\\", "\\"), ("#", "#"), (" ", "␠"), ("\n", "␊"), ("\r", "␍"),
    ("\t", "␉"), ("\u3000", "␣"), ("\xa0", "\\u00a0"), ("\u200d", "\\u200d"),
    ("␠", "\\u2420"), ("\U000e0041", "\\ue0041"), ("\ufe0f", "\ufe0f"), ("\ud800", "\\ud800")])
def test_column_token_is_visible(char: str, token: str) -> None:
    assert column_token(char) == token
    assert column_char(token) == char


def test_every_character_of_unicode_comes_back_from_its_token() -> None:
    seen = set()
    for code in range(sys.maxunicode + 1):
        token = column_token(chr(code))
        assert token.split() == [token] and column_char(token) == chr(code)
        seen.add(token)
    assert len(seen) == sys.maxunicode + 1


@pytest.mark.parametrize("token", ["", "区县", "\\u20", "\\u20G0", "\\n", "\\uffffff"])
def test_token_that_is_no_character_is_refused(token: str) -> None:
    with pytest.raises(OffsetError, match="not one character"):
        column_char(token)


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \t\r\n\u3000␠␊␣␢江岚𠮷")), max_size=20))
def test_a_text_is_written_as_its_characters_or_not_at_all(text: str) -> None:
    each = "".join(map(column_token, text))
    shown = column_text(text)
    assert shown in (None, each)
    assert shown is None or text_of_column(shown) == text
    assert text_of_column(text) in (None, "".join(map(column_char, text)))


@pytest.mark.parametrize("text", ["云泽区", "一、\n　二。\t\r", "𠮷 3%"])
def test_common_text_is_written_in_one_go(text: str) -> None:
    assert column_text(text) == "".join(map(column_token, text))
