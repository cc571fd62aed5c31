"""Between a driver and a real libvirtd: a socket that passes everything on until a call with certain words; its answer is lost."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lossy:
    """`words`: what the call has in it; `hangs`: whether the line stays open after it, silent. `seen`: how often it was sent."""

    def __init__(self, target: Path, words: bytes, *, hangs: bool) -> None:
        self._target, self._words, self._hangs = str(target), words, hangs
        self.seen = 0
        self._open: list[socket.socket] = []

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            self._open += [client, server]
            lost = threading.Event()
            for take, give, asks in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pass, args=(take, give, lost, asks), daemon=True).start()

    def _pass(self, take: socket.socket, give: socket.socket, lost: threading.Event, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while data := take.recv(1 << 16):
                if asks and self._words in data:
                    self.seen += 1
                    lost.set()
                if not asks and lost.is_set():
                    break
                give.sendall(data)
        if not (self._hangs and lost.is_set()):
            for one in (take, give):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for one in self._open:
            one.close()


@contextmanager
def lossy(target: Path, path: Path, words: bytes, *, hangs: bool) -> Iterator[Lossy]:
    """The line at `path`, to the daemon's socket `target`."""
    made = Lossy(target, words, hangs=hangs)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(8)
        thread = threading.Thread(target=made.serve, args=(listening,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(60)
            made.close()
