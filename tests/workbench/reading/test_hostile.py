"""Files made to do harm are read or refused: in time, in memory, and touching nothing else."""
import json
import os
import socket
import subprocess
import sys
import threading

import pytest

from tests.workbench.reading import hostile

SECONDS = 10.0
BYTES = 1 << 30


class Listener:
    """A port of 127.0.0.1 that counts who calls."""

    def __init__(self):
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # closed: the test is over
            self.calls += 1
            connection.close()

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@pytest.fixture
def listener():
    opened = Listener()
    yield opened
    opened.close()


def run(*arguments, timeout):
    return subprocess.run([sys.executable, "-m", "tests.workbench.reading.hostile",
                           *map(str, arguments)], check=True, capture_output=True, text=True,
                          timeout=timeout).stdout


def files_below(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*"))


def check(folder, listener, count, seed):
    """Make and read `count` files; returns the rows of the run, and its peaks of memory."""
    canary = folder / "canary"
    canary.write_text(hostile.CANARY)
    files = folder / "files"
    files.mkdir()
    hostile.make(files, count, seed, str(canary), listener.port)
    before = files_below(folder)
    *rows, peaks = [json.loads(line) for line in
                    run("read", files, timeout=60 + SECONDS * count).splitlines()]
    assert len(rows) == count
    assert [row for row in rows if row["seconds"] > SECONDS] == []
    assert [row for row in rows if not row["documents"] and not row["errors"]] == []
    assert [error for row in rows for error in row["errors"] if "\n" in error] == []
    assert not any(row["canary"] for row in rows)
    assert 0 < peaks["child"] < BYTES and peaks["self"] < BYTES
    assert listener.calls == 0
    assert files_below(folder) == before and canary.read_text() == hostile.CANARY
    return rows, peaks


def test_twenty_hostile_files_do_no_harm(tmp_path, listener):
    rows, _ = check(tmp_path, listener, 20, seed=2)
    assert 0 < sum(bool(row["errors"]) for row in rows) <= 20


@pytest.mark.long
def test_many_hostile_files_do_no_harm(tmp_path, listener):
    rows, _ = check(tmp_path, listener, int(os.environ.get("N", "200")),
                    seed=int(os.environ.get("SEED", "1")))
    kinds = {row["file"].split("/")[0][5:] for row in rows}
    assert len(rows) < len(hostile.KINDS) or kinds == set(hostile.KINDS)


def test_the_same_seed_makes_the_same_files(tmp_path):
    contents = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        hostile.make(folder, 4, 11, "/canary", 9)
        contents.append({path.relative_to(folder): len(path.read_bytes())
                         for path in folder.glob("*/*")})
    assert contents[0] == contents[1] and len(contents[0]) == 4


def test_the_canary_is_seen_where_a_reader_follows(listener):
    """The check itself works: a call at the port is counted."""
    socket.create_connection(("127.0.0.1", listener.port)).close()
    for _ in range(100):
        if listener.calls:
            break
        threading.Event().wait(0.02)
    assert listener.calls == 1
