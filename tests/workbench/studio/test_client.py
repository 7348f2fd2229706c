"""What goes wrong between us and Label Studio becomes one line of the right kind."""
from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterator

import pytest

from labels.errors import StudioDenied, StudioError, StudioMismatch, StudioUnreachable
from workbench.studio import client as client_module
from workbench.studio.client import Client, server_version, task_url

TOKEN = "0" * 40


@contextmanager
def answering(status: int, body: str, pause: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    """A server that gives every request the same answer; yields its address and what was asked."""
    asked: list[str] = []
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            over.wait(pause)
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())
            except BrokenPipeError:
                asked.append("the client has gone")

        do_POST = do_DELETE = do_GET

        def log_message(self, *arguments: object) -> None:
            """The test reads `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_closed_port_is_unreachable_and_says_how_to_start() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(StudioUnreachable) as caught:
        Client(f"http://127.0.0.1:{port}", TOKEN).get("/api/projects/")
    assert "workbench studio up" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["nonsense", "http://", "http://[broken"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(StudioError, match="is not the address of a server; write it like"):
        Client(address, TOKEN)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_says_where_to_find_one(status: int) -> None:
    with answering(status, '{"detail": "Invalid token."}') as (url, asked):
        with pytest.raises(StudioDenied, match="Invalid token.*Account & Settings"):
            Client(url, TOKEN).get("/api/projects/")
        assert len(asked) == 1


def test_no_token_is_denied_before_anything_is_asked() -> None:
    with pytest.raises(StudioDenied, match="no token"):
        Client("http://127.0.0.1:9", "")


def test_a_personal_access_token_that_has_run_out_is_denied() -> None:
    import jwt
    token = jwt.encode({"exp": 1_600_000_000, "token_type": "refresh"}, "k" * 32)
    with pytest.raises(StudioDenied, match="expired"):
        Client("http://127.0.0.1:9", token)


def test_a_server_error_is_one_line_without_its_page() -> None:
    with answering(500, "<html>\n<h1>Server Error</h1>\n" + "x" * 5000) as (url, _):
        with pytest.raises(StudioError, match="answered 500") as caught:
            Client(url, TOKEN).get("/api/projects/")
    assert len(str(caught.value)) < 500 and "\n" not in str(caught.value)


def test_reasons_of_a_refused_request_are_shown() -> None:
    body = '{"detail": "Validation error", "validation_errors": {"title": ["too long"]}}'
    with answering(400, body) as (url, _):
        with pytest.raises(StudioError, match="400: .*too long"):
            Client(url, TOKEN).post("/api/projects/", {})


@pytest.mark.parametrize("status", [429, 500, 503])
def test_reads_are_repeated_while_the_server_is_not_ready(
        status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.01)
    with answering(status, "") as (url, asked):
        with pytest.raises(StudioError, match=f"{status}"):
            Client(url, TOKEN).get("/api/projects/")
    assert len(asked) == client_module.ATTEMPTS


def test_an_answer_that_was_cut_off_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PAUSE_S", 0.01)
    with answering(200, '{"results": [{"id": 1}') as (url, asked):
        with pytest.raises(StudioMismatch, match="does not look like Label Studio"):
            Client(url, TOKEN).get("/api/projects/")
    assert len(asked) == client_module.ATTEMPTS


@pytest.mark.parametrize("status", [400, 403, 404])
def test_what_is_refused_is_not_asked_again(status: int) -> None:
    with answering(status, "{}") as (url, asked):
        with pytest.raises(StudioError):
            Client(url, TOKEN).get("/api/projects/")
    assert len(asked) == 1


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_writes_are_never_repeated(status: int) -> None:
    with answering(status, "{}") as (url, asked):
        with pytest.raises(StudioError):
            Client(url, TOKEN).post("/api/projects/", {})
        with pytest.raises(StudioError):
            Client(url, TOKEN).write(
                lambda sdk: sdk.projects.import_tasks(1, request=[{"data": {}}]))
    assert asked == ["POST /api/projects/", "POST /api/projects/1/import"]


def test_a_server_that_does_not_answer_in_time_is_unreachable() -> None:
    with answering(200, "{}", pause=5.0) as (url, _):
        with pytest.raises(StudioUnreachable, match="did not answer within 0.2 s"):
            Client(url, TOKEN, timeout=0.2).post("/api/projects/", {})


@pytest.mark.parametrize("release", ["1.20.9", "0.9", "1.9.2.post0", "", "unknown"])
def test_a_server_that_is_too_old_is_one_line(release: str) -> None:
    with answering(200, f'{{"release": "{release}"}}') as (url, _):
        with pytest.raises(StudioMismatch, match="too old; update it to 1.21.0 or newer") as caught:
            server_version(Client(url, TOKEN))
    assert "\n" not in str(caught.value) and f"version {release}" in str(caught.value)


@pytest.mark.parametrize("release", ["1.21.0", "1.23.2", "1.100", "2.0.0rc1"])
def test_a_server_that_is_new_enough_is_taken(release: str) -> None:
    with answering(200, f'{{"release": "{release}"}}') as (url, _):
        assert server_version(Client(url, TOKEN)) == release


def test_something_else_than_label_studio_is_told() -> None:
    with answering(200, "<html>a printer</html>") as (url, _):
        with pytest.raises(StudioMismatch, match="does not look like Label Studio"):
            Client(url, TOKEN).get("/api/version")
    with answering(200, "[]") as (url, _):
        with pytest.raises(StudioMismatch, match="does not look like Label Studio"):
            server_version(Client(url, TOKEN))


def test_what_is_gone_is_a_mismatch() -> None:
    with answering(404, '{"detail": "No Project matches the given query."}') as (url, _):
        with pytest.raises(StudioMismatch, match="No Project matches"):
            Client(url, TOKEN).get("/api/projects/7/")


def test_a_proxy_of_the_environment_is_passed_by_on_this_machine(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with answering(200, '{"release": "1.23.2"}') as (url, _):
        assert server_version(Client(url, TOKEN)) == "1.23.2"


def test_the_address_of_a_task() -> None:
    assert task_url("http://127.0.0.1:8080/", 3, 14) == (
        "http://127.0.0.1:8080/projects/3/data?task=14")
