"""What is told of inherited labels: how many there are, what became of them, what contradicts."""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Mapping, Sequence

from labels.corrections import Corrections
from labels.inheritance import SOURCES, brought_out, form, said_from
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
    """A settled passage: where it stands, and what is said of it as (words, label)."""

    told: Row
    spans: tuple[tuple[str, str], ...]
    classes: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Suspect:
    """Passages that are equal (up to figures at most) and settled differently: the places of each
    variant, those with most places first. `kind` is spans or classes."""

    kind: str
    variants: tuple[tuple[Place, ...], ...]


def suspects(store: Store) -> list[Suspect]:
    """Passages that say the same and are settled differently, in the order of their gold."""
    return [Suspect(kind, tuple(sorted((
        tuple(place for row in rows if (place := _place(store, one, row)) is not None)
        for rows in one.variants.values()), key=len, reverse=True)))
        for kind, one in heritage(store).contradictions()]


def _place(store: Store, one: Agreed, row: Row) -> Place | None:
    told = told_of(store, row["gold_id"], row["start"], row["end"])
    if told is None:
        return None
    text = told["text"]
    said = brought_out(said_from(row["said_figures"], True), form(text, one.source))
    return Place(told, tuple((text[start:end], label) for start, end, label in said.spans),
                 dict(said.classes))


def suspect_to_json(suspect: Suspect) -> dict[str, Any]:
    """The shape of ``workbench rules inherited``."""
    return {"kind": suspect.kind, "variants": [
        {"spans": [list(span) for span in places[0].spans],
         "classes": {name: list(chosen) for name, chosen in places[0].classes.items()},
         "places": [{"document": place.told["document_id"], "name": place.told["name"],
                     "start": place.told["start"], "end": place.told["end"],
                     "settled_by": place.told["settled_by"]} for place in places]}
        for places in suspect.variants if places]}
