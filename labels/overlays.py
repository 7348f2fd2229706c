"""Overlays: what a project changes in a pack, without touching its files.

An overlay is a list of changes. As a file it is JSON Lines, one change a line, applied in order::

    {"off": "posts.post"}
    {"demote": "projects.works", "right": 12, "answered": 40, "below": 0.5}
    {"lexicon": "posts", "term": "政务专员", "columns": {"kind": "head"}}
    {"lexicon": "posts", "take": "总规划师"}
    {"pattern": "热线(?P<mention>\\\\d{5})", "name": "hotline", "label": "QUANTITY", "priority": 61,
     "score": 0.9, "examples": ["拨打热线⟦12345⟧"], "rejects": ["12345页"]}

`apply` gives the changed pack or refuses with one line that says where and what; the pack given
stays as it is.
"""
from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Callable, Iterable, Mapping, Sequence

from labels.errors import LexiconError, N_, RuleError, WorkbenchError
from labels.folding import fold
from labels.lexicons import Lexicon
from labels.patterns import pattern_rule
from labels.rules import Pack, Rule, make_pack, under

PRIORITIES = (1, 99)
# A column with as few different values is a closed list; free columns go into classes of patterns.
_FEW = 40
_SIGNS = re.compile(r"[\[\]\\^\-\t\n]")
_NAME = re.compile(r"[^\W\d][\w-]{0,39}")
_PATTERN_KEYS = ("pattern", "name", "label", "priority", "score", "examples", "rejects")


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """The rule makes no suggestions. What other rules learn from it they still learn."""

    rule: str


@dataclass(frozen=True, slots=True)
class Demote:
    """The rule suggests nothing and stands in no other's way; what it would say is still counted.

    Where the measure asked for it: how much of what the rule had `answered` in the gold was
    `right`, and `below` which share that was too little. `answered` is 0 if a person decided.
    """

    rule: str
    right: int = 0
    answered: int = 0
    below: float = 0.0


@dataclass(frozen=True, slots=True)
class AddTerm:
    lexicon: str
    term: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TakeTerm:
    lexicon: str
    term: str


@dataclass(frozen=True, slots=True)
class AddPattern:
    """Becomes the rule ``pattern.NAME``; see `labels.patterns`."""

    name: str
    label: str
    pattern: str
    priority: int
    score: float
    examples: tuple[str, ...]
    rejects: tuple[str, ...] = ()


Change = SwitchOff | Demote | AddTerm | TakeTerm | AddPattern


@dataclass(frozen=True, slots=True)
class Overlay:
    """`places` says where each change stands, for errors: a file's line, or ``#1`` and so on."""

    changes: tuple[Change, ...] = ()
    places: tuple[str, ...] = ()

    def place(self, index: int) -> str:
        return self.places[index] if self.places else f"#{index + 1}"

    def text(self) -> str:
        """The overlay as JSON Lines; equal overlays have equal texts."""
        return "".join(json.dumps(change_to_json(change), ensure_ascii=False) + "\n"
                       for change in self.changes)

    def with_change(self, change: Change) -> "Overlay":
        """With `change` instead of what it replaces or undoes, or after all others."""
        kept = [one for one in self.changes if _subject(one) != _subject(change)]
        if len(kept) < len(self.changes) and isinstance(change, AddPattern):
            place = next(i for i, one in enumerate(self.changes)
                         if _subject(one) == _subject(change))
            return Overlay((*kept[:place], change, *kept[place:]))
        if isinstance(change, AddTerm) and TakeTerm(change.lexicon, change.term) in self.changes:
            # A term of the pack with other columns: taken, then added.
            kept.append(TakeTerm(change.lexicon, change.term))
        return Overlay((*kept, change))

    def without(self, change: Change) -> "Overlay":
        return Overlay(tuple(one for one in self.changes if one != change))


def _subject(change: Change) -> tuple[str, ...]:
    """What a change is about; an overlay says one thing of it (of a term: taken, then added)."""
    if isinstance(change, (SwitchOff, Demote)):
        return ("rule", change.rule)
    if isinstance(change, AddPattern):
        return ("pattern", change.name)
    return ("term", change.lexicon, change.term)


