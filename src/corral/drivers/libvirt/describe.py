"""What is said of one domain: its name, notes, metadata and tags; live, and in its definition.

libvirt renames only what is off. A VM that runs is called so by its title until it is renamed when it is off; what the title was
before is kept beside it. Rule: what stands in the live state and in the definition is read and written each for itself, since
people may have written something into only one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from corral.domain.descriptions import (
    LONGEST_NOTES,
    MOST_PAIRS,
    MOST_TAGS,
    is_name,
    metadata_of,
    normal_text,
)
from corral.domain.drift import Field, Value
from corral.domain.errors import Conflict, DriverFailed, NotSupported
from corral.drivers.libvirt import labels
from corral.drivers.libvirt.acting import Change
from corral.drivers.libvirt.labels import Labels, labels_in
from corral.drivers.libvirt.link import Session
from corral.drivers.libvirt.one import domain_of
from corral.drivers.libvirt.rules import DESCRIPTION, ELEMENT, INACTIVE, LABELS, LABELS_KEY, TITLE
from corral.drivers.libvirt.xml import Unreadable, parse, text_of

DESCRIBABLE = frozenset({Field.NAME, Field.NOTES, Field.METADATA, Field.TAGS})
_LIVE, _CONFIG = 1, 2
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_FILE = 200
"""Bytes of a domain's own name: the file of its definition bears it."""


def refusal(what: Field, value: Value) -> str:
    """Why libvirt can't have that value; "" when it can."""
    texts = [value] if isinstance(value, str) else value or []
    if any(_NO_XML.search(one) for one in texts):
        return f"Its {what} has characters that no XML can have."
    if what is Field.NAME and not is_name(value):
        return "A VM is called by 1 to 255 characters that print."
    if what is Field.TAGS and (len(texts) > MOST_TAGS or any(tag != tag.strip() for tag in texts)):
        return f"libvirt's VMs have up to {MOST_TAGS} tags here, without space around them."
    if what is Field.METADATA and len(texts) > MOST_PAIRS:
        return f"libvirt's VMs have up to {MOST_PAIRS} metadata here."
    return ""


class _Place:
    """Where something of a domain stands: live, or in its definition."""

    def __init__(self, session: Session, domain: Any, change: Change, flag: int) -> None:
        self._session, self._domain, self._change, self._flag = session, domain, change, flag
        try:
            self.root = parse(session.call(domain, "XMLDesc", INACTIVE if flag == _CONFIG else 0))
        except Unreadable as exc:
            raise DriverFailed(
                f"The VM's definition can't be read: {exc}.", fix="Look at it with `virsh dumpxml`."
            ) from exc
        self.title = text_of(self.root.find("title"))
        self.labels: Labels = labels_in(self.root.find("metadata"))

    def notes(self, value: str | None) -> None:
        told = self.root.find("description")
        there = normal_text(told.text) if told is not None else None
        if len(there or "") > LONGEST_NOTES:
            raise _left_alone("notes")
        if there != value:
            self._set(DESCRIPTION, value)

    def label(self, change: Callable[[Element], None]) -> None:
        if self.labels.metadata is None or len(self.labels.metadata) > MOST_PAIRS or len(self.labels.tags) > MOST_TAGS:
            raise _left_alone("labels")
        found = labels.element(self.root.find("metadata"))
        before = labels.changed(found, lambda _: None) if found is not None else None
        if (after := labels.changed(found, change)) != before:
            self._set(ELEMENT, after, LABELS_KEY if after else None, LABELS)

    def call(self, name: str, own: str) -> None:
        """By its title. The element goes first: as long as the title is another one, it says nothing."""
        ours = bool(self.labels.called) and self.labels.called == self.title
        self.label(labels.with_name(name, own, self.labels.was if ours else self.title))
        if self.title != name:
            self._set(TITLE, name)

    def uncall(self) -> None:
        """The title is what it was, where it still is ours."""
        if not self.labels.called:
            return
        if self.labels.called == self.title:
            self._set(TITLE, self.labels.was or None)
        self.label(labels.with_name("", "", ""))

    def _set(self, kind: int, text: str | None, key: str | None = None, space: str | None = None) -> None:
        self._change.send(self._session, self._domain, "setMetadata", kind, text, key, space, self._flag)


def describe(session: Session, change: Change, uuid: str, what: Field, value: Value) -> None:
    """Raises NotFound, NotSupported, Conflict."""
    if what not in DESCRIBABLE or (why := refusal(what, value)):
        raise NotSupported(why if what in DESCRIBABLE else f"libvirt can't be told the {what} of a VM.")
    domain = domain_of(session, uuid)
    places = _places(session, domain, change)
    if what is Field.NAME:
        _call(session, change, domain, places, value)
        return
    for place in places:
        if what is Field.NOTES:
            place.notes(value)
        elif what is Field.TAGS:
            place.label(labels.with_tags(value))
        else:
            place.label(labels.with_metadata(metadata_of(value)))


def _places(session: Session, domain: Any, change: Change) -> list[_Place]:
    there = ((_LIVE, "isActive"), (_CONFIG, "isPersistent"))
    return [_Place(session, domain, change, flag) for flag, asked in there if session.call(domain, asked) == 1]


def _call(session: Session, change: Change, domain: Any, places: list[_Place], name: str) -> None:
    own = domain.name()
    if own != name and not _renamable(session, domain, name):
        for place in places:
            place.call(name, own)
        return
    if own != name:
        change.send(session, domain, "rename", name, 0)
    # From now on its own name counts, whatever its title is.
    for place in places:
        place.uncall()


def _renamable(session: Session, domain: Any, name: str) -> bool:
    """Whether libvirt may rename it: one that is off, without saved memory, and by what can be the name of a file."""
    as_file = "/" not in name and not name.startswith(".") and len(name.encode()) <= _LONGEST_FILE
    return (
        as_file
        and session.call(domain, "isActive") == 0
        and session.call(domain, "isPersistent") == 1
        and session.call(domain, "hasManagedSaveImage", 0) == 0
    )


def _left_alone(what: str) -> Conflict:
    return Conflict(
        f"The VM's {what} there can't be read, or are more than could be put back: they are left alone.",
        fix="Look at them with `virsh dumpxml`, and shorten them.",
    )
