"""How long work takes: processor time of several runs, told as a median with its spread."""
from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from statistics import median
from typing import Any, Callable


@dataclass(frozen=True)
class Timed:
    """Seconds of processor time of each run over `characters` characters, the fastest first."""

    characters: int
    seconds: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Characters a second in the run of the middle."""
        return self.characters / max(median(self.seconds), 1e-9)

    @property
    def nanoseconds(self) -> float:
        """Nanoseconds a character in the run of the middle."""
        return 1e9 / self.rate

    @property
    def spread(self) -> tuple[float, float]:
        """Characters a second in the slowest and in the fastest run."""
        return (self.characters / max(self.seconds[-1], 1e-9),
                self.characters / max(self.seconds[0], 1e-9))


def timed(work: Callable[[], Any], characters: int, runs: int) -> Timed:
    """Time `work`, which is about `characters` characters, `runs` times.

    Processor time, not the clock on the wall: what else the machine does is left out. All that is
    timed here runs in one thread, so it is the time of one core.
    """
    seconds = []
    for _ in range(runs):
        gc.collect()
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return Timed(characters, tuple(sorted(seconds)))
