"""Suggesting till nothing is due: after the rules were changed, and after gold was."""
from __future__ import annotations

from dataclasses import dataclass

from labels.errors import N_
from workbench import stages, standing
from workbench.progress import Progress, Said, silent
from workbench.project import Project

# The measure demotes, which lets other rules say more, of which one may fall, and so on.
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Done:
    """`documents` were suggested for (again), with that many `spans`; `changed` are the rules that
    the measure demoted or promoted by itself."""

    documents: int
    spans: int
    failures: tuple[stages.Failed, ...]
    changed: tuple[standing.Proposal, ...] = ()


def suggest_all(project: Project, progress: Progress = silent) -> Done:
    """Suggest for all that is due; then the measure on gold may demote rules, and on again."""
    documents = spans = 0
    failures: tuple[stages.Failed, ...] = ()
    changed: list[standing.Proposal] = []
    with project.open() as store:
        for _ in range(_ROUNDS):
            pack = project.pack()
            done = stages.suggest(store, pack, progress)
            documents, spans = documents + done.documents, spans + done.spans
            failures = done.failures or failures
            changed += standing.follow(store)
            if project.pack().hash == pack.hash:  # else there is more to do, whoever changed it
                break
    return Done(documents, spans, failures, tuple(changed))


def suggest_project(project: Project, progress: Progress) -> Said:
    """`suggest_all` as a job."""
    done = suggest_all(project, progress)
    context = {"spans": done.spans, "documents": done.documents,
               "rules": ", ".join(one.rule for one in done.changed)}
    if done.changed:
        return Said(N_("%(spans)s spans suggested in %(documents)s documents; by the gold, these"
                       " rules were demoted or promoted: %(rules)s"), context)
    return Said(N_("%(spans)s spans suggested in %(documents)s documents"), context)
