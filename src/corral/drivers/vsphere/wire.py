"""How calls travel to a vCenter, and what is refused of its answers.

pyVmomi writes the calls and reads the answers. Around it: each call passes the border; the certificate is always checked, against
CAs or one thumbprint; an answer has a largest size, no compression and no document type; and whatever a call waits for, it ends.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote

from pyVmomi import SoapAdapter, vmodl

from corral.contracts.border import Border
from corral.domain.errors import Unreachable
from corral.drivers.vsphere.failures import Strange, WrongCertificate, translated
from corral.drivers.vsphere.options import Options
from corral.drivers.vsphere.rules import CALL, SERVICE

API = "vim.version.version11"
"""vSphere 6.5: what every vCenter that is still in service understands, whatever its own version."""
LARGEST = 64 << 20
"""Bytes of one answer."""


class Response(HTTPResponse):
    """An answer with limits: `until` is when it must have come, by the monotonic clock. `is_one`: it has the element `wanted`."""

    def __init__(self, *args: Any, until: float, wanted: bytes, **named: Any) -> None:
        super().__init__(*args, **named)
        self.is_one = False
        self._left = LARGEST
        self._until = until
        self._wanted = wanted
        self._last = b""

    def begin(self) -> None:
        super().begin()
        if self.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Strange("it is compressed, which was not asked for")

    def read(self, amt: int | None = None) -> bytes:
        """At most `amt` bytes. Raises Strange when the answer is too large or has what expands, TimeoutError when time is over."""
        most = self._left + 1
        data = super().read(most if amt is None else min(amt, most))
        self._left -= len(data)
        if self._left < 0:
            raise Strange(f"it is larger than {LARGEST >> 20} MiB")
        if time.monotonic() > self._until:
            raise TimeoutError
        # Zeros would be another encoding, in which the next test would see nothing.
        seam = self._last + data
        if b"\0" in data or b"<!DOCTYPE" in seam:
            raise Strange("it has a document type, or is not in UTF-8")
        self.is_one = self.is_one or self._wanted in seam
        self._last = seam[-64:]
        return data


class Connection(HTTPSConnection):
    """A connection whose certificate is checked: by the context's CAs, or by its thumbprint."""

    def __init__(self, *args: Any, thumbprint: str | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.wire: socket.socket | None = None
        self._thumbprint = thumbprint

    def connect(self) -> None:
        super().connect()
        # Kept, as `sock` is given away with an answer that is the last one.
        self.wire = self.sock
        if self._thumbprint is None:
            return
        found = hashlib.sha256(self.sock.getpeercert(True) or b"").hexdigest()
        if found != self._thumbprint:
            self.close()
            raise WrongCertificate(found)


class Wire(SoapAdapter.SoapStubAdapter):  # type: ignore[misc]
    """pyVmomi's stub with a border, and limits. For one thread at a time."""

    def __init__(self, options: Options, border: Border) -> None:
        super().__init__(host=options.host, port=options.port, version=API, acceptCompressedResponses=False, poolSize=1)
        self.scheme = Connection
        self.schemeArgs = {
            "timeout": options.timeout,
            "context": _context(options),
            "thumbprint": options.thumbprint,
        }
        self.until = float("inf")
        self._options = options
        self._border = border
        self._open: Connection | None = None
        self._answer: Response | None = None
        self._wanted = b""

    def GetConnection(self) -> Connection:
        connection: Connection = super().GetConnection()
        connection.response_class = self._answered  # type: ignore[assignment]
        self._open = connection
        return connection

    def _answered(self, *args: Any, **named: Any) -> Response:
        self._answer = Response(*args, until=self.until, wanted=self._wanted, **named)
        return self._answer

    def InvokeMethod(self, mo: Any, info: Any, args: Any, outerStub: Any = None) -> Any:
        """One call. Raises Gone, Unreachable or DriverFailed."""
        method = f"{mo._wsdlName}.{info.wsdlName}"
        self._answer, self._wanted = None, f"{info.wsdlName}Response".encode()
        path = f"/{quote(self._options.address, safe='')}/{mo._wsdlName}/{info.wsdlName}"
        # Those of Login are a secret, which nobody needs to see.
        body = None if info.wsdlName == "Login" else tuple(args)
        with self._border.admit(SERVICE, CALL, path, body) as passed:
            try:
                with self._watched():
                    answer = super().InvokeMethod(mo, info, args, outerStub)
                self._check()
            except Exception as exc:  # a strange answer makes pyVmomi raise anything
                passed.outcome = type(exc).__name__
                if not isinstance(exc, vmodl.MethodFault):
                    self._hang_up()
                raise translated(exc, self._options, method) from exc
            finally:
                self._let_go()
            passed.outcome = "done"
            return answer

    def _check(self) -> None:
        # For pyVmomi any other document would be an answer that has nothing: as if there were no VMs.
        if self._answer is None or not self._answer.is_one:
            raise Strange("it is none")

    def _hang_up(self) -> None:
        # The library leaves some connections open that it gives up. Should this one be used again, it connects anew.
        if self._open is not None:
            self._open.close()

    def _let_go(self) -> None:
        # An answer that was given up half-way still holds its socket.
        if self._answer is not None:
            self._answer.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Ends the call when the time is over, whatever it waits for: an answer that comes byte by byte never is silent."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        timer = threading.Timer(min(left, 86_400.0), self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def cut(self) -> None:
        """End the call that is under way, from any thread."""
        if self._open is not None and self._open.wire is not None:
            # Of the socket below TLS, as TLS would wait for its own farewell.
            with suppress(OSError):
                socket.socket.shutdown(self._open.wire, socket.SHUT_RDWR)


def _context(options: Options) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=options.ca_file)
    except (OSError, ssl.SSLError) as exc:
        raise Unreachable(
            f"{options.ca_file} can't be used as a file of CAs.", fix="Give certificates in PEM."
        ) from exc
    if options.thumbprint is not None:
        # The connection compares the certificate itself; who signed it, and for which name, is then of no interest.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
