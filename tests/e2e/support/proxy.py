"""A proxy between Corral and a service of the lab. It can do to any call what networks and services do: lose it, hold it, lose
its answer, answer with an error, or not be there.

Rule: it knows nothing of Corral. What happens to a call is decided by `rule`; without one everything is passed on.
"""

from __future__ import annotations

import http.client
import select
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

_PATIENCE = 240.0
_OURS = ("connection", "content-length", "date", "host", "keep-alive", "server", "transfer-encoding")
"""Headers that belong to one connection, and so are not passed on."""

Headers = list[tuple[str, str]]
Fault = Callable[["Exchange"], None]
"""What is done to a call, instead of passing it on."""


@dataclass(frozen=True)
class Call:
    """A request as it came. `target` is path and query."""

    method: str
    target: str
    headers: Headers
    body: bytes

    @property
    def acts(self) -> bool:
        return self.method not in ("GET", "HEAD")

    def about(self, names: Iterable[str]) -> bool:
        """True when one of these names (uuids, MACs) is in its path, its query or its body."""
        text = f"{unquote(self.target)} {self.body.decode(errors='replace')}".lower()
        return any(name.lower() in text for name in names)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """One call on its way, with what can be done to it."""

    call: Call
    forward: Callable[[], Reply]
    answer: Callable[[Reply], None]
    client_is_gone: Callable[[], bool]

    def pass_on(self) -> None:
        self.answer(self.forward())

    def wait_until_given_up(self) -> None:
        """Until the client has closed its connection."""
        for _ in range(int(_PATIENCE * 20)):
            if self.client_is_gone():
                return
            threading.Event().wait(0.05)


def status(code: int, text: str, *, done: bool = False) -> Fault:
    """Answer with an error; `done`: after the service has carried the call out."""

    def fault(exchange: Exchange) -> None:
        if done:
            exchange.forward()
        body = f'{{"error_message": "{text}"}}'.encode()
        exchange.answer(Reply(code, [("Content-Type", "application/json")], body))

    return fault


def timeout(*, done: bool = False) -> Fault:
    """Never answer; `done`: though the service has carried the call out."""

    def fault(exchange: Exchange) -> None:
        if done:
            exchange.forward()
        exchange.wait_until_given_up()

    return fault


class Late:
    """Passes a call on when the client has long given up on it: then it is carried out after all, and nobody hears of it. A change
    that waits in the queue of a busy service comes so. `over` tells that it was carried out."""

    def __init__(self, *, after: float) -> None:
        self._after = after
        self.over = threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        exchange.wait_until_given_up()
        self.over.wait(self._after)
        exchange.forward()
        self.over.set()


class Hold:
    """Holds a call: before it is passed on, or (`done`) its answer. `reached` tells that it is held. After `patience` seconds it
    lets go by itself."""

    def __init__(self, *, done: bool = False, patience: float = _PATIENCE) -> None:
        self._done = done
        self._patience = patience
        self._lost = False
        self._released = threading.Event()
        self.reached = threading.Event()

    def __call__(self, exchange: Exchange) -> None:
        reply = exchange.forward() if self._done else None
        self.reached.set()
        self._released.wait(self._patience)
        if not self._lost:
            exchange.answer(reply or exchange.forward())

    def release(self) -> None:
        self._released.set()

    def lose(self) -> None:
        """Let it end without an answer; one that was not passed on never will be."""
        self._lost = True
        self._released.set()


class Proxy:
    """Serves on a port of its own for as long as it is open. `rule` sees each call; None from it passes the call on."""

    def __init__(self, target: str) -> None:
        self._host = urlsplit(target).netloc
        self._path = urlsplit(target).path
        self._server: _Server | None = None
        self._port = 0
        self.rule: Callable[[Call], Fault | None] = lambda _call: None
        self.open()

    @property
    def url(self) -> str:
        """The service's URL, through here."""
        return f"http://127.0.0.1:{self._port}{self._path}"

    def open(self) -> None:
        """Accept connections (again), always on the same port."""
        self._server = _Server(self._port, self)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def shut(self) -> None:
        """From now on connections are refused, as by a host on which nothing runs. Calls on their way come to their ends."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def carry(self, exchange: Exchange) -> None:
        (self.rule(exchange.call) or Exchange.pass_on)(exchange)

    def forward(self, call: Call) -> Reply:
        line = http.client.HTTPConnection(self._host, timeout=_PATIENCE)
        try:
            line.request(call.method, call.target, call.body or None, dict(call.headers))
            got = line.getresponse()
            return Reply(got.status, _kept(got.getheaders()), got.read())
        finally:
            line.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection, one call: HTTP/1.0 closes it afterwards, so that a shut proxy is seen by the very next call."""

    server: _Server

    def _carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.command, self.path, _kept(self.headers.items()), body)
        proxy = self.server.proxy
        try:
            proxy.carry(Exchange(call, lambda: proxy.forward(call), self._answer, self._client_is_gone))
        except OSError:
            # Either side has hung up: the other one sees it.
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _carry

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _client_is_gone(self) -> bool:
        # The whole request was read, so anything that can be read now is the end of the stream.
        return bool(select.select([self.connection], [], [], 0)[0])

    def log_message(self, format: str, *args: object) -> None:
        pass


def _kept(headers: Iterable[tuple[str, str]]) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in _OURS]
