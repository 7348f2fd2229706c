"""The questions of quick decisions: which there are, in which order, and what is next for whom.

A queue of a hundred thousand is put in order once; then a question costs what it is, not what the
queue is.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Collection, Iterator, Mapping, NamedTuple, Sequence

from labels.errors import N_, InputError
from labels.measures import Measure, shrunk
from labels.rules import Beaten, Pack
from workbench.quick_effect import people_asked
from workbench.review.concealing import bare_regions
from workbench.store import Row, Store
from workbench.store import quick as stored
from workbench.store.quick import Decision, Key, Said, Standing
from workbench.store.suggestions import spans_with_beaten
from workbench.verdicts import verdicts

# Whose rival is as likely to be right as it is itself is an even race; from this lead on, none.
LEAD = 0.25
# By uncertainty, by what people correct most, or as the documents run.
ORDERS = ("doubt", "rule", "text")
_PROGRESS = Lock()


@dataclass(frozen=True, slots=True)
class Rival:
    """What the suggestion won against; `lead` is by how much its rule is right more often."""

    rule: str
    label: str
    text: str
    lead: float


class Question(NamedTuple):
    """Whether the words of `key` are a mention of its label. `start` is in the document.

    `chance` is how often what the rule says is right, as measured and answered; `others` of `equal`
    suggestions on the same words say another label. `beat` are those that it won against.
    """

    key: Key
    set_id: int
    position: int
    document_id: int
    start: int
    text: str
    rule: str
    version: str
    score: float
    beat: tuple[Beaten, ...] = ()
    equal: int = 1
    others: int = 0
    chance: float = 0.0
    rival: Rival | None = None

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
        return 1 - self.chance * (1 - self.race / 2) * (1 - self.others / self.equal / 2)


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
class Lanes:
    """The questions that fit a wish: one row of them, or one a rule. `places` are lane and place of
    each, `by_region` how many a region has."""

    lanes: Mapping[str, tuple[Question, ...]]
    places: Mapping[Key, tuple[str, int]]
    by_region: Mapping[int, int]
    progress: dict[tuple[int, int], "Progress"] = field(default_factory=dict)


@dataclass
class Progress:
    """Which questions of some lanes are decided for a person, as far as `read` rows tell: enough
    people have, or this one has, or has skipped it."""

    read: int = 0
    decided: set[Key] = field(default_factory=set)
    by_region: Counter[int] = field(default_factory=Counter)

    def go_on(self, about: Lanes, standing: Standing, user_id: int, people: int) -> None:
        """Read the rows that are new; a queue of a hundred thousand must not be read each time."""
        rows = standing.log[self.read:]
        self.read += len(rows)
        for key in rows:
            told = standing.said.get(key, ())
            now = key in about.places and (_count(told) >= people or any(
                one.user_id == user_id for one in told))
            if now and key not in self.decided:
                self.decided.add(key)
                self.by_region[key.region_id] += 1
            elif not now and key in self.decided:
                self.decided.discard(key)
                self.by_region[key.region_id] -= 1

    def within(self, closed: Collection[int]) -> int:
        """How many are decided, without those of `closed` regions."""
        return len(self.decided) - sum(number for region_id, number in self.by_region.items()
                                       if region_id in closed)


@dataclass(frozen=True)
class Queue:
    """The questions as one person meets them: the lanes `order`ed, without those of `closed`
    regions, which are not asked; `done` of them are decided. `busy` ones are left to others, who
    look at them just now."""

    about: Lanes
    order: tuple[str, ...]
    closed: Collection[int]
    said: Said
    progress: Progress
    done: int
    busy: Collection[Key]
    people: int

    @property
    def total(self) -> int:
        return len(self.about.places) - sum(
            self.about.by_region.get(region_id, 0) for region_id in self.closed)

    @property
    def questions(self) -> Iterator[Question]:
        """All of them in order, decided or not."""
        return (one for one in self._round(None) if one.key.region_id not in self.closed)

    def find(self, key: Key) -> Question | None:
        if key not in self.about.places or key.region_id in self.closed:
            return None
        lane, place = self.about.places[key]
        return self.about.lanes[lane][place]

    def after(self, key: Key | None) -> Question | None:
        """The next free one after `key`, and after the last one the first; another one than that
        of `key`. Without a key, or if it is none of these, the first."""
        return next(filter(self._free, self._round(key)), None)

    def before(self, key: Key) -> Question | None:
        return next(filter(self._free, self._round(key, -1)), None)

    def _free(self, one: Question) -> bool:
        return not (one.key.region_id in self.closed or one.key in self.progress.decided
                    or one.key in self.busy)

    def _round(self, key: Key | None, step: int = 1) -> Iterator[Question]:
        """From behind `key` once around, without it."""
        order, lanes = self.order[::step], self.about.lanes
        if key is None or key not in self.about.places:
            yield from chain.from_iterable(lanes[name][::step] for name in order)
            return
        name, place = self.about.places[key]
        at, lane = order.index(name), lanes[name]
        yield from lane[place + 1:] if step > 0 else lane[:place][::-1]
        for other in (*order[at + 1:], *order[:at]):
            yield from lanes[other][::step]
        yield from lane[:place] if step > 0 else lane[:place:-1]


def queue(store: Store, pack: Pack, user_id: int, wish: Wish = Wish()) -> Queue:
    """The questions that fit a wish. Raises InputError for an order that there is not."""
    if wish.order not in ORDERS:
        raise InputError(N_("questions are not ordered by %(order)s"), order=wish.order)
    about, closed, people = lanes(store, pack, wish), not_asked(store), people_asked(store)
    standing = stored.all_decisions(store, pack.schema.label_names)
    said = standing.said
    with _PROGRESS:
        progress = about.progress.setdefault((user_id, people), Progress())
        progress.go_on(about, standing, user_id, people)
        done = progress.within(closed)
    busy = {key for key, number in stored.looked_at(store, user_id).items()
            if _count(said.get(key, ())) + number >= people}
    order = tuple(about.lanes)
    if wish.order == "rule":
        wrong = corrections(store, said)
        order = tuple(sorted(order, key=lambda rule: (-wrong[rule], rule)))
    return Queue(about, order, closed, said, progress, done, busy, people)


def _count(told: Sequence[Decision]) -> int:
    return len([said for said in told if said.verdict != "skip"])


def not_asked(store: Store) -> Collection[int]:
    """The regions that no question is about: somebody has answered them, they are settled, or
    nobody shall see what is suggested there."""
    return stored.answered_regions(store) | bare_regions(store, "spans")


# --- the order -----------------------------------------------------------------------------------

def lanes(store: Store, pack: Pack, wish: Wish = Wish()) -> Lanes:
    """All questions on the suggestions that count and fit a wish, wherever they are, each once."""
    judged = verdicts(store).tallies
    # Quick decisions do not change a chance, and small changes none: the order stays while people
    # go through it.
    chances = tuple((rule.name, round(shrunk(
        Measure("", judged[rule.name].answered, judged[rule.name].right)
        if rule.name in judged else None, pack.score(rule.name, rule.score)), 2))
        for rule in pack.rules if rule.kind == "span")
    return _lanes(store.path, stored.sets_stamp(store), pack.schema.label_names, chances, wish)


def corrections(store: Store, said: Said) -> Counter[str]:
    """By rule, how often people said otherwise: in answers to regions, or in quick decisions."""
    found = Counter({rule: tally.answered - tally.right
                     for rule, tally in verdicts(store).tallies.items()})
    found.update(one.rule for told in said.values() for one in told
                 if one.verdict in ("reject", "fix"))
    return found


_Chances = tuple[tuple[str, float], ...]


@lru_cache(maxsize=4)
def _lanes(path: Path, stamp: tuple[object, ...], labels: tuple[str, ...], chances: _Chances,
           wish: Wish) -> Lanes:
    found = [one for one in _by_doubt(path, stamp, labels, chances) if wish.fits(one)]
    if wish.order == "text":
        found.sort(key=_place)
    made: dict[str, list[Question]] = defaultdict(list)
    places: dict[Key, tuple[str, int]] = {}
    for one in found:
        lane = one.rule if wish.order == "rule" else ""
        if one.key not in places:
            places[one.key] = (lane, len(made[lane]))
            made[lane].append(one)
    return Lanes({name: tuple(lane) for name, lane in made.items()}, places,
                 Counter(key.region_id for key in places))


def _place(one: Question) -> tuple[int, int, int, str]:
    return one.document_id, one.start, one.end, one.key.label


@lru_cache(maxsize=2)
def _by_doubt(path: Path, stamp: tuple[object, ...], labels: tuple[str, ...],
              chances: _Chances) -> tuple[Question, ...]:
    known = dict(chances)
    made = []
    for one in _questions(path, stamp, labels):
        chance = known.get(one.rule, one.score)
        made.append(one._replace(chance=chance, rival=_rival(one, chance, known)))
    return tuple(sorted(made, key=lambda one: (-round(one.doubt, 6), *_place(one))))


def _rival(one: Question, chance: float, chances: Mapping[str, float]) -> Rival | None:
    """The likeliest of those that would say something else."""
    if not one.beat:
        return None
    rivals = [Rival(other.rule, other.label, other.text, chance - chances[other.rule])
              for other in one.beat if other.rule in chances
              and (other.label, "".join(other.text.split())) != (one.key.label, one.text)]
    return min(rivals, key=lambda rival: (rival.lead, rival.rule, rival.text), default=None)


@lru_cache(maxsize=2)
def _questions(path: Path, _stamp: tuple[object, ...],
               labels: tuple[str, ...]) -> tuple[Question, ...]:
    with Store(path) as store:
        made = [one for document in stored.asked_documents(store)
                for one in _in_document(store, document, frozenset(labels))]
    equal: dict[str, Counter[str]] = defaultdict(Counter)
    for one in made:
        equal[one.text][one.key.label] += 1
    totals = {text: counts.total() for text, counts in equal.items()}
    return tuple(one if totals[one.text] == 1 else one._replace(
        equal=totals[one.text], others=totals[one.text] - equal[one.text][one.key.label])
        for one in made)


def _in_document(store: Store, document: Row, labels: Collection[str]) -> Iterator[Question]:
    regions = stored.span_regions(store, document["document_id"])
    place = 0
    for span in spans_with_beaten(store, document["set_id"]):
        while place < len(regions) and regions[place][2] <= span["start"]:
            place += 1
        if place == len(regions):
            break
        region_id, start, end = regions[place]
        # A span that reaches over the border of a region is asked in no task either.
        if start <= span["start"] and span["end"] <= end and span["label"] in labels:
            text = document["text"][span["start"]:span["end"]]
            yield Question(
                Key(region_id, span["start"] - start, span["end"] - start, span["label"]),
                document["set_id"], span["position"], document["document_id"], span["start"],
                "".join(text.split()), span["rule"], span["version"], span["score"], span["beat"])