# --- text ----------------------------------------------------------------------------------------

def parse_overlay(text: str, source: str = "") -> Overlay:
    """The inverse of `Overlay.text`; `source` is named in errors. Raises RuleError."""
    changes: list[Change] = []
    places: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"{source} line {number}" if source else f"#{len(changes) + 1}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RuleError(N_("%(place)s: this is no JSON object: %(why)s"), place=place,
                            why=error) from error
        changes.append(_at(place, lambda: change_from_json(record)))
        places.append(place)
    return Overlay(tuple(changes), tuple(places))


def change_to_json(change: Change) -> dict[str, Any]:
    if isinstance(change, SwitchOff):
        return {"off": change.rule}
    if isinstance(change, Demote):
        measured = {"right": change.right, "answered": change.answered, "below": change.below}
        return {"demote": change.rule, **(measured if change.answered else {})}
    if isinstance(change, AddTerm):
        return {"lexicon": change.lexicon, "term": change.term, "columns": dict(change.columns)}
    if isinstance(change, TakeTerm):
        return {"lexicon": change.lexicon, "take": change.term}
    return {"pattern": change.pattern, "name": change.name, "label": change.label,
            "priority": change.priority, "score": change.score,
            "examples": list(change.examples), "rejects": list(change.rejects)}


def change_from_json(record: Any) -> Change:
    """The inverse of `change_to_json`; terms are folded as rules read the text. Raises RuleError
    for keys or kinds of values that no change has."""
    if not isinstance(record, dict):
        raise RuleError(N_("a change is an object"))
    keys = set(record)
    if keys == {"off"}:
        return SwitchOff(_text(record, "off"))
    if {"demote"} <= keys <= {"demote", "right", "answered", "below"}:
        return _demotion(record)
    if keys == {"lexicon", "take"}:
        return TakeTerm(_text(record, "lexicon"), folded(_text(record, "take")))
    if {"lexicon", "term"} <= keys <= {"lexicon", "term", "columns"}:
        columns = record.get("columns", {})
        if not isinstance(columns, dict) or not all(
                isinstance(value, str) for value in columns.values()):
            raise RuleError(N_("%(key)s must be an object of texts"), key="columns")
        return AddTerm(_text(record, "lexicon"), folded(_text(record, "term")),
                       tuple((key, value.strip()) for key, value in columns.items()
                             if value.strip()))
    if {"pattern", "name", "label", "examples"} <= keys <= set(_PATTERN_KEYS):
        return AddPattern(
            _text(record, "name"), _text(record, "label"), _text(record, "pattern"),
            _number(record, "priority", 50, int), _number(record, "score", 0.8, float),
            _texts(record, "examples"), _texts(record, "rejects"))
    raise RuleError(
        N_("no change has these keys: %(keys)s"), keys=", ".join(sorted(map(str, keys))),
        hint=N_("a change is {off}, {demote, right, answered, below}, {lexicon, term, columns},"
                " {lexicon, take}, or {pattern, name, label, priority, score, examples, rejects}"))


def _demotion(record: Mapping[str, Any]) -> Demote:
    made = Demote(_text(record, "demote"), _number(record, "right", 0, int),
                  _number(record, "answered", 0, int), _number(record, "below", 0.0, float))
    if not (0 <= made.right <= made.answered and 0 <= made.below <= 1):
        raise RuleError(N_("right, answered and below must be the measure of a rule"))
    return made


def folded(term: str) -> str:
    """`term` as it stands in folded text: full width made ASCII, no white space inside."""
    return fold(term).text.strip()


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise RuleError(N_("%(key)s must be a text"), key=key)
    return value


def _texts(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RuleError(N_("%(key)s must be a list of texts"), key=key)
    return tuple(value)


def _number(record: Mapping[str, Any], key: str, default: Any, kind: type) -> Any:
    value = record.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, kind)):
        raise RuleError(N_("%(key)s must be a number"), key=key)
    return kind(value)


