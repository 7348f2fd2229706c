from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from labels import govdoc
from labels.anchoring import CONTEXT, Alignment, align
from labels.document import Block, Document, Section
from labels.errors import OffsetError


def made(*paragraphs: str, sections: tuple[Section, ...] = ()) -> Document:
    """A document of paragraphs, one block each."""
    blocks, start = [], 0
    for paragraph in paragraphs:
        if paragraph.strip():
            blocks.append(Block("paragraph", start, start + len(paragraph)))
        start += len(paragraph) + 1
    return Document("d", "\n".join(paragraphs), blocks=tuple(blocks), sections=sections)


def found(old: Document, new: Document, quote: str, nth: int = 0) -> tuple[str, list[int]]:
    """Verdict and starts of the places of the `nth` mention of `quote`."""
    start = -1
    for _ in range(nth + 1):
        start = old.text.index(quote, start + 1)
    one = Alignment(old, new).anchor(start, start + len(quote))
    return one.verdict, [place[0] for place in one.places]


INCOME = "全年实现一般公共预算收入65.2亿元，同比增长6.5%，完成预算的102%。"
ROADS = "云泽大道北延伸段建成通车，新增公交线路3条，群众出行更加便利。"
SCHOOL = "新建公办幼儿园4所，新增学位1200个，学前教育普惠率达到88%。"


def test_a_label_in_a_paragraph_that_only_slid_is_unchanged() -> None:
    old, new = made(INCOME, ROADS), made("政府工作报告", INCOME, SCHOOL, ROADS)
    assert found(old, new, "65.2亿元") == ("unchanged", [new.text.index("65.2亿元")])
    assert found(old, new, "3条") == ("unchanged", [new.text.index("3条")])


def test_a_label_in_a_paragraph_that_was_put_elsewhere_is_moved() -> None:
    old, new = made(INCOME, ROADS, SCHOOL), made(ROADS, SCHOOL, INCOME)
    assert found(old, new, "65.2亿元") == ("moved", [new.text.index("65.2亿元")])
    assert found(old, new, "4所") == ("unchanged", [new.text.index("4所")])


def test_a_label_under_another_heading_is_moved() -> None:
    def under(title: str) -> Document:
        end = len(title) + 1 + len(INCOME)
        return made(title, INCOME, sections=(Section(1, "一、", title, 0, end, 0, len(title)),))
    old = under("工作回顾")
    assert found(old, under("工作回顾"), "65.2亿元")[0] == "unchanged"
    assert found(old, under("主要成绩"), "65.2亿元")[0] == "moved"


def test_of_two_equal_tables_the_one_that_stayed_is_not_taken_for_the_other() -> None:
    table = ("项目 预算数 决算数 完成率 说明", "教育支出 1200 1260 105% 追加", "合计 1200 1260 105%")
    old = made(*table, INCOME, *table)
    new = made(*(row.replace("1260", "1261") for row in table), INCOME, *table)
    verdict, places = found(old, new, "教育支出 1200")
    assert verdict == "moved" and places == [new.text.index("教育支出 1200")]
    assert found(old, new, "1260")[0] in ("ambiguous", "lost")


def test_words_beside_a_label_may_change() -> None:
    new = made(INCOME.replace("收入65.2亿元，", "收入达65.2亿元，"), ROADS)
    assert found(made(INCOME, ROADS), new, "65.2亿元") == ("moved", [new.text.index("65.2亿元")])


def test_a_label_whose_words_changed_is_lost() -> None:
    new = made(INCOME.replace("65.2", "65.8"), ROADS)
    assert found(made(INCOME, ROADS), new, "65.2亿元") == ("lost", [])
    assert found(made(INCOME, ROADS), new, "6.5%") == ("moved", [new.text.index("6.5%")])


def test_words_with_other_white_space_are_only_a_candidate() -> None:
    old, new = made("任命黄辉为局长。"), made("任命黄 辉为区财政局局长。")
    assert found(old, new, "黄辉") == ("ambiguous", [new.text.index("黄 辉")])


def test_of_equal_rows_that_lost_one_nobody_says_which() -> None:
    old = made("表一", "合计 甲 100", "合计 甲 100", "合计 甲 100", "完")
    new = made("表一", "说明", "合计 甲 100", "合计 甲 100", "附注", "完")
    verdict, places = found(old, new, "100", nth=1)
    assert verdict == "ambiguous" and len(places) == 2


def test_equal_rows_between_the_same_neighbours_stay_in_order() -> None:
    rows = ["表一", "合计 100", "合计 100", "完"]
    old, new = made(*rows), made("通知", *rows)
    for nth in (0, 1):
        assert found(old, new, "100", nth)[0] == "unchanged"
    assert found(old, new, "100", 1)[1] == [new.text.rindex("100")]


def test_a_word_in_a_place_unlike_its_own_is_not_claimed() -> None:
    old = made("会议由云泽区人大常委会主任主持，区政府有关负责人列席会议。")
    new = made("附件：各街道办事处推荐的居民委员会主任名册，共三页。")
    assert found(old, new, "主任")[0] in ("ambiguous", "lost")


def test_a_label_that_is_no_slice_is_refused() -> None:
    with pytest.raises(OffsetError):
        Alignment(made(INCOME), made(INCOME)).anchor(3, 900)


