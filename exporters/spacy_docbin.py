"""spaCy DocBins: what ``spacy train`` reads, in the tokens of ``spacy.blank("zh")``.

Spans are in ``train.spacy``, ``dev.spacy`` (the validation split) and ``test.spacy``; each class
set has a folder of its own with files of the same names, so that ``textcat`` (one choice) and
``textcat_multilabel`` (several) train on one without meeting the other. One document as JSON::

    {"text": "黄 辉任局长。", "ents": [[0, 3, "PERSON"], [4, 6, "POST"]],
     "sc": [[0, 3, "PERSON"], [4, 6, "POST"]], "cats": {},
     "user_data": {"id": "d1:0-7", "document": "d1", "start": 0, "end": 7}}

Tokens are those that the blank pipeline makes of the text: one a character, a space kept with the
character before it, other white space in tokens of its own. So gold and prediction share a grid,
``doc.text`` is the exact text, and ``token.idx`` is the offset in Unicode code points.

``doc.spans["sc"]`` (the key of ``spancat``) holds all spans, ``doc.ents`` a flat choice of them.
A span that begins or ends with white space is in neither: ``spacy debug data`` calls it invalid
and the entity recogniser refuses one that begins so (E024).
"""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from exporters import Format, Loss
from exporters.regions import (
    SPANS, by_split, carried, check, chosen, span_loss, verify,
)
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelease, GoldSpan
from labels.tokens import flat

if TYPE_CHECKING:
    from spacy.tokens import Doc

FORMAT = Format(
    name="spacy", title=N_("spaCy DocBin (zh, characters)"), carries=("spans", "classes"),
    drops=("relations",), extra="spacy", package="spacy")

SPAN_GROUP = "sc"
FILES = {"train": "train.spacy", "validation": "dev.spacy", "test": "test.spacy"}


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the DocBins. Raises ImportError where spaCy is missing."""
    import spacy
    make_doc = spacy.blank("zh").make_doc
    check(release)
    for name, _ in release.classes:
        if name != Path(name).name or name in (".", ".."):
            raise ExportError(N_("the class set %(name)r cannot be a folder's name"), name=name)
    losses: list[Loss] = []
    expected: list[GoldRegion] = []
    for split, regions in by_split(release, SPANS):
        docs = []
        for region in regions:
            clean, refused = _trainable(region)
            _, inner = flat(clean)
            losses += [span_loss(region, span, N_("begins or ends with white space"))
                       for span in refused]
            losses += [span_loss(region, span, N_("overlaps; kept in the span group only"), "ent")
                       for span in inner]
            expected.append(carried(release, region, [SPANS], spans=clean, relations=()))
            docs.append(_span_doc(make_doc(region.text), expected[-1]))
        _save(docs, folder / FILES[split])
    for name, choices in release.classes:
        for split, regions in by_split(release, name):
            docs = []
            for region in regions:
                expected.append(carried(release, region, [name]))
                answers = chosen(release, region, name)
                doc = _describe(make_doc(region.text), region)
                doc.cats = {choice: float(choice in answers) for choice in choices}
                docs.append(doc)
            _save(docs, folder / name / FILES[split])
    verify(expected, read(folder), FORMAT.name)
    return losses


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the DocBins hold; one asked for several things comes once for each.

    Raises ExportError where the entities are not the flat choice of the span group.
    """
    import spacy
    from spacy.tokens import DocBin
    vocab = spacy.blank("zh").vocab
    class_sets = sorted(path for path in folder.iterdir() if path.is_dir())
    for place in (folder, *class_sets):
        for split, name in FILES.items():
            path = place / name
            for doc in DocBin().from_disk(path).get_docs(vocab) if path.exists() else ():
                yield _region(doc, split, SPANS if place == folder else place.name)


def doc_to_json(doc: "Doc") -> dict[str, Any]:
    """One document as in the sample of this module: offsets instead of tokens."""
    return {
        "text": doc.text,
        "ents": [[span.start_char, span.end_char, span.label_] for span in doc.ents],
        "sc": [[span.start_char, span.end_char, span.label_]
               for span in doc.spans.get(SPAN_GROUP, ())],
        "cats": dict(doc.cats), "user_data": dict(doc.user_data)}


def _trainable(region: GoldRegion) -> tuple[list[GoldSpan], list[GoldSpan]]:
    """The spans that begin and end with a character to be seen, and the others."""
    clean: list[GoldSpan] = []
    refused: list[GoldSpan] = []
    for span in region.spans:
        words = region.text[span.start:span.end]
        (clean if words == words.strip() else refused).append(span)
    return clean, refused


def _span_doc(doc: "Doc", region: GoldRegion) -> "Doc":
    entities, _ = flat(region.spans)
    doc.spans[SPAN_GROUP] = [_span(doc, span) for span in region.spans]
    doc.set_ents([_span(doc, span) for span in entities], default="outside")
    return _describe(doc, region)


def _span(doc: "Doc", span: GoldSpan) -> Any:
    found = doc.char_span(span.start, span.end, label=span.label)
    if found is None:
        raise ExportError(N_("spaCy has no tokens for the span %(start)s-%(end)s"),
                          start=span.start, end=span.end)
    return found


def _describe(doc: "Doc", region: GoldRegion) -> "Doc":
    doc.user_data.update(
        {"id": region.id, "document": region.document, "start": region.start, "end": region.end})
    return doc


def _save(docs: list["Doc"], path: Path) -> None:
    from spacy.tokens import DocBin
    path.parent.mkdir(exist_ok=True)
    DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True, docs=docs).to_disk(path)


def _region(doc: "Doc", split: str, asked: str) -> GoldRegion:
    record = doc_to_json(doc)
    if asked != SPANS:
        answers = tuple(name for name, value in record["cats"].items() if value)
        return GoldRegion(**record["user_data"], text=record["text"], split=split,
                          asked=(asked,), classes=((asked, answers),))
    spans = tuple(GoldSpan(*span) for span in record["sc"])
    if tuple(GoldSpan(*span) for span in record["ents"]) != flat(spans)[0]:
        raise ExportError(N_("region %(id)s has other entities than spans"),
                          id=record["user_data"]["id"])
    return GoldRegion(**record["user_data"], text=record["text"], split=split, asked=(SPANS,),
                      spans=spans)
