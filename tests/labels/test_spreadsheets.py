"""Text that a spreadsheet opens: never a formula, and itself again."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.spreadsheets import guarded, unguarded

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x",
            " =1", "\u3000=1", "\ufeff=1", "\u200b=1", "\x00=1", "=cmd|' /C calc'!A0", "-", "+",
            "=", "-5.2元", "--5", "-5.2\n=1", "\t文字")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_a_formula_is_led_by_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-5.20", "+3%", "12", "就业岗位", "a=b", "（-3）", "−3", "1-2"])
def test_words_and_plain_numbers_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text == unguarded(guarded(text))


@given(st.text(st.one_of(st.sampled_from("=+-@＝＋－＠'\t\r\n 　\ufeff\u200b1.%"), st.characters()),
               max_size=12))
def test_every_text_comes_back_and_none_begins_like_a_formula(text: str) -> None:
    kept = guarded(text)
    assert unguarded(kept) == text
    assert kept == text or kept == f"'{text}"
    if kept.lstrip()[:1] in tuple("=+-@＝＋－＠"):
        float(kept.rstrip("%"))  # a number is all that may begin so
