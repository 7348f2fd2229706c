"""Quick decisions: one suggested span at a time, in a definite order, until enough people agree.

A decision is no answer to its region and settles nothing. It is a row of its own
(`workbench.store.quick`), counts for the rule that suggested the span, and changes what is
suggested there next (`workbench.quick_effect`).
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Collection, Iterator, Mapping, Sequence

from labels.errors import N_, InputError
from labels.measures import Measure, shrunk
from labels.rules import Beaten, Pack
from workbench.clock import now
from workbench.quick_effect import outcome, people_asked
from workbench.slots import MOST_PEOPLE
from workbench.store import Store
from workbench.store import quick as stored
from workbench.store.quick import Decision, Fixed, Key, NewDecision
from workbench.store.settings import set_setting
from workbench.store.suggestions import spans_with_beaten
from workbench.verdicts import verdicts

# How long a question stays with who looks at it, and is given to nobody else.
LEASE_SECONDS = 120.0
# Whose rival is as likely to be right as it is itself is an even race; from this lead on, none.
LEAD = 0.25
# By uncertainty, by what people correct most, or as the documents run.
ORDERS = ("doubt", "rule", "text")


@dataclass(frozen=True, slots=True)
class Rival:
    """What the suggestion won against; `lead` is by how much its rule is right more often."""

    rule: str
    label: str
    text: str
    lead: float


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the words of `key` are a mention of its label. `start` is in the document.

    `chance` is how often what the rule says is right, as measured and answered; `others` of `equal`
    suggestions on the same words say another label.
    """

    key: Key
    set_id: int
    position: int
    document_id: int
    start: int
    text: str
    rule: str
    version: str
    chance: float
    rival: Rival | None
    equal: int
    others: int

    @property
    def end(self) -> int:
        return self.start + self.key.end - self.key.start

    @property
    def race(self) -> float:
        """1 for an even race with its rival, 0 for none."""
        return 0.0 if self.rival is None else min(1.0, max(0.0, 1 - self.rival.lead / LEAD))

    @property
    def doubt(self) -> float:
        """From 0, certain, to 1. An even race halves the chance, and so does what says otherwise
        of all the same words."""
        mixed = self.others / self.equal if self.equal else 0.0
        return 1 - self.chance * (1 - self.race / 2) * (1 - mixed / 2)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be asked: an order, and only this label, rule, document."""

    order: str = "doubt"
    label: str = ""
    rule: str = ""
    document_id: int = 0

    def fits(self, one: Question) -> bool:
        return ((not self.label or one.key.label == self.label)
                and (not self.rule or one.rule == self.rule)
                and (not self.document_id or one.document_id == self.document_id))


@dataclass(frozen=True)
class Queue:
    """The questions as one person meets them, in order.

    `said` are the decisions that count, `looked` how many others look at a question just now.
    """

    questions: tuple[Question, ...]
    said: Mapping[Key, Sequence[Decision]]
    looked: Mapping[Key, int]
    people: int
    user_id: int

    def decided(self, one: Question) -> bool:
        """Whether enough people have, or this person has, or has skipped it."""
        told = self.said.get(one.key, ())
        return bool(told) and (any(said.user_id == self.user_id for said in told)
                               or _count(told) >= self.people)

    def free(self, one: Question) -> bool:
        """Whether it can be given to this person now."""
        told = self.said.get(one.key, ())
        return (not self.decided(one)
                and _count(told) + self.looked.get(one.key, 0) < self.people)

    @property
    def done(self) -> int:
        return sum(map(self.decided, self.questions)) if self.said else 0

    def find(self, key: Key) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)

    def after(self, key: Key | None) -> Question | None:
        """The next free one after `key`, and after the last one the first; another one than that
        of `key`. Without a key, or if it is none of these, the first."""
        return next(self._free(self.questions, key), None)

    def before(self, key: Key) -> Question | None:
        return next(self._free(self.questions[::-1], key), None)

    def _free(self, questions: Sequence[Question], key: Key | None) -> Iterator[Question]:
        at = 0 if key is None else next(
            (place + 1 for place, one in enumerate(questions) if one.key == key), 0)
        for part in (questions[at:], questions[:at]):
            yield from (one for one in part if one.key != key and self.free(one))


def _count(told: Sequence[Decision]) -> int:
    return sum(said.verdict != "skip" for said in told)


def queue(store: Store, pack: Pack, user_id: int, wish: Wish = Wish()) -> Queue:
    """The questions that fit a wish; what was decided already is among them."""
    closed, said = not_asked(store), stored.decisions(store)
    questions = tuple(one for one in ordered(store, pack, wish.order)
                      if one.key.region_id not in closed and wish.fits(one))
    return Queue(questions, said, stored.looked_at(store, user_id), people_asked(store), user_id)


def not_asked(store: Store) -> Collection[int]:
    """The regions that no question is about: somebody has answered them or they are settled."""
    return stored.answered_regions(store)


# --- the order -----------------------------------------------------------------------------------

def ordered(store: Store, pack: Pack, order: str) -> tuple[Question, ...]:
    """All questions on the suggestions that count, wherever they are, each once. Raises InputError
    for an order that there is not."""
    if order not in ORDERS:
        raise InputError(N_("questions are not ordered by %(order)s"), order=order)
    judged = verdicts(store).tallies
    # Quick decisions do not change a chance: the order stays while people go through it.
    chances = tuple((rule.name, shrunk(
        Measure("", judged[rule.name].answered, judged[rule.name].right)
        if rule.name in judged else None, pack.score(rule.name, rule.score)))
        for rule in pack.rules if rule.kind == "span")
    found = _by_doubt(store.path, stored.sets_stamp(store), pack.schema.label_names, chances)
    if order == "text":
        return tuple(sorted(found, key=_place))
    if order == "rule":
        wrong = corrections(store)
        return tuple(sorted(found, key=lambda one: (-wrong[one.rule], one.rule)))
    return found


def corrections(store: Store) -> Counter[str]:
    """By rule, how often people said otherwise: in answers to regions, or in quick decisions."""
    found = Counter({rule: tally.answered - tally.right
                     for rule, tally in verdicts(store).tallies.items()})
    for (rule, _version), tally in rule_tallies(store).items():
        found[rule] += tally.rejected + tally.fixed
    return found


def _place(one: Question) -> tuple[int, int, int, str]:
    return one.document_id, one.start, one.end, one.key.label


@lru_cache(maxsize=2)
def _by_doubt(path: Path, _stamp: tuple[object, ...], labels: tuple[str, ...],
              chances: tuple[tuple[str, float], ...]) -> tuple[Question, ...]:
    with Store(path) as store:
        made = list(_questions(store, frozenset(labels), dict(chances)))
    equal: dict[str, Counter[str]] = defaultdict(Counter)
    for one in made:
        equal[one.text][one.key.label] += 1
    return tuple(sorted(
        (_among(one, equal[one.text]) for one in made),
        key=lambda one: (-round(one.doubt, 6), *_place(one))))


def _among(one: Question, equal: Counter[str]) -> Question:
    total = equal.total()
    others = total - equal[one.key.label]
    return Question(one.key, one.set_id, one.position, one.document_id, one.start, one.text,
                    one.rule, one.version, one.chance, one.rival, total, others)


def _questions(store: Store, labels: frozenset[str],
               chances: Mapping[str, float]) -> Iterator[Question]:
    for document in stored.asked_documents(store):
        regions = stored.span_regions(store, document["document_id"])
        place = 0
        for span in spans_with_beaten(store, document["set_id"]):
            while place < len(regions) and regions[place][2] <= span["start"]:
                place += 1
            if place == len(regions):
                break
            region_id, start, end = regions[place]
            # A span that reaches over the border of a region is asked in no task either.
            if span["start"] < start or end < span["end"] or span["label"] not in labels:
                continue
            text = document["text"][span["start"]:span["end"]]
            chance = chances.get(span["rule"], span["score"])
            yield Question(
                Key(region_id, span["start"] - start, span["end"] - start, span["label"]),
                document["set_id"], span["position"], document["document_id"], span["start"],
                "".join(text.split()), span["rule"], span["version"], chance,
                _rival(span["label"], text, chance, span["beat"], chances), 0, 0)


def _rival(label: str, text: str, chance: float, beat: Sequence[Beaten],
           chances: Mapping[str, float]) -> Rival | None:
    """The likeliest of those that would say something else."""
    rivals = [Rival(one.rule, one.label, one.text, chance - chances[one.rule]) for one in beat
              if one.rule in chances and (one.label, one.text) != (label, text)]
    return min(rivals, key=lambda one: (one.lead, one.rule, one.text), default=None)


# --- deciding ------------------------------------------------------------------------------------

def give(store: Store, key: Key, user_id: int) -> None:
    """The person looks at this question; for a while nobody else is given it."""
    stored.lease(store, key, user_id, LEASE_SECONDS)


def decide(store: Store, pack: Pack, key: Key, user_id: int, verdict: str,
           fixed: Fixed | None = None) -> int:
    """Note what a person said of a question; the id of the row. Who says of a fix what was
    suggested has accepted it. Raises InputError for what cannot be said, or is not asked (any
    more)."""
    with store.write():
        asked = next((one for one in ordered(store, pack, "doubt") if one.key == key), None)
        if asked is None or key.region_id in not_asked(store):
            raise InputError(N_("this is not asked any more"),
                             hint=N_("its passage was answered, or its suggestions have changed"))
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
    by_key: dict[Key, list[Decision]] = defaultdict(list)
    origin: dict[Key, tuple[str, str]] = {}
    for row in rows:
        key = Key(row["region_id"], row["start"], row["end"], row["label"])
        fixed = (Fixed(row["fixed_start"], row["fixed_end"], row["fixed_label"])
                 if row["verdict"] == "fix" else None)
        by_key[key].append(Decision(row["id"], row["user_id"], row["verdict"], fixed))
        origin[key] = (row["rule"], row["version"])
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    rules: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    pairs = agreed = 0
    for key, said in by_key.items():
        became = _became(said, asked)
        labels[key.label][became] += 1
        rules[origin[key]][became] += 1
        alike = Counter((one.verdict, one.fixed) for one in said)
        pairs += len(said) * (len(said) - 1) // 2
        agreed += sum(n * (n - 1) // 2 for n in alike.values())
    return Told({name: QuickTally(**counts) for name, counts in sorted(labels.items())},
                {name: QuickTally(**counts) for name, counts in sorted(rules.items())},
                len(rows), len({row["user_id"] for row in rows}), pairs, agreed)


def _became(said: Sequence[Decision], people: int) -> str:
    decided = outcome(said, people)
    if decided is None:
        return "open" if len(said) < people else "disputed"
    return {"accept": "accepted", "reject": "rejected", "fix": "fixed"}[decided.verdict]
