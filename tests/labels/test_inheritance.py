"""Passages that are the same, and what is said of one said of the other."""
from __future__ import annotations

import hashlib
import re
import unicodedata

import pytest
from hypothesis import assume, given, strategies as st

from labels import near
from labels.inheritance import (
    FIGURES, SOURCES, WORDS, Said, brought_in, brought_out, form, prints, said_from,
    said_within,
)

OLD = "2024年，江岚市云泽区一般公共预算收入65.2亿元，同比增长3.5%，完成预算的101%。"
NEW = "2025年，江岚市云泽区一般公共预算收入1,070.25亿元，同比增长12%，完成预算的98.5%。"
WRAPPED = NEW.replace("一般公共", "一般\n公共").replace("2025年", "２０２５年")


def slices(text: str, said: Said) -> list[tuple[str, str]]:
    return [(text[start:end], label) for start, end, label in said.spans]


def spans(text: str, *words: tuple[str, str]) -> Said:
    return Said(tuple(sorted((text.index(word), text.index(word) + len(word), label)
                             for word, label in words)))


def test_the_same_words_are_known_again_whatever_extraction_put_between_them() -> None:
    assert prints(WRAPPED) == prints(NEW) is not None
    assert prints(NEW).words != prints(OLD).words and prints(NEW).figures == prints(OLD).figures


@pytest.mark.parametrize("other", [
    OLD.replace("增长", "下降"), OLD.replace("亿元", "万元"), OLD.replace("3.5%", "3.5"),
    OLD.replace("2024年", "二〇二四年"), OLD.replace("云泽", "临泽"), OLD + "略"])
def test_other_words_units_or_kinds_of_figures_are_another_passage(other: str) -> None:
    assert prints(other).figures != prints(OLD).figures


@pytest.mark.parametrize("text", ["", "特此通知。", "2024年1月—2024年12月31日 100 200 300 400 500"])
def test_what_says_too_little_is_not_known_again(text: str) -> None:
    assert prints(text) is None


def test_labels_stand_on_the_figures_of_the_other_passage() -> None:
    said = spans(OLD, ("2024年", "DATE"), ("65.2亿元", "MONEY"), ("3.5%", "PERCENT"),
                 ("云泽区", "LOCATION"))
    there = brought_out(brought_in(said, form(OLD, FIGURES)), form(WRAPPED, FIGURES))
    assert slices(WRAPPED, there) == [("２０２５年", "DATE"), ("云泽区", "LOCATION"),
                                      ("1,070.25亿元", "MONEY"), ("12%", "PERCENT")]
    assert there.whole


def test_a_label_with_a_border_inside_a_figure_is_not_brought_over() -> None:
    said = spans(OLD, ("65", "QUANTITY"), ("3.5%", "PERCENT"))
    inside = brought_in(said, form(OLD, FIGURES))
    assert [label for _, _, label in inside.spans] == ["PERCENT"] and not inside.whole
    assert brought_in(said, form(OLD, WORDS)).whole, "word for word its border has a place"


def test_a_relation_falls_with_its_end() -> None:
    said = Said(spans(OLD, ("收入", "INDICATOR"), ("65", "QUANTITY"), ("65.2亿元", "MONEY")).spans,
                (("VALUE", 0, 1, None), ("VALUE", 0, 2, "up")))
    ends = [said.spans[index][2] for index in (0, 1, 2)]
    assert ends == ["INDICATOR", "QUANTITY", "MONEY"]
    there = brought_out(brought_in(said, form(OLD, FIGURES)), form(NEW, FIGURES))
    assert [(kind, there.spans[source][2], there.spans[target][2], direction)
            for kind, source, target, direction in there.relations] == [
                ("VALUE", "INDICATOR", "MONEY", "up")]


def test_what_reaches_beyond_a_passage_is_left_out_and_told() -> None:
    answer = {"spans": [{"start": 0, "end": 2, "label": "A"}, {"start": 5, "end": 8, "label": "B"},
                        {"start": 8, "end": 9, "label": "C"}],
              "relations": [{"type": "R", "source": 1, "target": 2},
                            {"type": "R", "source": 0, "target": 2}], "classes": {}}
    assert said_within(answer, 5, 9) == Said(((0, 3, "B"), (3, 4, "C")), (("R", 0, 1, None),))
    assert said_within(answer, 5, 9).whole and not said_within(answer, 6, 9).whole


