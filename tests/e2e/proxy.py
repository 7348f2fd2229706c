"""An HTTP proxy that breaks what passes through it, by a plan that can be repeated.

It stands between a client and a real server::

    with FaultProxy("http://127.0.0.1:8080") as proxy:
        proxy.begin(Plan(seed=7, share=0.3))     # three requests of ten meet a fault
        …                                        # speak with proxy.url
        proxy.end()                              # no more faults; what was held back has arrived
        print(proxy.log)

Which request meets which fault depends on the plan's seed and the number of the request alone.
"""
from __future__ import annotations

import http.client
import os
import random
import socket
import struct
import threading
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Literal
from urllib.parse import urlsplit

# Headers that are said between two neighbours, not between the ends.
HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade",
                 "proxy-authorization", "proxy-authenticate", "host"})
DRIPS = 12


class Fault(Enum):
    """What can happen to a request. `AFTER`: the server has done it, and the client is not told."""

    ERROR_BEFORE = "500, not forwarded"
    BAD_GATEWAY_AFTER = "502 after commit"
    BUSY = "429 with Retry-After"
    BUSY_BARE = "429 without Retry-After"
    RESET_BEFORE = "reset, not forwarded"
    RESET_AFTER = "reset after commit"
    CUT_JSON = "half of the answer, as if it were all"
    CUT_BODY = "half of the answer, then closed"
    DRIP = "the answer drop by drop"
    SILENT_BEFORE = "no answer, not forwarded"
    SILENT_AFTER = "no answer, after commit"
    LATE = "no answer, and forwarded when the client has given up"


BEFORE = frozenset({Fault.ERROR_BEFORE, Fault.BUSY, Fault.BUSY_BARE, Fault.RESET_BEFORE,
                    Fault.SILENT_BEFORE})
