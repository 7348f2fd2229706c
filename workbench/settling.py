"""Settling and freezing as work that goes on by itself, with all that must come before and after.

Before regions are settled, their answers are compared and the arithmetic is worked out under them:
what holds a region back must be known by then.
"""
from __future__ import annotations

from dataclasses import dataclass

from labels.errors import N_
from labels.gold import GoldRelease
from workbench import deriving, linting, stages, standing, suggesting
from workbench.progress import Progress, Said, silent
from workbench.project import Project
from workbench.release_report import kept_report
from workbench.store.gold import count_older, releases


@dataclass(frozen=True, slots=True)
class Done:
    """What settling came to, the rules that the gold demoted or promoted by it, and the rules,
    checks and record rules that raised on the way."""

    settled: stages.Settled
    failures: tuple[stages.Failed, ...]
    changed: tuple[standing.Proposal, ...] = ()


def settle(project: Project, by: str, progress: Progress = silent) -> Done:
    """Compare, check, settle; suggest from what is settled now, and check again."""
    with project.open() as store:
        progress(0, None, N_("comparing answers"))
        linting.compare_answers(store)
        before = deriving.derive(store, progress)
        done = stages.settle(store, project.pack(), by, progress)
        again = suggesting.suggest_all(project, progress)
        after = deriving.derive(store, progress)
    return Done(done, before.failures + again.failures + after.failures, again.changed)


def settle_project(project: Project, by: str, progress: Progress) -> Said:
    """`settle` as a job."""
    made = settle(project, by, progress)
    done = made.settled
    context = {"settled": done.settled, "unchanged": done.unchanged, "held": len(done.held),
               "contradicted": done.contradicted, "disagreeing": len(done.disagreeing),
               "withdrawn": len(done.withdrawn),
               "rules": ", ".join(one.rule for one in made.changed)}
    if made.changed:
        return Said(
            N_("%(settled)s settled or changed, %(unchanged)s unchanged, %(held)s held back"
               " (%(contradicted)s by the arithmetic), %(disagreeing)s disputed, %(withdrawn)s"
               " settled no more; by the gold, these rules were demoted or promoted: %(rules)s"),
            context)
    return Said(
        N_("%(settled)s settled or changed, %(unchanged)s unchanged, %(held)s held back"
           " (%(contradicted)s by the arithmetic), %(disagreeing)s disputed, %(withdrawn)s settled"
           " no more"), context)


@dataclass(frozen=True, slots=True)
class Frozen:
    """`new`: it is no older release that still says all there is. `older` settled regions are of
    older versions of documents and stay out."""

    release: GoldRelease
    new: bool
    older: int


def freeze(project: Project, by: str, progress: Progress = silent) -> Frozen:
    """Freeze what is settled, and keep the report of the release as it is now."""
    with project.open() as store:
        progress(0, None, N_("grouping documents"))
        before = {row["number"] for row in releases(store)}
        release = stages.freeze(store, project.pack(), by, progress)
        progress(0, None, N_("counting for the report"))
        kept_report(store, project.pack(), release.number)
        return Frozen(release, release.number not in before, count_older(store))


def freeze_project(project: Project, by: str, progress: Progress) -> Said:
    """`freeze` as a job."""
    done = freeze(project, by, progress)
    context = {"number": done.release.number, "regions": len(done.release.regions),
               "older": done.older}
    if not done.new:
        return Said(N_("nothing has changed since release %(number)s; no new one was made"),
                    context)
    if done.older:
        return Said(N_("release %(number)s was frozen: %(regions)s regions; %(older)s of older"
                       " versions of documents were left out"), context)
    return Said(N_("release %(number)s was frozen: %(regions)s regions"), context)
