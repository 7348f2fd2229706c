"""Rules of which gold shows that too little is right: demoted, by the measure or a person.

A demoted rule suggests nothing and stands in no other's way. What it would say is made and judged
all the same (`labels.rules.Unshown`), so that it can come back: on the same gold a rule whose
interval ends below the threshold never has a share above it, so none goes to and fro.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Sequence

from labels.corrections import Corrections
from labels.errors import InputError, N_
from labels.overlays import Demote, Overlay, apply, parse_overlay
from labels.rules import Pack
from workbench.effective import base_pack, fitted
from workbench.store import Store
from workbench.store.overlays import add_overlay, draft, newest_overlay, overlay_versions
from workbench.store.settings import get_setting, set_setting
from workbench.verdicts import verdicts

# Who makes a version of the overlay that the measure asked for.
MEASURE = "(measure)"
_SETTING = "rule_threshold"
DEMOTE, PROMOTE = "demote", "promote"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A rule is below it if, of `least` judged suggestions or more, the interval of the share kept
    ends below `share` (None: no rule ever is). `by_itself`: it is then demoted without asking."""

    share: float | None = None
    least: int = 20
    by_itself: bool = False


def threshold(store: Store) -> Threshold:
    return Threshold(**get_setting(store, _SETTING, {}))


def set_threshold(store: Store, asked: Threshold) -> None:
    """Raises InputError for what is no share or count."""
    if asked.share is not None and not 0 < asked.share < 1:
        raise InputError(N_("the threshold must be a share between 0 and 1"))
    if asked.least < 1:
        raise InputError(N_("a rule can be judged by one suggestion or more, not by %(least)s"),
                         least=asked.least)
    set_setting(store, _SETTING, asdict(asked))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the measure asks for: to `DEMOTE` or to `PROMOTE` a rule."""

    rule: str
    action: str
    measured: Corrections


def measured(store: Store, pack: Pack, rule: str) -> Corrections:
    """What became, in gold, of what the rule says in its present version."""
    return verdicts(store).corrections.get((rule, pack.versions.get(rule, "")), Corrections())


def proposals(store: Store, pack: Pack) -> tuple[Proposal, ...]:
    """The rules below the threshold that suggest, and the demoted ones that are not below it."""
    asked = threshold(store)
    if asked.share is None:
        return ()
    found = []
    for rule in pack.rules:
        seen = measured(store, pack, rule.name)
        if seen.judged < asked.least:
            continue
        if rule.name in pack.demoted:
            if seen.kept >= asked.share * seen.judged:
                found.append(Proposal(rule.name, PROMOTE, seen))
        elif seen.interval[1] < asked.share:
            found.append(Proposal(rule.name, DEMOTE, seen))
    return tuple(found)


def follow(store: Store) -> tuple[Proposal, ...]:
    """Do what the measure asks for, where the lead lets it: as a version of the rules of its own.

    Not while somebody has a draft, which it would cross, nor where a person has decided last how
    the rule stands: that is only proposed. Returns what was done.
    """
    if not threshold(store).by_itself or draft(store) is not None:
        return ()
    with store.write():
        done = tuple(one for one in proposals(store, fitted(store).pack)
                     if _decided_by(store, one.rule) in (None, MEASURE))
        if done:
            _save(store, done, "", MEASURE)
    return done


def change(store: Store, rule: str, action: str, why: str, by: str) -> int:
    """Demote or promote a rule, as a person decides; the version of the rules that says so.

    Raises InputError if there is no such rule, if it stands so already, or while there is a draft.
    """
    with store.write():
        pack = fitted(store).pack
        if rule not in pack.versions:
            raise InputError(N_("there is no rule %(rule)s"), rule=rule)
        if (rule in pack.demoted) == (action == DEMOTE):
            raise InputError(N_("the rule %(rule)s is demoted already") if action == DEMOTE
                             else N_("the rule %(rule)s is not demoted"), rule=rule)
        if draft(store) is not None:
            raise InputError(N_("there is a draft"), hint=N_("save or drop it first"))
        return _save(store, [Proposal(rule, action, measured(store, pack, rule))], why.strip(), by)


def _save(store: Store, asked: Sequence[Proposal], why: str, by: str) -> int:
    below = threshold(store).share or 0.0
    overlay = Overlay(parse_overlay(newest_overlay(store)["content"]).changes)
    for one in asked:
        overlay = Overlay(tuple(change for change in overlay.changes
                                if not (isinstance(change, Demote) and change.rule == one.rule)))
        if one.action == DEMOTE:
            overlay = overlay.with_change(
                Demote(one.rule, one.measured.kept, one.measured.judged, below))
    apply(base_pack(store), _fitting(store, overlay))
    return add_overlay(store, overlay.text(), why, by)


def _fitting(store: Store, overlay: Overlay) -> Overlay:
    """Without what did not fit before either."""
    old = parse_overlay(newest_overlay(store)["content"])
    refused = {old.changes[index] for index in fitted(store).refused}
    return Overlay(tuple(change for change in overlay.changes if change not in refused))


def _decided_by(store: Store, rule: str) -> str | None:
    """Who last demoted or promoted the rule; None if nobody did."""
    rows = overlay_versions(store)
    stands = [any(isinstance(change, Demote) and change.rule == rule
                  for change in parse_overlay(row["content"]).changes) for row in rows]
    for row, now, before in zip(rows, stands, [*stands[1:], False]):
        if now != before:
            return str(row["made_by"])
    return None
