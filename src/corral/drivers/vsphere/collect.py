"""Many properties of many objects in few calls, page by page, with a limit on all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyVmomi import vim, vmodl

from corral.domain.errors import DriverFailed
from corral.drivers.vsphere.failures import Gone
from corral.drivers.vsphere.link import Session

MOST = 100_000
"""Objects of one look. A vCenter has at most 45,000 VMs and 2,500 hosts."""
Wanted = Mapping[Any, Sequence[str]]
"""The paths of the wanted properties, by the objects' type."""
_Collector = vmodl.query.PropertyCollector


class Told:
    """What was told of one object: its properties by path; and what it may not tell, with why. Raises Gone when that is the
    session: some tell so of each property, and not of the question."""

    __slots__ = ("missing", "object", "properties")

    def __init__(self, content: Any) -> None:
        self.object: str = content.obj._moId
        self.properties: dict[str, Any] = {one.name: one.val for one in content.propSet}
        self.missing: dict[str, str] = {one.path: type(one.fault).__name__ for one in content.missingSet}
        if any(isinstance(one.fault, vim.fault.NotAuthenticated) for one in content.missingSet):
            raise Gone("the session has ended")


def of_view(session: Session, view: Any, wanted: Wanted) -> Iterator[tuple[type, Told]]:
    """What is wanted of each object in the view, with its type. Raises Gone for a view that is lost with its session: nothing in it
    must not look like nothing there."""
    return _pages(session, filter_of(view, wanted))


def of_host(session: Session, host: Any, wanted: Wanted) -> Iterator[tuple[type, Told]]:
    """What is wanted of a host, and of each VM on it."""
    through = _Collector.TraversalSpec(name="vms", path="vm", skip=False, type=vim.HostSystem)
    return of_graph(session, [host], [through], wanted)


def filter_of(view: Any, wanted: Wanted) -> Any:
    """What says that all in the view is wanted."""
    through = _Collector.TraversalSpec(name="view", path="view", skip=False, type=vim.view.ContainerView)
    return _spec([_Collector.ObjectSpec(obj=view, skip=True, selectSet=[through])], wanted)


def of_objects(session: Session, objects: Sequence[Any], wanted: Wanted) -> Iterator[tuple[type, Told]]:
    """What is wanted of each of these objects. One that is not there any more is left out."""
    page = session.options.page
    for start in range(0, len(objects), page):
        chosen = [_Collector.ObjectSpec(obj=one, skip=False) for one in objects[start : start + page]]
        yield from _pages(session, _lenient(chosen, wanted))


def of_graph(
    session: Session, starts: Sequence[Any], ways: Sequence[Any], wanted: Wanted
) -> Iterator[tuple[type, Told]]:
    """What is wanted of some objects, and of all that the ways lead to from them."""
    chosen = [_Collector.ObjectSpec(obj=start, skip=False, selectSet=list(ways)) for start in starts]
    return _pages(session, _lenient(chosen, wanted))


def _spec(chosen: list[Any], wanted: Wanted) -> Any:
    properties = [_Collector.PropertySpec(type=kind, pathSet=list(paths)) for kind, paths in wanted.items()]
    return _Collector.FilterSpec(objectSet=chosen, propSet=properties)


def _lenient(chosen: list[Any], wanted: Wanted) -> Any:
    """The same, but one of the chosen may be gone."""
    made = _spec(chosen, wanted)
    made.reportMissingObjectsInResults = True
    return made


def _pages(session: Session, spec: Any) -> Iterator[tuple[type, Told]]:
    collector = session.content.propertyCollector
    options = _Collector.RetrieveOptions(maxObjects=session.options.page)
    answer, count = collector.RetrievePropertiesEx([spec], options), 0
    while answer is not None:
        count += len(answer.objects)
        yield from ((type(content.obj), Told(content)) for content in answer.objects)
        if not answer.token:
            return
        if count > MOST or not answer.objects:
            collector.CancelRetrievePropertiesEx(answer.token)
            raise DriverFailed(
                f"The answer of vCenter {session.options.address} has no end: it tells of more than {MOST} objects, or of none in "
                "a page.",
                fix="Look whether that is a vCenter, and at what stands between it and here.",
            )
        answer = collector.ContinueRetrievePropertiesEx(answer.token)
