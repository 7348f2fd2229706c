"""The rule ledger: what each rule does and how much of it is right, for everybody to read."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from labels import govdoc
from labels.errors import N_
from labels.inheritance import SOURCES
from labels.overlays import (
    AddPattern, AddTerm, Demote, Overlay, SwitchOff, TakeTerm, columns_of, lexicon_names,
    parse_overlay,
)
from labels.schema import Schema
from workbench import changes, ledger as ledgers
from workbench.ledger import DEMO, GOLD, HIDDEN, PROJECT, Entry, Ledger, Place
from workbench.standing import MEASURE
from workbench.store import Store
from workbench.store.documents import document_row, text_slice
from workbench.store.ledger import versions_seen
from workbench.store.overlays import draft, overlay_versions
from workbench.web.colors import css_name
from workbench.web.context import get_project, get_store
from workbench.web.home import running
from workbench.web.keeping import places_for_me
from workbench.web.security import roles

blueprint = Blueprint("rules", __name__)
PAGE = 30
TERMS = 100
_AROUND = 30
_LONGEST = 120

KINDS = {"span": N_("Spans"), "relation": N_("Relations"), "class": N_("Classes")}
STATES = {"on": N_("on"), "off": N_("switched off"), "added": N_("added here")}
# What a rule may be besides.
_OTHERS = ("failed", "demoted", "proposed")
VERDICTS = {"right": N_("right"), "wrong": N_("wrong"), "unjudged": N_("not judged")}
MEASURES = {GOLD: N_("the gold of this project"),
            HIDDEN: N_("its gold made with suggestions hidden"), DEMO: N_("the demo gold"),
            PROJECT: N_("gold and answers of this project")}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the ledger that can be sorted: its title, what of an entry orders it, and
    whether the largest comes first when it is chosen."""

    title: str
    key: Callable[[Entry, str], Any]
    down: bool = False


def _right(entry: Entry, measure: str) -> tuple[int, float]:
    share = entry.shares.get(measure)
    return (0, 0.0) if share is None else (1, share.share)


COLUMNS = {
    "rule": _Column(N_("Rule"), lambda entry, _: entry.name),
    "says": _Column(N_("Says"), lambda entry, _: (entry.rule.kind, entry.rule.target)),
    "made": _Column(N_("Made"), lambda entry, _: entry.made, True),
    "documents": _Column(N_("Documents"), lambda entry, _: entry.documents, True),
    "won": _Column(N_("Won"), lambda entry, _: entry.won, True),
    "lost": _Column(N_("Lost"), lambda entry, _: entry.lost, True),
    "priority": _Column(N_("Priority"), lambda entry, _: entry.rule.priority, True),
    "score": _Column(N_("Score"), lambda entry, _: entry.score, True),
    "right": _Column(N_("Share right"), _right),
}


@blueprint.get("/rules")
@roles("lead", "reviewer", "annotator")
def index() -> ResponseReturnValue:
    """The table; ``?q=``, ``?kind=``, ``?label=``, ``?state=`` filter, ``?sort=`` and ``?down=1``
    order, ``?measure=`` chooses what its shares are of."""
    store, project = get_store(), get_project()
    found = ledgers.ledger(project, store)
    asked = {name: request.args.get(name) or None for name in
             ("q", "kind", "label", "state", "measure", "sort", "down")}
    measures = measure_titles(found)
    measure = asked["measure"] or _default_measure(found)
    sort = asked["sort"] or "rule"
    if measure not in measures or sort not in COLUMNS or asked["kind"] not in (None, *KINDS) \
            or asked["state"] not in (None, *STATES, *_OTHERS):
        abort(404)
    entries = [entry for entry in found.entries if _matches(entry, asked)]
    column = COLUMNS[sort]
    down = asked["down"] == "1"
    entries.sort(key=lambda entry: column.key(entry, measure), reverse=down)
    return render_template(
        "rules/index.html", ledger=found, entries=entries, asked=asked, measure=measure,
        measures=measures, columns=COLUMNS, sort=sort, down=down, kinds=KINDS, states=STATES,
        schema=found.pack.schema, draft=draft_view(store), activities=_busy(store),
        css_name=css_name, titled=targets(found.pack.schema), lexicons=lexicon_names(govdoc.load()))