def _at(place: str, make: Callable[[], Any]) -> Any:
    """What `make` returns; its error with the place of the change before it."""
    try:
        return make()
    except WorkbenchError as error:
        raise placed(error, place) from error


def placed(error: WorkbenchError, place: str) -> WorkbenchError:
    """`error` with `place` in front of its line."""
    return type(error)("%(place)s: " + error.message, hint=error.hint,
                       **{**error.context, "place": place})


# --- application ---------------------------------------------------------------------------------

@dataclass(frozen=True)
class Fitted:
    """A pack with the changes that fit it, and why the others do not, by index of the change."""

    pack: Pack
    refused: Mapping[int, WorkbenchError]


def apply(pack: Pack, overlay: Overlay) -> Pack:
    """`pack` with all changes of `overlay`. Raises RuleError or LexiconError for the first that
    is no good, naming its place; `pack` is not changed."""
    fitted = fit(pack, overlay)
    for index, error in sorted(fitted.refused.items()):
        raise placed(error, overlay.place(index))
    return fitted.pack


def fit(pack: Pack, overlay: Overlay) -> Fitted:
    """`pack` with those changes of `overlay` that fit it.

    For an overlay stored in a project: a newer pack may lack a rule that was switched off, and
    the rest must go on working.
    """
    if not overlay.changes:
        return Fitted(pack, {})
    work = _Work(pack)
    refused: dict[int, WorkbenchError] = {}
    for index, change in enumerate(overlay.changes):
        try:
            work.change(change)
        except WorkbenchError as error:
            refused[index] = error
    return Fitted(work.pack(), refused)


