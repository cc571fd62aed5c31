"""The element of a domain's metadata in which people and Corral say something of a VM for which libvirt has no place.

    <labels folder="/east/web" called="app-02" of="vm-7" was="Bob's">
      <tag>gold</tag>
      <meta key="team" value="blue"/>
    </labels>

`called`: the VM is called so by its title, as libvirt can't rename one that runs: as long as the title says so and the domain's own
name is still `of`. `was`: the title before. Rule: what else is in the element stays; so does everything outside of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from corral.domain.descriptions import LONGEST, METADATA_KEY, MOST_PAIRS, MOST_TAGS
from corral.drivers.libvirt.rules import LABELS
from corral.drivers.libvirt.xml import attribute, text_of

CALLED, OF, WAS = "called", "of", "was"
_TAG, _META = "tag", "meta"


@dataclass(frozen=True, slots=True)
class Labels:
    """What the element says. Of more tags or metadata than the record can have, one too many is told. `metadata` None: it can't be
    read."""

    folder: str = ""
    tags: tuple[str, ...] = ()
    metadata: tuple[str, ...] | None = ()
    called: str = ""
    of: str = ""
    was: str = ""

    def name(self, own: str, title: str) -> str:
        """What the VM is called: `own` is the domain's name."""
        return self.called if self.called and (self.of, self.called) == (own, title) else own


def element(metadata: Element | None) -> Element | None:
    """The element, in a domain's metadata."""
    return metadata.find(f"{{{LABELS}}}labels") if metadata is not None else None


def labels_in(metadata: Element | None) -> Labels:
    """What the element says, in a domain's metadata."""
    found = element(metadata)
    if found is None:
        return Labels()
    # No more is kept of a text than is ever compared.
    tags = {text_of(child)[: LONGEST + 1] for child in found if _local(child) == _TAG}
    return Labels(
        attribute(found, "folder"),
        tuple(sorted(tag for tag in tags if tag))[: MOST_TAGS + 1],
        _metadata(found),
        *(attribute(found, name) for name in (CALLED, OF, WAS)),
    )


def _metadata(found: Element) -> tuple[str, ...] | None:
    told = {child.get("key") or "": child.get("value") or "" for child in found if _local(child) == _META}
    if not all(METADATA_KEY.fullmatch(key) for key in told):
        return None
    texts = (f"{key}={value[: LONGEST + 1]}" for key, value in told.items())
    return tuple(sorted(texts))[: MOST_PAIRS + 1]


def _local(child: Element) -> str:
    space, _, name = child.tag.rpartition("}")
    return name if space in ("", f"{{{LABELS}") else ""


# --- writing ----------------------------------------------------------------------------------------------


def with_tags(tags: list[str] | None) -> Callable[[Element], None]:
    """A change of the element: these tags and no others."""
    return lambda found: _filled(found, _TAG, [({}, tag) for tag in tags or ()])


def with_metadata(told: Mapping[str, str]) -> Callable[[Element], None]:
    """A change of the element: this metadata and no other."""
    return lambda found: _filled(found, _META, [({"key": key, "value": told[key]}, None) for key in sorted(told)])


def with_name(called: str, of: str, was: str) -> Callable[[Element], None]:
    """A change of the element: what the VM is called by its title; "" for nothing."""

    def change(found: Element) -> None:
        for name, value in ((CALLED, called), (OF, of), (WAS, was)):
            found.attrib.pop(name, None)
            if value:
                found.set(name, value)

    return change


def _filled(found: Element, name: str, children: list[tuple[dict[str, str], str | None]]) -> None:
    for child in [one for one in found if one.tag == name]:
        found.remove(child)
    for attributes, text in children:
        SubElement(found, name, attributes).text = text


def changed(found: Element | None, change: Callable[[Element], None]) -> str | None:
    """The element's text after a change, without its own namespace, which libvirt adds; None when nothing is left in it."""
    made = Element("labels") if found is None else fromstring(tostring(found))  # noqa: S314  # what was just read
    for child in made.iter():
        child.tag = child.tag.removeprefix(f"{{{LABELS}}}")
    change(made)
    for child in made:
        child.tail = None
    made.text = made.tail = None
    return tostring(made, encoding="unicode") if len(made) or made.attrib else None
