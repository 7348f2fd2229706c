"""Work that goes on while pages are served: one thread a job, its progress in the store.

A job is a stage and a stage can be repeated: a job that was killed leaves a row that says
"running" with an old time, and is simply started again.
"""
from __future__ import annotations

import logging
import threading
from typing import Callable

from labels.errors import N_, WorkbenchError
from workbench.progress import Pace, Progress, Said
from workbench.project import Project
from workbench.store.settings import report_activity

_LOG = logging.getLogger(__name__)
_running: dict[tuple[str, str], threading.Thread] = {}
# Jobs that were asked for while they ran, and run once more.
_again: set[tuple[str, str]] = set()
_lock = threading.Lock()


def start(project: Project, name: str, function: Callable[[Progress], Said],
          again: bool = False) -> bool:
    """Run `function` in the background; False if a job of that name runs in this process. That one
    is repeated when it ends if this one asks for it (`again`): it may have looked already at what
    has just changed.

    Its progress, and at the end what it says or the error it raised, is written to the activity
    `name`.
    """
    key = (str(project.folder), name)
    with _lock:
        if key in _running and _running[key].is_alive():
            if again:
                _again.add(key)
            return False
        thread = threading.Thread(target=_work, args=(project, name, function),
                                  name=f"job-{name}", daemon=True)
        with project.open() as store:
            # Before the thread gets its turn: the page that is shown next must know of it.
            report_activity(store, name, "running")
        _running[key] = thread
        thread.start()
    return True


def _work(project: Project, name: str, function: Callable[[Progress], Said]) -> None:
    key = (str(project.folder), name)
    while True:
        run(project, name, function)
        with _lock:
            if key not in _again:
                _running.pop(key, None)
                return
            _again.discard(key)


def wait(project: Project, name: str, timeout: float | None = None) -> bool:
    """Wait for a job started here to end; False if it still runs after `timeout` seconds."""
    thread = _running.get((str(project.folder), name))
    if thread is None:
        return True
    thread.join(timeout)
    return not thread.is_alive()


def run(project: Project, name: str, function: Callable[[Progress], Said]) -> None:
    """Run `function` here and now, with its progress written to the activity `name`."""
    with project.open() as store:
        pace = Pace()

        def progress(done: int, total: int | None, message: str = "") -> None:
            report_activity(store, name, "running", message, done, total,
                            pace=pace(done, total, message))

        progress(0, None)
        try:
            said = function(progress)
        except WorkbenchError as error:
            _LOG.error("job %s: %s", name, error)
            # The hint is a msgid of its own: shown after the message, in the reader's language.
            context = {**error.context, **({"hint": error.hint} if error.hint else {})}
            report_activity(store, name, "failed", error.message, context=context)
        except Exception as error:
            _LOG.exception("job %s failed", name)
            report_activity(store, name, "failed", N_("it stopped with an error: %(error)s"),
                            context={"error": f"{type(error).__name__}: {error}"})
        else:
            report_activity(store, name, "done", said.message, context=said.context)
