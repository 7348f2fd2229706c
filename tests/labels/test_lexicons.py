from __future__ import annotations

from pathlib import Path

import pytest

from labels.errors import LexiconError
from labels.govdoc import FOLDER, lexicon
from labels.lexicons import load_lexicon, parse_lexicon

SOURCE = "# 单位\nterm\tkind\n财政局\torgan\n区财政局\torgan\n局长\tpost\n"


def test_find_takes_the_leftmost_longest_term() -> None:
    words = parse_lexicon("w", SOURCE, "w.tsv")
    text = "𠮷区财政局局长"
    assert [(term, text[start:end]) for term, start, end in words.find(text)] == [
        ("区财政局", "区财政局"), ("局长", "局长")]


def test_terms_are_chosen_by_column_longest_first() -> None:
    assert parse_lexicon("w", SOURCE, "w.tsv").terms(kind="organ") == ["区财政局", "财政局"]


def test_the_longest_term_at_a_place_and_before_one() -> None:
    words = parse_lexicon("w", SOURCE + "区\torgan\n", "w.tsv")
    text = "在区财政局局"
    assert words.at(text, 1) == "区财政局" and words.at(text, 0) is None
    assert words.at("区财", 0) == "区" and words.at("", 0) is None
    assert words.ending(text, 5) == "区财政局" and words.ending(text, 6) is None
    assert words.ending(text, 5, 2) == "财政局" and words.ending(text, 5, 3) is None
    assert words.ending("政局", 2) is None and words.ending("区", 0) is None


def test_part_of_a_lexicon_finds_its_kinds_only() -> None:
    words = parse_lexicon("w", SOURCE, "w.tsv")
    assert words.only("post").find("区财政局局长") == [("局长", 4, 6)]
    assert list(words.only("post", "organ")) == list(words)
    assert words.only("post") is words.only("post")
    assert words.only("none").find("局长") == []


@pytest.mark.parametrize("text, words", [
    (SOURCE + "局长\tpost\n", "w.tsv line 6: 局长 stands twice"),
    (SOURCE + " \tpost\n", "w.tsv line 6: the term is empty"),
    (SOURCE + "\tpost\n", "w.tsv line 6: the term is empty"),
    ("word\tkind\n", "w.tsv line 1"),
    (SOURCE + "庭长\tpost\tmore\n", "w.tsv line 6: there are more fields than columns"),
])
def test_a_bad_line_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(LexiconError) as caught:
        parse_lexicon("w", text, "w.tsv")
    assert words in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no lexicon gone.tsv"):
        load_lexicon(tmp_path / "gone.tsv")


@pytest.mark.parametrize("path", sorted((FOLDER / "lexicons").glob("*.tsv")),
                         ids=lambda path: path.stem)
def test_the_lexicons_of_the_pack_load(path: Path) -> None:
    assert lexicon(path.stem).entries


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "w.tsv").write_bytes(b"term\n" + "局长\n".encode() + b"\xff\xfe\n")
    with pytest.raises(LexiconError, match="w.tsv line 3: this is not UTF-8"):
        load_lexicon(tmp_path / "w.tsv")
