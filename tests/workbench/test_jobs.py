from __future__ import annotations

import threading

from labels.errors import StudioError
from workbench import jobs
from workbench.progress import Progress, Said
from workbench.project import Project
from workbench.store.settings import activity


def row(project: Project, name: str) -> dict:
    with project.open() as store:
        return dict(activity(store, name) or {})


def test_a_job_writes_its_progress_and_its_last_word(project: Project) -> None:
    seen: list[dict] = []

    def work(progress: Progress) -> Said:
        progress(3, 10, "third")
        seen.append(row(project, "sync"))
        return Said("%(n)s done", {"n": 3})

    assert jobs.start(project, "sync", work)
    assert jobs.wait(project, "sync", 10)
    assert (seen[0]["state"], seen[0]["done"], seen[0]["total"], seen[0]["message"]) == (
        "running", 3, 10, "third")
    done = row(project, "sync")
    assert (done["state"], done["message"], done["context"]) == ("done", "%(n)s done", {"n": 3})


def test_a_job_that_fails_says_why(project: Project) -> None:
    def refused(progress: Progress) -> Said:
        raise StudioError("no luck at %(url)s", hint="try again", url="http://x")

    jobs.run(project, "sync", refused)
    failed = row(project, "sync")
    assert (failed["state"], failed["message"]) == ("failed", "no luck at %(url)s")
    assert failed["context"] == {"url": "http://x", "hint": "try again"}


def test_a_bug_in_a_job_is_told_too(project: Project) -> None:
    def broken(progress: Progress) -> Said:
        raise KeyError("x")

    jobs.run(project, "sync", broken)
    assert row(project, "sync")["context"] == {"error": "KeyError: 'x'"}


def test_two_jobs_of_one_name_do_not_run_at_once(project: Project) -> None:
    gate = threading.Event()

    def waits(progress: Progress) -> Said:
        gate.wait(10)
        return Said("done")

    assert jobs.start(project, "sync", waits)
    assert not jobs.start(project, "sync", waits)
    gate.set()
    assert jobs.wait(project, "sync", 10)
    assert jobs.start(project, "sync", waits)
    assert jobs.wait(project, "sync", 10)
