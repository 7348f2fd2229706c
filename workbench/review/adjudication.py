"""The disputed regions and what is decided on them: rule, repeat elsewhere, take back, finish.

A ruling stands on the key of its disagreement; where somebody answers anew, what they changed has
another key and is asked again, and the rest stays ruled.
"""
from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from labels.errors import N_, InputError
from labels.lints import Lint
from labels.schema import Schema
from workbench import deriving, effective
from workbench.linting import lints_of
from workbench.review.disagreements import (
    Comparison, Disagreement, Says, compare_sides, joined, says_from_json, says_to_json, sides_of,
)
from workbench.review.holding import check_reason
from workbench.store import Row, Store
from workbench.store.gold import settle_region, standing_gold, withdraw_region
from workbench.store.holds import give_reasons, open_causes, reason_json, reasons_given
from workbench.store.lints import dismissed_lints, lint_key, open_lints
from workbench.store.review import people_stamp, texts_of_regions
from workbench.store.rulings import (
    NewRuling, add_precedent, add_rulings, disputed_answers, disputed_regions, rulings_in_batch,
    rulings_of, take_back,
)
from workbench.store.schemas import require_settled

NEITHER = "neither"
ADJUSTED = "adjusted"


@dataclass(frozen=True)
class Disputed:
    """A region on which people differ: `row` is that of `store.rulings.disputed_regions`,
    `findings` how many open findings have a figure in it, `lints` how many lints of its answers are
    open."""

    row: Row
    text: str
    answers: tuple[Row, ...]
    compared: Comparison
    rulings: Mapping[str, Row]
    findings: int
    lints: int

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
    """All disputed regions, in their `order`."""
    return load(store, order(store))


