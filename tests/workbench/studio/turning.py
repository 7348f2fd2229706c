"""What must become of what people said when the schema changes: told from the changes alone.

A second, plain account of the rules, so that histories can be judged without asking the workbench
what it made of an answer:

- what was renamed or merged has its new name; what was split gets the first of its names and is
  doubtful; what was removed is gone, with the relations of its spans;
- of two spans of one name at one place one stays; a question of one choice keeps one of several,
  which is doubtful;
- what is undone is as it was, where nobody has said anything else since; else it goes back by its
  names: where several were possible any of them will do, but it is doubtful.

A name is ``("label", "ORG")``, ``("relation", "VALUE")``, ``("class", "topics")``, or with what it
is part of ``("choice", "topics", "health")``, ``("value", "CHANGE", "up")``.
"""
from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any, Iterable, Iterator, Mapping, Sequence

Name = tuple[str, ...]
Result = list[dict[str, Any]]
PARTS = {"class": "choice", "relation": "value"}


@dataclass(frozen=True)
class Turn:
    """What a change made of names: `told` has the new names of each old one that it concerns, of
    what was split the first one first; `added` are new ones that come of none. `single` are the
    questions of one choice after it, `were_single` before it."""

    told: Mapping[Name, tuple[str, ...]] = field(default_factory=dict)
    added: frozenset[Name] = frozenset()
    single: frozenset[str] = frozenset()
    were_single: frozenset[str] = frozenset()

    def now(self, name: Name) -> tuple[str, ...]:
        return self.told.get(name, (name[-1],))

    def before(self, name: Name) -> tuple[str, ...]:
        """What may have been called `name`, of a part under its old parent."""
        if name in self.added:
            return ()
        found = tuple(old[-1] for old, ends in self.told.items()
                      if old[:-1] == name[:-1] and name[-1] in ends)
        # A name that nothing has become is one of those before: people spoke of it already.
        return found or (name[-1],)


@dataclass(frozen=True)
class Step:
    """A change that is made, or taken back (`undo`)."""

    turn: Turn
    undo: bool = False

    @property
    def single(self) -> frozenset[str]:
        return self.turn.were_single if self.undo else self.turn.single

    def ends(self, name: Name) -> tuple[str, ...]:
        return self.turn.before(name) if self.undo else self.turn.now(name)

    def part_ends(self, kind: str, parent: str, parent_after: str, name: str) -> tuple[str, ...]:
        return self.ends((kind, parent_after if self.undo else parent, name))


def taken_back(steps: Sequence[Step]) -> list[Step]:
    return [Step(step.turn, not step.undo) for step in reversed(steps)]


# --- one result over one step --------------------------------------------------------------------

def turned(result: Result, step: Step) -> tuple[list[Result], bool]:
    """What `result` may be after a step, and whether that is doubtful."""
    doubtful = False
    tops = sorted({name[:2] for name in names_in(result)})
    options: list[Sequence[str | None]] = []
    for name in tops:
        ends = step.ends(name)
        doubtful |= len(ends) > 1
        options.append(_allowed(ends, step))
    found: dict[str, Result] = {}
    for chosen in itertools.product(*options):
        parents = dict(zip(tops, chosen))
        made, unsure = _with_parts(result, step, parents)
        doubtful |= unsure
        found.update({canonical(one): one for one in made})
    return list(found.values()), doubtful


def _allowed(ends: tuple[str, ...], step: Step) -> Sequence[str | None]:
    return (None,) if not ends else ends if step.undo else ends[:1]


def _with_parts(result: Result, step: Step,
                parents: Mapping[Name, str | None]) -> tuple[list[Result], bool]:
    """With the choices and values of what is called `parents` by now."""
    doubtful = False
    parts = sorted({name for name in names_in(result) if len(name) == 3})
    options: list[Sequence[str | None]] = []
    for kind, parent, name in parts:
        top = "class" if kind == "choice" else "relation"
        after = parents[top, parent]
        ends = () if after is None else step.part_ends(kind, parent, after, name)
        doubtful |= len(ends) > 1 or kind == "value" and after is not None and not ends
        options.append(_allowed(ends, step))
    found: list[Result] = []
    for chosen in itertools.product(*options):
        made, crowded = _built(result, {**parents, **dict(zip(parts, chosen))}, step.single)
        doubtful |= crowded
        found += made
    return found, doubtful


def _built(result: Result, now: Mapping[Name, str | None],
           single: frozenset[str]) -> tuple[list[Result], bool]:
    spans: Result = []
    stands: dict[str, str | None] = {}
    first: dict[tuple[Any, ...], str] = {}
    for item in (item for item in result if item["type"] == "labels"):
        value, label = item["value"], now["label", item["value"]["labels"][0]]
        stands[item["id"]] = None if label is None else first.setdefault(
            (value["start"], value["end"], label), item["id"])
        if stands[item["id"]] == item["id"]:
            spans.append({**item, "value": {**value, "labels": [label]}})
    links: dict[tuple[Any, ...], dict[str, Any]] = {}
    for item in (item for item in result if item["type"] == "relation"):
        ends = stands[item["from_id"]], stands[item["to_id"]]
        said = [one for told in item["labels"] if (one := _link(told, now))]
        if None not in ends and ends[0] != ends[1] and said:
            link = links.setdefault(ends, {**item, "from_id": ends[0], "to_id": ends[1],
                                           "labels": []})
            link["labels"] = list(dict.fromkeys((*link["labels"], *said)))
    made: list[Result] = [[*spans, *links.values()]]
    crowded = False
    for item in (item for item in result if item["type"] == "choices"):
        name = now["class", item["from_name"]]
        chosen = list(dict.fromkeys(
            one for told in item["value"]["choices"]
            if (one := now["choice", item["from_name"], told])))
        if name is None or not chosen:
            continue
        several = [[one] for one in chosen] if name in single else [chosen]
        crowded |= len(several) > 1
        made = [[*one, {**item, "from_name": name, "value": {**item["value"], "choices": kept}}]
                for one in made for kept in several]
    return made, crowded


