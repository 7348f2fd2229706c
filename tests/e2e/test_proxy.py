"""Each fault of the proxy is what its name says, seen by a plain client."""
from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterator

import httpx
import pytest

from tests.e2e.proxy import BEFORE, Fault, FaultProxy, Plan

BODY = {"text": "云泽区财政局" * 50}
PATIENCE = 0.3


class Upstream(BaseHTTPRequestHandler):
    done: list[tuple[str, str]] = []

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.done.append((self.command, said.decode()))
        content = json.dumps(BODY).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent."""


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    Upstream.done.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    with FaultProxy(f"http://127.0.0.1:{server.server_address[1]}", hold=3 * PATIENCE) as made:
        yield made
    server.shutdown()
    server.server_close()
    thread.join()


def ask(proxy: FaultProxy) -> httpx.Response:
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        return client.post(f"{proxy.url}/api/x?a=1", content="{}")


def meet(proxy: FaultProxy, fault: Fault) -> None:
    proxy.begin(Plan(share=1.0, faults=(fault,)))


def test_without_faults_everything_passes(proxy: FaultProxy) -> None:
    answer = ask(proxy)
    assert (answer.status_code, answer.json()) == (201, BODY)
    assert Upstream.done == [("POST", "{}")]


@pytest.mark.parametrize("fault, status", [
    (Fault.ERROR_BEFORE, 500), (Fault.BAD_GATEWAY_AFTER, 502), (Fault.BUSY, 429),
    (Fault.BUSY_BARE, 429)])
def test_an_error_is_answered(proxy: FaultProxy, fault: Fault, status: int) -> None:
    meet(proxy, fault)
    answer = ask(proxy)
    assert answer.status_code == status
    assert ("retry-after" in answer.headers) == (fault is Fault.BUSY)
    assert len(Upstream.done) == (fault not in BEFORE)


@pytest.mark.parametrize("fault, error", [
    (Fault.RESET_BEFORE, httpx.NetworkError), (Fault.RESET_AFTER, httpx.NetworkError),
    (Fault.CUT_BODY, httpx.RemoteProtocolError),
    (Fault.SILENT_BEFORE, httpx.ReadTimeout), (Fault.SILENT_AFTER, httpx.ReadTimeout)])
def test_a_connection_breaks(proxy: FaultProxy, fault: Fault, error: type[Exception]) -> None:
    meet(proxy, fault)
    with pytest.raises(error):
        ask(proxy)
    assert len(Upstream.done) == (fault not in BEFORE)


def test_half_an_answer_looks_whole(proxy: FaultProxy) -> None:
    meet(proxy, Fault.CUT_JSON)
    answer = ask(proxy)
    assert answer.status_code == 201
    with pytest.raises(ValueError):
        answer.json()


def test_drops_are_one_answer_in_the_end(proxy: FaultProxy) -> None:
    meet(proxy, Fault.DRIP)
    begun = time.monotonic()
    assert ask(proxy).json() == BODY
    assert time.monotonic() - begun > 0.1


def test_a_late_request_is_done_when_the_client_has_given_up(proxy: FaultProxy) -> None:
    meet(proxy, Fault.LATE)
    with pytest.raises(httpx.ReadTimeout):
        ask(proxy)
    assert Upstream.done == []
    proxy.end()
    assert len(Upstream.done) == 1


def test_the_same_seed_makes_the_same_faults(proxy: FaultProxy) -> None:
    def met(seed: int) -> list[Fault | None]:
        plan = Plan(seed, 0.5)
        return [plan.fault(number, "GET", "/") for number in range(50)]

    assert met(1) == met(1) != met(2)
    assert {None} < set(met(1))
    chosen = Plan(1, 1.0, only=lambda method, path: method == "POST" and "import" in path)
    assert chosen.fault(0, "GET", "/import") is None and chosen.fault(0, "POST", "/import")


def test_the_log_tells_what_was_done_and_after_the_end_all_is_calm(proxy: FaultProxy) -> None:
    meet(proxy, Fault.ERROR_BEFORE)
    ask(proxy)
    assert [str(met) for met in proxy.log] == ["0 POST /api/x None ✗ 500, not forwarded"]
    proxy.end()
    assert ask(proxy).status_code == 201
    assert (proxy.log[-1].status, proxy.log[-1].fault) == (201, None)


@pytest.mark.parametrize("phase, done", [("arrived", 0), ("committed", 1)])
def test_somebody_is_called_at_a_request(proxy: FaultProxy, phase: str, done: int) -> None:
    seen: list[int] = []
    proxy.begin(Plan(share=0.0))
    proxy.watch(1, phase, lambda: seen.append(len(Upstream.done)))  # type: ignore[arg-type]
    ask(proxy)
    assert seen == []
    ask(proxy)
    assert seen == [1 + done]