def order(store: Store) -> list[Waiting]:
    """The disputed regions: first those in which the arithmetic contradicts most, then in the order
    of documents. What was answered is not looked at."""
    return _waiting(store, disputed_regions(store), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A disputed region as `Disputed` tells it, before its answers are looked at."""

    row: Row
    findings: int
    lints: int

    @property
    def id(self) -> int:
        return int(self.row["id"])


def _waiting(store: Store, rows: Sequence[Row], document_id: int | None) -> list[Waiting]:
    counted = Counter((one["region_id"], one["cause"])
                      for one in (open_causes(store, document_id) if rows else ()))
    return sorted((Waiting(row, counted[row["id"], "finding"], counted[row["id"], "lint"])
                   for row in rows), key=lambda one: -one.findings)


def load(store: Store, waiting: Sequence[Waiting]) -> list[Disputed]:
    """The regions with what differs in them. What was compared once is remembered as long as its
    answers are the same."""
    people = people_stamp(store)
    keys = {one.id: (str(store.path), one.id, one.row["answer_ids"], people) for one in waiting}
    found = {region: made for region, key in keys.items()
             if (made := _COMPARED.get(key)) is not None}
    missing = [region for region in keys if region not in found]
    answers, texts = disputed_answers(store, missing), texts_of_regions(store, missing)
    for region in missing:
        said = tuple(answers.get(region, ()))
        found[region] = texts[region], said, compare_sides(
            sides_of((one["person"], one["answer"]) for one in said), texts[region])
    if len(_COMPARED) > _MOST_COMPARED:
        _COMPARED.clear()
    _COMPARED.update((keys[region], found[region]) for region in missing)
    rulings = rulings_of(store, list(keys))
    return [Disputed(one.row, *found[one.id], rulings.get(one.id, {}), one.findings, one.lints)
            for one in waiting]


# A comparison says the same as long as the answers and the names of people do.
_COMPARED: dict[tuple[str, int, str, str], tuple[str, tuple[Row, ...], Comparison]] = {}
_MOST_COMPARED = 10_000


def disputed_region(store: Store, region_id: int) -> Disputed | None:
    rows = disputed_regions(store, [region_id])
    return next(iter(load(store, _waiting(
        store, rows, rows[0]["document_id"] if rows else None))), None)


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
        open_ones = {row["id"] for row in disputed_regions(
            store, [row["region_id"] for row in batch])}
        return take_back(store, [row for row in batch if row["region_id"] in open_ones], by)


@dataclass(frozen=True, slots=True)
class Finished:
    """`fallen` relations were left out: an end of theirs was decided otherwise."""

    fallen: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """What would be open about a region if it were settled as decided: a finding (`content` as
    `store.derived` keeps it) or a lint of the decided answer."""

    region_id: int
    cause: str
    key: str
    content: Mapping[str, Any] | Lint

    def row(self) -> Row:
        return {"region_id": self.region_id, "cause": self.cause, "key": self.key}


def doubts(store: Store, schema: Schema, here: Disputed) -> list[Doubt]:
    """What holds a region back of which all is decided: open, and no reason was given for it."""
    return _doubts(store, schema, here, _decided(here, schema)[0])


def _doubts(store: Store, schema: Schema, here: Disputed,
            answer: Mapping[str, Any]) -> list[Doubt]:
    edges = effective.guide(store).edges
    lints = {lint_key(here.id, one): one
             for one in lints_of(schema, edges, here.row["kind"], here.text, answer)}
    spans = {(span["start"], span["end"], span["label"]) for span in answer["spans"]}
    # What only the comparison of the whole document shows is known of the sides.
    lints.update((row["key"], row["lint"]) for row in open_lints(store, region_id=here.id)
                 if row["lint"].code == "surface" and any(
                     (row["lint"].start, row["lint"].end) == span[:2] for span in spans))
    dismissed = dismissed_lints(store, lints)
    found = [Doubt(here.id, "finding", one["key"], one)
             for one in deriving.contradictions(store, here.id, answer)]
    found += [Doubt(here.id, "lint", key, one) for key, one in lints.items()
              if key not in dismissed]
    given = {(row["cause"], row["key"]) for row in reasons_given(store, here.id)}
    return [one for one in found if (one.cause, one.key) not in given]


def _decided(here: Disputed, schema: Schema) -> tuple[dict[str, Any], int]:
    """The answer that was decided for, and how many relations were left out."""
    answer, fallen = joined(here.compared, {
        one.key: says_from_json(here.rulings[one.key]["content"]) for one in here.compared.found})
    answer, odd = _allowed(answer, schema)
    return answer, fallen + odd


def finish(store: Store, schema: Schema, region_id: int, by: str, reason: str = "",
           note: str = "") -> Finished:
    """Settle a region with what was decided, on the ground of all its answers. What is open about
    it then (`doubts`) needs a coded reason. Raises InputError where something is not decided yet,
    or there is no such reason."""
    require_settled(store)
    here = _asked(store, region_id)
    if here.open:
        raise InputError(N_("%(count)s disagreements are not decided yet"), count=len(here.open))
    answer, fallen = _decided(here, schema)
    # Checking a long document takes its time: nobody waits for that with a write.
    causes = _doubts(store, schema, here, answer)
    with store.write():
        again = _asked(store, region_id)
        if again.open or _decided(again, schema)[0] != answer:
            raise InputError(N_("somebody has answered this region anew"),
                             hint=N_("look at what they differ in now"))
        if causes and not reason:
            raise InputError(N_("something about this region is open: %(count)s"),
                             count=len(causes),
                             hint=N_("give the reason for which it is settled all the same"))
        if causes:
            check_reason(reason, note)
            give_reasons(store, [one.row() for one in causes], reason, note,
                         secrets.token_hex(8), by)
        settle_region(store, region_id=region_id, answer=answer,
                      answer_ids=[row["id"] for row in here.answers],
                      annotators=sorted({row["annotator"] for row in here.answers}),
                      schema_hash=schema.hash, settled_by=by,
                      guide_hash=effective.guide(store).hash,
                      reasons=[reason_json(row) for row in reasons_given(store, region_id)])
        return Finished(fallen)


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