def _matches(entry: Entry, asked: Mapping[str, str | None]) -> bool:
    if asked["q"] and asked["q"].lower() not in f"{entry.name} {entry.description}".lower():
        return False
    if asked["state"] in _OTHERS and not getattr(entry, asked["state"]):
        return False
    return ((not asked["kind"] or entry.rule.kind == asked["kind"])
            and (not asked["label"] or asked["label"] in entry.rule.target)
            and (asked["state"] in (None, *_OTHERS) or entry.state == asked["state"]))


def measure_titles(found: Ledger) -> dict[str, tuple[str, bool]]:
    """By name of a measure: its title, and whether that is a message to be translated."""
    return {**{name: (title, True) for name, title in MEASURES.items()},
            **{f"reference-{row['id']}": (row["name"], False) for row in found.references
               if row["scores"]}}


def _default_measure(found: Ledger) -> str:
    """What people settled in this project, or said, once there is some of it."""
    for measure in (GOLD, PROJECT):
        if sum(entry.shares[measure].answered for entry in found.entries
               if measure in entry.shares) >= 100:
            return measure
    return DEMO


def _busy(store: Store) -> list[dict[str, Any]]:
    return [one for one in running(store) if one["name"] in ("replay", "score", "suggest")
            and one["state"] != "done"]


