"""The image and network services of a source that has none: nothing is found, and nothing can be done."""
# ruff: noqa: ARG002 - whatever is asked for, it is not there

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from corral.domain.errors import NotSupported
from corral.domain.machine import Image, Network, NetworkPort


class NoImages:
    """`Images` where there are none."""

    def images(self, ids: Iterable[str]) -> Mapping[str, Image]:
        return {}


class NoNetworks:
    """`Networks` where there are none."""

    def ports(self, ids: Iterable[str]) -> Mapping[str, NetworkPort]:
        return {}

    def ports_by_mac(self, macs: Iterable[str]) -> Mapping[str, NetworkPort]:
        return {}

    def networks(self, ids: Iterable[str]) -> Mapping[str, Network]:
        return {}

    def networks_named(self, names: Iterable[str]) -> Mapping[str, Sequence[Network]]:
        return {}

    def marked(self) -> Iterator[NetworkPort]:
        return iter(())

    def created_for(self, owner: str) -> tuple[NetworkPort, ...]:
        return ()

    def bind(self, port: str, owner: str, seen: Mapping[str, Any] | None = None) -> NoReturn:
        raise _none()

    def restore(self, port: str, snapshot: Mapping[str, Any]) -> NoReturn:
        raise _none()

    def create(self, network: str, mac: str, owner: str, project: str, name: str) -> NoReturn:
        raise _none()

    def delete(self, port: str, owner: str) -> NoReturn:
        raise _none()

    def free(self, port: str, owner: str) -> NoReturn:
        raise _none()


def _none() -> NotSupported:
    return NotSupported("This source has no network service.", fix="Use the source where the machine is enrolled.")
