"""A server on loopback that answers as badly as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answerer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answerer: Answerer) -> Iterator[tuple[str, list[str]]]:
    """Its root, and the requests that arrived as `METHOD PATH`."""
    arrived: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            arrived.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answerer(self)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}", arrived
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def says(status: int, body: bytes = b"{}", **headers: str) -> Answerer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def stalls(event: threading.Event) -> Answerer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        event.wait(60)
        handler.close_connection = True

    return answer