@blueprint.get("/rules/<rule_name>")
@roles("lead", "reviewer", "annotator")
def rule(rule_name: str) -> ResponseReturnValue:
    """One rule with its matches; ``?state=right|wrong|unjudged`` and ``?page=N``."""
    if rule_name in SOURCES:
        return redirect(url_for("rule_gold.index", _anchor=rule_name))
    store = get_store()
    found = ledgers.ledger(get_project(), store)
    entry = found.entry(rule_name)
    state, number = request.args.get("state") or None, request.args.get("page", 1, type=int)
    if entry is None or state not in (None, *VERDICTS) or number < 1:
        abort(404)
    places, total = ledgers.places(store, entry.rule.kind, rule_name, state, PAGE,
                                   (number - 1) * PAGE)
    return render_template(
        "rules/rule.html", ledger=found, shown=entry, state=state, verdicts=VERDICTS,
        places=[_shown(store, place) for place in places_for_me(places, entry.rule.kind)],
        total=total, number_of_page=number,
        last_page=max(1, -(-total // PAGE)), measures=measure_titles(found),
        beat=[row for row in found.conflicts if row["winner"] == rule_name],
        beaten=[row for row in found.conflicts if row["loser"] == rule_name],
        failures=[row for row in found.failures if row["rule"] == rule_name],
        versions=versions_seen(store, rule_name), history=_history_of(store, rule_name),
        schema=found.pack.schema, draft=draft_view(store), css_name=css_name, kinds=KINDS,
        states=STATES, titled=targets(found.pack.schema), known=set(
            one.name for one in found.entries))


@dataclass(frozen=True, slots=True)
class Shown:
    """A match with the words around it."""

    place: Place
    title: str
    before: str
    text: str
    after: str
    target: str


def _shown(store: Store, place: Place) -> Shown:
    made, row = place.made, document_row(store, place.document_id)
    start, end = made["start"], min(made["end"], made["start"] + _LONGEST)

    def piece(left: int, right: int) -> str:
        return text_slice(store, place.document_id, left, right)

    target = piece(made["target_start"], made["target_end"]) if made["target_end"] else ""
    return Shown(place, (row["title"] or row["name"]) if row else "",
                 piece(max(0, start - _AROUND), start), piece(start, end),
                 piece(end, end + _AROUND), target)


def _history_of(store: Store, name: str) -> list[Mapping[str, Any]]:
    """The versions of the overlay that switched the rule off or on, or changed its pattern."""
    told: list[Mapping[str, Any]] = []
    before: list[str] = []
    for row in reversed(overlay_versions(store)):
        lines = [line for line in row["content"].splitlines() if _speaks_of(line, name)]
        if lines != before:
            told.append({**row, "lines": lines})
        before = lines
    return told[::-1]


def _speaks_of(line: str, name: str) -> bool:
    (change,) = parse_overlay(line).changes
    return (isinstance(change, (SwitchOff, Demote)) and change.rule == name or
            isinstance(change, AddPattern) and f"pattern.{change.name}" == name)


@blueprint.get("/rules/lexicons/<lexicon_name>")
@roles("lead", "reviewer", "annotator")
def lexicon(lexicon_name: str, error: str = "", given: Mapping[str, str] | None = None,
            status: int = 200) -> ResponseReturnValue:
    """The terms of a lexicon as the draft would have them; ``?q=`` finds, ``?page=N``."""
    store = get_store()
    base = govdoc.load()
    if lexicon_name not in lexicon_names(base):
        abort(404)
    asked, number = request.args.get("q", "").strip(), request.args.get("page", 1, type=int)
    overlay = changes.working_copy(store)
    terms = _terms(lexicon_name, overlay)
    matching = [term for term in terms if asked in term.term] if asked else terms
    if number < 1:
        abort(404)
    return render_template(
        "rules/lexicon.html", name=lexicon_name, columns=columns_of(base.lexicon(lexicon_name)),
        terms=matching[(number - 1) * TERMS:number * TERMS], total=len(terms),
        matching=len(matching), asked=asked, number_of_page=number,
        last_page=max(1, -(-len(matching) // TERMS)), draft=draft_view(store),
        users=[rule.name for rule in base.rules if lexicon_name in rule.lexicons], error=error,
        given=given or {}), status


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a lexicon; `state` is of the pack (""), added or taken."""

    term: str
    columns: Mapping[str, str]
    state: str = ""


def _terms(name: str, overlay: Overlay) -> list[Term]:
    """What the overlay says of the lexicon first, then the terms of the pack by their writing."""
    entries = govdoc.load().lexicon(name).entries
    added = {change.term: dict(change.columns) for change in overlay.changes
             if isinstance(change, AddTerm) and change.lexicon == name}
    taken = {change.term for change in overlay.changes
             if isinstance(change, TakeTerm) and change.lexicon == name} - added.keys()
    return [*(Term(term, columns, "added") for term, columns in added.items()),
            *(Term(term, entries[term], "taken") for term in sorted(taken) if term in entries),
            *(Term(term, row) for term, row in sorted(entries.items())
              if term not in added and term not in taken)]


@blueprint.get("/rules/history")
@roles("lead", "reviewer", "annotator")
def history() -> ResponseReturnValue:
    """All versions of the overlay, newest first, each with what it changed."""
    rows = overlay_versions(get_store())
    told = []
    for row, before in zip(rows, [*rows[1:], {"content": ""}]):
        old, new = before["content"].splitlines(), row["content"].splitlines()
        told.append({**row, "came": described([line for line in new if line not in old]),
                     "went": described([line for line in old if line not in new])})
    return render_template("rules/history.html", versions=told, draft=draft_view(get_store()),
                           measure=MEASURE)


def described(lines: Sequence[str]) -> list[Mapping[str, Any]]:
    """Changes, as the template names them: `kind` and the change itself."""
    names = {SwitchOff: "off", Demote: "demote", AddTerm: "term", TakeTerm: "take",
             AddPattern: "pattern"}
    return [{"kind": names[type(change)], "change": change, "line": line} for line in lines
            for change in parse_overlay(line).changes]


def draft_view(store: Store) -> Mapping[str, Any] | None:
    """The draft with the number of changes it makes."""
    begun = draft(store)
    if begun is None:
        return None
    old = set(changes.saved_lines(store))
    new = begun["content"].splitlines()
    return {**begun, "came": described([line for line in new if line not in old]),
            "went": described([line for line in old if line not in set(new)])}


def targets(schema: Schema) -> dict[str, Any]:
    """Labels, relations, class sets and their choices by name: what has titles."""
    return {**{choice.name: choice for classes in schema.classes for choice in classes.choices},
            **{classes.name: classes for classes in schema.classes},
            **{relation.name: relation for relation in schema.relations},
            **{label.name: label for label in schema.labels}}
