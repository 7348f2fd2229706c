"""Where a real Label Studio posts its events to; what becomes of them is the history's to say."""
from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.workbench.studio.world import Event


class PostBox:
    """A server on 127.0.0.1 that takes every POST into `events`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.box = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> "PostBox":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    box: PostBox


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.box.events.append(Event({
            name: value for name, value in self.headers.items()
            if name.startswith("X-") or name == "Content-Type"}, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """What came is in `events`."""
