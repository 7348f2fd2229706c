"""The typed changes that lead from one schema and guide to another.

Whether a name that is gone became one that is new, nobody can tell from the two: who asks says so
(`renames`), or that it was removed (`removed`).
"""
from __future__ import annotations

from typing import Any, Collection, Iterator, Mapping, Sequence

from labels.errors import N_, SchemaError
from labels.guide import Guide, guide_table
from labels.schema import Schema, schema_table
from labels.schema_changes import Add, Change, Edit, Explain, Remove, Rename

_ROOMS = {"label": "labels", "relation": "relations", "class": "classes"}


def diff(old: Schema, old_guide: Guide, new: Schema, new_guide: Guide,
         renames: Mapping[str, str] | None = None,
         removed: Collection[str] = (), explained: bool = True) -> list[Change]:
    """Changes that make `new` of `old` (but for their versions, and the order of entries).

    Without `explained` the guide stays. Names of choices and directions are written with their
    owner, under its old or new name: ``function.plan``, ``CHANGE.up``.
    Raises SchemaError where names are gone and others new, and nobody said what became of them.
    """
    work = _Work(dict(renames or {}), set(removed))
    before, after = schema_table(old), schema_table(new)
    titles = {key: after[key] for key in ("title", "title_en") if after[key] != before[key]}
    changes: list[Change] = [Edit("schema", "", titles)] if titles else []
    changes += work.rooms(before, after)
    unused = [*work.renames, *work.removed]
    if unused:
        raise SchemaError(N_("%(name)s is no name that is gone"), name=unused[0])
    return changes + (list(_explained(old_guide, new_guide, changes)) if explained else [])


class _Work:
    def __init__(self, renames: dict[str, str], removed: set[str]) -> None:
        self.renames, self.removed = renames, removed

    def rooms(self, before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
        """Labels first, so that relations can name them; what is removed goes last."""
        first: list[Change] = []
        last: list[Remove] = []
        turned: dict[str, str] = {}
        for kind, room in _ROOMS.items():
            renamed = self.matched(kind, ("",), before[room], after[room])
            if kind == "label":
                turned = renamed
            for old, new in renamed.items():
                if old != new:
                    first.append(Rename(kind, old, new))
            last += [Remove(kind, name) for name in before[room] if name not in renamed]
            for name, entry in after[room].items():
                source = next((old for old, new in renamed.items() if new == name), None)
                if source is None:
                    first.append(Add(kind, name, entry))
                elif kind == "class":
                    first += self.class_set(name, source, before[room][source], entry)
                else:
                    first += self.entry(kind, name, source, before[room][source], entry, turned)
        # Relations go before labels: with its last label a relation goes by itself.
        return first + sorted(last, key=lambda change: change.kind != "relation")

    def matched(self, kind: str, owners: Sequence[str], before: Mapping[str, Any],
                after: Mapping[str, Any]) -> dict[str, str]:
        """Old name → new name of what is still there; `owners` are the prefixes of the names."""
        found = {name: name for name in before if name in after}
        gone = [name for name in before if name not in after]
        come = [name for name in after if name not in before]
        for name in gone:
            to = next((told for owner in owners
                       if (told := self.renames.pop(owner + name, None))), None)
            if to is not None:
                to = to.rpartition(".")[2]
                if to not in come:
                    raise SchemaError(N_("there is no new %(kind)s %(name)s"), kind=kind, name=to)
                come.remove(to)
                found[name] = to
        told_gone = {owner + name for name in gone for owner in owners} & self.removed
        self.removed -= told_gone
        unsaid = [name for name in gone if name not in found
                  and not {owner + name for owner in owners} & told_gone]
        if unsaid and come:
            raise SchemaError(
                N_("%(kind)s %(name)s is gone, and %(others)s are new: was it renamed?"),
                kind=kind, name=owners[0] + unsaid[0],
                others=", ".join(owners[0] + one for one in come),
                hint=N_("say --rename %(name)s=NEW, or --removed %(name)s"))
        return found

    def entry(self, kind: str, name: str, source: str, old: Mapping[str, Any],
              new: Mapping[str, Any], turned: Mapping[str, str]) -> Iterator[Change]:
        known = dict(old)
        if kind == "relation":
            known.update({end: [turned.get(label, label) for label in old[end]]
                          for end in ("from", "to")})
            values = self.matched("value", (f"{name}.", f"{source}."), *(
                dict.fromkeys(one["attributes"].get("direction", ())) for one in (old, new)))
            yield from (Rename("value", one, to, name) for one, to in values.items() if one != to)
            known["attributes"] = {**old["attributes"]}
            if "direction" in old["attributes"]:
                known["attributes"]["direction"] = [
                    values.get(one, one) for one in old["attributes"]["direction"]]
        changed = {key: value for key, value in new.items() if value != known[key]}
        if changed:
            yield Edit(kind, name, changed)

    def class_set(self, name: str, source: str, old: Mapping[str, Any],
                  new: Mapping[str, Any]) -> Iterator[Change]:
        choices = self.matched("choice", (f"{name}.", f"{source}."), old["choices"],
                               new["choices"])
        yield from (Rename("choice", one, to, name) for one, to in choices.items() if one != to)
        back = {to: one for one, to in choices.items()}
        for choice, titles in new["choices"].items():
            entry = dict(zip(("title", "title_en"), titles))
            if choice not in back:
                yield Add("choice", choice, entry, name)
            elif old["choices"][back[choice]] != titles:
                yield Edit("choice", choice, entry, name)
        yield from (Remove("choice", one, name) for one in old["choices"] if one not in choices)
        changed = {key: new[key] for key in ("title", "title_en", "unit", "multiple")
                   if new[key] != old[key]}
        if changed:
            yield Edit("class", name, changed)


def _explained(old: Guide, new: Guide, changes: list[Change]) -> Iterator[Change]:
    """Changed guide texts, after everything has its new name."""
    before, after = guide_table(old), guide_table(new)
    back = {(change.kind, change.of, change.to): change.name for change in changes
            if isinstance(change, Rename)}
    if before["general"] != after["general"]:
        yield Explain("general", "", {"general": after["general"]})
    for kind, room in _ROOMS.items():
        for name, entry in after[room].items():
            source = back.get((kind, "", name), name)
            known = before[room].get(source, {})
            if kind != "class":
                if entry != known:
                    # What the guide says no more must be told as empty.
                    empty = {key: type(value)() for key, value in known.items()
                             if key not in entry}
                    yield Explain(kind, name, {**empty, **entry})
                continue
            if entry["rule"] != known.get("rule", ""):
                yield Explain("class", name, {"rule": entry["rule"]})
            for choice, told in entry["choices"].items():
                was = back.get(("choice", name, choice), choice)
                if told != known.get("choices", {}).get(was):
                    yield Explain("choice", choice, dict(zip(("rule", "example"), told)), name)
