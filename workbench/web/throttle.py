"""Slows down guessing of passwords: counts failures of a name and of an address, in memory."""
from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Callable

from workbench.store.people import name_key

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


# Five wrong passwords for a name from an address; more for an address, where many may sit.
BY_NAME, BY_ADDRESS, SECONDS = 5, 40, 300.0


class SignIns:
    """Who has to wait before the next try, by (name, address) and by address alone.

    A name that signed in from an address before does not wait for what others do there: an
    address may be a whole office behind one router.
    """

    def __init__(self) -> None:
        self._by_name = Throttle(BY_NAME, SECONDS)
        self._by_address = Throttle(BY_ADDRESS, SECONDS)
        self._known: dict[str, None] = {}  # in the order of the last sign-in
        self._lock = threading.Lock()

    def wait(self, name: str, address: str) -> float:
        """Seconds until this name may try again from this address; 0 if it may now."""
        key = _key(name, address)
        wait = self._by_name.wait(key)
        return wait if key in self._known else max(wait, self._by_address.wait(address))

    def failed(self, name: str, address: str) -> None:
        self._by_name.failed(_key(name, address))
        self._by_address.failed(address)

    def succeeded(self, name: str, address: str) -> None:
        key = _key(name, address)
        self._by_name.succeeded(key)
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = None
            if len(self._known) > _FORGET_ABOVE:
                del self._known[next(iter(self._known))]


def _key(name: str, address: str) -> str:
    return f"{name_key(name)}\n{address}"
