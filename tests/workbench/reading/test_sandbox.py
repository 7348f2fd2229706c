"""The child process that parses: its limits, its end, its reuse."""
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import is_dataclass

import pytest

from labels import document
from labels.errors import ReadError
from workbench.reading import limits, read_bytes, sandbox

PAGE = "<html><body><h1>云泽区公报</h1><p>全区收入12.5亿元，增长4.2%。</p></body></html>".encode()


@pytest.fixture
def worker():
    made = sandbox.Worker()
    yield made
    made.close()


def locked(code):
    """Run `code` in a process with the doors of the child closed; returns what it prints."""
    script = ("import sys, os\nfrom workbench.reading import sandbox\n"
              "answers = os.fdopen(os.dup(1), 'wb')\n"
              "sandbox._close_doors(sys.stdin.buffer, answers)\n" + code)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          timeout=60)


def test_one_child_reads_many_files(worker):
    first = worker.process.pid
    titles = [worker.ask("read", f"{n}.html", PAGE)[0].title for n in range(5)]
    assert titles == ["云泽区公报"] * 5 and worker.process.pid == first
    assert worker.fresh


def test_a_child_is_replaced_after_its_share_of_files(worker, monkeypatch):
    monkeypatch.setattr(limits, "CHILD_FILES", 1)
    worker.ask("read", "a.html", PAGE)
    assert not worker.fresh


def test_threads_read_at_the_same_time():
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda n: read_bytes(f"{n}.html", PAGE)[0].source, range(12)))
    assert read == [f"{n}.html" for n in range(12)]


def test_a_child_that_dies_is_told_and_the_next_file_is_read(monkeypatch):
    read_bytes("a.html", PAGE)
    worker = sandbox._POOL.take()
    monkeypatch.setattr(sandbox._POOL, "take", lambda: worker)
    os.kill(worker.process.pid, signal.SIGSEGV)
    with pytest.raises(ReadError, match=r"坏\.html: the parser died of it \(status -11\)"):
        read_bytes("坏.html", PAGE)
    monkeypatch.undo()
    assert read_bytes("a.html", PAGE)[0].title == "云泽区公报"


def test_a_child_that_hangs_is_ended(monkeypatch, worker):
    monkeypatch.setattr(limits, "CHILD_SECONDS", 0.2)
    monkeypatch.setattr(sandbox._POOL, "take", lambda: worker)
    worker.ask("read", "a.html", PAGE)
    os.kill(worker.process.pid, signal.SIGSTOP)
    with pytest.raises(ReadError, match="a.html takes longer than 0 seconds to read"):
        read_bytes("a.html", PAGE)
    assert worker.process.returncode is not None


def test_a_file_that_needs_too_much_memory_is_refused_as_such():
    with pytest.raises(ReadError, match="needs more than 900 MB of memory"):
        read_bytes("a.html", b"<p>1</p>" + b"<i a=b></i>" * 3_400_000)


def test_a_damaged_answer_is_no_way_into_the_parent():
    evil = pickle.dumps(os.getcwd)
    with pytest.raises(pickle.UnpicklingError, match="getcwd is no part of an answer"):
        sandbox._Answers(__import__("io").BytesIO(evil)).load()


def test_errors_keep_their_parts_on_the_way_back():
    with pytest.raises(ReadError) as refused:
        read_bytes("空.html", b"<html><body></body></html>")
    assert refused.value.message == "%(file)s: the page holds no text"
    assert refused.value.context == {"file": "空.html"} and refused.value.hint


@pytest.mark.parametrize("code", (
    "open('/etc/hostname')", "open('written-by-a-child', 'w')",
    "import socket\nsocket.socket()", "import subprocess\nsubprocess.run(['true'])"))
def test_the_child_can_open_nothing(code):
    done = locked(code)
    assert done.returncode == 1 and "Errno 24" in done.stderr


def test_the_child_can_use_only_the_memory_it_is_given():
    assert "MemoryError" in locked("bytearray(1_000_000_000)").stderr
    assert locked("bytearray(100_000_000)").returncode == 0


def test_the_child_has_no_environment(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    worker = sandbox.Worker()
    worker.ask("read", "a.html", PAGE)
    with open(f"/proc/{worker.process.pid}/environ", "rb") as environment:
        names = {entry.split(b"=")[0] for entry in environment.read().split(b"\0") if entry}
    worker.close()
    assert names <= {b"PYTHONPATH", b"LANG", b"OMP_NUM_THREADS", b"MALLOC_ARENA_MAX", b"LC_CTYPE"}


def test_every_part_of_a_document_may_come_out_of_the_child() -> None:
    parts = {name for name, thing in vars(document).items() if is_dataclass(thing)}
    assert parts == set(sandbox._ANSWERS["labels.document"])
