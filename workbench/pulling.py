"""Answers ← Label Studio: what changed since the last pull, or everything there is."""
from __future__ import annotations

from dataclasses import dataclass

from labels.errors import N_
from labels.rules import Pack
from workbench.incoming import PullReport, Taking
from workbench.linting import compare_answers
from workbench.progress import Progress
from workbench.store import Store
from workbench.store.settings import get_setting, set_setting
from workbench.store.tasks import living_tasks, mark_gone
from workbench.store.trials import living_trials, mark_trials_gone
from workbench.studio.client import Client
from workbench.studio.mapping import Kind
from workbench.studio.projects import StudioProject
from workbench.studio.pull import all_task_ids, count_tasks, pull_answers
from workbench.trial_pull import TrialTaking


@dataclass(frozen=True, slots=True)
class Pulling:
    """One pull from one project there."""

    store: Store
    client: Client
    pack: Pack
    kind: Kind
    slot: int
    there: StudioProject
    report: PullReport
    progress: Progress

    @property
    def mark(self) -> str:
        """The setting that holds the newest ``updated_at`` of which all was stored."""
        return f"pulled:{self.there.origin}"

    def run(self) -> None:
        full = self.report.full
        self.progress(0, None, N_("asking what has changed"))
        since = None if full else get_setting(self.store, self.mark)
        pulled = pull_answers(self.client, self.there.id, since)
        taking = Taking(self.store, self.pack, self.kind, self.slot, self.there.origin,
                        self.report)
        trials = TrialTaking(self.store, self.pack, self.kind, self.slot, self.there.origin,
                             self.report)
        for position, task in enumerate(pulled.tasks):
            self.progress(position, len(pulled.tasks), N_("storing answers"))
            (trials if trials.knows(task) else taking).take(task)
        if not self.report.dry_run:
            compare_answers(self.store)
        self._find_gone({task.task_id for task in pulled.tasks} if since is None else None)
        # Only now: a pull that was killed half-way is done again from the old mark.
        if pulled.newest and not self.report.dry_run:
            set_setting(self.store, self.mark, pulled.newest)

    def _find_gone(self, there: set[int] | None) -> None:
        """Tasks that were deleted there; `there` are the ids of all that are, if they are known.

        A count tells whether it is worth asking for all ids: what is there beside our tasks was
        counted when they were asked for last.
        """
        trials = living_trials(self.store, self.there.origin)
        known = {*living_tasks(self.store, self.there.origin), *trials}
        beside = f"beside:{self.there.origin}"
        if there is None:
            if count_tasks(self.client, self.there.id) - len(known) \
                    == get_setting(self.store, beside):
                return
            there = all_task_ids(self.client, self.there.id)
        missing = sorted(known - there)
        self.report.gone += len(missing)
        if self.report.dry_run:
            self.report.items += [{"operation": "gone", "task": task, "kind": self.kind,
                                   "slot": self.slot} for task in missing]
            return
        with self.store.write():
            mark_gone(self.store, self.there.origin, missing)
            mark_trials_gone(self.store, self.there.origin, missing)
            set_setting(self.store, beside, len(there - known))