def _link(told: str, now: Mapping[Name, str | None]) -> str | None:
    name, value = link_of(told)
    after = now["relation", name]
    said = now["value", name, value] if value else None
    return after and (f"{after}.{said}" if said else after)


def link_of(told: str) -> tuple[str, str]:
    """``变化·上升 CHANGE.up`` → (CHANGE, up): its title may change."""
    name, _, value = told.split(" ")[-1].partition(".")
    return name, value


def names_in(result: Result) -> Iterator[Name]:
    for item in result:
        if item["type"] == "labels":
            yield "label", item["value"]["labels"][0]
        elif item["type"] == "relation":
            for told in item["labels"]:
                name, value = link_of(told)
                yield "relation", name
                if value:
                    yield "value", name, value
        elif item["type"] == "choices":
            yield "class", item["from_name"]
            for choice in item["value"]["choices"]:
                yield "choice", item["from_name"], choice


def canonical(result: Result) -> str:
    """One text for results that say the same."""
    places: dict[str, Any] = {}
    said: list[Any] = []
    for item in result:
        if item["type"] == "labels":
            value = item["value"]
            places[item["id"]] = [value["start"], value["end"], value["text"], value["labels"]]
            said.append(places[item["id"]])
        elif item["type"] == "choices":
            said.append([item["from_name"], sorted(item["value"]["choices"])])
    said += [[places[item["from_id"]], places[item["to_id"]],
              sorted(".".join(link_of(told)) for told in item["labels"])]
             for item in result if item["type"] == "relation"]
    return json.dumps(sorted(map(json.dumps, said)))


# --- what somebody said, through all versions ----------------------------------------------------

@dataclass(slots=True)
class Said:
    """An answer or a draft as its author left it, and what it `may` be by now.

    `version` was the newest when it was said. What cannot be read (`odd`) and what was not
    submitted (`begun`) goes back by its names though nobody has changed it.
    """

    task: int
    region: str
    skipped: bool = False
    odd: bool = False
    begun: bool = False
    may: list[Result] = field(default_factory=list)
    version: int = 0
    doubts: set[int] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    _known: dict[int, list[tuple[str, Result]]] = field(default_factory=dict)

    def say(self, result: Result, version: int) -> None:
        self.may, self.version = [result], version
        self.doubts.clear()
        self.ever.add(canonical(result))

    def was_left(self, stored: Result) -> None:
        """It is gone before its author's last word was fetched: an earlier one counts, maybe as a
        change that goes on has turned it already."""
        turning = {after for known in self._known.values() for after, _ in known}
        if canonical(stored) in (self.ever | turning) - set(map(canonical, self.may)):
            self.may, self.odd = [stored], True

    def note(self, version: int, steps: Sequence[Step]) -> None:
        """The change to `version` begins, or it was said while that went on."""
        self._known.setdefault(version, []).extend(
            (canonical(after), before) for before in self.may
            for after in _over([before], steps)[0])

    def turn(self, version: int, steps: Sequence[Step]) -> None:
        """A change has come to its end."""
        self.note(version, steps)
        self.may, doubtful = _over(self.may, steps)
        # Who spoke while it went on may have meant the new names.
        self._ended(version, doubtful and self.version < version)

    def take_back(self, version: int, undone: Iterable[tuple[int, Sequence[Step]]]) -> None:
        """`version` takes back the `undone` ones, newest first: their numbers and steps."""
        start, doubtful = self.may, False
        for number, steps in undone:
            found: dict[str, Result] = {}
            for result in self.may:
                exact = [before for after, before in self._known.get(number, ())
                         if after == canonical(result)]
                changed = self.version >= number or self.odd or self.begun
                by_name, unsure = _over([result], taken_back(steps))
                if not exact or changed:
                    found.update({canonical(one): one for one in by_name})
                    doubtful |= unsure and not exact
                found.update({canonical(one): one for one in exact})
            self.may = list(found.values())
            self.doubts.discard(number)
        self._known.setdefault(version, []).extend(
            (canonical(after), before) for before in start for after in self.may)
        self._ended(version, doubtful and self.version < version)

    def _ended(self, version: int, doubtful: bool) -> None:
        if doubtful:
            self.doubts.add(version)
        self.ever.update(map(canonical, self.may))


def _over(results: Sequence[Result], steps: Sequence[Step]) -> tuple[list[Result], bool]:
    doubtful, now = False, list(results)
    for step in steps:
        found: dict[str, Result] = {}
        for result in now:
            made, unsure = turned(result, step)
            doubtful |= unsure
            found.update({canonical(one): one for one in made})
        now = list(found.values())
    return now, doubtful
