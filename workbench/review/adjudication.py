"""The disputed regions and what is decided on them: rule, repeat elsewhere, take back, finish.

A ruling stands on the key of its disagreement; where somebody answers anew, what they changed has
another key and is asked again, and the rest stays ruled.
"""
from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any, Collection, Mapping, Sequence

from labels.errors import N_, InputError
from labels.schema import Schema
from workbench.review.disagreements import (
    Comparison, Disagreement, Says, compare_sides, joined, says_from_json, says_to_json, sides_of,
)
from workbench.store import Row, Store
from workbench.store.derived import findings
from workbench.store.gold import settle_region, standing_gold, withdraw_region
from workbench.store.review import texts_of_regions
from workbench.store.rulings import (
    NewRuling, add_precedent, add_rulings, disputed_answers, rulings_in_batch, rulings_of,
    take_back,
)
from workbench.store.schemas import require_settled
from workbench.store.tasks import task_states

NEITHER = "neither"
ADJUSTED = "adjusted"


@dataclass(frozen=True)
class Disputed:
    """A region on which people differ: `row` is that of `store.tasks.task_states`, `findings` how
    many of the document's open findings have a figure in it."""

    row: Row
    text: str
    answers: tuple[Row, ...]
    compared: Comparison
    rulings: Mapping[str, Row]
    findings: int

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def open(self) -> tuple[Disagreement, ...]:
        """What is not ruled yet."""
        return tuple(one for one in self.compared.found if one.key not in self.rulings)

    @property
    def kinds(self) -> Mapping[str, int]:
        return Counter(one.kind for one in self.compared.found)

    def disagreement(self, key: str) -> Disagreement:
        """Raises InputError where the answers have changed since."""
        found = next((one for one in self.compared.found if one.key == key), None)
        if found is None:
            raise InputError(N_("somebody has answered this region anew"),
                             hint=N_("look at what they differ in now"))
        return found

    def decided(self, key: str) -> Says | None:
        row = self.rulings.get(key)
        return says_from_json(row["content"]) if row else None


def queue(store: Store) -> list[Disputed]:
    """All disputed regions: first those in which the arithmetic contradicts, then in the order of
    documents."""
    return _load(store, _disputed_rows(store))


def order(store: Store) -> list[int]:
    """The regions of the `queue`, without looking at what was answered."""
    rows = _disputed_rows(store)
    doubted = _doubted(store, rows)
    return sorted((row["id"] for row in rows), key=lambda region: -doubted[region])


def _disputed_rows(store: Store, region_ids: Collection[int] | None = None) -> list[Row]:
    return [row for row in task_states(store, state="disputed", limit=-1)
            if region_ids is None or row["id"] in region_ids]


def _load(store: Store, rows: Sequence[Row]) -> list[Disputed]:
    ids = [row["id"] for row in rows]
    answers, rulings = disputed_answers(store, ids), rulings_of(store, ids)
    texts, doubted = texts_of_regions(store, ids), _doubted(store, rows)
    found = []
    for row in rows:
        said = answers.get(row["id"], [])
        compared = compare_sides(sides_of((one["person"], one["answer"]) for one in said),
                                 texts[row["id"]])
        found.append(Disputed(row, texts[row["id"]], tuple(said), compared,
                              rulings.get(row["id"], {}), doubted[row["id"]]))
    return sorted(found, key=lambda one: -one.findings)


def _doubted(store: Store, rows: Sequence[Row]) -> dict[int, int]:
    """By region, how many open findings of its document have a figure in it."""
    counts = {row["id"]: 0 for row in rows}
    for document_id in {row["document_id"] for row in rows}:
        places = [[term["start"] for term in one["content"]["terms"]]
                  for one in findings(store, "open", document_id)]
        for row in rows:
            if row["document_id"] == document_id and row["kind"] == "spans":
                counts[row["id"]] = sum(any(row["start"] <= at < row["end"] for at in starts)
                                        for starts in places)
    return counts


def disputed_region(store: Store, region_id: int) -> Disputed | None:
    return next(iter(_load(store, _disputed_rows(store, [region_id]))), None)


def elsewhere(found: Sequence[Disputed], here: Disputed,
              asked: Disagreement) -> list[tuple[Disputed, Disagreement]]:
    """Where the same was answered to the same words, up to figures, and nothing is ruled yet."""
    return [(region, one) for region in found for one in region.open
            if one.signature == asked.signature
            and (region.id, one.key) != (here.id, asked.key)]


def rule(store: Store, region_id: int, key: str, choice: str, by: str, *,
         adjusted: Says | None = None, everywhere: bool = False) -> int:
    """Decide on a disagreement: `choice` is the place of an option ("0", "1", …), "neither", or
    "adjusted" with what shall count instead. With `everywhere` also where the same was answered to
    the same words. Returns how many were ruled. Raises InputError for what cannot be decided so.
    """
    with store.write():
        here = _asked(store, region_id)
        one = here.disagreement(key)
        says = _chosen(here, one, choice, adjusted)
        made = [_ruling(here, one, choice, says)]
        if everywhere:
            made += [_ruling(region, other, choice, like)
                     for region, other in elsewhere(queue(store), here, one)
                     if (like := _like(one, other, says)) is not None]
        return add_rulings(store, made, secrets.token_hex(8), by)


def _asked(store: Store, region_id: int) -> Disputed:
    found = disputed_region(store, region_id)
    if found is None:
        raise InputError(N_("nothing is disputed in this region any more"))
    return found


