"""Finds extensions, and knows which of them answers for a node.

Rule: an extension that can't be loaded is told by name, and disables only itself: clusters that have it refuse to be changed
until it is back or removed from them, all others go on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stevedore.extension import ExtensionManager

from corral.domain.cluster import Cluster
from corral.domain.errors import Conflict, Invalid, NotSupported
from corral.extensions.contract import NODE_VOLUMES, Context, Extension, NodeVolumes
from corral.extensions.hooks import wants

if TYPE_CHECKING:
    from fastapi import APIRouter

LOG = logging.getLogger(__name__)

GROUP = "corral.extensions"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PROTOCOLS: Mapping[str, type] = {NODE_VOLUMES: NodeVolumes}


@dataclass(frozen=True)
class Listed:
    """What is told of an extension. `problem`: why it can't be used, None when it can."""

    name: str
    version: str = ""
    description: str = ""
    provides: tuple[str, ...] = ()
    problem: str | None = None


class Extensions:
    """The extensions of this process. `failed`: the reason by name of those that can't be used. `default`: what a new cluster
    has, and what a node without cluster has."""

    def __init__(self, loaded: Iterable[Extension], failed: Mapping[str, str], default: Sequence[str]) -> None:
        self._loaded = {one.name: one for one in loaded}
        self._failed = dict(failed)
        self.default = tuple(default)

    def all(self) -> list[Extension]:
        """Those that can be used, by name."""
        return [self._loaded[name] for name in sorted(self._loaded)]

    def listed(self) -> list[Listed]:
        """All of them, the broken ones too, by name."""
        usable = [Listed(one.name, one.version, one.description, tuple(one.provides)) for one in self._loaded.values()]
        broken = [Listed(name, problem=why) for name, why in self._failed.items()]
        return sorted([*usable, *broken], key=lambda one: one.name)

    def get(self, name: str) -> Extension:
        """The extension. Raises Conflict, with the reason, when it can't be used."""
        if name in self._loaded:
            return self._loaded[name]
        why = self._failed.get(name, "it is not installed")
        raise Conflict(
            f"Extension {name} can't be used: {why}",
            fix="Repair or install it and start Corral again, or remove it from the cluster.",
            code="extension-unavailable",
        )

    def close(self) -> None:
        """Close them all. One that fails is logged, and keeps no other from being closed."""
        for extension in self.all():
            try:
                extension.close()
            except Exception:
                LOG.exception("An extension fails to close.", extra={"extension": extension.name})

    def router(self, extension: Extension) -> APIRouter | None:
        """The extension's own routes. One that fails to give them is logged, and has none."""
        try:
            return extension.router()
        except Exception:
            LOG.exception("An extension fails to give its routes.", extra={"extension": extension.name})
            return None

    def wants(self, name: str, hook: str) -> bool:
        """Whether the extension has that hook. Raises as `get`."""
        return wants(self.get(name), hook)

    def checked(self, names: Sequence[str]) -> tuple[str, ...]:
        """The names in their order, each known and usable. Raises Invalid for a name given twice or unknown, Conflict for one
        that can't be used."""
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise Invalid(
                f"{', '.join(twice)} is given twice.", fix="Name each extension once, in the order to act in."
            )
        for name in names:
            if name not in self._loaded and name not in self._failed:
                known = ", ".join(sorted({*self._loaded, *self._failed})) or "none"
                raise Invalid(f"There is no extension {name!r}.", fix=f"Install it, or choose from: {known}.")
        return tuple(self.get(name).name for name in names)

    def names_for(self, cluster: Cluster | None) -> tuple[str, ...]:
        """The extensions of a cluster's nodes, in order; without cluster, the default ones."""
        return self.default if cluster is None else cluster.extensions

    def enabled(self, cluster: Cluster | None) -> list[Extension]:
        """The extensions of a cluster's nodes, in order. Raises Conflict when one of them can't be used."""
        return [self.get(name) for name in self.names_for(cluster)]

    def provider(self, capability: str, cluster: Cluster | None) -> Extension:
        """The first enabled extension that provides the capability. Raises NotSupported when none does, and Conflict when one
        before it can't be used: nobody knows whether that one should have answered."""
        found = self.provider_of(capability, self.names_for(cluster))
        if found is None:
            whose = "no cluster" if cluster is None else f"cluster {cluster.name}"
            raise NotSupported(
                f"No extension of {whose} provides {capability}.",
                fix="Enable one that does: PUT /v1/clusters/{cluster}/extensions. GET /v1/extensions lists them.",
            )
        return found

    def provider_of(self, capability: str, names: Sequence[str]) -> Extension | None:
        """The first of these extensions that provides the capability, or None. Raises Conflict as `provider`."""
        return next((one for one in map(self.get, names) if capability in one.provides), None)

    def node_volumes(self, cluster: Cluster | None) -> NodeVolumes:
        """Who lays out the disks of a cluster's nodes. Raises as `provider`."""
        return as_node_volumes(self.provider(NODE_VOLUMES, cluster))


def as_node_volumes(extension: Extension) -> NodeVolumes:
    """The extension as one that lays out disks. Raises NotSupported."""
    if NODE_VOLUMES not in extension.provides or not isinstance(extension, NodeVolumes):
        raise NotSupported(f"Extension {extension.name} does not provide {NODE_VOLUMES}.", fix="Choose one that does.")
    return extension


def load(
    context_for: Callable[[str], Context], default: Sequence[str], prepare: Callable[[Extension], None]
) -> Extensions:
    """Every extension that is installed. `prepare` brings its own tables up; what it raises counts as a failure to load."""
    failed: dict[str, str] = {}

    def not_importable(_manager: Any, entry: Any, exc: BaseException) -> None:
        failed[entry.name] = _told(entry.name, exc)

    found = ExtensionManager(GROUP, invoke_on_load=False, on_load_failure_callback=not_importable)
    loaded: dict[str, Extension] = {}
    for entry in found:
        if entry.name in loaded or entry.name in failed:
            loaded.pop(entry.name, None)
            failed[entry.name] = "two packages bring an extension of this name."
            continue
        try:
            loaded[entry.name] = opened(entry.name, entry.plugin, context_for)
            prepare(loaded[entry.name])
        except Exception as exc:  # noqa: BLE001 - whatever a foreign package raises, it disables only itself
            loaded.pop(entry.name, None)
            failed[entry.name] = _told(entry.name, exc)
    for name in default:
        if name not in loaded:
            LOG.warning("A default extension can't be used.", extra={"extension": name, "error": failed.get(name)})
    return Extensions(loaded.values(), failed, default)


def opened(name: str, plugin: Any, context_for: Callable[[str], Context]) -> Extension:
    """The extension that an entry point of that name gives. Raises Invalid when it breaks the contract."""
    if not (isinstance(plugin, type) and issubclass(plugin, Extension)):
        raise Invalid(f"{plugin!r} is no class that derives from Extension.")
    if plugin.name != name or not _NAME.fullmatch(name):
        raise Invalid(f"The entry point is called {name!r}, the extension {plugin.name!r}; it must be one plain name.")
    extension = plugin(context_for(name))
    for capability in extension.provides:
        if (protocol := _PROTOCOLS.get(capability)) is not None and not isinstance(extension, protocol):
            raise Invalid(f"It provides {capability}, and lacks methods of {protocol.__name__}.")
    return extension


def _told(name: str, exc: BaseException) -> str:
    LOG.error("An extension can't be loaded.", exc_info=exc, extra={"extension": name})
    return f"{type(exc).__name__}: {exc}"


__all__ = ["GROUP", "Extensions", "Listed", "as_node_volumes", "load", "opened"]
