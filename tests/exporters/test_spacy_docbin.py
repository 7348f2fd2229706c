"""The DocBins, loaded and trained on by spaCy."""
from __future__ import annotations

from typing import Any, Callable

import pytest
import spacy
import spacy.tokens
import spacy.training

from exporters import Export
from exporters.spacy_docbin import read
from labels.gold import GoldRegion
from tests.exporters.nasty import RELEASE, joined, lost_spans, places, spans_of


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
