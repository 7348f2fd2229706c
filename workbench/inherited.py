"""What is told of inherited labels: how many there are, what became of them, what contradicts."""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Iterator, Mapping, Sequence

from labels.corrections import Corrections
from labels.inheritance import SOURCES, Said, form, said_from
from workbench.inheriting import Agreed, heritage
from workbench.store import Row, Store
from workbench.store.inheriting import inherited_now, settled_passages, told_of
from workbench.verdicts import verdicts


def figures(store: Store) -> dict[str, Any]:
    """How many settled passages there are, how many passages inherit, in how many documents, and
    by source what became of the labels where they were settled themselves."""
    rows = inherited_now(store)
    judged = verdicts(store).corrections
    return {"settled": len(settled_passages(store)), "passages": len(rows),
            "documents": len({row["document_id"] for row in rows}),
            "sources": {source: {
                "passages": sum(row["source"] == source for row in rows),
                **asdict(judged.get((source, ""), Corrections()))} for source in SOURCES}}


@dataclass(frozen=True, slots=True)
class Place:
    """A settled passage: where it stands, and what is said of it and not of all its equals, as
    (words, label), (type, words, words) and by class set."""

    told: Row
    spans: tuple[tuple[str, str], ...]
    relations: tuple[tuple[str, str, str], ...]
    classes: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Passages that are equal (up to figures at most) and settled differently: the places of each
    variant, those with most places first. `kind` is spans or classes."""

    kind: str
    variants: tuple[tuple[Place, ...], ...]


def suspects(store: Store) -> list[Suspect]:
    """Passages that say the same and are settled differently, in the order of their gold."""
    return [_suspect(store, kind, one) for kind, one in heritage(store).contradictions()]


def _suspect(store: Store, kind: str, one: Agreed) -> Suspect:
    common = set.intersection(*(set(_items(said_from(text, True))) for text in one.variants))
    variants = [tuple(_place(store, one, row, common) for row in rows)
                for rows in one.variants.values()]
    return Suspect(kind, tuple(sorted(variants, key=len, reverse=True)))


def _items(said: Said) -> Iterator[tuple[Any, ...]]:
    """What is said, one by one, with the spans of relations in place of their numbers."""
    yield from said.spans
    yield from ((kind, said.spans[source], said.spans[target], direction)
                for kind, source, target, direction in said.relations)
    yield from said.classes


def _place(store: Store, one: Agreed, row: Row, common: set[tuple[Any, ...]]) -> Place:
    told = told_of(store, row["gold_id"], row["start"], row["end"])
    assert told is not None  # gold is never deleted
    said, shape = said_from(row["said_figures"], True), form(told["text"], one.source)
    words = [(told["text"][slice(*shape.outward(start, end))], label)
             for start, end, label in said.spans]
    return Place(
        told, tuple(word for word, span in zip(words, said.spans) if span not in common),
        tuple((kind, words[source][0], words[target][0])
              for kind, source, target, direction in said.relations
              if (kind, said.spans[source], said.spans[target], direction) not in common),
        {name: chosen for name, chosen in said.classes if (name, chosen) not in common})


def suspect_to_json(suspect: Suspect) -> dict[str, Any]:
    """The shape of ``workbench rules inherited``."""
    return {"kind": suspect.kind, "variants": [
        {"spans": [list(span) for span in places[0].spans],
         "relations": [list(link) for link in places[0].relations],
         "classes": {name: list(chosen) for name, chosen in places[0].classes.items()},
         "places": [{"document": place.told["document_id"], "name": place.told["name"],
                     "start": place.told["start"], "end": place.told["end"],
                     "settled_by": place.told["settled_by"]} for place in places]}
        for places in suspect.variants]}