Phase = Literal["arrived", "committed"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which requests meet which fault. `only` chooses among them by method and path."""

    seed: int = 0
    share: float = 0.3
    faults: tuple[Fault, ...] = tuple(Fault)
    only: Callable[[str, str], bool] | None = None

    def fault(self, number: int, method: str, path: str) -> Fault | None:
        """The fault that the request `number` (from 0, since `begin`) meets."""
        chance = random.Random(f"{self.seed}:{number}")
        if chance.random() >= self.share or (self.only and not self.only(method, path)):
            return None
        return chance.choice(self.faults)


CALM = Plan(share=0.0)


@dataclass(slots=True)
class Met:
    """A request that came by: `status` is the server's own answer, None if it was not asked."""

    number: int
    method: str
    path: str
    fault: Fault | None
    status: int | None = None

    def __str__(self) -> str:
        told = f" ✗ {self.fault.value}" if self.fault else ""
        return f"{self.number} {self.method} {self.path.partition('?')[0]} {self.status}{told}"


@dataclass(slots=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    length: int = field(default=-1)     # what is said of the body, if not its own length


class FaultProxy:
    """A proxy on 127.0.0.1 before `upstream`. `hold` is how long (s) a request stays unanswered:
    longer than the time-out of the client. `retry_after` is said with `Fault.BUSY`."""

    def __init__(self, upstream: str, *, hold: float = 2.0, retry_after: str = "0") -> None:
        parts = urlsplit(upstream)
        assert parts.hostname and parts.port
        self.upstream = (parts.hostname, parts.port)
        self.hold, self.retry_after = hold, retry_after
        self.log: list[Met] = []
        self._plan, self._next = CALM, 0
        self._watch: tuple[int, Phase, Callable[[], None]] | None = None
        self._state = threading.Condition()
        self._open, self._released = 0, threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> "FaultProxy":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def begin(self, plan: Plan) -> None:
        """From now on requests are counted from 0 and meet the faults of `plan`."""
        with self._state:
            self._plan, self._next, self.log = plan, 0, []
            self._released.clear()

    def end(self, patience: float = 30.0) -> None:
        """No more faults; returns when all that was held back has been forwarded and done."""
        with self._state:
            self._plan, self._watch = CALM, None
            self._released.set()
            if not self._state.wait_for(lambda: self._open == 0, patience):
                raise TimeoutError(f"{self._open} requests are still on their way")

    def watch(self, number: int, phase: Phase, call: Callable[[], None]) -> None:
        """Call `call` once, when the request `number` has arrived here or was done there."""
        with self._state:
            self._watch = (number, phase, call)

    def take(self, method: str, path: str) -> Met:
        with self._state:
            met = Met(self._next, method, path, self._plan.fault(self._next, method, path))
            self._next += 1
            self._open += 1
            self.log.append(met)
            return met

    def leave(self) -> None:
        with self._state:
            self._open -= 1
            self._state.notify_all()

    def pass_by(self, met: Met, phase: Phase) -> None:
        with self._state:
            if self._watch is None or self._watch[:2] != (met.number, phase):
                return
            call, self._watch = self._watch[2], None
        call()

    def wait(self) -> None:
        """As long as a request stays unanswered; shorter when the faults end."""
        self._released.wait(self.hold)

    def forward(self, met: Met, headers: Any, body: bytes) -> _Answer:
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP}
        link = http.client.HTTPConnection(*self.upstream, timeout=120)
        try:
            link.request(met.method, met.path, body=body, headers={**kept, "Connection": "close"})
            answer = link.getresponse()
            content = answer.read()
        finally:
            link.close()
        met.status = answer.status
        return _Answer(answer.status, [
            (name, value) for name, value in answer.getheaders()
            if name.lower() not in HOP | {"content-length", "date", "server"}], content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: FaultProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are the daily bread of this server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        met = proxy.take(self.command, self.path)
        try:
            proxy.pass_by(met, "arrived")
            if met.fault is Fault.LATE:
                proxy.wait()
            answer = _Answer(500, [])
            if met.fault not in BEFORE:
                answer = proxy.forward(met, self.headers, body)
                proxy.pass_by(met, "committed")
            self._reply(met.fault, answer)
        finally:
            proxy.leave()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _handle

    def _reply(self, fault: Fault | None, answer: _Answer) -> None:
        proxy = self.server.proxy
        half = answer.body[:len(answer.body) // 2]
        if fault is None:
            self._send(answer)
        elif fault is Fault.DRIP:
            self._send(answer, drips=DRIPS)
        elif fault is Fault.ERROR_BEFORE:
            self._send(_said(500, "a fault of the proxy"))
        elif fault is Fault.BAD_GATEWAY_AFTER:
            self._send(_Answer(502, [("Content-Type", "text/html")], b"<h1>502 Bad Gateway</h1>"))
        elif fault is Fault.BUSY:
            self._send(_said(429, "slower", ("Retry-After", proxy.retry_after)))
        elif fault is Fault.BUSY_BARE:
            self._send(_said(429, "slower"))
        elif fault is Fault.CUT_JSON:
            self._send(_Answer(answer.status, answer.headers, half))
        elif fault is Fault.CUT_BODY:
            self._send(_Answer(answer.status, answer.headers, half, len(answer.body)))
            self.close_connection = True
        elif fault in (Fault.RESET_BEFORE, Fault.RESET_AFTER):
            self._reset()
        else:
            if fault is not Fault.LATE:
                proxy.wait()
            self._reset()

    def _send(self, answer: _Answer, drips: int = 1) -> None:
        length = len(answer.body) if answer.length < 0 else answer.length
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(length))
        self.end_headers()
        size = max(1, -(-len(answer.body) // drips))
        for start in range(0, len(answer.body), size):
            self.wfile.write(answer.body[start:start + size])
            if drips > 1:
                self.server.proxy._released.wait(0.02)

    def _reset(self) -> None:
        """Close with RST, as a host that has gone down does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def log_message(self, format: str, *arguments: Any) -> None:
        """The proxy keeps a log of its own."""


def _said(status: int, words: str, *headers: tuple[str, str]) -> _Answer:
    return _Answer(status, [("Content-Type", "application/json"), *headers],
                   f'{{"detail": "{words}"}}'.encode())
