"""Slows down guessing of passwords: counts failures a name and address, in memory."""
from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Callable

_FORGET_ABOVE = 10_000


@dataclass
class Throttle:
    """After `failures` failures of a key within `seconds` it has to wait till they are older."""

    failures: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str) -> float:
        """Seconds until `key` may try again; 0 if it may now."""
        with self._lock:
            times = self._recent(key)
            if len(times) < self.failures:
                return 0.0
            return max(0.0, times[-self.failures] + self.seconds - self.clock())

    def failed(self, key: str) -> None:
        with self._lock:
            if len(self._seen) >= _FORGET_ABOVE and key not in self._seen:
                for old in [known for known in self._seen if not self._recent(known)]:
                    del self._seen[old]
            self._seen.setdefault(key, deque(maxlen=self.failures)).append(self.clock())

    def succeeded(self, key: str) -> None:
        with self._lock:
            self._seen.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        times = self._seen.get(key, deque())
        while times and times[0] + self.seconds <= self.clock():
            times.popleft()
        return times
