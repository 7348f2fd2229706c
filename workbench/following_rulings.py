"""What reviewers decided follows the names of a changed schema: rulings and precedents, and why
remarks on answers were dismissed or let be, are told and come up under the names that count now.

What speaks of a name that is gone, or that was split (nobody knows which part it means), stays as
it was; a precedent of it ends.
"""
from __future__ import annotations

import json
from typing import Any, Mapping

from labels.naming import Names
from workbench.review.adjudication import queue
from workbench.store import Row, Store
from workbench.store.lints import rename_lint_keys
from workbench.store.rulings import (
    end_precedent, name_precedent, precedents, put_ruling, standing_rulings,
)


class _Gone(Exception):
    """A name that a ruling speaks of is gone, or nobody knows what it is called now."""


def follow_rulings(store: Store, names: Names, by: str) -> None:
    """Bring rulings and precedents under new names; `by` ends precedents that have none."""
    with store.write():
        told = {row["ruling_id"]: row for row in precedents(store)}
        for row in standing_rulings(store):
            try:
                _follow(store, row, told.get(row["id"]), names)
            except _Gone:
                if row["id"] in told:
                    end_precedent(store, told[row["id"]]["id"], by)
        _follow_keys(store)
        rename_lint_keys(store, lambda key: _remark(key, names))


# Of remarks whose key tells names (`store.lints.lint_key`): what kind of name each is.
_TOLD = {"two_labels": ("label", "label"), "surface": ("label", "label"),
         "relation_labels": ("label", "label", "relation"), "relation_value": ("", "relation"),
         "class_missing": ("class",)}


def _remark(key: str, names: Names) -> str:
    """The key of the same remark under new names."""
    region, code, place, said = key.split(":", 3)
    kinds = _TOLD.get(code, ())
    parts = said.split(",", len(kinds))
    now = {"label": names.label, "relation": names.relation, "class": names.class_set}
    told = [now[kind](part) if kind else part for kind, part in zip(kinds, parts)]
    if not kinds or None in told:
        return key
    return ":".join((region, code, place, ",".join([*map(str, told), *parts[len(kinds):]])))


def _follow(store: Store, row: Row, precedent: Row | None, names: Names) -> None:
    family, class_set, words = json.loads(row["question"])
    now = _Renaming(names, class_set)
    if family == "relation":
        words = sorted([text, now.label(label)] for text, label in words)
    if class_set:
        class_set = now.known("class", (class_set,), names.class_set(class_set))
    new = {"question": json.dumps([family, class_set, words], ensure_ascii=False),
           "decision": json.dumps(now.decision(json.loads(row["decision"])), ensure_ascii=False),
           "content": json.dumps(now.content(row["content"]), ensure_ascii=False)}
    if precedent is not None:
        name = class_set or (now.relation(precedent["name"]) if family == "relation"
                             else now.label(precedent["name"]))
        if name != precedent["name"]:
            name_precedent(store, precedent["id"], name)
    if any(new[field] != row[field] for field in ("question", "decision")) or (
            json.loads(new["content"]) != row["content"]):
        put_ruling(store, row["id"], new)


class _Renaming:
    """What is said in a ruling, under new names; raises `_Gone`."""

    def __init__(self, names: Names, class_set: str) -> None:
        self.names, self.class_set = names, class_set

    def known(self, what: str, name: tuple[str, ...], now: str | None) -> str:
        if now is None or ":".join((what, *name)) in self.names.unsure:
            raise _Gone
        return now

    def label(self, name: str) -> str:
        return self.known("label", (name,), self.names.label(name))

    def relation(self, name: str) -> str:
        return self.known("relation", (name,), self.names.relation(name))

    def direction(self, relation: str, value: str | None) -> str | None:
        return value and self.known("direction", (relation, value),
                                    self.names.direction(relation, value))

    def choice(self, name: str) -> str:
        return self.known("choice", (self.class_set, name),
                          self.names.choice(self.class_set, name))

    def decision(self, said: Any) -> Any:
        """As `Disagreement.pattern` makes it."""
        spans, links, choices = said
        return [[[self.label(label), *rest] for label, *rest in spans],
                sorted([self.relation(name), self.label(source), left, self.label(target), right,
                        self.direction(name, way)]
                       for name, source, left, target, right, way in links),
                sorted(map(self.choice, choices))]

    def content(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """As `says_to_json` and `told` make it."""
        renamed = [*[self.label] * len(said["spans"]), *[self.relation] * len(said["links"]),
                   *[self.choice] * len(said["choices"])]
        return {
            "spans": [self._span(span) for span in said["spans"]],
            "links": [[self.relation(name), self._span(source), self._span(target),
                       self.direction(name, way)] for name, source, target, way in said["links"]],
            "choices": [self.choice(name) for name in said["choices"]],
            "told": [[turn(name), *words]
                     for turn, (name, *words) in zip(renamed, said["told"])]}

    def _span(self, span: Any) -> list[Any]:
        start, end, label = span
        return [start, end, self.label(label)]


def _follow_keys(store: Store) -> None:
    """The keys of rulings on disagreements that stand under other names now: where just one of a
    region asks the same of the same words."""
    for region in queue(store):
        keys = {one.key for one in region.compared.found}
        for key, row in region.rulings.items():
            if key in keys:
                continue
            like = [one for one in region.open if (one.kind, one.question, one.text[:200]) == (
                row["kind"], row["question"], row["quote"])]
            if len(like) == 1:
                put_ruling(store, row["id"], {"key": like[0].key,
                                              "signature": like[0].signature})
