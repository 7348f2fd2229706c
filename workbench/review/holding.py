"""Regions that are held back: their answers agree, but a finding of the arithmetic has a figure in
them, or a lint of an answer is open. Such a region becomes gold when these are answered, or when a
reviewer gives a coded reason; gold on which one opens later stands, and is told.
"""
from __future__ import annotations

import json
import re
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any, Collection, Iterable, Mapping, Sequence

from labels.errors import N_, InputError
from labels.schema import Schema
from workbench import effective
from workbench.store import Row, Store
from workbench.store.coming import coming, coming_answers
from workbench.store.gold import newest_gold, settle_region, withdraw_region
from workbench.store.holds import (
    give_reasons, last_batch, open_causes, reason_json, reasons_in_batch, standing_regions,
)
from workbench.store.schemas import require_settled

# The coded reasons; "other" needs words.
REASONS: Mapping[str, str] = {
    "source": N_("the source is wrong"), "extraction": N_("the text was read wrongly"),
    "elsewhere": N_("what is wrong stands elsewhere"), "revised": N_("the base was revised"),
    "rounding": N_("rounding"), "no_claim": N_("the document does not claim this"),
    "as_written": N_("the text is written like that"), "guide": N_("the guide allows it"),
    "other": N_("other"),
}
_FIGURE = re.compile(r"\d+(?:[.,．，]\d+)*")


@dataclass(frozen=True, slots=True)
class Held:
    """A region and what is open about it (rows of `store.holds.open_causes`). `settled`: it was
    gold before that was opened."""

    region_id: int
    document_id: int
    settled: bool
    causes: tuple[Row, ...]

    @property
    def findings(self) -> tuple[Row, ...]:
        return tuple(one for one in self.causes if one["cause"] == "finding")

    @property
    def lints(self) -> tuple[Row, ...]:
        return tuple(one for one in self.causes if one["cause"] == "lint")

    @property
    def contradictions(self) -> tuple[tuple[Row, ...], ...]:
        """The findings, those of one likely cause together."""
        alike: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for one in self.findings:
            alike[_alike(one)].append(one)
        return tuple(map(tuple, alike.values()))

    @property
    def codes(self) -> frozenset[str]:
        """The checks and the lints that hold it."""
        return frozenset(one["code"] for one in self.causes)

    @property
    def alike(self) -> frozenset[tuple[Any, ...]]:
        """The same where the same holds: findings of one likely cause, lints of the same words up
        to figures."""
        return frozenset(map(_alike, self.causes))


def _alike(one: Row) -> tuple[Any, ...]:
    if one["cause"] == "finding":
        return "finding", one["document_id"], one["more"] or one["key"]
    fields = {name: value for name, value in json.loads(one["more"] or "{}").items()
              if name != "count"}
    return "lint", one["code"], _FIGURE.sub("0", json.dumps(fields, sort_keys=True))


def unreasoned(store: Store, document_id: int | None = None) -> dict[int, tuple[Row, ...]]:
    """What is open about each region without a reason that it be let be."""
    found: dict[int, list[Row]] = defaultdict(list)
    for one in open_causes(store, document_id):
        if not one["reason"]:
            found[one["region_id"]].append(one)
    return {region: tuple(causes) for region, causes in found.items()}


def held(store: Store, settled: bool = False) -> list[Held]:
    """The regions that would be gold but for what is open about them; with `settled` the gold on
    which something was opened since. First those that the arithmetic contradicts most, then in the
    order of documents."""
    causes = unreasoned(store)
    waiting = coming(store)
    if settled:
        causes = {region: of_gold for region, found in causes.items() if region not in waiting
                  and (of_gold := tuple(one for one in found if one["of_gold"]))}
        found = sorted(standing_regions(store, causes))
    else:
        found = [region for region in causes if region in waiting]
    made = [Held(region, causes[region][0]["document_id"], settled, causes[region])
            for region in sorted(found)]
    return sorted(made, key=lambda one: (-len(one.findings), one.document_id, one.region_id))


def counts(regions: Iterable[Held]) -> Mapping[str, int]:
    """How many regions each check or lint holds."""
    return Counter(code for one in regions for code in one.codes)


def like(regions: Sequence[Held], here: Held) -> list[Held]:
    """The other regions that are held by nothing but what holds this one."""
    return [one for one in regions if one.region_id != here.region_id and one.alike <= here.alike]


