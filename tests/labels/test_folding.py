from __future__ import annotations

from hypothesis import given, strategies as st

from labels.document import Block
from labels.folding import fold, plain_blocks

CHARACTERS = st.text(alphabet=st.sampled_from("江岚市1２３，。,. \t\n\r\u3000年Ab（）𠮷😀"), max_size=120)


@given(CHARACTERS)
def test_every_folded_character_comes_from_the_source_in_order(text: str) -> None:
    view = fold(text)
    assert len(view.text) == len(view.offsets)
    assert list(view.offsets) == sorted(set(view.offsets))
    assert all(offset <= len(text) for offset in view.offsets)


@given(CHARACTERS)
def test_mapping_back_keeps_all_that_is_not_white_space(text: str) -> None:
    view = fold(text)
    for start, end, _ in view.blocks:
        low, high = view.span(start, end)
        source = "".join(text[low:high].split())
        folded = "".join(view.text[start:end].split())
        assert len(source) == len(folded)


@given(CHARACTERS)
def test_plain_blocks_hold_all_that_is_not_white_space(text: str) -> None:
    blocks = plain_blocks(text)
    covered = "".join(text[block.start:block.end] for block in blocks)
    assert "".join(covered.split()) == "".join(text.split())


def test_white_space_inside_a_number_goes_and_the_span_keeps_it() -> None:
    text = "投入 153 亿\n元，增长"
    view = fold(text)
    assert view.text == "投入153亿元，增长"
    start = view.text.index("153")
    assert text[slice(*view.span(start, start + 5))] == "153 亿\n元"


def test_full_width_forms_become_ascii_but_the_comma_stays() -> None:
    assert fold("（１２．５％），Ａ").text == "(12.5%)，A"


def test_a_tab_stays_as_a_border_between_cells() -> None:
    assert fold("江 岚\t云泽").text == "江岚\t云泽"


def test_words_in_latin_letters_keep_their_space() -> None:
    assert fold("Label Studio 平台").text == "Label Studio平台"


def test_a_paragraph_cut_by_a_page_break_is_joined() -> None:
    text = "云泽区全年新增就业岗位一万二千个以上并且着力推进了高校毕业生\n\n就业服务工作。\n\n另起一段"
    view = fold(text)
    assert "毕业生就业服务工作。\n另起一段" in view.text


def test_page_furniture_is_skipped() -> None:
    text = "正文\n第3页\n正文"
    blocks = [Block("paragraph", 0, 2), Block("page_furniture", 3, 6), Block("paragraph", 7, 9)]
    assert fold(text, blocks).text == "正文\n正文"


def test_gap_before_tells_where_white_space_was_dropped() -> None:
    view = fold("李萍 秦冰")
    assert view.text == "李萍秦冰"
    assert [view.gap_before(i) for i in range(4)] == [False, False, True, False]


def test_locate_leads_from_the_source_into_the_view() -> None:
    text = "共 12 项"
    view = fold(text)
    assert view.text[view.locate(text.index("12"))] == "1"
    assert view.locate(1) == 1