def _chosen(here: Disputed, one: Disagreement, choice: str, adjusted: Says | None) -> Says:
    if choice == NEITHER:
        return Says()
    if choice == ADJUSTED:
        if adjusted is None or not _fits(adjusted, one, len(here.text)):
            raise InputError(N_("these words are not in the region"))
        return adjusted
    if choice.isdecimal() and int(choice) < len(one.options):
        return one.options[int(choice)].says
    raise InputError(N_("there is no side %(side)s"), side=choice)


def _fits(says: Says, one: Disagreement, length: int) -> bool:
    if one.family == "class":
        return not says.spans
    return one.family == "span" and bool(says.spans) and all(
        0 <= start < end <= length for start, end, _ in says.spans)


def _like(one: Disagreement, other: Disagreement, says: Says) -> Says | None:
    """What `says` of `one` is, said of `other`; None where that is not certain."""
    if says == Says():
        return says
    option = other.option_like(one.pattern(says))
    if option is not None:
        return option.says
    if one.text != other.text or one.family != "span":
        return None     # an adjusted boundary among other figures
    by = other.start - one.start
    moved = Says(tuple((start + by, end + by, label) for start, end, label in says.spans))
    inside = all(other.start <= start and end <= other.end for start, end, _ in moved.spans)
    return moved if inside else None


def _ruling(here: Disputed, one: Disagreement, choice: str, says: Says) -> NewRuling:
    return NewRuling(here.id, one.key, one.kind, one.signature, one.question, one.pattern(says),
                     one.text[:200], choice if choice in (NEITHER, ADJUSTED) else "option",
                     {**says_to_json(says), "told": told(says, here.text)})


def told(says: Says, text: str) -> list[list[str]]:
    """What is said in words: [label, words], [relation, words of its ends] or [choice] each."""
    return [*([label, text[start:end]] for start, end, label in says.spans),
            *([name, text[source[0]:source[1]], text[target[0]:target[1]]]
              for name, source, target, _ in says.links),
            *([choice] for choice in says.choices)]


def undo(store: Store, region_id: int, by: str, key: str | None = None) -> int:
    """Take back the ruling of `key`, or the last one of the region; and all that was ruled with it
    at once, where the region is not settled. Returns how many; raises InputError where there is
    none."""
    with store.write():
        here = disputed_region(store, region_id)
        standing = [row for one in (here.compared.found if here else ())
                    if here and (row := here.rulings.get(one.key)) and key in (None, one.key)]
        if not standing:
            raise InputError(N_("nothing was decided here that could be taken back"))
        last = max(standing, key=lambda row: int(row["id"]))
        batch = rulings_in_batch(store, last["batch"])
        open_ones = {row["id"] for row in _disputed_rows(
            store, {row["region_id"] for row in batch})}
        return take_back(store, [row for row in batch if row["region_id"] in open_ones], by)


@dataclass(frozen=True, slots=True)
class Finished:
    """`fallen` relations were left out: an end of theirs was decided otherwise."""

    fallen: int


def finish(store: Store, schema: Schema, region_id: int, by: str) -> Finished:
    """Settle a region with what was decided, on the ground of all its answers. Raises InputError
    where something is not decided yet."""
    require_settled(store)
    with store.write():
        here = _asked(store, region_id)
        if here.open:
            raise InputError(N_("%(count)s disagreements are not decided yet"),
                             count=len(here.open))
        answer, fallen = joined(here.compared, {
            one.key: says_from_json(here.rulings[one.key]["content"])
            for one in here.compared.found})
        answer, odd = _allowed(answer, schema)
        settle_region(store, region_id=region_id, answer=answer,
                      answer_ids=[row["id"] for row in here.answers],
                      annotators=sorted({row["annotator"] for row in here.answers}),
                      schema_hash=schema.hash, settled_by=by)
        return Finished(fallen + odd)


def _allowed(answer: dict[str, Any], schema: Schema) -> tuple[dict[str, Any], int]:
    """Without the relations that may not connect the labels that were decided for."""
    ends = {relation.name: relation for relation in schema.relations}
    kept = [link for link in answer["relations"] if link["type"] in ends
            and answer["spans"][link["source"]]["label"] in ends[link["type"]].source
            and answer["spans"][link["target"]]["label"] in ends[link["type"]].target]
    return {**answer, "relations": kept}, len(answer["relations"]) - len(kept)


def reopen(store: Store, schema: Schema, region_id: int, by: str) -> None:
    """Take the gold of an adjudicated region back: it is disputed again, its rulings stand."""
    with store.write():
        if not any(row["region_id"] == region_id for row in standing_gold(store)):
            raise InputError(N_("this region is not settled"))
        if not rulings_of(store, [region_id]):
            raise InputError(N_("nothing was decided here that could be taken back"))
        withdraw_region(store, region_id, schema_hash=schema.hash, by=by)


def set_precedent(store: Store, region_id: int, key: str, note: str, by: str) -> None:
    """Let later rulings follow the one on this disagreement."""
    with store.write():
        row = rulings_of(store, [region_id]).get(region_id, {}).get(key)
        if row is None:
            raise InputError(N_("decide first what later rulings shall follow"))
        here = _asked(store, region_id)
        add_precedent(store, row["id"], _name(here.disagreement(key), row), note, by)


def _name(one: Disagreement, row: Row) -> str:
    """The label (relation, set of classes) whose guide tells a precedent."""
    if one.kind == "class":
        return one.class_set
    says = [says_from_json(row["content"]), *(option.says for option in one.options)]
    return next(name for said in says for name in (
        *(span[2] for span in said.spans), *(link[0] for link in said.links)))
