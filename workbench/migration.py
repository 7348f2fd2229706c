"""The migration of a schema version, on both sides, so that answers are valid at every instant.

1. **widen**: every project in Label Studio gets the labels of both versions;
2. **rewrite**: answers, drafts and predictions there get their new names;
3. **pull**: our answers follow as new versions, by the ordinary pull;
4. **narrow**: what was made meanwhile is rewritten too, then the labels are those of the new
   version only; suggestions and pattern rules get their new names here;
5. **finish**: gold gets new versions, what is doubtful goes to the queue.

Each step can be repeated; the step that is next is stored, so that a run that was killed anywhere
goes on. Until step 4 has ended, answers are read under both versions.
"""
from __future__ import annotations

import json
from collections import Counter
from typing import Any, Callable, Mapping

from labels.errors import N_, StudioError, StudioMismatch
from labels.naming import names_from_json
from workbench import stages, sync
from workbench.effective import fitted, version_of
from workbench.following_names import switch_names
from workbench.following_rulings import follow_rulings
from workbench.planning import Way, backward, forward
from workbench.progress import Progress, Said, silent
from workbench.project import Project
from workbench.review_queue import settle_moves
from workbench.store import Row, Store
from workbench.store.schemas import (
    APPLYING, DONE, newest_schema, schema_version, set_step,
)
from workbench.store.settings import get_setting
from workbench.studio.client import Client, server_version
from workbench.studio.mapping import labeling_config
from workbench.studio.projects import check_project
from workbench.studio.rewriting import both_configs, narrowed, set_labels, still_in_use
from workbench.rewriter import Rewriter

WIDEN, REWRITE, PULL, NARROW = APPLYING
FINISH = "finish"
CHECK_TIMEOUT_S = 10.0


def migrate(project: Project, progress: Progress = silent) -> Said:
    """Bring the newest version of the schema to its end, from wherever its migration stands."""
    steps: Mapping[str, Callable[[Project, Row, Progress], None]] = {
        WIDEN: _widen, REWRITE: _rewrite, PULL: _pull, NARROW: _narrow, FINISH: _finish}
    while True:
        with project.open() as store:
            row = newest_schema(store)
        if row["step"] == DONE:
            break
        steps[row["step"]](project, row, progress)
    with project.open() as store:
        progress(0, None, N_("suggesting under the new schema"))
        stages.suggest(store, fitted(store).pack, progress)
    told = json.loads(row["told"])
    return Said(N_("version %(version)s of the schema counts: %(answers)s answers and %(gold)s gold"
                   " regions went along, %(review)s wait for review"),
                {"version": row["version"], "answers": told.get("answers", 0),
                 "gold": told.get("gold", 0), "review": told.get("review", 0)})


def require_reachable(project: Project) -> None:
    """Raise StudioError if the project has a Label Studio that cannot be reached: a change would
    stand half-done, and gold would have to wait for it."""
    with project.open() as store:
        link = _connected(store)
        if link is not None:
            with Client(link.url, link.token, timeout=CHECK_TIMEOUT_S) as client:
                server_version(client)


def way_of(store: Store, row: Row) -> Way:
    """The way that a stored version goes."""
    before = schema_version(store, row["version"] - 1)
    assert before is not None
    old, new = version_of(before), version_of(row)
    if row["back_to"] is None:
        return forward(old, new, names_from_json(json.loads(row["mapping"])))
    target = schema_version(store, row["back_to"])
    assert target is not None
    return backward(store, old, version_of(target))


def _connected(store: Store) -> sync.Connection | None:
    return sync.connection(store) if get_setting(store, "studio") else None


def _widen(project: Project, row: Row, progress: Progress) -> None:
    progress(0, None, N_("adding the new labels in Label Studio"))
    with project.lock(sync.LOCK, progress), project.open() as store:
        link = _connected(store)
        way = way_of(store, row)
        if link is not None:
            with Client(link.url, link.token) as client:
                for kind, slot in link.slots:
                    there = link.project(kind, slot)
                    if _usable(store, client, link, kind, slot, row):
                        set_labels(client, there.id, both_configs(
                            way.old.schema, way.new.schema, kind))
        set_step(store, row["version"], REWRITE if link else NARROW)


