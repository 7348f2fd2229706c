"""Quick decisions: one suggested span at a time, until enough people have decided it.

A decision is no answer to its region and settles nothing. It is a row of its own
(`workbench.store.quick`), counts for the rule that suggested the span, and changes what is
suggested there next (`workbench.quick_effect`).
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Mapping, Sequence

from labels.errors import N_, InputError
from labels.rules import Pack
from workbench.clock import now
from workbench.quick_effect import outcome, people_asked
from workbench.review.quick_queue import lanes, not_asked
from workbench.slots import MOST_PEOPLE
from workbench.store import Row, Store
from workbench.store import quick as stored
from workbench.store.quick import Decision, Fixed, Key, NewDecision
from workbench.store.settings import set_setting

# How long a question stays with who looks at it, and is given to nobody else.
LEASE_SECONDS = 120.0


def give(store: Store, key: Key, user_id: int) -> None:
    """The person looks at this question; for a while nobody else is given it."""
    stored.lease(store, key, user_id, LEASE_SECONDS)


def decide(store: Store, pack: Pack, key: Key, user_id: int, verdict: str,
           fixed: Fixed | None = None) -> int:
    """Note what a person said of a question; the id of the row. Who says of a fix what was
    suggested has accepted it. Raises InputError for what cannot be said, or is not asked (any
    more)."""
    with store.write():
        about = lanes(store, pack)
        lane, place = about.places.get(key, ("", -1))
        if place < 0 or key.region_id in not_asked(store):
            raise InputError(N_("this is not asked any more"),
                             hint=N_("its passage was answered, or its suggestions have changed"))
        asked = about.lanes[lane][place]
        if verdict not in ("accept", "reject", "fix", "skip") or (fixed is None) == (
                verdict == "fix"):
            raise InputError(N_("there is no decision %(verdict)s"), verdict=verdict)
        if fixed == Fixed(*key[1:]):
            verdict, fixed = "accept", None
        if fixed is not None:
            _check(store, pack, key.region_id, fixed)
        since = stored.looking_since(store, key, user_id)
        made = stored.add_decision(store, NewDecision(
            key, asked.text, asked.document_id, asked.set_id, asked.rule, asked.version, verdict,
            fixed, None if since is None else _seconds(since)), user_id)
        stored.release(store, user_id)
        return made


def _check(store: Store, pack: Pack, region_id: int, fixed: Fixed) -> None:
    if fixed.label not in pack.schema.label_names:
        raise InputError(N_("there is no label %(label)s"), label=fixed.label)
    length = int(store.value('SELECT "end" - start FROM regions WHERE id = ?', [region_id]))
    if not 0 <= fixed.start < fixed.end <= length:
        raise InputError(N_("these words are not in the region"))


def _seconds(since: str) -> float:
    return (datetime.fromisoformat(now()) - datetime.fromisoformat(since)).total_seconds()


def undo(store: Store, user_id: int) -> Key:
    """Take back the person's last decision (a skip is one, too), by a row of its own; which
    question it was. Raises InputError if there is none."""
    with store.write():
        last = stored.last_decision(store, user_id)
        if last is None:
            raise InputError(N_("nothing was decided here that could be taken back"))
        stored.undo_decision(store, last["id"])
        return Key(last["region_id"], last["start"], last["end"], last["label"])


def ask_people(store: Store, people: int) -> None:
    """Let so many people decide each question. Raises InputError where it is out of bounds."""
    if not 1 <= people <= MOST_PEOPLE:
        raise InputError(N_("a question is decided by 1 to %(most)s people, not by %(people)s"),
                         most=MOST_PEOPLE, people=people)
    set_setting(store, "quick", {"people": people})


# --- what was decided ----------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class QuickTally:
    """Questions with an outcome; `open` ones lack people, on `disputed` ones they differ."""

    accepted: int = 0
    rejected: int = 0
    fixed: int = 0
    open: int = 0
    disputed: int = 0

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected + self.fixed

    @property
    def share(self) -> float | None:
        """Of what has an outcome, how much was accepted as it was."""
        return self.accepted / self.decided if self.decided else None


@dataclass(frozen=True)
class Told:
    """All that was decided: by label, by (rule, its version), and how often two people who decided
    the same question said just the same (`agreed` of `pairs`)."""

    labels: Mapping[str, QuickTally]
    rules: Mapping[tuple[str, str], QuickTally]
    decisions: int
    people: int
    pairs: int
    agreed: int


def rule_tallies(store: Store) -> Mapping[tuple[str, str], QuickTally]:
    """By rule and its version, what became of the questions on what it suggested."""
    return told(store).rules


def told(store: Store) -> Told:
    asked = people_asked(store)
    rows = stored.rows_that_count(store)
    by_key: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[Key(row["region_id"], row["start"], row["end"], row["label"])].append(row)
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    rules: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    pairs = agreed = 0
    for key, said in stored.fold(rows).items():
        became = _became(said, asked)
        labels[key.label][became] += 1
        last = by_key[key][-1]
        rules[last["rule"], last["version"]][became] += 1
        pairs += len(said) * (len(said) - 1) // 2
        agreed += sum(n * (n - 1) // 2
                      for n in Counter((one.verdict, one.fixed) for one in said).values())
    return Told({name: QuickTally(**counts) for name, counts in sorted(labels.items())},
                {name: QuickTally(**counts) for name, counts in sorted(rules.items())},
                len(rows), len({row["user_id"] for row in rows}), pairs, agreed)


def _became(said: Sequence[Decision], people: int) -> str:
    decided = outcome(said, people)
    if decided is None:
        return "open" if len(said) < people else "disputed"
    return {"accept": "accepted", "reject": "rejected", "fix": "fixed"}[decided.verdict]
