"""`workbench up` as a process of its own, for the tests that start it."""
from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Up:
    """`workbench up` on one small document, in a process of its own, and what it says."""

    def __init__(self, folder: Path, venv: Path) -> None:
        self.project, self.port, self.said = folder / "p", free_port(), ""
        (folder / "a.txt").write_text("云泽区财政局全年收入 65.2 亿元。", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from workbench.cli import main; main()", "--project",
             self.project, "up", "--port", str(self.port), folder / "a.txt"],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "WORKBENCH_STUDIO_VENV": str(venv), "PIP_RETRIES": "0"})
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.said += line

    def wait_for(self, words: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < end and self.process.poll() is None, self.said
            time.sleep(0.05)

    def ends(self, seconds: float = 20) -> int:
        status = self.process.wait(seconds)
        self._reader.join(10)
        return status

    def end(self) -> None:
        """Stop it if it still runs, and all that it started."""
        if self.process.poll() is None:
            self.process.terminate()
        self.ends(40)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(folder: Path, where: str = "cmdline") -> list[str]:
    """The command lines (or, as `where`, "environ") of processes that name `folder` there."""
    found = []
    for path in Path("/proc").glob(f"[0-9]*/{where}"):
        with suppress(OSError):
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in words:
                found.append(words)
    return found
