"""A server that answers as a vCenter did when it was recorded (tests/data/vsphere), over TLS on a free loopback port.

A test puts another answer in the place of a recorded one: bytes, or what makes them, or a function that does what it likes with the
connection.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DATA = Path(__file__).resolve().parents[2] / "data/vsphere"
USER, PASSWORD = "reader@vsphere.local", "not-to-be-seen"
_BODY = re.compile(rb"Body>\s*<(\w+)")
_TOKEN = re.compile(rb"<token[^>]*>([^<]*)</token>")
Answer = bytes | Callable[[], bytes]


@cache
def recorded(name: str) -> bytes:
    return (DATA / f"{name}.xml").read_bytes()


def fault(kind: str, text: str = "no", more: str = "") -> bytes:
    """An answer that is an error of that type."""
    detail = f'<detail><{kind}Fault xmlns="urn:vim25" xsi:type="{kind}">{more}</{kind}Fault></detail>'
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>ServerFaultCode</faultcode><faultstring>{text}</faultstring>{detail}"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    ).encode()


class Service:
    """`answers`: by name, what is answered instead of the recording. `once`: the same, for the next time only. `raw`: by name, what
    has the whole connection for itself. `requests`: the names of the calls, in order; `bodies`: what came with them."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        self.folder = folder
        self.answers: dict[str, Answer] = {}
        self.once: dict[str, Answer] = {}
        self.raw: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[str] = []
        self.bodies: list[bytes] = []

    @property
    def options(self) -> dict[str, object]:
        password = self.folder / "password"
        password.write_text(PASSWORD + "\n")
        login = {"host": "127.0.0.1", "port": self.port, "user": USER, "password_file": str(password)}
        return {**login, "ca_file": str(self.folder / "certificate.pem"), "timeout": 10, "page": 3}

    @property
    def thumbprint(self) -> str:
        raw = (self.folder / "certificate.pem").read_bytes()
        return x509.load_pem_x509_certificate(raw).fingerprint(hashes.SHA256()).hex()

    def answer(self, name: str) -> bytes:
        for chosen in (self.once.pop(name, None), self.answers.get(name)):
            if chosen is not None:
                return chosen if isinstance(chosen, bytes) else chosen()
        return recorded(name)


def named(body: bytes) -> str:
    """The name of a call; those of which there are several say which."""
    found = _BODY.search(body)
    name = found[1].decode() if found else "nothing"
    if name == "ContinueRetrievePropertiesEx":
        token = _TOKEN.search(body)
        return f"{name}-{token[1].decode() if token else ''}"
    if name in ("RetrievePropertiesEx", "CreateContainerView"):
        if b">CustomFieldsManager<" in body and b">VirtualMachine<" in body:
            return f"{name}-one"
        of = {b"HostSystem": "inventory", b">CustomFieldsManager<": "attributes"}
        return f"{name}-{next((what for kind, what in of.items() if kind in body), 'machines')}"
    return name


@contextmanager
def serving(folder: Path) -> Iterator[Service]:
    """A service that ends with the context."""
    make_certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            name = named(body)
            service.requests.append(name)
            service.bodies.append(body)
            if name in service.raw:
                self.close_connection = True
                service.raw[name](self)
                return
            answer = service.answer(name)
            self.send_response(500 if b":Fault>" in answer else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):  # the client went away in the middle, as some tests want
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler, bind_and_activate=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    service = Service(server.server_port, folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)


def make_certificate(folder: Path) -> None:
    """One for 127.0.0.1, signed by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
