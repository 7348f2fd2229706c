"""The column formats beside character BIO, read by seqeval and by their own reader."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters import Export, char_bio, char_bioes, export, word_bio
from exporters.columns import read_columns
from exporters.words import cut_words
from labels.errors import OffsetError
from labels.gold import GoldSpan
from labels.tokens import bioes_spans, bioes_tags
from tests.exporters.nasty import (
    RELEASE, lost_spans, places, region, release_of, spans_of,
)

READERS = {"char-bio": char_bio.read, "char-bioes": char_bioes.read, "word-bio": word_bio.read}
FORMATS = sorted(READERS)


def sequences(export: Export) -> Iterator[tuple[list[str], list[str]]]:
    for name in ("train.txt", "test.txt"):
        with (export.folder / name).open(encoding="utf-8", newline="\n") as lines:
            yield from read_columns(lines)


@pytest.mark.parametrize("name", FORMATS)
def test_gold_is_what_loads_and_what_was_declared_lost(
        name: str, exported: Callable[[str], Export]) -> None:
    done = exported(name)
    found = list(READERS[name](done.folder))
    dropped = [loss for loss in done.losses if loss.kind == "dropped"]
    assert places(found) == places(RELEASE.asked("spans"))
    assert spans_of(found) + lost_spans(dropped) == spans_of(RELEASE.regions)
    assert len(dropped) == 7


@pytest.mark.parametrize("name", FORMATS)
def test_seqeval_finds_the_spans_that_were_written(
        name: str, exported: Callable[[str], Export]) -> None:
    scheme = pytest.importorskip("seqeval.scheme")
    found: Counter[tuple[str, str]] = Counter()
    for tokens, tags in sequences(exported(name)):
        (entities,) = scheme.Entities(
            [tags], scheme.IOBES if name == "char-bioes" else scheme.IOB2).entities
        for entity in entities:
            found["".join(tokens[entity.start:entity.end]), entity.tag] += 1
    written = Counter((one.text[span.start:span.end], span.label)
                      for one in READERS[name](exported(name).folder) for span in one.spans)
    assert found == written and sum(found.values()) == 26


def test_spans_that_split_a_word_are_listed_as_repaired(
        exported: Callable[[str], Export]) -> None:
    done = exported("word-bio")
    repaired = [loss for loss in done.losses if loss.kind == "repaired"]
    assert [(loss.region, loss.what) for loss in repaired] == [
        ("n1:astral", "span 8-14 ORG"), ("n1:astral", "span 14-16 POST"),
        ("n4:again", "span 0-2 PERSON")]
    assert lost_spans(repaired).keys() <= spans_of(word_bio.read(done.folder)).keys()


def test_words_are_those_of_jieba_where_no_span_cuts_them() -> None:
    assert cut_words("我们爱自然语言", []) == (["我们", "爱", "自然语言"], [])
    span = GoldSpan(3, 5, "ORG")
    assert cut_words("我们爱自然语言", [span]) == (["我们", "爱", "自然", "语言"], [span])


def test_nested_and_adjacent_single_tokens_have_their_own_tags() -> None:
    spans = (GoldSpan(0, 1, "A"), GoldSpan(1, 2, "A"), GoldSpan(2, 4, "A"), GoldSpan(5, 8, "B"))
    tags = ["S-A", "S-A", "B-A", "E-A", "O", "B-B", "I-B", "E-B"]
    assert bioes_tags(8, spans) == tags
    assert bioes_spans(tags) == spans


@pytest.mark.parametrize("tags", [
    ["I-A"], ["E-A"], ["B-A"], ["B-A", "O"], ["B-A", "B-A", "E-A"], ["B-A", "E-B"], ["B-A", "S-A"],
    ["X-A"], ["S"], [""], ["S-"]])
def test_tags_that_do_not_fit_are_refused(tags: list[str]) -> None:
    with pytest.raises(OffsetError):
        bioes_spans(tags)


TEXT = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]),
              st.sampled_from(" \t\r\n\u3000␠␊\\u004𠮷\u200d江岚市人民政府2031年")),
    min_size=1, max_size=60)


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None)  # files are written
@given(text=TEXT, data=st.data())
def test_any_text_with_any_spans_reads_back(
        name: str, text: str, data: st.DataObject,
        tmp_path_factory: pytest.TempPathFactory) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    spans = (GoldSpan(start, end, "ORG"),
             *([GoldSpan(end, len(text), "ORG")] if end < len(text) else []))
    one = replace(region("a:1", text, ("spans",)), spans=spans)
    folder = tmp_path_factory.mktemp("any")
    done = export(release_of(one), name, folder)
    assert not [loss for loss in done.losses if loss.kind != "repaired"]
    assert [(found.text, found.spans) for found in READERS[name](folder)] == [(text, spans)]


def test_a_word_that_looks_like_an_escape_stays_a_word(tmp_path: Path) -> None:
    one = region("a:1", "\\u0041与\\u200d", ("spans",), [("\\u0041", "ORG")])
    export(release_of(one), "word-bio", tmp_path / "out")
    (found,) = word_bio.read(tmp_path / "out")
    assert (found.text, found.spans) == (one.text, one.spans)
