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

import gc
import hashlib
import inspect
import linecache
import re
import types
from bisect import bisect_left, bisect_right
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import repeat
from operator import itemgetter
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence

from labels.document import Document
from labels.errors import N_, RuleError
from labels.folding import View, fold
from labels.lazy import LazyPattern
from labels.lexicons import Lexicon
from labels.measures import Measure, measures_hash, shrunk
from labels.naming import Names, directions_of
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


class Match(NamedTuple):
    """What a span rule yields: offsets into ``context.view.text``, end exclusive."""

    start: int
    end: int
    score: float | None = None
    terms: tuple[str, ...] = ()


class Link(NamedTuple):
    """What a relation rule yields: indices into the spans it was given."""

    type: str
    source: int
    target: int
    direction: str | None = None
    score: float | None = None


class Vote(NamedTuple):
    """What a class rule yields for one passage; the weights of all rules are added up."""

    choice: str
    weight: float = 1.0
    evidence: str = ""


class Passage(NamedTuple):
    """What classes are asked of: folded text, its kind of block, where it stands.

    `start` and `end` are offsets into the source; `text` is ``context.view.text[low:high]``, so
    that a rule may look up what one pass over the whole document found.
    """

    text: str
    kind: str
    start: int
    end: int
    spans: "tuple[SpanSuggestion, ...]"
    low: int
    high: int


@dataclass
class Context:
    """What rules see. `memory` holds what the document taught so far, by rule family.

    `folded` is for relation and class rules: ``folded[i]`` is where the span number i stands in
    ``view.text``, as (start, end).
    """

    document: Document
    view: View
    lexicons: Callable[[str], Lexicon]
    memory: dict[str, Any] = field(default_factory=dict)
    folded: Sequence[tuple[int, int]] = ()

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

    def version(self, lexicon: Callable[[str], Lexicon],
                read: "dict[Any, list[_Piece]] | None" = None) -> str:
        """A hash of its source, of the patterns and helpers it names, and of its lexicons.

        `read` keeps what was read of each function for the other rules that use it.
        """
        digest = hashlib.sha256(f"{self.target}{self.priority}{self.score}".encode())
        seen: set[str] = set()
        read = {} if read is None else read
        _digest_function(self.function, digest, seen, read)
        if self.value is not None:
            _digest_function(self.value, digest, seen, read)
        for name in self.lexicons:
            digest.update(lexicon(name).hash.encode())
        return digest.hexdigest()[:10]


# What a version is made of: bytes, and the functions whose pieces belong here.
_Piece = bytes | Callable[..., Any]


def _digest_function(function: Callable[..., Any], digest: Any, seen: set[str],
                     read: dict[Any, list[_Piece]]) -> None:
    """Feed `digest` the function's source and what it uses, functions through functions too."""
    inner = inspect.unwrap(function)
    key = f"{inner.__module__}.{inner.__qualname__}"
    if key in seen:
        return
    seen.add(key)
    if inner not in read:
        read[inner] = list(_pieces(inner))
    for piece in read[inner]:
        if isinstance(piece, bytes):
            digest.update(piece)
        else:
            _digest_function(piece, digest, seen, read)


def _pieces(inner: Callable[..., Any]) -> Iterator[_Piece]:
    """The function's source and, by name, what of its module it uses: constants, helpers (cached
    ones too), other rules, and the functions of modules such as ``values.dates``.
    """
    yield _source(inner).encode()
    names = {name for code in _code_objects(inner.__code__) for name in code.co_names}
    for name in sorted(names):
        thing = inner.__globals__.get(name)
        if isinstance(thing, types.ModuleType) and thing.__name__.startswith("labels."):
            for used in sorted(names & vars(thing).keys()):
                yield from _pieces_of(f"{name}.{used}", vars(thing)[used])
        else:
            yield from _pieces_of(name, thing)


