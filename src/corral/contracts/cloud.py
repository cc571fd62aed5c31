"""What Corral asks of the cloud around a source: images, and network ports. Errors as in `contracts.sources`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from corral.domain.machine import Image, Network, NetworkPort


class Images(Protocol):
    """The image service. Reads only."""

    def images(self, ids: Iterable[str]) -> Mapping[str, Image]:
        """Those of `ids` that exist, by id. Ids that are no UUIDs are never sent anywhere."""


class Networks(Protocol):
    """The network service."""

    def ports(self, ids: Iterable[str]) -> Mapping[str, NetworkPort]:
        """Those of `ids` that exist, by id; MACs normalised. Asks in batches, never for every port of the cloud."""

    def ports_by_mac(self, macs: Iterable[str]) -> Mapping[str, NetworkPort]:
        """Ports with one of these MACs, by MAC, whatever case the service stores."""

    def networks(self, ids: Iterable[str]) -> Mapping[str, Network]:
        """Those of `ids` that exist, by id."""

    def networks_named(self, names: Iterable[str]) -> Mapping[str, Sequence[Network]]:
        """Those that have one of these names, by name; names are not unique. Names that nothing has are absent."""

    def bind(self, port: str, owner: str, seen: Mapping[str, Any] | None = None) -> NetworkPort:
        """Record `owner` (a server's uuid) as the device of an existing port. Nothing of its wiring changes. Idempotent.
        Gives the port as it then is. Raises NotFound; Conflict when another device has it.

        With `seen`, the port's `snapshot`, the first attempt rests on that instead of another look; the service refuses it
        if the port has changed since, and then it is looked at again."""

    def restore(self, port: str, snapshot: Mapping[str, Any]) -> None:
        """Bring the fields in a port's `snapshot` back, those that differ, and only those. A port that is gone is done."""

    def create(self, network: str, mac: str, owner: str, project: str, name: str) -> NetworkPort:
        """A port on `network` with `mac` for the server `owner`. If a port for that network, MAC and owner exists, it is
        returned: so a lost answer can't make a second one. Raises Conflict when the MAC is taken."""

    def delete(self, port: str, owner: str) -> None:
        """Delete a port that `create` made for `owner`. One that is gone is done; one of another owner is left alone."""

    def marked(self) -> Iterator[NetworkPort]:
        """Every port whose device is a server of some Corral, page by page."""

    def free(self, port: str, owner: str) -> None:
        """Take `owner` off a port: it has no device any more. Its wiring stays as it is. A port that is gone, or that another
        device has by now, is left alone. Idempotent."""

    def created_for(self, owner: str) -> tuple[NetworkPort, ...]:
        """The ports that `create` made for `owner`: also those whose answer was lost."""