def _usable(store: Store, client: Client, link: sync.Connection, kind: Any, slot: int,
            row: Row) -> bool:
    """Whether a project there is still ours; what is wrong with it is told, the rest goes on."""
    there = link.project(kind, slot)
    try:
        check_project(client, there, "", mend=False)
    except StudioMismatch as error:
        _tell(store, row["version"], f"{kind}:{slot}", str(error))
        return False
    return True


def _tell(store: Store, version: int, where: str, what: str) -> None:
    newest = newest_schema(store)
    told = json.loads(newest["told"])
    told.setdefault("problems", {})[where] = what
    set_step(store, version, newest["step"], told)


def _rewrite(project: Project, row: Row, progress: Progress) -> None:
    with project.lock(sync.LOCK, progress), project.open() as store:
        _rewrite_all(store, row, progress)
        set_step(store, row["version"], PULL)


def _rewrite_all(store: Store, row: Row, progress: Progress) -> None:
    link = _connected(store)
    if link is None:
        return
    way = way_of(store, row)
    with Client(link.url, link.token) as client:
        for kind, slot in link.slots:
            if _usable(store, client, link, kind, slot, row):
                Rewriter(store, client, row["version"], way, kind, link.project(kind, slot),
                         progress).run()


def _pull(project: Project, row: Row, progress: Progress) -> None:
    sync.pull(project, progress)
    with project.open() as store:
        set_step(store, row["version"], NARROW)


def _narrow(project: Project, row: Row, progress: Progress) -> None:
    with project.lock(sync.LOCK, progress), project.open() as store:
        link = _connected(store)
        way = way_of(store, row)
        if link is not None:
            _rewrite_all(store, row, progress)
            progress(0, None, N_("taking the old labels away in Label Studio"))
            with Client(link.url, link.token) as client:
                for kind, slot in link.slots:
                    if _usable(store, client, link, kind, slot, row):
                        config, guide = narrowed(way.new.schema, way.new.guide, kind)
                        _take_away(store, client, row, link, kind, slot, config, guide)
        with store.write():
            switch_names(store, row, way)
            set_step(store, row["version"], FINISH)


def _take_away(store: Store, client: Client, row: Row, link: sync.Connection, kind: Any,
               slot: int, config: str, guide: str) -> None:
    there = link.project(kind, slot)
    why = still_in_use(client, there.id, config)
    if why:
        # Its labels stay wide; a later push or pull tries to narrow them, and tells why it cannot.
        _tell(store, row["version"], f"{kind}:{slot}", why)
        return
    try:
        set_labels(client, there.id, config, guide)
    except StudioError as error:
        if error.context.get("status") != 400:
            raise
        _tell(store, row["version"], f"{kind}:{slot}", str(error.context.get("why")))


def _finish(project: Project, row: Row, progress: Progress) -> None:
    with project.open() as store:
        connected = _connected(store) is not None
    if connected:
        sync.pull(project, progress)
    progress(0, None, N_("taking gold along"))
    with project.lock(sync.LOCK, progress), project.open() as store, store.write():
        way = way_of(store, row)
        told = {**json.loads(newest_schema(store)["told"]), **settle_moves(store, row, way)}
        follow_rulings(store, way.names, f"schema {row['version']}")
        set_step(store, row["version"], DONE, told)


# --- before it is done ---------------------------------------------------------------------------

def counted_there(project: Project, way: Way) -> Mapping[str, Any]:
    """How many annotations and predictions in Label Studio would be rewritten; nothing is changed.

    ``why`` tells why nobody could be asked.
    """
    with project.open() as store:
        link = _connected(store)
        if link is None:
            return {"why": "", "connected": False}
        counts: Counter[str] = Counter()
        try:
            with Client(link.url, link.token) as client:
                for kind, slot in link.slots:
                    there = link.project(kind, slot)
                    check_project(client, there, labeling_config(way.old.schema, kind), mend=False)
                    counts.update(Rewriter(store, client, 0, way, kind, there, silent).count())
        except StudioError as error:
            return {"why": str(error), "connected": True}
    return {"why": "", "connected": True, **counts}