def test_slices_stand_in_order_or_once_at_borders_of_blocks() -> None:
    old, new = made(INCOME, ROADS, SCHOOL), made(SCHOOL, INCOME, ROADS + "此外，道路大修完成。")
    both = Alignment(old, new)
    at = len(INCOME) + 1 + len(ROADS) + 1
    assert both.repointed(0, len(INCOME)) == len(SCHOOL) + 1
    assert both.repointed(at, len(old.text)) == 0       # elsewhere, but it stands there once
    # The paragraph goes on now: what was asked of it would be half of it.
    assert both.repointed(len(INCOME) + 1, at - 1) is None


paragraphs = st.lists(st.text("云泽区年收入亿元0123，。", min_size=1, max_size=30), min_size=1,
                      max_size=12)


@given(paragraphs, st.randoms(use_true_random=False))
@example(["0"], random.Random(0))
@settings(max_examples=150)
def test_what_is_claimed_is_true(old_paragraphs: list[str], chance: random.Random) -> None:
    """After random edits: claimed places hold the same words, and a label whose words and
    surroundings stand once is found just there."""
    old, new = made(*old_paragraphs), made(*_edited(old_paragraphs, chance))
    both = Alignment(old, new)
    for _ in range(8):
        start = chance.randrange(len(old.text))
        end = min(len(old.text), start + chance.randint(1, 6))
        one = both.anchor(start, end)
        assert (one.verdict == "lost") == (not one.places)
        if one.found:
            assert new.text[slice(*one.found)] == old.text[start:end]
        left = max(0, start - CONTEXT)
        whole = old.text[left:end + CONTEXT]
        if all(text.find(whole) == text.rfind(whole) >= 0 for text in (old.text, new.text)):
            place = new.text.index(whole) + start - left
            assert one.found == (place, place + end - start)


def _edited(before: list[str], chance: random.Random) -> list[str]:
    after = list(before)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(after) + 1)
        edit = chance.choice(("insert", "delete", "swap", "letter", "copy"))
        if edit == "insert":
            after.insert(at, "".join(chance.choices("云泽区年收入亿元0123，。", k=9)))
        elif edit == "copy":
            after.insert(at, chance.choice(before))
        elif at < len(after) and edit == "delete":
            del after[at]
        elif at < len(after) and edit == "swap":
            after.append(after.pop(at))
        elif at < len(after):
            spot = chance.randrange(len(after[at]))
            after[at] = after[at][:spot] + chance.choice("新旧") + after[at][spot + 1:]
    return after


letters = st.lists(st.sampled_from("abcde"), max_size=12)


@given(letters, letters)
def test_aligned_pairs_are_equal_and_rise(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in zip(pairs, pairs[1:]))
    if old == new:
        assert len(pairs) == len(old)


def test_a_text_of_half_a_million_characters_is_aligned_in_seconds() -> None:
    chance = random.Random(7)
    before = ["".join(chance.choices("云泽区年实现收入增长建设街镇0123456789", k=100))
              for _ in range(5000)]
    after = [paragraph if chance.random() > 0.05 else paragraph[:50] + "改" + paragraph[50:]
             for paragraph in before if chance.random() > 0.02]
    old, new = made(*before), made(*after)
    began = time.process_time()
    both = Alignment(old, new)
    verdicts = [both.anchor(start, start + 4).verdict for start in range(10, len(old.text) - 9, 50)]
    assert time.process_time() - began < 20     # 2 s where it was measured
    assert verdicts.count("unchanged") > 0.9 * len(verdicts)


def test_after_many_edits_nearly_all_labels_are_found_and_none_elsewhere() -> None:
    """Every character is followed through the edits, so the true place of a label is known."""
    path = Path(govdoc.FOLDER).parents[1] / "workbench/demo/documents/yunze-final-accounts.txt"
    chance = random.Random(5)
    lines = path.read_text(encoding="utf-8").split("\n")
    old = made(*lines)
    numbered, at = [], 0
    for line in lines:
        numbered.append(list(enumerate(line, at)))
        at += len(line) + 1
    numbered.insert(3, numbered.pop(chance.randrange(20, len(numbered))))
    edited: list[list[tuple[int, str]]] = []
    for line in numbered:
        luck = chance.random()
        if luck < 0.03:
            continue
        if luck < 0.25 and len(line) > 8:
            spot = chance.randrange(len(line))
            line = line[:spot] + [(-1, "改")] + line[spot + chance.randrange(2):]
        edited.append(line)
        if luck > 0.97:
            edited.append([(-1, letter) for letter in "新增一段内容，前文没有。"])
    new = made(*("".join(letter for _, letter in line) for line in edited))
    place = {came: where for where, (came, _) in enumerate(
        pair for line in edited for pair in [*line, (-1, "\n")])}
    both, living, right = Alignment(old, new), 0, 0
    for start in range(0, len(old.text) - 8, 5):
        end = start + chance.randint(2, 8)
        if "\n" in old.text[start:end]:
            continue
        one, true = both.anchor(start, end), place.get(start, -1)
        if all(place.get(start + step) == true + step for step in range(end - start)):
            living += 1
            right += one.found == (true, true + end - start)
            assert one.found in (None, (true, true + end - start))
    assert living > 800 and right > 0.97 * living