class _Work:
    """A pack while it is being changed."""

    def __init__(self, pack: Pack) -> None:
        self._base = pack
        self._rules = {rule.name: rule for rule in pack.rules}
        self._demoted: set[str] = set()
        self._lexicons: dict[str, Lexicon] = {}
        self._known = lexicon_names(pack)

    def change(self, change: Change) -> None:
        if isinstance(change, (SwitchOff, Demote)):
            if change.rule not in self._rules:
                raise RuleError(N_("there is no rule %(rule)s"), rule=change.rule)
            if isinstance(change, Demote):
                self._demoted.add(change.rule)
            else:
                del self._rules[change.rule]
                self._demoted.discard(change.rule)
        elif isinstance(change, AddPattern):
            self._add_pattern(change)
        elif isinstance(change, AddTerm):
            self._add_term(change)
        else:
            self._take_term(change)

    def pack(self) -> Pack:
        lexicons, base = dict(self._lexicons), self._base.lexicon

        def lexicon(name: str) -> Lexicon:
            return lexicons[name] if name in lexicons else base(name)

        made = make_pack(self._base.base, self._rules.values(), lexicon, self._base.measures,
                         self._demoted)
        return under(made, self._base.schema, self._base.names)

    def _add_pattern(self, change: AddPattern) -> None:
        if not _NAME.fullmatch(change.name):
            raise RuleError(N_("%(name)r is no name of a rule"), name=change.name,
                            hint=N_("a letter, then letters, digits, _ and -, at most 40"))
        if change.label not in self._base.schema.label_names:
            raise RuleError(N_("there is no label %(label)s"), label=change.label,
                            hint=N_("labels: %(labels)s"),
                            labels=", ".join(self._base.schema.label_names))
        low, high = PRIORITIES
        if not low <= change.priority <= high:
            raise RuleError(N_("the priority must be from %(low)s to %(high)s"), low=low, high=high)
        if not 0 < change.score <= 1:
            raise RuleError(N_("the score must be above 0 and at most 1"))
        if not change.examples:
            raise RuleError(N_("a pattern needs an example that it must match"))
        inside = self._base.names.inside(change.label, self._base.base)
        rule = _built(replace(change, label=inside))
        if rule.name in self._rules:
            raise RuleError(N_("there is a rule %(rule)s already"), rule=rule.name)
        self._rules[rule.name] = rule

    def _add_term(self, change: AddTerm) -> None:
        lexicon = self._lexicon(change.lexicon)
        if not change.term:
            raise LexiconError(N_("the term is empty"))
        if "\n" in change.term or "\t" in change.term:
            raise LexiconError(N_("a term has no tabulator and no line break"))
        if change.term in lexicon:
            raise LexiconError(N_("%(term)s stands in the lexicon %(lexicon)s already"),
                               term=change.term, lexicon=change.lexicon)
        given, known = dict(change.columns), columns_of(lexicon)
        for column, value in given.items():
            if column not in known:
                raise LexiconError(N_("the lexicon %(lexicon)s has no column %(column)s"),
                                   lexicon=change.lexicon, column=column,
                                   hint=N_("columns: %(columns)s"), columns=", ".join(known))
            if not known[column].choices and _SIGNS.search(value):
                raise LexiconError(N_("the column %(column)s takes letters, no signs"),
                                   column=column)
            if known[column].choices and value not in known[column].choices:
                raise LexiconError(
                    N_("%(value)s is no %(column)s of the lexicon %(lexicon)s"), value=value,
                    column=column, lexicon=change.lexicon, hint=N_("known: %(choices)s"),
                    choices=", ".join(known[column].choices))
        for name, wanted in known.items():
            if wanted.needed and name not in given:
                raise LexiconError(N_("the lexicon %(lexicon)s needs the column %(column)s"),
                                   lexicon=change.lexicon, column=name)
        row = {name: given.get(name, "") for name in known}
        self._put(lexicon, {**lexicon.entries, change.term: row}, change)

    def _take_term(self, change: TakeTerm) -> None:
        lexicon = self._lexicon(change.lexicon)
        if change.term not in lexicon:
            raise LexiconError(N_("%(term)s does not stand in the lexicon %(lexicon)s"),
                               term=change.term, lexicon=change.lexicon)
        kept = {term: row for term, row in lexicon.entries.items() if term != change.term}
        if not kept:
            raise LexiconError(N_("the last term of the lexicon %(lexicon)s cannot be taken"),
                               lexicon=change.lexicon)
        self._put(lexicon, kept, change)

    def _lexicon(self, name: str) -> Lexicon:
        if name not in self._known:
            raise LexiconError(N_("there is no lexicon %(lexicon)s"), lexicon=name,
                               hint=N_("lexicons: %(names)s"), names=", ".join(self._known))
        return self._lexicons.get(name) or self._base.lexicon(name)

    def _put(self, lexicon: Lexicon, entries: Mapping[str, Mapping[str, str]],
             change: AddTerm | TakeTerm) -> None:
        said = lexicon.hash + json.dumps(change_to_json(change), ensure_ascii=False)
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        self._lexicons[lexicon.name] = replace(lexicon, entries=entries, hash=digest)


@lru_cache(maxsize=256)
def _built(change: AddPattern) -> Rule:
    return pattern_rule(change.name, change.label, change.pattern, change.priority, change.score,
                        change.examples, change.rejects)


# --- lexicons ------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Column:
    """`needed` if every entry fills it; `choices` where it takes only what is there already."""

    needed: bool
    choices: tuple[str, ...]


def lexicon_names(pack: Pack) -> tuple[str, ...]:
    """The lexicons that rules of the pack name; others cannot be changed."""
    return tuple(sorted({name for rule in pack.rules for name in rule.lexicons}))


def columns_of(lexicon: Lexicon) -> dict[str, Column]:
    """The columns that entries of a lexicon have beside the term.

    What every entry has, and few different ones, tells rules what to do with a term (its kind, its
    topic, its weight): such a column takes what rules know, not a new word.
    """
    rows: Sequence[Mapping[str, str]] = list(lexicon.entries.values())
    names: Iterable[str] = dict.fromkeys(key for row in rows for key in row)
    found = {}
    for name in names:
        values = {row[name] for row in rows if row.get(name)}
        needed = all(row.get(name) for row in rows)
        closed = needed and len(values) <= _FEW
        found[name] = Column(needed, tuple(sorted(values)) if closed else ())
    return found