def _pieces_of(name: str, thing: Any) -> Iterator[_Piece]:
    if isinstance(thing, (re.Pattern, LazyPattern)):
        yield f"{name}={thing.pattern}/{thing.flags}".encode()
    elif isinstance(thing, (str, int, float)):
        # Not repr: what it shows of a character depends on the Unicode version of Python.
        yield f"{name}={thing!a}".encode()
    elif isinstance(thing, (tuple, dict)):
        # One by one: the repr of a long pattern is cut, of a function it is an address.
        for key, entry in (thing.items() if isinstance(thing, dict) else enumerate(thing)):
            yield from _pieces_of(f"{name}[{key!a}]", entry)
    elif isinstance(thing, (set, frozenset)):
        yield f"{name}={sorted(map(ascii, thing))}".encode()
    elif isinstance(thing, Rule):
        yield thing.function
    elif callable(thing):
        inner = inspect.unwrap(thing)
        if inspect.isfunction(inner) and inner.__module__.startswith("labels."):
            yield inner


# What stands at the margin of a module and is no closing bracket ends the function before.
_STATEMENT = re.compile(r"[A-Za-z_@#]")


def _source(function: Callable[..., Any]) -> str:
    """The source of `function` with its decorators, as inspect.getsource gives it.

    That reads tokens anew for every function, which took half of the time to load the pack; the
    functions of a module end where the next statement begins at the margin.
    """
    if not function.__qualname__.isidentifier():
        return inspect.getsource(function)
    lines = linecache.getlines(inspect.getsourcefile(function) or "")
    first = last = function.__code__.co_firstlineno - 1
    while not lines[last].startswith("def "):
        last += 1
    last += 1
    while last < len(lines) and not _STATEMENT.match(lines[last]):
        last += 1
    return "".join(lines[first:last])


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
    ``context.folded`` tells where each stands in the folded text.
    """
    return _register("relation", types_, 0, score, examples, (), lexicons)


def class_rule(class_set: str, *, score: float = 0.8, examples: Sequence[str] = (),
               lexicons: Sequence[str] = (),
               ) -> Callable[[Callable[..., Iterable[Vote]]], Rule]:
    """A rule that votes: ``function(context, passage) -> Iterable[Vote]``."""
    return _register("class", (class_set,), 0, score, examples, (), lexicons)


class Beaten(NamedTuple):
    """A candidate that lost against the suggestion that holds it."""

    rule: str
    label: str
    text: str


class Evidence(NamedTuple):
    """Why a suggestion was made: what matched (folded), lexicon entries, what it beat."""

    matched: str
    terms: tuple[str, ...] = ()
    beat: tuple[Beaten, ...] = ()


class SpanSuggestion(NamedTuple):
    start: int
    end: int
    label: str
    rule: str
    version: str
    score: float
    evidence: Evidence
    value: Value | None = None


class RelationSuggestion(NamedTuple):
    """`source` and `target` index `Suggestions.spans`."""

    type: str
    source: int
    target: int
    rule: str
    version: str
    score: float
    direction: str | None = None


class ClassSuggestion(NamedTuple):
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


# Why something is not shown: its rule is demoted.
DEMOTED = "demoted"


class Unshown(NamedTuple):
    """What a rule says and nobody is shown, so that it can still be judged.

    `kind` is span, relation or class, `label` what it says: a label, a relation type, a choice of
    `class_set`. A relation goes from start..end to target_start..target_end. `why` is
    ``demoted``, or who says something else there (``inherited``).
    """

    kind: str
    label: str
    start: int
    end: int
    rule: str
    version: str
    score: float
    why: str
    class_set: str | None = None
    source_label: str | None = None
    target_start: int | None = None
    target_end: int | None = None
    target_label: str | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is suggested for a document; `unshown` is counted, and suggested to nobody."""

    spans: tuple[SpanSuggestion, ...]
    relations: tuple[RelationSuggestion, ...]
    classes: tuple[ClassSuggestion, ...]
    failures: tuple[RuleFailure, ...] = ()
    unshown: tuple[Unshown, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A schema with its rules, word lists and measures. `hash` changes when any of them does.

    `base` is the schema whose names the rules know; where a project changed it, `names` leads from
    there to `schema`, and suggestions are told under the names of that one. What the `demoted`
    rules say is not suggested: it stands among `Suggestions.unshown`, as if they were not demoted.
    """

    schema: Schema
    rules: tuple[Rule, ...]
    lexicon: Callable[[str], Lexicon]
    versions: dict[str, str]
    hash: str
    base: Schema
    measures: Mapping[str, Measure] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    demoted: frozenset[str] = frozenset()

    def score(self, rule: str, declared: float) -> float:
        """The chance that what `rule` says is right (see `labels.measures`)."""
        return shrunk(self.measures.get(rule), declared)

    def says(self, rule: Rule) -> tuple[str, ...]:
        """What a rule speaks of, under the names of `schema`; nothing where none is left."""
        turn = {"span": self.names.outside, "relation": self.names.relation,
                "class": self.names.class_set}[rule.kind]
        return tuple(dict.fromkeys(told for told in map(turn, rule.target) if told))


def make_pack(schema: Schema, rules: Iterable[Rule], lexicon: Callable[[str], Lexicon],
              measures: Mapping[str, Measure] | None = None,
              demoted: Iterable[str] = ()) -> Pack:
    """Check that every rule names what the schema knows, and freeze. Raises RuleError."""
    ordered = tuple(sorted(rules, key=lambda entry: entry.name))
    known = {"span": set(schema.label_names), "relation": {r.name for r in schema.relations},
             "class": {classes.name for classes in schema.classes}}
    for entry in ordered:
        for target in entry.target:
            # A plus stands before a label that only the project has: see `Names.inside`.
            if target not in known[entry.kind] and not target.startswith("+"):
                raise RuleError(N_("rule %(rule)s speaks of %(target)r, which the schema lacks"),
                                rule=entry.name, target=target)
    read: dict[Any, list[_Piece]] = {}
    versions = {entry.name: entry.version(lexicon, read) for entry in ordered}
    if len(versions) != len(ordered):
        raise RuleError(N_("two rules share a name"))
    digest = hashlib.sha256(schema.hash.encode())
    for name, version in sorted(versions.items()):
        digest.update(f"{name}@{version}".encode())
    measures = measures or {}
    digest.update(measures_hash(measures).encode())
    below = frozenset(demoted)
    for name in sorted(below):
        digest.update(f"-{name}".encode())
    return Pack(schema, ordered, lexicon, versions, digest.hexdigest()[:16], schema, measures,
                demoted=below)


def under(pack: Pack, schema: Schema, names: Names) -> Pack:
    """`pack`, its suggestions told under `schema`; `names` leads there from ``pack.base``."""
    if schema == pack.base:
        return pack
    digest = hashlib.sha256(f"{pack.hash}{schema.hash}{names.text()}".encode())
    return replace(pack, schema=schema, names=names, hash=digest.hexdigest()[:16])


def suggest(document: Document, pack: Pack, whole: bool = False, *,
            only_spans: bool = False) -> Suggestions:
    """All suggestions for `document`, spans sorted by start and never overlapping.

    With `whole` the text is one passage for the classes; otherwise each block is one.
    With `only_spans` there are no values, relations or classes, which is faster.
    """
    with _uncollected():
        found = _suggest(document, pack, whole, only_spans)
        return found if pack.schema is pack.base else renamed(found, pack.names, pack.schema)


def _suggest(document: Document, pack: Pack, whole: bool, only_spans: bool) -> Suggestions:
    """All that was needed on the way is gone when this returns, before cycles are looked for."""
    view = fold(document.text, document.blocks or None)
    context = Context(document, view, pack.lexicon)
    failures: list[RuleFailure] = []
    candidates = _candidates(context, pack, failures)
    won = _resolve(_undemoted(candidates, pack), pack, view.text)
    if only_spans:
        return Suggestions(_made(won, pack, view), (), (), _folded(failures))
    spans = _made(won, pack, view, _values(won, context, failures))
    context.folded = [(match.start, match.end) for _, match, _, _ in won]
    relations, unshown = _relations(context, pack, spans, failures)
    classes, without = _classes(context, pack, spans, failures, whole)
    if pack.demoted:
        unshown = [*_unshown_spans(candidates, pack, view), *unshown, *without]
    return Suggestions(spans, relations, classes, _folded(failures), tuple(unshown))


def renamed(found: Suggestions, names: Names, schema: Schema) -> Suggestions:
    """Suggestions under the names of `schema`; what has none there is left out."""
    labels = {label: told for label in {span.label for span in found.spans}
              if (told := names.outside(label)) in schema.label_names}
    places: dict[int, int] = {}
    for index, span in enumerate(found.spans):
        if span.label in labels:
            places[index] = len(places)
    spans = tuple(span._replace(label=labels[span.label], evidence=_renamed_beat(span, names))
                  for span in found.spans if span.label in labels)
    return Suggestions(spans, tuple(_renamed_links(found, names, schema, places)),
                       tuple(_renamed_classes(found.classes, names, schema)), found.failures,
                       tuple(_renamed_unshown(found, names, schema)))


def _renamed_beat(span: SpanSuggestion, names: Names) -> Evidence:
    return span.evidence._replace(beat=tuple(
        one._replace(label=names.outside(one.label) or one.label) for one in span.evidence.beat))


def _renamed_links(found: Suggestions, names: Names, schema: Schema,
                   places: Mapping[int, int]) -> Iterator[RelationSuggestion]:
    known = {relation.name: directions_of(relation) for relation in schema.relations}
    seen: set[tuple[int, int, str]] = set()
    for link in found.relations:
        told = names.relation(link.type)
        if told not in known or link.source not in places or link.target not in places:
            continue
        key = (places[link.source], places[link.target], told)
        direction = names.direction(link.type, link.direction) if link.direction else None
        # Of relations that became one, the first is told.
        if key not in seen:
            seen.add(key)
            yield link._replace(type=told, source=key[0], target=key[1], direction=(
                direction if direction in known[told] else None))


def _renamed_classes(votes: Iterable[ClassSuggestion], names: Names,
                     schema: Schema) -> Iterator[ClassSuggestion]:
    sets = {classes.name: classes for classes in schema.paragraph_classes}
    known = {(classes.name, choice.name) for classes in sets.values()
             for choice in classes.choices}
    seen: set[tuple[str, int, str]] = set()
    for vote in votes:
        told = names.class_set(vote.class_set)
        choice = names.choice(vote.class_set, vote.choice)
        if told is None or choice is None or (told, choice) not in known:
            continue
        # Of several for one answer the first is told: they come by weight.
        key = (told, vote.start, choice if sets[told].multiple else "")
        if key not in seen:
            seen.add(key)
            yield vote._replace(class_set=told, choice=choice)


def _renamed_unshown(found: Suggestions, names: Names, schema: Schema) -> Iterator[Unshown]:
    """As the others, one by one: nobody is shown them, so none stands in the way of another."""
    for one in found.unshown:
        if one.kind == "class":
            vote = ClassSuggestion(one.class_set or "", one.label, one.start, one.end, one.rule,
                                   one.version, one.score)
            for told in _renamed_classes([vote], names, schema):
                yield one._replace(label=told.choice, class_set=told.class_set)
            continue
        ends = [one.label] if one.kind == "span" else [one.source_label, one.target_label]
        labels = [names.outside(label or "") for label in ends]
        if not all(label in schema.label_names for label in labels):
            continue
        if one.kind == "span":
            yield one._replace(label=labels[0] or "")
            continue
        kind = names.relation(one.label)
        relation = next((one for one in schema.relations if one.name == kind), None)
        if relation is not None:
            turned = names.direction(one.label, one.direction) if one.direction else None
            yield one._replace(label=relation.name, source_label=labels[0],
                               target_label=labels[1], direction=(
                                   turned if turned in directions_of(relation) else None))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: rules make many objects and no cycles, and its passes over
    all that is loaded took a tenth of the time.

    Nor does it look through what was made as soon as it may work again: freezing and thawing moves
    all that is young to where the collector looks rarely, at no cost.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _folded(failures: Iterable[RuleFailure]) -> tuple[RuleFailure, ...]:
    """One failure a rule: what it raised first, and how often it raised."""
    first: dict[str, RuleFailure] = {}
    for failure in failures:
        known = first.get(failure.rule)
        first[failure.rule] = failure if known is None else RuleFailure(
            known.rule, known.error, known.count + failure.count)
    return tuple(first.values())


# A match in the order in which conflicts are settled: priority, length and score (all negative, so
# that the highest come first), start, place of its rule in the pack, its number, the match. Plain
# tuples that sort by themselves: a class or a sort key would cost more than all else here.
_Candidate = tuple[int, int, float, int, int, int, Match]


def _candidates(context: Context, pack: Pack, failures: list[RuleFailure]) -> list[_Candidate]:
    found: list[_Candidate] = []
    for place, entry in enumerate(pack.rules):
        if entry.kind != "span":
            continue
        rank, usual = -entry.priority, -entry.score
        try:
            for match in entry.function(context):
                # To unpack a NamedTuple takes sixteen times as long as a tuple.
                start, end, score = match[0], match[1], match[2]
                if start < end:
                    found.append((rank, start - end, usual if score is None else -score, start,
                                  place, len(found), match))
        except Exception as error:  # one broken rule must not cost the others' work
            failures.append(RuleFailure(entry.name, f"{type(error).__name__}: {error}"))
    return found


def _undemoted(candidates: list[_Candidate], pack: Pack) -> list[_Candidate]:
    """The matches of rules that may suggest."""
    if not pack.demoted:
        return candidates
    demoted = {place for place, entry in enumerate(pack.rules) if entry.name in pack.demoted}
    return [one for one in candidates if one[4] not in demoted]


def _unshown_spans(candidates: list[_Candidate], pack: Pack, view: View) -> Iterator[Unshown]:
    """The matches of demoted rules that would hold their place, were none demoted."""
    would = [one for one in _resolve(candidates, pack, view.text) if one[0].name in pack.demoted]
    for span in _made(would, pack, view):
        yield Unshown("span", span.label, span.start, span.end, span.rule, span.version,
                      span.score, DEMOTED)


# A match that holds its place: its rule, the match, its score, what it beat.
_Won = tuple[Rule, Match, float, Sequence[Beaten]]


def _resolve(candidates: list[_Candidate], pack: Pack, text: str) -> list[_Won]:
    """The matches that hold their place, sorted by start.

    Most overlap no other; only where some do must they be settled.
    """
    candidates.sort(key=itemgetter(3))
    won: list[_Won] = []
    first, count = 0, len(candidates)
    while first < count:
        _, length, score, start, place, _, match = candidates[first]
        end, last = start - length, first + 1
        while last < count and candidates[last][3] < end:
            end = max(end, candidates[last][6].end)
            last += 1
        if last - first == 1:
            won.append((pack.rules[place], match, -score, ()))
        else:
            won.extend(_settled(candidates[first:last], start, end, pack, text))
        first = last
    return won


def _settled(candidates: list[_Candidate], low: int, high: int, pack: Pack,
             text: str) -> list[_Won]:
    """Greedy by priority, length, score within ``text[low:high]``; what overlaps a winner is kept
    as its evidence."""
    held = bytearray(high - low)    # 1 wherever a winner stands,
    heads = bytearray(high - low)   # 1 where one begins
    winners: dict[int, tuple[Rule, Match, float]] = {}
    beaten: dict[int, list[Beaten]] = {}
    for _, _, score, start, place, _, match in sorted(candidates):
        end, entry = match.end, pack.rules[place]
        rival = held.find(1, start - low, end - low)
        if rival < 0:
            held[start - low:end - low] = b"\1" * (end - start)
            heads[start - low] = 1
            winners[start] = entry, match, -score
            continue
        head = low + heads.rfind(1, 0, rival + 1)
        if head != start or winners[head][0] is not entry or winners[head][1].end != end:
            beaten.setdefault(head, []).append(tuple.__new__(
                Beaten, (entry.name, entry.target[0], text[start:end])))
    return [(*winners[start], beaten.get(start, ())) for start in sorted(winners)]


def _values(won: list[_Won], context: Context,
            failures: list[RuleFailure]) -> list[Value | None]:
    """The value of each winner whose rule can tell one."""
    found: list[Value | None] = []
    for rule_, match, _, _ in won:
        try:
            found.append(rule_.value and rule_.value(context, match.start, match.end))
        except Exception as error:  # a value that cannot be told must not cost the span
            failures.append(RuleFailure(rule_.name, f"{type(error).__name__}: {error}"))
            found.append(None)
    return found


def _made(won: list[_Won], pack: Pack, view: View,
          found: Sequence[Value | None] | None = None) -> tuple[SpanSuggestion, ...]:
    """The winners as suggestions, with offsets into the source."""
    text, offsets, versions = view.text, view.offsets, pack.versions
    made = tuple.__new__  # by their names these would take three times as long
    scores: dict[tuple[str, float], float] = {}
    spans = []
    for (entry, match, declared, beaten), value in zip(won, found or repeat(None)):
        start, end = match[0], match[1]
        name = entry.name
        score = scores.get((name, declared))
        if score is None:
            score = scores[name, declared] = pack.score(name, declared)
        evidence = made(Evidence, (text[start:end], match[3], tuple(beaten) if beaten else ()))
        spans.append(made(SpanSuggestion, (
            offsets[start], offsets[end - 1] + 1, entry.target[0], name, versions[name], score,
            evidence, value)))
    return tuple(spans)


def _relations(context: Context, pack: Pack, spans: tuple[SpanSuggestion, ...],
               failures: list[RuleFailure],
               ) -> tuple[tuple[RelationSuggestion, ...], Sequence[Unshown]]:
    """The best link of each kind between two spans; and where that of a demoted rule would be the
    best, that."""
    best: dict[tuple[str, int, int], tuple[float, RelationSuggestion]] = {}
    would: dict[tuple[str, int, int], tuple[float, RelationSuggestion]] = {}
    made = tuple.__new__  # as in `_made`
    for entry in pack.rules:
        if entry.kind != "relation":
            continue
        held = would if entry.name in pack.demoted else best
        try:
            measured: dict[float, float] = {}
            for link in entry.function(context, spans):
                score = entry.score if link.score is None else link.score
                if score not in measured:
                    measured[score] = pack.score(entry.name, score)
                key = (link.type, link.source, link.target)
                if key not in held or held[key][0] < score:
                    held[key] = score, made(RelationSuggestion, (
                        *key, entry.name, pack.versions[entry.name], measured[score],
                        link.direction))
        except Exception as error:  # as for spans
            failures.append(RuleFailure(entry.name, f"{type(error).__name__}: {error}"))
    shown = tuple(sorted((link for _, link in best.values()),
                         key=lambda link: (link.source, link.target, link.type)))
    return shown, [unshown_link(link, spans, DEMOTED) for key, (score, link) in would.items()
                   if key not in best or best[key][0] < score]


def unshown_link(link: RelationSuggestion, spans: Sequence[SpanSuggestion], why: str) -> Unshown:
    """A relation between two of `spans` as something that is not shown."""
    source, target = spans[link.source], spans[link.target]
    return Unshown("relation", link.type, source.start, source.end, link.rule, link.version,
                   link.score, why, None, source.label, target.start, target.end, target.label,
                   link.direction)


def unshown_class(vote: ClassSuggestion, why: str) -> Unshown:
    return Unshown("class", vote.choice, vote.start, vote.end, vote.rule, vote.version,
                   vote.score, why, vote.class_set)


def _classes(context: Context, pack: Pack, spans: tuple[SpanSuggestion, ...],
             failures: list[RuleFailure], whole: bool,
             ) -> tuple[tuple[ClassSuggestion, ...], Sequence[Unshown]]:
    """What is elected without the votes of demoted rules; and what, with them, would be elected by
    a vote of theirs."""
    asked = [(class_set, [entry for entry in pack.rules if entry.kind == "class"
                          and entry.target == (class_set.name,)])
             for class_set in pack.base.paragraph_classes]
    told = {entry.name: (pack.versions[entry.name], pack.score(entry.name, entry.score))
            for entry in pack.rules if entry.kind == "class"}
    found: list[ClassSuggestion] = []
    would: list[Unshown] = []
    for passage in _passages(context, spans, whole):
        for class_set, rules in asked:
            tally: dict[str, list[tuple[float, Rule, str]]] = {}
            for entry in rules:
                try:
                    for choice, weight, evidence in entry.function(context, passage):
                        tally.setdefault(choice, []).append((weight, entry, evidence))
                except Exception as error:  # as for spans
                    failures.append(RuleFailure(entry.name, f"{type(error).__name__}: {error}"))
            if tally and pack.demoted:
                would += [unshown_class(one, DEMOTED) for one in _elected(
                    tally, class_set.multiple, class_set.name, passage, told)
                    if one.rule in pack.demoted]
                tally = _undemoted_votes(tally, pack.demoted)
            if tally:
                found.extend(_elected(tally, class_set.multiple, class_set.name, passage, told))
    return tuple(found), would


def _undemoted_votes(tally: Mapping[str, list[tuple[float, Rule, str]]],
                     demoted: frozenset[str]) -> dict[str, list[tuple[float, Rule, str]]]:
    kept = {choice: [vote for vote in votes if vote[1].name not in demoted]
            for choice, votes in tally.items()}
    return {choice: votes for choice, votes in kept.items() if votes}


def _elected(tally: dict[str, list[tuple[float, Rule, str]]], multiple: bool, name: str,
             passage: Passage, told: Mapping[str, tuple[str, float]]) -> Iterator[ClassSuggestion]:
    """Every choice with a summed weight of 1 or more; of a single-choice set only the best.

    `told` are version and score by rule.
    """
    sums = {choice: votes[0][0] if len(votes) == 1 else sum(weight for weight, _, _ in votes)
            for choice, votes in tally.items()}
    ranked = list(sums) if len(sums) == 1 else sorted(
        sums, key=lambda choice: (-sums[choice], choice))
    for choice in ranked if multiple else ranked[:1]:
        if multiple and sums[choice] < 1:
            continue
        votes = tally[choice]
        _, entry, evidence = votes[0]
        if len(votes) > 1:
            _, entry, _ = max(votes, key=lambda vote: (vote[0], vote[1].name))
            evidence = "、".join(dict.fromkeys(e for _, _, e in votes if e))
        yield tuple.__new__(ClassSuggestion, (
            name, choice, passage.start, passage.end, entry.name, *told[entry.name], evidence))


def _passages(context: Context, spans: tuple[SpanSuggestion, ...],
              whole: bool) -> Iterator[Passage]:
    view = context.view
    if whole:
        if view.blocks:
            yield Passage(view.text, view.blocks[0][2].kind, view.blocks[0][2].start,
                          view.blocks[-1][2].end, spans, 0, len(view.text))
        return
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    for start, end, block in view.blocks:
        position = bisect_right(ends, block.start)
        stop = bisect_left(starts, block.end, position)
        yield tuple.__new__(Passage, (view.text[start:end], block.kind, block.start, block.end,
                                      spans[position:stop], start, end))