@dataclass(frozen=True, slots=True)
class Through:
    """`regions` were let through, `settled` of them became gold by that."""

    regions: int
    settled: int


def let_through(store: Store, schema: Schema, region_ids: Collection[int],
                reason: str, note: str, by: str) -> Through:
    """Give one coded reason for all that is open about regions, and settle those whose answers
    agree. All or nothing; raises InputError for a reason that is none, or where nothing is open."""
    check_reason(reason, note)
    require_settled(store)
    with store.write():
        found = unreasoned(store)
        causes = [cause for region in sorted(region_ids) for cause in found.get(region, ())]
        if not causes:
            raise InputError(N_("nothing holds this region back any more"))
        regions = {cause["region_id"] for cause in causes}
        waiting = {row["region_id"] for row in coming(store).values()} & regions
        standing = standing_regions(store, regions) - waiting
        if waiting | standing != regions:
            raise InputError(N_("the answers to this region do not agree"),
                             hint=N_("decide between them under Adjudication"))
        give_reasons(store, causes, reason, note, secrets.token_hex(8), by)
        settling = _Settling(store, schema.hash, by)
        for row in coming_answers(store, waiting):
            settling.settle(row)
        for region in sorted(standing):
            settling.settle_again(region)
    return Through(len(regions), len(waiting))


def check_reason(reason: str, note: str) -> None:
    """Raises InputError for a reason that is none, and for another one without words."""
    if reason not in REASONS:
        raise InputError(N_("there is no reason %(reason)s"), reason=reason)
    if reason == "other" and not note:
        raise InputError(N_("say in a few words what the other reason is"))


def reasons_for(store: Store, document_id: int | None = None) -> dict[int, list[dict[str, Any]]]:
    """By region the reasons for which what is open about it is let be, as gold keeps them."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in open_causes(store, document_id):
        if one["reason"]:
            found[one["region_id"]].append(reason_json(one))
    return found


class _Settling:
    """Gold with the reasons that count when this begins."""

    def __init__(self, store: Store, schema_hash: str, by: str) -> None:
        self.store, self.by, self.schema_hash = store, by, schema_hash
        self.guide_hash = effective.guide(store).hash
        self.reasons = reasons_for(store)

    def settle(self, row: Row) -> None:
        settle_region(self.store, region_id=row["region_id"], answer=row["answer"],
                      answer_ids=row["answer_ids"], annotators=row["annotators"],
                      schema_hash=self.schema_hash, settled_by=self.by,
                      guide_hash=self.guide_hash, reasons=self.reasons.get(row["region_id"], ()))

    def settle_again(self, region_id: int) -> None:
        """What is gold, with the reasons that count now."""
        (row,) = newest_gold(self.store, region_id)
        self.settle({"region_id": region_id, **{name: json.loads(row[name]) for name in (
            "answer", "answer_ids", "annotators")}})

    def untold(self, region_id: int, keys: Collection[tuple[str, str]]) -> None:
        """Gold that stands on reasons that were taken back: as it was before, or withdrawn."""
        versions = newest_gold(self.store, region_id, 2)
        if not versions or versions[0]["answer"] is None or not any(
                (one["cause"], one["key"]) in keys for one in json.loads(versions[0]["reasons"])):
            return
        if len(versions) == 2 and versions[1]["answer"] == versions[0]["answer"]:
            self.settle_again(region_id)
        else:
            withdraw_region(self.store, region_id, schema_hash=self.schema_hash, by=self.by)


def take_back(store: Store, schema: Schema, by: str,
              batch: str | None = None) -> int:
    """Take back what was let through at once (by default what this person let through last). What
    became gold by it is gold no more; what was gold before stays, without the reason. Returns how
    many regions; raises InputError where there is nothing to take back."""
    require_settled(store)
    with store.write():
        batch = batch or last_batch(store, by)
        rows = reasons_in_batch(store, batch) if batch else []
        if not rows:
            raise InputError(N_("there is nothing to take back"))
        give_reasons(store, rows, "", "", secrets.token_hex(8), by)
        taken: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in rows:
            taken[row["region_id"]].add((row["cause"], row["key"]))
        settling = _Settling(store, schema.hash, by)
        for region, keys in taken.items():
            settling.untold(region, keys)
    return len(taken)
