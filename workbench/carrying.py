"""What people said of an older version, among the suggestions for a newer one.

It takes the place of what the rules suggest there. `store.rereads.anchorings_of` tells from which
answers and which version each label comes.
"""
from __future__ import annotations

import json
from bisect import bisect_left
from typing import Any, Sequence

from workbench.store import Row, Store
from workbench.store.rereads import carried

Classes = dict[int, dict[str, list[str]]]   # by start of the paragraph, by class set
# A person said it.
SCORE = 1.0


def carried_over(store: Store, document_id: int, spans: list[Row], relations: Sequence[Row],
                 classes: Classes) -> tuple[list[Row], Sequence[Row], Classes]:
    """Suggestions (rows of `store.suggestions`) with what is carried over to the document; it has
    negative positions. The rules' relations stay where both their ends do."""
    labels, links = carried(store, document_id)
    if not labels:
        return spans, relations, classes
    made: list[Row] = [{**row, "position": -row["id"], "score": SCORE}
                       for row in sorted(labels, key=lambda row: row["start"])
                       if row["kind"] == "span"]
    kept, place = _beside(made, spans)
    # The ends of what is carried over are known by ids, those of the rules by positions.
    ends = [(-link["source"], -link["target"], link) for link in links]
    ends += [(place[link["source"]], place[link["target"]], link) for link in relations
             if link["source"] in place and link["target"] in place]
    told: dict[tuple[int, int, str], Row] = {}
    for source, target, link in ends:
        told.setdefault((source, target, link["type"]),
                        {**link, "source": source, "target": target})
    said = {row["start"]: {name: list(chosen) for name, chosen in json.loads(row["label"]).items()}
            for row in labels if row["kind"] == "class"}
    return (sorted([*kept, *made], key=lambda row: row["start"]), list(told.values()),
            {**classes, **said})


def _beside(made: Sequence[Row], spans: Sequence[Row]) -> tuple[list[Row], dict[int, int]]:
    """The spans that overlap none of `made` (which are in order and apart), and by position of a
    span that of what stands for it: itself, or the same in `made`."""
    starts = [row["start"] for row in made]
    kept: list[Row] = []
    place: dict[int, int] = {}
    for span in spans:
        first = max(0, bisect_left(starts, span["start"] + 1) - 1)
        over = [row for row in made[first:bisect_left(starts, span["end"])]
                if row["end"] > span["start"]]
        same = [row for row in over if _said(row) == _said(span)]
        if not over:
            kept.append(span)
            place[span["position"]] = span["position"]
        elif same:
            place[span["position"]] = same[0]["position"]
    return kept, place


def _said(row: Row) -> tuple[Any, ...]:
    return row["start"], row["end"], row["label"]
