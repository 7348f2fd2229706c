"""The DocBins, loaded and trained on by spaCy."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pytest
import spacy
import spacy.tokens
import spacy.training
from hypothesis import given
from hypothesis import strategies as st

from exporters import Export, export, spacy_docbin
from exporters.spacy_docbin import docbin, make_doc, read
from labels.gold import GoldRegion
from tests.exporters.nasty import (
    RELEASE, joined, lost_spans, places, release_of, spans_of,
)


TRAIN, TEST = "train/part-0001.spacy", "test/part-0001.spacy"


def docs(export: Export, name: str) -> list[Any]:
    nlp = spacy.blank("zh")
    return list(spacy.tokens.DocBin().from_disk(export.folder / name).get_docs(nlp.vocab))


def loaded(export: Export) -> list[GoldRegion]:
    return list(joined(read(export.folder)).values())


def test_gold_is_what_loads_and_what_was_declared_lost(
        exported: Callable[[str], Export]) -> None:
    done = exported("spacy")
    found = loaded(done)
    assert places(found) == places(RELEASE.regions)
    assert spans_of(found) + lost_spans(done.losses) == spans_of(RELEASE.regions)


def test_entities_are_the_span_group_less_the_declared(
        exported: Callable[[str], Export]) -> None:
    done = exported("spacy")
    entities = {(doc.user_data["id"], ent.start_char, ent.end_char, ent.label_)
                for name in (TRAIN, TEST) for doc in docs(done, name)
                for ent in doc.ents}
    gold = spans_of(RELEASE.regions)
    assert entities == set(gold - lost_spans(done.losses) - lost_spans(done.losses, "ent"))
    assert len(lost_spans(done.losses, "ent")) == 4


def test_only_spans_edged_by_white_space_leave_the_span_group(
        exported: Callable[[str], Export]) -> None:
    texts = {region.id: region.text for region in RELEASE.regions}
    lost = lost_spans(exported("spacy").losses)
    words = sorted(texts[identity][start:end] for identity, start, end, _ in lost)
    assert words == ["\n任", " ", "局长 ", "黄 辉\n"]


def test_one_place_keeps_both_labels_in_the_span_group(
        exported: Callable[[str], Export]) -> None:
    doc = next(d for d in docs(exported("spacy"), TRAIN) if d.user_data["id"] == "n1:twice")
    assert [(span.text, span.label_) for span in doc.spans["sc"]] == [
        ("云泽新城", "LOC"), ("云泽新城", "PROJECT"), ("一期", "PROJECT")]


def test_tokens_are_those_of_the_blank_pipeline(exported: Callable[[str], Export]) -> None:
    nlp = spacy.blank("zh")
    texts = {region.id: region.text for region in RELEASE.regions}
    for doc in docs(exported("spacy"), TRAIN):
        assert doc.text == texts[doc.user_data["id"]]
        assert [(token.text, token.idx) for token in doc] == [
            (token.text, token.idx) for token in nlp.make_doc(doc.text)]


@given(text=st.text(st.one_of(st.sampled_from(" \t\n\u3000\x85江岚A1𠮷"), st.characters(
    exclude_categories=["Cs"])), min_size=1, max_size=40))
def test_any_text_has_the_tokens_of_the_blank_pipeline(text: str) -> None:
    nlp = spacy.blank("zh")
    ours, theirs = make_doc(nlp.vocab, text), nlp.make_doc(text)
    assert ours.text == text
    assert [(token.text, token.whitespace_) for token in ours] == [
        (token.text, token.whitespace_) for token in theirs]


def test_a_docbin_holds_what_spacy_itself_puts_there(exported: Callable[[str], Export]) -> None:
    made = [doc for name in (TRAIN, f"topics/{TRAIN}") for doc in docs(exported("spacy"), name)]
    theirs = spacy.tokens.DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True, docs=made)
    ours = docbin(made)
    vocab = spacy.blank("zh").vocab
    assert [doc.to_bytes() for doc in spacy.tokens.DocBin().from_bytes(
        ours.to_bytes()).get_docs(vocab)] == [doc.to_bytes() for doc in theirs.get_docs(vocab)]


def test_class_sets_are_apart_with_all_choices(exported: Callable[[str], Export]) -> None:
    done = exported("spacy")
    cats = {doc.user_data["id"]: doc.cats for doc in docs(done, f"topics/{TRAIN}")}
    assert cats["n1:astral"] == {"economy": 1.0, "personnel": 1.0, "employment": 0.0}
    assert cats["n2:classes"] == {"economy": 0.0, "personnel": 0.0, "employment": 0.0}
    assert [doc.user_data["id"] for doc in docs(done, f"function/{TEST}")] == ["n3:test-classes"]
    assert not (done.folder / "topics" / "test").exists()


@pytest.mark.parametrize(("pipe", "file"), [
    ("ner", TRAIN), ("spancat", TRAIN), ("textcat", f"function/{TRAIN}"),
    ("textcat_multilabel", f"topics/{TRAIN}")])
def test_spacy_learns_from_the_file(
        pipe: str, file: str, exported: Callable[[str], Export]) -> None:
    nlp = spacy.blank("zh")
    component = nlp.add_pipe(pipe)
    corpus = spacy.training.Corpus(exported("spacy").folder / file)
    examples = [example for example in corpus(nlp) if len(example.reference)]
    nlp.initialize(lambda: examples)
    losses: dict[str, float] = {}
    nlp.update(examples, losses=losses)
    assert losses[pipe] > 0
    assert set(component.labels) & {"PERSON", "decision", "economy"}


@pytest.mark.filterwarnings("ignore")  # spaCy's command line warns of its own libraries
@pytest.mark.parametrize("pipe", ["ner", "spancat"])
def test_spacy_debug_data_has_no_complaint(
        pipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with status 1 where a span is invalid or a label only in the development data."""
    from spacy.cli.debug_data import debug_data
    from spacy.cli.init_config import init_config
    regions = [replace(one, id=f"{split}{number}/{one.id}", split=split)
               for split, count in (("train", 20), ("validation", 2)) for number in range(count)
               for one in RELEASE.asked("spans")]
    export(release_of(*regions), "spacy", tmp_path / "out")
    config = init_config(lang="zh", pipeline=[pipe])
    config["paths"].update(train=str(tmp_path / "out" / "train"), dev=str(tmp_path / "out" / "dev"))
    config.to_disk(tmp_path / "config.cfg")
    debug_data(tmp_path / "config.cfg", ignore_warnings=False, no_format=True)
    assert "Invalid" not in capsys.readouterr().out


def test_a_full_docbin_is_followed_by_another(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_docbin, "PART", 4)
    done = export(RELEASE, "spacy", tmp_path / "out")
    parts = sorted(path.name for path in (done.folder / "train").iterdir())
    assert parts == ["part-0001.spacy", "part-0002.spacy", "part-0003.spacy"]
    corpus = spacy.training.Corpus(done.folder / "train")
    assert len(list(corpus(spacy.blank("zh")))) == 9
