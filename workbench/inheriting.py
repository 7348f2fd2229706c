"""Passages that say again what a settled one says inherit its labels, as suggestions.

A passage is a paragraph, an item of a list or a footnote that lies wholly in a settled region.
What gold says of it is suggested wherever the same words stand; where only passages of other
figures are settled, what these say (`labels.inheritance`). If they do not all say the same, nobody
inherits: that is told as a suspect. `workbench.merging` puts it together with what rules say.

Inherited labels are part of the suggestion set of their document, which is made anew when other
gold counts. Where a passage is settled itself, what was suggested there stays: its answer has been
given.
"""
from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Collection, Iterable, Mapping, Sequence

from labels.document import Document
from labels.errors import N_
from labels.inheritance import (
    FIGURES, METHOD, SOURCES, WORDS, Said, brought_in, brought_out, form, prints,
    said_from, said_within,
)
from labels.rules import Pack
from workbench.effective import names_asked, newest_version
from workbench.progress import Progress, silent
from workbench.reading.regions import passages as class_passages
from workbench.store import Row, Store
from workbench.store.documents import load_document
from workbench.store.inheriting import (
    Passage, SettledPassage, inherited_now, like_settled, passages_of, save_passages,
    save_settled, settled_passages, settled_places, unread_documents, unread_gold, was_read,
)
from workbench.store.schemas import regions_in_review
from workbench.store.suggestions import classes_of, current_set, relations_of, spans_of

# So many are read in one transaction, while which others wait.
_BATCH = 100
# What a row or a heading says depends on what stands around it.
_RUNNING = frozenset(("paragraph", "list_item", "footnote"))


# --- reading passages, once each -----------------------------------------------------------------

def read_passages(document: Document) -> list[Passage]:
    """The passages of a document that can be known again."""
    asked = {one.start for one in class_passages(document)}
    found = []
    for block in document.blocks:
        if block.kind in _RUNNING:
            made = prints(document.text[block.start:block.end])
            if made is not None:
                found.append(Passage(block.start, block.end, block.start in asked, made.words,
                                     made.figures))
    return found


def _know(store: Store, document_id: int, document: Document | None = None) -> None:
    """Store the passages of a document, if they are not."""
    if not was_read(store, document_id, METHOD):
        read = read_passages(document or load_document(store, document_id))
        save_passages(store, document_id, read, METHOD)


def _read_gold(store: Store, gold: Row) -> None:
    """Store what a version of gold says of each passage in its region."""
    _know(store, gold["document_id"])
    found = []
    for one in passages_of(store, gold["document_id"]):
        if not (gold["start"] <= one.start and one.end <= gold["end"]):
            continue
        if gold["kind"] == "classes" and (one.start, one.end) != (gold["start"], gold["end"]):
            continue
        start, end = one.start - gold["start"], one.end - gold["start"]
        said, text = said_within(gold["answer"], start, end), gold["text"][start:end]
        words, figures = (brought_in(said, form(text, source)) if said.spans else said
                          for source in SOURCES)
        found.append(SettledPassage(
            gold["kind"], start, end, one.words, one.figures, words.text(), words.whole,
            figures.text(), figures.whole))
    save_settled(store, gold["id"], found, METHOD)


# --- who says what -------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Agreed:
    """What all settled passages of equal words (or words up to figures) say, told by one of them.

    `said` is None if they differ; `variants` are then what they say, each with its passages.
    """

    source: str
    gold_id: int
    gold_start: int
    said: str | None
    whole: bool
    code: str
    variants: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inherited:
    """What a passage of a document inherits, with offsets into the document."""

    kind: str
    start: int
    end: int
    source: str
    gold_id: int
    gold_start: int
    code: str
    said: Said

    def row(self) -> Row:
        return {"kind": self.kind, "start": self.start, "end": self.end, "source": self.source,
                "gold_id": self.gold_id, "gold_start": self.gold_start, "code": self.code}


