"""Addresses of hosts: which forms are taken, and what a host is called by its address.

Why: a URI from a file decides what is started on this machine (`+ext`, `command=`) and whom the answers are believed from
(`no_verify`). So what may stand in one is a list.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corral.domain.errors import Invalid

SCHEMES = ("qemu", "qemu+libssh", "qemu+ssh", "qemu+tls", "qemu+unix", "test")
PARAMETERS = ("keyfile", "known_hosts", "mode", "no_tty", "pkipath", "proxy", "socket")
_REMOTE = ("qemu+libssh", "qemu+ssh", "qemu+tls")
_FIX = "For example qemu+ssh://root@kvm-01/system, qemu+tls://kvm-01/system, qemu:///system or test:///default."
_LONGEST = 1024


def checked(uri: str) -> str:
    """The URI as libvirt is given it: SSH never asks at the terminal. Raises Invalid."""
    if not uri or len(uri) > _LONGEST or not uri.isprintable() or any(char.isspace() for char in uri):
        raise Invalid(f"{uri[:80]!r} is no libvirt URI.", fix=_FIX)
    try:
        parts = urlsplit(uri)
        secret = parts.password
        _ = parts.port
    except ValueError as exc:
        raise Invalid(f"{uri!r} is no libvirt URI: {exc}.", fix=_FIX) from exc
    if parts.scheme not in SCHEMES:
        raise Invalid(f"{shown(uri)} has a form that is not taken; taken are {', '.join(SCHEMES)}.", fix=_FIX)
    if secret is not None:
        raise Invalid(f"{shown(uri)} has a password in it.", fix="Use an SSH key or a TLS certificate.")
    if parts.scheme in _REMOTE and not parts.hostname:
        raise Invalid(f"{shown(uri)} names no host.", fix=_FIX)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for key, _value in query:
        if key not in PARAMETERS:
            raise Invalid(f"{shown(uri)} has the parameter {key!r}.", fix=f"Taken are {', '.join(PARAMETERS)}.")
    if parts.scheme != "qemu+libssh" and "known_hosts" in dict(query):
        # libvirt would leave it out without a word: whoever wrote it believes in a check that is not made.
        raise Invalid(
            f"{shown(uri)} has the parameter 'known_hosts', which libvirt reads with qemu+libssh only.",
            fix="ssh reads its own configuration: name the file there (UserKnownHostsFile), or use qemu+libssh.",
        )
    if parts.scheme == "qemu+ssh":
        query = [*((key, value) for key, value in query if key != "no_tty"), ("no_tty", "1")]
    made = urlunsplit(parts._replace(query=urlencode(query, safe="/:@")))
    # urlunsplit drops the empty authority of some schemes, which libvirt needs.
    return made if "://" in made else made.replace(":", "://", 1)


def shown(uri: str) -> str:
    """A URI for messages: without user, password and parameters."""
    head, _, rest = uri.partition("://")
    place, slash, path = rest.partition("?")[0].partition("/")
    return f"{head}://{place.rpartition('@')[2]}{slash}{path}"


def called(uri: str) -> str:
    """What a host is called as long as nobody gave it a name: its address; for a local one what tells it from others."""
    parts = urlsplit(uri)
    if parts.hostname:
        return parts.hostname
    socket = dict(parse_qsl(parts.query)).get("socket")
    return f"{shown(uri)} at {socket}" if socket else shown(uri)
