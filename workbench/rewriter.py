"""One project in Label Studio, rewritten under a changed schema; what is so already is passed by.

A move (`workbench.planning`) tells what an annotation shall become. One that somebody made or
changed since the plan follows the names, and its move is written before it is touched.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from labels.answers import faults, migrate_answer
from labels.errors import N_, StudioError, StudioMismatch
from workbench.planning import Way, concerned
from workbench.progress import Progress
from workbench.store import Row, Store
from workbench.store.answers import canonical
from workbench.store.schemas import (
    add_move, apart_drafts, forget_apart, lay_apart, moves_of_origin,
)
from workbench.store.tasks import regions_by_key
from workbench.studio.client import Client
from workbench.studio.mapping import LABELS, Kind
from workbench.studio.projects import StudioProject
from workbench.studio.rewriting import (
    Held, drafts_of, held, labels_in_drafts, put_annotation, put_draft, put_prediction, rewritten,
    told,
)


@dataclass
class Rewriter:
    store: Store
    client: Client
    version: int
    way: Way
    kind: Kind
    there: StudioProject
    progress: Progress
    moves: dict[int, Row] = field(default_factory=dict)
    regions: Mapping[str, Row] = field(default_factory=dict)

    def run(self) -> None:
        """Bring everything there under the new names."""
        self.progress(0, None, N_("rewriting answers in Label Studio"))
        for row in apart_drafts(self.store, self.version, self.there.origin):
            self._put_back(row["studio_draft"], row["studio_annotation"])
        self.moves = moves_of_origin(self.store, self.version, self.there.origin)
        self.regions = regions_by_key(self.store, self.kind)
        with_drafts = self._drafts_concerned()
        tasks = list(held(self.client, self.there.id))
        for number, task in enumerate(tasks):
            self.progress(number, len(tasks), N_("rewriting answers in Label Studio"))
            self._task(task, with_drafts)

    def count(self) -> Counter[str]:
        """How many annotations and predictions `run` would rewrite."""
        counts: Counter[str] = Counter()
        for task in held(self.client, self.there.id):
            for what in ("annotations", "predictions"):
                counts[what] += sum(self._target(one["result"], None) != list(one["result"])
                                    for one in getattr(task, what))
        return counts

    def _target(self, result: Sequence[Mapping[str, Any]],
                move: Row | None) -> list[Mapping[str, Any]]:
        """What `result` shall be."""
        if move is not None and move["result"] is not None:
            if list(result) == move["result"]:
                return list(result)
            if canonical(told(result)) == canonical(move["before"]):
                return list(move["result"])
        return list(rewritten(result, self.way.names, self.way.new.schema))

    def _drafts_concerned(self) -> bool:
        """Whether any draft there bears a label that changes, or answers a question that takes one
        choice only from now on: then all tasks are asked for theirs, which is slow."""
        names, counted = self.way.names, labels_in_drafts(self.client, self.there.id)
        if counted and any(old != now for turned in (names.relations, *names.directions.values())
                           for old, now in turned.items()):
            return True  # relations are not counted
        if any(self._takes_one(control) for control in counted):
            return True
        return any(
            names.label(label) != label if control == LABELS else
            names.class_set(control) != control or names.choice(control, label) != label
            for control, labels in counted.items() for label in labels)

    def _takes_one(self, control: str) -> bool:
        """Whether a set of classes took several choices and takes one now."""
        now = {classes.name: classes.multiple for classes in self.way.new.schema.paragraph_classes}
        return any(classes.name == control and classes.multiple
                   and not now.get(self.way.names.class_set(control) or "", True)
                   for classes in self.way.old.schema.paragraph_classes)

    def _task(self, task: Held, with_drafts: bool) -> None:
        changing = []
        for annotation in task.annotations:
            # Also of what stays as it is: a label that was split may keep its name.
            self._note(task, annotation)
            move = self.moves.get(annotation["id"])
            target = self._target(annotation["result"], move)
            if target != list(annotation["result"]):
                changing.append((annotation, target))
        if changing or with_drafts:
            drafts = drafts_of(self.client, task.task_id)
            for annotation, target in changing:
                self._annotation(annotation["id"], target, drafts)
            for draft in drafts:
                target = self._target(draft["result"], None)
                if target != draft["result"]:
                    put_draft(self.client, draft["id"], result=target)
        for prediction in task.predictions:
            target = self._target(prediction["result"], None)
            if target != list(prediction["result"]):
                self._prediction(task.task_id, prediction["id"], target)

    def _note(self, task: Held, annotation: Mapping[str, Any]) -> None:
        """Keep what an annotation becomes that the plan does not know as it is now."""
        region = self.regions.get(task.key or "")
        known = self.moves.get(annotation["id"])
        answer = told(annotation["result"])
        if region is None or annotation.get("was_cancelled") or (
                known is not None and canonical(answer) in (
                    canonical(known["before"]), canonical(known["after"]))):
            return
        if faults(answer, self.way.old.schema):
            return  # made since, in the new names: nothing becomes of it
        found = migrate_answer(answer, self.way.names, self.way.old.schema, self.way.new.schema)
        if not found.notes and not concerned(answer, self.way.names):
            return
        add_move(self.store, self.version, region_id=region["id"], origin=self.there.origin,
                 studio_annotation=annotation["id"], answer_id=None, before=canonical(answer),
                 after=canonical(found.answer), notes=[note.to_json() for note in found.notes],
                 result=rewritten(annotation["result"], self.way.names, self.way.new.schema),
                 raw=list(annotation["result"]), anew=True)

    def _annotation(self, annotation_id: int, target: Sequence[Mapping[str, Any]],
                    drafts: Sequence[Mapping[str, Any]]) -> None:
        """Rewrite an annotation; the drafts on it would go with that, so they lie apart."""
        own = [draft["id"] for draft in drafts if draft.get("annotation") == annotation_id]
        for draft_id in own:
            lay_apart(self.store, self.version, self.there.origin, draft_id, annotation_id)
            put_draft(self.client, draft_id, annotation=None)
        try:
            put_annotation(self.client, annotation_id, target)
        except StudioMismatch as error:
            if error.context.get("status") != 404:  # deleted meanwhile: the pull will tell
                raise
        for draft_id in own:
            self._put_back(draft_id, annotation_id)

    def _put_back(self, draft_id: int, annotation_id: int) -> None:
        try:
            put_draft(self.client, draft_id, annotation=annotation_id)
        except StudioError as error:
            if error.context.get("status") != 400:  # its answer is gone: it stays a draft
                raise
        forget_apart(self.store, self.version, self.there.origin, draft_id)

    def _prediction(self, task_id: int, prediction_id: int,
                    target: Sequence[Mapping[str, Any]]) -> None:
        try:
            put_prediction(self.client, self.there.id, task_id, prediction_id, target)
        except StudioError as error:
            # One that was wrong before is refused; the next push sends a new one.
            if error.context.get("status") not in (400, 404):
                raise
