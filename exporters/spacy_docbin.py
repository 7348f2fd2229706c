"""spaCy DocBins: what ``spacy train`` reads, in the tokens of ``spacy.blank("zh")``.

Spans are in the folders ``train``, ``dev`` (the validation split) and ``test``, which ``spacy train
--paths.train train`` takes as they are; each class set has a folder of its own with folders of the
same names, so that ``textcat`` (one choice) and ``textcat_multilabel`` (several) train on one
without meeting the other. A DocBin holds at most 1,000 documents (``part-0001.spacy``), since it is
built in memory as a whole. One document as JSON::

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

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, Iterator

import msgspec

from exporters import Format, Loss
from exporters.regions import SPANS, asked, chosen, narrowed, span_loss
from labels.errors import N_, ExportError
from labels.gold import GoldRegion, GoldRelease, GoldSpan
from labels.tokens import flat

if TYPE_CHECKING:
    from spacy import Vocab
    from spacy.tokens import Doc, DocBin

FORMAT = Format(
    name="spacy", title=N_("spaCy DocBin (zh, characters)"), carries=("spans", "classes"),
    drops=("relations",), extra="spacy", package="spacy")

SPAN_GROUP = "sc"
FOLDERS = {"train": "train", "validation": "dev", "test": "test"}
PART = 1_000
_TOKENS = re.compile(r"\S ?|\s+")


def write(release: GoldRelease, folder: Path) -> list[Loss]:
    """Write the DocBins. Raises ImportError where spaCy is missing."""
    import spacy
    vocab = spacy.blank("zh").vocab
    for name, _ in release.classes:
        if name != Path(name).name or name in (".", "..", *FOLDERS.values()):
            raise ExportError(N_("the class set %(name)r cannot be a folder's name"), name=name)
    losses: list[Loss] = []
    for split, place in FOLDERS.items():
        with _Parts(folder / place) as parts:
            for region in asked(release, SPANS, split):
                clean, refused = _trainable(region)
                entities, overlapping = flat(clean)
                losses += [span_loss(region, span, N_("begins or ends with white space"))
                           for span in refused]
                losses += [span_loss(region, span, N_("overlaps; kept in the span group only"),
                                     "ent") for span in overlapping]
                doc = make_doc(vocab, region.text)
                _mark(doc, clean, entities)
                parts.add(_describe(doc, region))
    for name, choices in release.classes:
        for split, place in FOLDERS.items():
            with _Parts(folder / name / place) as parts:
                for region in asked(release, name, split):
                    answers = chosen(release, region, name)
                    doc = _describe(make_doc(vocab, region.text), region)
                    doc.cats = {choice: float(choice in answers) for choice in choices}
                    parts.add(doc)
    return losses


def carried(release: GoldRelease) -> Iterator[GoldRegion]:
    """The regions asked for spans split by split, then those of each class set by name."""
    for split in FOLDERS:
        for region in asked(release, SPANS, split):
            yield narrowed(release, region, [SPANS], spans=_trainable(region)[0], relations=())
    for name in sorted(dict(release.classes)):
        for split in FOLDERS:
            for region in asked(release, name, split):
                yield narrowed(release, region, [name])


def read(folder: Path) -> Iterator[GoldRegion]:
    """The regions that the DocBins hold; one asked for several things comes once for each.

    Raises ExportError where the entities are not the flat choice of the span group.
    """
    import spacy
    from spacy.tokens import DocBin
    vocab = spacy.blank("zh").vocab
    class_sets = sorted(path for path in folder.iterdir()
                        if path.is_dir() and path.name not in FOLDERS.values())
    for place in (folder, *class_sets):
        for split, name in FOLDERS.items():
            for path in sorted((place / name).glob("*.spacy")):
                kept = DocBin().from_disk(path)
                data, kept.user_data = kept.user_data, []  # unpacked as `docbin` packs it
                for doc, packed in zip(kept.get_docs(vocab), data, strict=True):
                    doc.user_data.update(msgspec.msgpack.decode(packed))
                    yield _region(doc, split, SPANS if place == folder else place.name)


class _Parts:
    """The DocBins of one folder, each written when it is full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._docs: list["Doc"] = []
        self._count = 0

    def __enter__(self) -> "_Parts":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: Any) -> None:
        if kind is None:
            self._flush()

    def add(self, doc: "Doc") -> None:
        self._docs.append(doc)
        if len(self._docs) == PART:
            self._flush()

    def _flush(self) -> None:
        if self._docs:
            self._count += 1
            self._folder.mkdir(parents=True, exist_ok=True)
            docbin(self._docs).to_disk(self._folder / f"part-{self._count:04}.spacy")
            self._docs.clear()


def make_doc(vocab: "Vocab", text: str) -> "Doc":
    """What the tokenizer of ``spacy.blank("zh")`` makes of `text`, in a third of its time."""
    from spacy.tokens import Doc
    found = _TOKENS.findall(text)
    return Doc(vocab, words=[token if len(token) == 1 or token.isspace() else token[0]
                             for token in found],
               spaces=[len(token) == 2 and not token.isspace() for token in found])


def docbin(docs: Iterable["Doc"]) -> "DocBin":
    """A DocBin of `docs` with entities, span groups, categories and user data.

    The same as `DocBin.add` makes of them, but for two things that take nine tenths of its time:
    it asks every token for nine strings, though only the words and labels are not empty here, and
    it looks through all entry points of the installation whenever it packs a message.
    """
    from spacy.attrs import ORTH, SPACY
    from spacy.tokens import DocBin
    made = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True)
    for doc in docs:
        words = doc.to_array(ORTH)
        made.tokens.append(doc.to_array(made.attrs))
        made.spaces.append(doc.to_array(SPACY).reshape((-1, 1)).astype(bool))
        made.flags.append({"has_unknown_spaces": doc.has_unknown_spaces})
        made.strings.update(doc.vocab.strings[word] for word in set(words.tolist()))
        made.strings.update(span.label_ for group in doc.spans.values() for span in group)
        made.cats.append(doc.cats)
        made.user_data.append(msgspec.msgpack.encode(dict(doc.user_data)))
        made.span_groups.append(msgspec.msgpack.encode(
            {group.to_bytes(): [name] for name, group in doc.spans.items()}))
    return made


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


def _mark(doc: "Doc", spans: Iterable[GoldSpan], entities: Iterable[GoldSpan]) -> None:
    """Put the span group and the entities, which are among `spans`, into `doc`.

    A span begins at the start of a token and ends in one, since white space is not at its edges.
    """
    from spacy.tokens import Span
    token = range(len(doc)) if len(doc) == len(doc.text) else {
        offset: token.i for token in doc for offset in range(token.idx, token.idx + len(token))}
    made = {span: Span(doc, token[span.start], token[span.end - 1] + 1, label=span.label)
            for span in spans}
    doc.spans[SPAN_GROUP] = [made[span] for span in spans]
    doc.set_ents([made[span] for span in entities], default="outside")


def _describe(doc: "Doc", region: GoldRegion) -> "Doc":
    doc.user_data.update(
        {"id": region.id, "document": region.document, "start": region.start, "end": region.end})
    return doc


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
