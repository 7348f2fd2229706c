"""The rule engine: run rules over a folded document, settle their conflicts, keep the evidence.

A rule is a small named function that yields what it finds in the folded view and may abstain.
Three kinds: `rule` finds spans, `relation_rule` links the spans that won, `class_rule` votes for
the classes of a passage. Each carries its own examples, which one test runs.

In examples the expected mention stands in ⟦ ⟧::

    @rule("PERCENT", priority=60, examples=["增长⟦3.5%⟧"], rejects=["第3.5节"])
    def percent(context):
        for match in PERCENT.finditer(context.view.text):
            yield Match(*match.span())
"""
from __future__ import annotations

import hashlib
import inspect
import re
import types
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from labels.document import Document
from labels.errors import N_, RuleError
from labels.folding import View, fold
from labels.lexicons import Lexicon
from labels.measures import Measure, measures_hash, shrunk
from labels.schema import Schema


@dataclass(frozen=True, slots=True)
class Value:
    """A normalised value: `low` equals `high` unless the mention is a range.

    Decimals are strings in plain notation (JSON keeps them exact). Dates are ISO intervals in
    `low` and `high` with unit ``date``.
    """

    low: str
    high: str
    unit: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a span rule yields: offsets into ``context.view.text``, end exclusive."""

    start: int
    end: int
    score: float | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What a relation rule yields: indices into the spans it was given."""

    type: str
    source: int
    target: int
    direction: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """What a class rule yields for one passage; the weights of all rules are added up."""

    choice: str
    weight: float = 1.0
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """What classes are asked of: folded text, its kind of block, where it stands."""

    text: str
    kind: str
    start: int
    end: int
    spans: tuple["SpanSuggestion", ...]


@dataclass
class Context:
    """What rules see. `memory` holds what the document taught so far, by rule family."""

    document: Document
    view: View
    lexicons: Callable[[str], Lexicon]
    memory: dict[str, Any] = field(default_factory=dict)

    def lexicon(self, name: str) -> Lexicon:
        return self.lexicons(name)


@dataclass(frozen=True)
class Rule:
    """A span rule (kind "span"), relation rule ("relation") or class rule ("class").

    `target` is the label, the relation types or the class set it speaks of. Of two overlapping
    spans the higher `priority` wins, then the longer, then the higher score.
    """

    name: str
    kind: str
    target: tuple[str, ...]
    function: Callable[..., Iterable[Any]]
    priority: int
    score: float
    examples: tuple[str, ...]
    rejects: tuple[str, ...]
    lexicons: tuple[str, ...]
    value: "Callable[[Context, int, int], Value | None] | None" = None

    def version(self, lexicon: Callable[[str], Lexicon]) -> str:
        """A hash of its source, of the patterns and helpers it names, and of its lexicons."""
        digest = hashlib.sha256(f"{self.target}{self.priority}{self.score}".encode())
        seen: set[str] = set()
        _digest_function(self.function, digest, seen)
        if self.value is not None:
            _digest_function(self.value, digest, seen)
        for name in self.lexicons:
            digest.update(lexicon(name).hash.encode())
        return digest.hexdigest()[:10]


def _digest_function(function: Callable[..., Any], digest: Any, seen: set[str]) -> None:
    """Feed `digest` the function's source and, by name, what of its module it uses: constants,
    helpers (cached ones too), other rules, and the functions of modules such as ``values.dates``.
    """
    inner = inspect.unwrap(function)
    key = f"{inner.__module__}.{inner.__qualname__}"
    if key in seen:
        return
    seen.add(key)
    digest.update(_source(inner))
    names = {name for code in _code_objects(inner.__code__) for name in code.co_names}
    for name in sorted(names):
        thing = inner.__globals__.get(name)
        if isinstance(thing, types.ModuleType) and thing.__name__.startswith("labels."):
            for used in sorted(names & vars(thing).keys()):
                _digest_thing(f"{name}.{used}", vars(thing)[used], digest, seen)
        else:
            _digest_thing(name, thing, digest, seen)


