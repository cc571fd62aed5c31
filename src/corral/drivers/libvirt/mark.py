"""The mark at a domain: an element of its metadata that says which server it belongs to.

Each server's mark has a namespace of its own, which ends with the server's uuid. libvirt replaces an element by its namespace: so
no mark can overwrite another one, and of two owners who mark a VM at once, at least one sees the other's when it reads back, and
gives in.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import libvirt

from corral.contracts.virtual import Mark
from corral.domain.errors import Conflict, DriverFailed
from corral.drivers.libvirt.acting import Change
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.rules import ELEMENT, INACTIVE, KEY, MARK
from corral.drivers.libvirt.xml import LARGEST, LONGEST, Unreadable, attribute, parse

_LIVE, _CONFIG = libvirt.VIR_DOMAIN_AFFECT_LIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG
MOST = 64
"""Marks of one domain that are told."""


def namespace(server: str) -> str:
    """That of a server's mark."""
    return f"{MARK}/{server}"


def element(mark: Mark) -> str:
    """The mark as XML; libvirt adds the namespace to it."""
    name = escape("".join(char for char in mark.name if char.isprintable())[:255], {'"': "&quot;"})
    return f'<server uuid="{mark.server}" name="{name}"/>'


def marks_in(text: str) -> tuple[Mark, ...]:
    """The marks in a domain's XML. Raises Unreadable."""
    if len(text) <= LARGEST and MARK not in text:
        return ()
    metadata = parse(text).find("metadata")
    found = [mark for child in (metadata if metadata is not None else ()) if (mark := _mark(child)) is not None]
    return tuple(found[:MOST])


def _mark(child: Element) -> Mark | None:
    space, _, _name = child.tag.removeprefix("{").partition("}")
    head, slash, server = space.rpartition("/")
    if head != MARK or not slash:
        return None
    return Mark(server[:LONGEST], attribute(child, "name"))


class Marking:
    """The marks of one domain, over a connection: live, and those in its definition where it has one."""

    def __init__(self, session: Session, domain: Any) -> None:
        self._session = session
        self._domain = domain
        self.lasting = session.call(domain, "isPersistent") == 1
        self.live = session.call(domain, "isActive") == 1

    def read(self) -> tuple[tuple[Mark, ...], ...]:
        """The marks at each place where one can be: live, in the definition. Raises DriverFailed for XML that can't be read."""
        places = [flags for flags, there in ((0, self.live), (INACTIVE, self.lasting)) if there]
        try:
            return tuple(marks_in(self._session.call(self._domain, "XMLDesc", flags)) for flags in places)
        except Unreadable as exc:
            raise DriverFailed(
                f"The VM's definition can't be read: {exc}.", fix="Look at it with `virsh dumpxml`."
            ) from exc

    def all(self) -> tuple[Mark, ...]:
        """Each once."""
        return tuple({mark.server: mark for marks in self.read() for mark in marks}.values())

    def put(self, change: Change, mark: Mark) -> None:
        """Mark it where it is not marked yet. Raises Conflict when another server's mark is there; its own is taken back then."""
        _refuse_others(self.all(), mark)
        if self._complete(mark):
            return
        self._set(change, mark.server, element(mark))
        try:
            _refuse_others(self.all(), mark)
        except Conflict:
            # Both wrote at once, and at least one has to give in.
            self._set(change, mark.server, None)
            raise
        if not self._complete(mark):
            raise DriverFailed(
                "libvirt took the mark, and does not show it everywhere.",
                fix="Mark the VM again; nothing else was changed.",
            )

    def take(self, change: Change, server: str) -> None:
        """Remove that server's mark from where it is."""
        if any(mark.server == server for mark in self.all()):
            self._set(change, server, None)
        if any(mark.server == server for mark in self.all()):
            raise DriverFailed("libvirt removed the mark, and still shows it.", fix="Try again.")

    def _complete(self, mark: Mark) -> bool:
        return all(any(one.server == mark.server for one in marks) for marks in self.read())

    def _set(self, change: Change, server: str, text: str | None) -> None:
        flags = (_LIVE if self.live else 0) | (_CONFIG if self.lasting else 0)
        key = KEY if text is not None else None
        change.send(self._session, self._domain, "setMetadata", ELEMENT, text, key, namespace(server), flags)


def _refuse_others(marks: tuple[Mark, ...], mine: Mark) -> None:
    for other in marks:
        if other.server != mine.server:
            named = f"{other.server} ({other.name})" if other.name else other.server
            raise Conflict(
                f"The VM bears the mark of another server, {named}.",
                fix="Let go of it there. If nothing knows that server any more, the leaks' report says how to remove the mark.",
            )
