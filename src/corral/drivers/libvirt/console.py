"""A VM's screens and serial lines, from the XML of a VM that runs.

Rule: the XML is read without its secrets, so no password can be shown. What only the host itself may open is told as it is there,
with how to come to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit
from xml.etree.ElementTree import Element

from corral.contracts.virtual import Console
from corral.drivers.libvirt.uris import shown
from corral.drivers.libvirt.xml import attribute, number, parse, text_of

MOST = 32
_EVERYWHERE = ("0.0.0.0", "::", "*")  # noqa: S104  # what others bind to
_LOOPBACK = ("localhost", "::1")


def consoles(text: str, uri: str) -> tuple[Console, ...]:
    """What a person's client opens. `uri`: how the host is reached. Raises Unreadable."""
    root = parse(text)
    name = text_of(root.find("name"))
    devices = root.find("devices")
    parts = list(devices) if devices is not None else []
    screens = (one for part in parts if part.tag == "graphics" for one in _screen(part, uri))
    lines = (one for part in parts if part.tag == "serial" for one in _line(part, uri, name))
    return (*screens, *lines)[:MOST]


def _screen(part: Element, uri: str) -> Iterator[Console]:
    kind = attribute(part, "type")
    if kind not in ("vnc", "spice"):
        return
    listen = part.find("listen")
    path = attribute(part, "socket") or attribute(listen, "socket")
    if path:
        yield Console(kind, f"{kind}+unix://{quote(path)}", _at_host(uri))
        return
    address = attribute(part, "listen") or attribute(listen, "address")
    plain, secure = _port(part, "port"), _port(part, "tlsPort")
    if plain or secure:
        host, note = _reached(address, uri)
        yield Console(kind, _url(kind, host, plain, secure), note)


def _port(part: Element, name: str) -> int:
    """0 where there is none, which libvirt may write as -1."""
    value = attribute(part, name)
    return 0 if value == "-1" else number(value)


def _url(kind: str, host: str, plain: int, secure: int) -> str:
    if kind == "vnc":
        return f"vnc://{host}:{plain}"
    ports = {"port": plain, "tls-port": secure}
    return f"spice://{host}?{urlencode({key: value for key, value in ports.items() if value})}"


def _line(part: Element, uri: str, name: str) -> Iterator[Console]:
    kind, source = attribute(part, "type"), part.find("source")
    if kind == "pty":
        yield Console("serial", shown(uri), f"virsh -c URI console {name}")
    elif kind in ("tcp", "unix") and attribute(source, "mode") == "bind":
        if kind == "unix":
            yield Console("serial", f"unix://{quote(attribute(source, 'path'))}", _at_host(uri))
            return
        host, note = _reached(attribute(source, "host"), uri)
        protocol = attribute(part.find("protocol"), "type")
        scheme = protocol if protocol in ("telnet", "tls") else "tcp"
        yield Console("serial", f"{scheme}://{host}:{attribute(source, 'service')}", note)


def _reached(address: str, uri: str) -> tuple[str, str]:
    """The address as a URL has it, and how it is come to from elsewhere."""
    there = urlsplit(uri).hostname or ""
    if address in _EVERYWHERE:
        return _bracketed(there or "127.0.0.1"), ""
    loopback = address in _LOOPBACK or address.startswith("127.") or not address
    return _bracketed(address or "127.0.0.1"), _at_host(uri) if loopback else ""


def _at_host(uri: str) -> str:
    there = urlsplit(uri).hostname
    return f"Only at the host itself: come to it by `ssh -L`, through {there}." if there else ""


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