def _digest_thing(name: str, thing: Any, digest: Any, seen: set[str]) -> None:
    if isinstance(thing, re.Pattern):
        digest.update(f"{name}={thing.pattern}/{thing.flags}".encode())
    elif isinstance(thing, (str, int, float)):
        # Not repr: what it shows of a character depends on the Unicode version of Python.
        digest.update(f"{name}={thing!a}".encode())
    elif isinstance(thing, (tuple, dict)):
        # One by one: the repr of a long pattern is cut, of a function it is an address.
        for key, entry in (thing.items() if isinstance(thing, dict) else enumerate(thing)):
            _digest_thing(f"{name}[{key!a}]", entry, digest, seen)
    elif isinstance(thing, (set, frozenset)):
        digest.update(f"{name}={sorted(map(ascii, thing))}".encode())
    elif isinstance(thing, Rule):
        _digest_function(thing.function, digest, seen)
    elif callable(thing):
        inner = inspect.unwrap(thing)
        if inspect.isfunction(inner) and inner.__module__.startswith("labels."):
            _digest_function(inner, digest, seen)


@lru_cache(maxsize=None)
def _source(function: Callable[..., Any]) -> bytes:
    return inspect.getsource(function).encode()


def _code_objects(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _code_objects(constant)


def _register(kind: str, target: tuple[str, ...], priority: int, score: float,
              examples: Sequence[str], rejects: Sequence[str], lexicons: Sequence[str],
              value: Callable[[Context, int, int], Value | None] | None = None,
              ) -> Callable[[Callable[..., Iterable[Any]]], Rule]:
    def decorate(function: Callable[..., Iterable[Any]]) -> Rule:
        family = function.__module__.rsplit(".", 1)[-1]
        return Rule(f"{family}.{function.__name__}", kind, target, function, priority, score,
                    tuple(examples), tuple(rejects), tuple(lexicons), value)
    return decorate


def rule(label: str, *, priority: int = 50, score: float = 0.9, examples: Sequence[str],
         rejects: Sequence[str] = (), lexicons: Sequence[str] = (),
         value: Callable[[Context, int, int], Value | None] | None = None,
         ) -> Callable[[Callable[[Context], Iterable[Match]]], Rule]:
    """A rule that finds spans: ``function(context) -> Iterable[Match]``.

    ``value(context, start, end)`` normalises the mention ``context.view.text[start:end]``. It is
    asked only for spans that won, and not at all where nobody wants values.
    """
    return _register("span", (label,), priority, score, examples, rejects, lexicons, value)


def relation_rule(*types_: str, score: float = 0.85, examples: Sequence[str] = (),
                  lexicons: Sequence[str] = (),
                  ) -> Callable[[Callable[..., Iterable[Link]]], Rule]:
    """A rule that links spans: ``function(context, spans) -> Iterable[Link]``.

    `spans` are `SpanSuggestion`s sorted by start, with offsets into the *source*;
    ``context.view.locate`` leads back into the folded text.
    """
    return _register("relation", types_, 0, score, examples, (), lexicons)


def class_rule(class_set: str, *, score: float = 0.8, examples: Sequence[str] = (),
               lexicons: Sequence[str] = (),
               ) -> Callable[[Callable[..., Iterable[Vote]]], Rule]:
    """A rule that votes: ``function(context, passage) -> Iterable[Vote]``."""
    return _register("class", (class_set,), 0, score, examples, (), lexicons)


@dataclass(frozen=True, slots=True)
class Beaten:
    """A candidate that lost against the suggestion that holds it."""

    rule: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a suggestion was made: what matched (folded), lexicon entries, what it beat."""

    matched: str
    terms: tuple[str, ...] = ()
    beat: tuple[Beaten, ...] = ()


@dataclass(frozen=True, slots=True)
class SpanSuggestion:
    start: int
    end: int
    label: str
    rule: str
    version: str
    score: float
    evidence: Evidence
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class RelationSuggestion:
    """`source` and `target` index `Suggestions.spans`."""

    type: str
    source: int
    target: int
    rule: str
    version: str
    score: float
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class ClassSuggestion:
    """`choice` of `class_set` for the passage ``text[start:end]``."""

    class_set: str
    choice: str
    start: int
    end: int
    rule: str
    version: str
    score: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class RuleFailure:
    """A rule that raised `count` times, first with `error`; it was skipped, the others went on."""

    rule: str
    error: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Suggestions:
    spans: tuple[SpanSuggestion, ...]
    relations: tuple[RelationSuggestion, ...]
    classes: tuple[ClassSuggestion, ...]
    failures: tuple[RuleFailure, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A schema with its rules, word lists and measures. `hash` changes when any of them does."""

    schema: Schema
    rules: tuple[Rule, ...]
    lexicon: Callable[[str], Lexicon]
    versions: dict[str, str]
    hash: str
    measures: Mapping[str, Measure] = field(default_factory=dict)

    def score(self, rule: str, declared: float) -> float:
        """The chance that what `rule` says is right (see `labels.measures`)."""
        return shrunk(self.measures.get(rule), declared)


def make_pack(schema: Schema, rules: Iterable[Rule], lexicon: Callable[[str], Lexicon],
              measures: Mapping[str, Measure] | None = None) -> Pack:
    """Check that every rule names what the schema knows, and freeze. Raises RuleError."""
    ordered = tuple(sorted(rules, key=lambda entry: entry.name))
    known = {"span": set(schema.label_names), "relation": {r.name for r in schema.relations},
             "class": {classes.name for classes in schema.classes}}
    for entry in ordered:
        for target in entry.target:
            if target not in known[entry.kind]:
                raise RuleError(N_("rule %(rule)s speaks of %(target)r, which the schema lacks"),
                                rule=entry.name, target=target)
    versions = {entry.name: entry.version(lexicon) for entry in ordered}
    if len(versions) != len(ordered):
        raise RuleError(N_("two rules share a name"))
    digest = hashlib.sha256(schema.hash.encode())
    for name, version in sorted(versions.items()):
        digest.update(f"{name}@{version}".encode())
    measures = measures or {}
    digest.update(measures_hash(measures).encode())
    return Pack(schema, ordered, lexicon, versions, digest.hexdigest()[:16], measures)


def suggest(document: Document, pack: Pack, whole: bool = False, *,
            only_spans: bool = False) -> Suggestions:
    """All suggestions for `document`, spans sorted by start and never overlapping.

    With `whole` the text is one passage for the classes; otherwise each block is one.
    With `only_spans` there are no values, relations or classes, which is faster.
    """
    view = fold(document.text, document.blocks or None)
    context = Context(document, view, pack.lexicon)
    failures: list[RuleFailure] = []
    won = _resolve(_candidates(context, pack, failures), view)
    if only_spans:
        return Suggestions(_made(won, view, pack), (), (), _folded(failures))
    spans = _made(won, view, pack, _values(won, context, failures))
    relations = _relations(context, pack, spans, failures)
    classes = _classes(context, pack, spans, failures, whole)
    return Suggestions(spans, relations, classes, _folded(failures))


def _folded(failures: Iterable[RuleFailure]) -> tuple[RuleFailure, ...]:
    """One failure a rule: what it raised first, and how often it raised."""
    first: dict[str, RuleFailure] = {}
    for failure in failures:
        known = first.get(failure.rule)
        first[failure.rule] = failure if known is None else RuleFailure(
            known.rule, known.error, known.count + failure.count)
    return tuple(first.values())


@dataclass(frozen=True, slots=True)
class _Candidate:
    match: Match
    rule: Rule
    version: str
    score: float


def _candidates(context: Context, pack: Pack, failures: list[RuleFailure]) -> list[_Candidate]:
    found: list[_Candidate] = []
    for entry in pack.rules:
        if entry.kind != "span":
            continue
        version = pack.versions[entry.name]
        try:
            for match in entry.function(context):
                if match.start < match.end:
                    score = entry.score if match.score is None else match.score
                    found.append(_Candidate(match, entry, version, score))
        except Exception as error:  # one broken rule must not cost the others' work
            failures.append(RuleFailure(entry.name, f"{type(error).__name__}: {error}"))
    return found


_Won = tuple[_Candidate, list[Beaten]]


def _resolve(candidates: list[_Candidate], view: View) -> list[_Won]:
    """Greedy by priority, length, score; what overlaps a winner is kept as its evidence."""
    candidates.sort(key=lambda c: (-c.rule.priority, c.match.start - c.match.end, -c.score,
                                   c.match.start, c.rule.name))
    taken: list[tuple[int, int, int]] = []
    winners: list[tuple[_Candidate, list[Beaten]]] = []
    for candidate in candidates:
        start, end = candidate.match.start, candidate.match.end
        position = bisect_left(taken, (start, 0, 0))
        rivals = [entry for entry in taken[max(0, position - 1):position + 1]
                  if entry[0] < end and start < entry[1]]
        if rivals:
            winner, beaten = winners[rivals[0][2]]
            label = candidate.rule.target[0]
            if (winner.rule.name, winner.match.start, winner.match.end) != (
                    candidate.rule.name, start, end):
                beaten.append(Beaten(candidate.rule.name, label, view.text[start:end]))
            continue
        insort(taken, (start, end, len(winners)))
        winners.append((candidate, []))
    winners.sort(key=lambda winner: winner[0].match.start)
    return winners


def _values(won: list[_Won], context: Context,
            failures: list[RuleFailure]) -> list[Value | None]:
    """The value of each winner whose rule can tell one."""
    found: list[Value | None] = []
    for candidate, _ in won:
        value, match = candidate.rule.value, candidate.match
        try:
            found.append(value and value(context, match.start, match.end))
        except Exception as error:  # a value that cannot be told must not cost the span
            failures.append(RuleFailure(candidate.rule.name, f"{type(error).__name__}: {error}"))
            found.append(None)
    return found


def _made(won: list[_Won], view: View, pack: Pack,
          found: list[Value | None] | None = None) -> tuple[SpanSuggestion, ...]:
    """The winners as suggestions, with offsets into the source."""
    spans = []
    for position, (candidate, beaten) in enumerate(won):
        match = candidate.match
        start, end = view.span(match.start, match.end)
        spans.append(SpanSuggestion(
            start, end, candidate.rule.target[0], candidate.rule.name, candidate.version,
            pack.score(candidate.rule.name, candidate.score),
            Evidence(view.text[match.start:match.end], match.terms, tuple(beaten)),
            found[position] if found is not None else None))
    return tuple(spans)


def _relations(context: Context, pack: Pack, spans: tuple[SpanSuggestion, ...],
               failures: list[RuleFailure]) -> tuple[RelationSuggestion, ...]:
    best: dict[tuple[str, int, int], tuple[float, RelationSuggestion]] = {}
    for entry in pack.rules:
        if entry.kind != "relation":
            continue
        try:
            for link in entry.function(context, spans):
                score = entry.score if link.score is None else link.score
                key = (link.type, link.source, link.target)
                if key not in best or best[key][0] < score:
                    best[key] = score, RelationSuggestion(
                        link.type, link.source, link.target, entry.name,
                        pack.versions[entry.name], pack.score(entry.name, score),
                        link.direction)
        except Exception as error:  # as for spans
            failures.append(RuleFailure(entry.name, f"{type(error).__name__}: {error}"))
    return tuple(sorted((link for _, link in best.values()),
                        key=lambda link: (link.source, link.target, link.type)))


def _classes(context: Context, pack: Pack, spans: tuple[SpanSuggestion, ...],
             failures: list[RuleFailure], whole: bool) -> tuple[ClassSuggestion, ...]:
    rules = [entry for entry in pack.rules if entry.kind == "class"]
    found: list[ClassSuggestion] = []
    for passage in _passages(context, spans, whole):
        for class_set in pack.schema.paragraph_classes:
            tally: dict[str, list[tuple[float, Rule, str]]] = {}
            for entry in rules:
                if entry.target != (class_set.name,):
                    continue
                try:
                    for vote in entry.function(context, passage):
                        tally.setdefault(vote.choice, []).append(
                            (vote.weight, entry, vote.evidence))
                except Exception as error:  # as for spans
                    failures.append(RuleFailure(entry.name, f"{type(error).__name__}: {error}"))
            found.extend(_elected(tally, class_set.multiple, class_set.name, passage, pack))
    return tuple(found)


def _elected(tally: dict[str, list[tuple[float, Rule, str]]], multiple: bool, name: str,
             passage: Passage, pack: Pack) -> Iterator[ClassSuggestion]:
    """Every choice with a summed weight of 1 or more; of a single-choice set only the best."""
    sums = {choice: sum(weight for weight, _, _ in votes) for choice, votes in tally.items()}
    ranked = sorted(sums, key=lambda choice: (-sums[choice], choice))
    chosen = [choice for choice in ranked if sums[choice] >= 1] if multiple else ranked[:1]
    for choice in chosen:
        _, entry, _ = max(tally[choice], key=lambda vote: (vote[0], vote[1].name))
        evidence = "、".join(dict.fromkeys(e for _, _, e in tally[choice] if e))
        yield ClassSuggestion(name, choice, passage.start, passage.end, entry.name,
                              pack.versions[entry.name], pack.score(entry.name, entry.score),
                              evidence)


def _passages(context: Context, spans: tuple[SpanSuggestion, ...],
              whole: bool) -> Iterator[Passage]:
    view = context.view
    if whole:
        if view.blocks:
            yield Passage(view.text, view.blocks[0][2].kind, view.blocks[0][2].start,
                          view.blocks[-1][2].end, spans)
        return
    position = 0
    for start, end, block in view.blocks:
        while position < len(spans) and spans[position].end <= block.start:
            position += 1
        stop = position
        while stop < len(spans) and spans[stop].start < block.end:
            stop += 1
        yield Passage(view.text[start:end], block.kind, block.start, block.end,
                      spans[position:stop])