_Places = Mapping[tuple[int, str], Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Heritage:
    """What the gold that counts leaves to equal passages. `settled`: by (document, kind) where
    regions are settled, which inherit no more."""

    words: Mapping[tuple[str, str], Agreed]
    figures: Mapping[tuple[str, str], Agreed]
    settled: _Places

    def of(self, kind: str, passage: Passage) -> Agreed | None:
        """What a passage inherits; None if nothing equal is settled, or what is differs."""
        found = self.words.get((kind, passage.words)) or self.figures.get((kind, passage.figures))
        return found if found is not None and found.said is not None else None

    def is_settled(self, document_id: int, kind: str, start: int, end: int) -> bool:
        places = self.settled.get((document_id, kind), ())
        at = bisect_right(places, (start, 1 << 60)) - 1
        return at >= 0 and end <= places[at][1]

    def contradictions(self) -> list[tuple[str, Agreed]]:
        """(kind, what differs) of passages that are equal, up to figures at most, and settled
        differently."""
        return [(kind, one) for (kind, _), one in self.figures.items() if one.said is None]

    def due(self, store: Store) -> list[int]:
        """The documents whose newest suggestions inherit something else than they would now."""
        if not self.figures and not store.value("SELECT 1 FROM inherited_passages LIMIT 1"):
            return []
        unread = unread_documents(store, METHOD)
        for position in range(0, len(unread), _BATCH):
            with store.write():
                for document_id in unread[position:position + _BATCH]:
                    _know(store, document_id)
        now: dict[int, dict[tuple[str, int], str]] = defaultdict(dict)
        for row in like_settled(store):
            passage = Passage(row["start"], row["end"], bool(row["asked_class"]), row["words"],
                              row["figures"])
            for kind, agreed in self._heirs(row["document_id"], passage):
                now[row["document_id"]][kind, passage.start] = agreed.code
        was: dict[int, dict[tuple[str, int], str]] = defaultdict(dict)
        for row in inherited_now(store):
            if not self.is_settled(row["document_id"], row["kind"], row["start"], row["end"]):
                was[row["document_id"]][row["kind"], row["start"]] = row["code"]
        return sorted(one for one in {*now, *was} if now.get(one, {}) != was.get(one, {}))

    def _heirs(self, document_id: int, passage: Passage) -> Iterable[tuple[str, Agreed]]:
        for kind in ("spans", "classes") if passage.asked_class else ("spans",):
            agreed = self.of(kind, passage)
            if agreed is not None and not self.is_settled(document_id, kind, passage.start,
                                                          passage.end):
                yield kind, agreed

    def given(self, store: Store, document_id: int, document: Document,
              pack: Pack) -> list[Inherited]:
        """What the passages of a document inherit now, with what settled ones inherited before."""
        found = self._kept(store, document_id)
        if self.figures:
            _know(store, document_id, document)
            found += [_inherited(document, kind, passage, agreed)
                      for passage in passages_of(store, document_id)
                      for kind, agreed in self._heirs(document_id, passage)]
        return [_under(one, pack) for one in found]

    def _kept(self, store: Store, document_id: int) -> list[Inherited]:
        """What the newest set says by inheritance where the region has been settled since."""
        current = current_set(store, document_id)
        rows = [row for row in inherited_now(store, document_id)
                if self.is_settled(document_id, row["kind"], row["start"], row["end"])]
        return [_as_it_was(store, current["id"], row) for row in rows] if current else []


def heritage(store: Store, progress: Progress = silent) -> Heritage:
    """What the gold that counts leaves; new gold is read first."""
    fresh = unread_gold(store, METHOD)
    for position in range(0, len(fresh), _BATCH):
        progress(position, len(fresh), N_("reading what was settled"))
        with store.write():
            for gold in fresh[position:position + _BATCH]:
                _read_gold(store, gold)
    doubtful = regions_in_review(store)
    rows = [row for row in settled_passages(store) if row["region_id"] not in doubtful]
    # Where a label was added since, gold does not say all there is to say.
    now = names_asked(store, newest_version(store).number) or frozenset()
    partly = {version for version in {row["schema_version"] for row in rows}
              if now - (names_asked(store, version) or now)}
    places: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for row in settled_places(store):
        places[row["document_id"], row["kind"]].append((row["start"], row["end"]))
    return Heritage(_agreed(rows, WORDS, partly), _agreed(rows, FIGURES, partly), places)


def _agreed(rows: Iterable[Row], source: str,
            partly: Collection[int | None]) -> dict[tuple[str, str], Agreed]:
    """By kind and hash what equal passages say; the one of the oldest region tells it. `partly` are
    versions of the schema that did not ask all that is asked now."""
    name = "words" if source == WORDS else "figures"
    equal: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        equal[row["kind"], row[name]][row[f"said_{name}"]].append(row)
    found = {}
    for key, variants in equal.items():
        one = next(iter(variants.values()))[0]
        whole = all(row[f"whole_{name}"] and row["schema_version"] not in partly
                    for same in variants.values() for row in same)
        said = next(iter(variants)) if len(variants) == 1 else None
        code = f"{source} {one['region_id']} {one['start']} {whole} {said}"
        found[key] = Agreed(
            source, one["gold_id"], one["start"], said, whole,
            hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            {} if said is not None else {text: tuple(same) for text, same in variants.items()})
    return found


def _inherited(document: Document, kind: str, passage: Passage, agreed: Agreed) -> Inherited:
    shape = form(document.text[passage.start:passage.end], agreed.source)
    said = brought_out(said_from(agreed.said or "", agreed.whole), shape)
    return Inherited(kind, passage.start, passage.end, agreed.source, agreed.gold_id,
                     agreed.gold_start, agreed.code, _moved(said, passage.start))


def _moved(said: Said, by: int) -> Said:
    return replace(said, spans=tuple((start + by, end + by, label)
                                     for start, end, label in said.spans))


def _as_it_was(store: Store, set_id: int, row: Row) -> Inherited:
    """An inherited passage of a stored set."""
    inside = [span for span in spans_of(store, set_id, row["start"], row["end"])
              if span["rule"] in SOURCES] if row["kind"] == "spans" else []
    number = {span["position"]: index for index, span in enumerate(inside)}
    links = tuple((link["type"], number[link["source"]], number[link["target"]],
                   link["direction"]) for link in relations_of(store, set_id)
                  if link["source"] in number and link["target"] in number
                  and link["rule"] in SOURCES)
    classes: dict[str, list[str]] = defaultdict(list)
    if row["kind"] == "classes":
        for vote in classes_of(store, set_id):
            if vote["start"] == row["start"] and vote["rule"] in SOURCES:
                classes[vote["class_set"]].append(vote["choice"])
    # Whether it was whole is not kept: what rules said within it stands in no set.
    return Inherited(
        row["kind"], row["start"], row["end"], row["source"], row["gold_id"], row["gold_start"],
        row["code"], Said(tuple((span["start"], span["end"], span["label"]) for span in inside),
                          links, tuple((name, tuple(chosen)) for name, chosen in classes.items())))


def _under(one: Inherited, pack: Pack) -> Inherited:
    """What of it the schema has names for."""
    labels, types = pack.schema.label_names, {kind.name for kind in pack.schema.relations}
    choices = {classes.name: {choice.name for choice in classes.choices}
               for classes in pack.schema.paragraph_classes}
    spans = {index: span for index, span in enumerate(one.said.spans) if span[2] in labels}
    number = {index: place for place, index in enumerate(spans)}
    links = tuple((kind, number[source], number[target], direction)
                  for kind, source, target, direction in one.said.relations
                  if kind in types and source in number and target in number)
    classes = tuple((name, tuple(choice for choice in chosen if choice in choices[name]))
                    for name, chosen in one.said.classes if name in choices)
    whole = one.said.whole and len(spans) == len(one.said.spans)
    return replace(one, said=Said(tuple(spans.values()), links, classes, whole))
