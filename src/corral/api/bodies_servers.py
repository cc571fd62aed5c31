"""What Corral answers about one server beside the server itself, for the OpenAPI document; see `bodies`."""

from __future__ import annotations

from pydantic import BaseModel, Field

from corral.api.bodies import Chosen


class ServerStates(BaseModel):
    """A server's status, power and lock."""

    status: str
    power_state: str | None
    locked: bool


class FixedIp(BaseModel):
    """An address of a NIC."""

    ip_address: str


class ServerNic(BaseModel):
    """A NIC of a server."""

    port_id: str
    network_id: str
    mac_address: str
    fixed_ips: list[FixedIp]
    floating_ip: None
    port_type: str | None


class ServerNics(BaseModel):
    """The NICs of a server."""

    nics: list[ServerNic]


class ServerConsole(BaseModel):
    """A way to a server's screen or serial line."""

    kind: str = Field(description="vnc, spice, serial or mks.")
    url: str = Field(description="For a person's client; it may hold a ticket that works once.")
    note: str = Field(description="How to come to it where the url does not say so.")


class ServerConsoles(BaseModel):
    """The consoles of a server."""

    consoles: list[ServerConsole]


class ServerVolume(Chosen):
    """A volume of a server, by its hypervisor's id. `size` in bytes. `kind`, `path` and `identifiers` are for admins only."""

    id: str
    device: str
    bus: str
    format: str
    size: int
    kind: str
    path: str
    identifiers: dict[str, str] = Field(description="What storage may know it by.")


class ServerVolumes(BaseModel):
    """The volumes of a server."""

    volumes: list[ServerVolume]


SUCCESS: dict[tuple[str, str, int], type[BaseModel]] = {
    ("GET", "/v1/servers/{uuid}/states", 200): ServerStates,
    ("GET", "/v1/servers/{uuid}/networks", 200): ServerNics,
    ("GET", "/v1/servers/{uuid}/volumes", 200): ServerVolumes,
    ("GET", "/v1/servers/{uuid}/consoles", 200): ServerConsoles,
}
"""As `bodies.SUCCESS`."""