def test_sayings_are_equal_in_whatever_order_they_were_made() -> None:
    one = {"spans": [{"start": 0, "end": 2, "label": "A"}, {"start": 3, "end": 4, "label": "B"}],
           "relations": [{"type": "R", "source": 0, "target": 1}],
           "classes": {"topics": ["b", "a"], "function": ["x"]}}
    other = {"spans": one["spans"][::-1],
             "relations": [{"type": "R", "source": 1, "target": 0, "direction": None}],
             "classes": {"function": ["x"], "topics": ["a", "b"]}}
    assert said_within(one, 0, 9).text() == said_within(other, 0, 9).text()


# --- for any text --------------------------------------------------------------------------------

pieces = st.lists(st.one_of(
    st.text("云泽区收入 亿元，%。.,年\n\t　（）一二三", min_size=1, max_size=8),
    st.sampled_from(["7", "2024", "65.2", "1,070.25", "３０", "二〇二四", "十五", "𠮷祥", "A 8"])),
    min_size=1, max_size=12)
texts = pieces.map("".join).filter(lambda text: form(text, WORDS).key.strip())
DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


@st.composite
def spanned(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(texts)
    offsets = st.integers(0, len(text) - 1)
    places = draw(st.lists(st.tuples(offsets, offsets), max_size=6))
    return text, [(min(place), max(place) + 1) for place in places]


@given(spanned(), st.sampled_from(SOURCES))
def test_a_place_goes_in_and_comes_out_as_it_was(given_: tuple[str, list[tuple[int, int]]],
                                                 source: str) -> None:
    text, places = given_
    shape = form(text, source)
    for place in places:
        inside = shape.inward(*place)
        assert inside is None or shape.outward(*inside) == place


def written(pieces: list[str | None], figures: list[str]) -> str:
    """`pieces` with the figures where None stands."""
    fresh = iter(figures)
    return "".join(next(fresh) if piece is None else piece for piece in pieces)


def bare(text: str) -> str:
    """Without white space and width, each figure a 0."""
    return DIGITS.sub("0", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))


figures = st.lists(st.sampled_from(["7", "12", "3,000.5", "98.75", "４０"]), min_size=9, max_size=9)


@given(st.lists(st.one_of(st.none(), st.text("云泽区收入 亿元，%。.,年A\n\t　（）一", min_size=1,
                                             max_size=6)), min_size=1, max_size=9),
       figures, figures, st.data())
def test_slices_are_equal_up_to_figures(pieces: list[str | None], before: list[str],
                                        after: list[str], data: st.DataObject) -> None:
    """Other figures in the same words: each slice that is brought over is the slice it was."""
    text, other = written(pieces, before), written(pieces, after)
    assume(form(text, WORDS).key)
    mine, theirs = form(text, FIGURES), form(other, FIGURES)
    assert mine.key == theirs.key
    offsets = st.integers(0, len(text) - 1)
    said = Said(tuple(sorted({(min(place), max(place) + 1, "X") for place in data.draw(
        st.lists(st.tuples(offsets, offsets), max_size=6))})))
    there = brought_out(brought_in(said, mine), theirs)
    back = brought_out(brought_in(there, theirs), mine)
    assert len(there.spans) == len(back.spans) and set(back.spans) <= set(said.spans)
    for (start, end, _), (low, high, _) in zip(back.spans, there.spans):
        assert bare(text[start:end]) == bare(other[low:high])


@given(texts)
def test_prints_are_of_the_form(text: str) -> None:
    long = text + OLD
    made = prints(long)
    assert made is not None
    for source, printed in zip(SOURCES, (made.words, made.figures)):
        key = form(long, source).key.encode()
        assert hashlib.sha256(key).hexdigest().startswith(printed)


@given(texts, texts)
def test_who_inherits_is_a_near_duplicate(one: str, other: str) -> None:
    for text in (DIGITS.sub("44", one), other):
        if form(text, FIGURES).key == form(one, FIGURES).key:
            assert near.normal(text) == near.normal(one)


@given(spanned(), st.sampled_from(SOURCES))
def test_what_is_said_is_read_as_it_was_written(given_: tuple[str, list[tuple[int, int]]],
                                                source: str) -> None:
    text, places = given_
    said = brought_in(Said(tuple(sorted({(*place, "X") for place in places}))),
                      form(text, source))
    assert said_from(said.text(), said.whole) == said
