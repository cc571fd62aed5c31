"""The settings of the places that have machines: sources, and sources of hypervisors. `corral.config` says where they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from corral.contracts.enrolling import INTERFACES


class LimitSettings(BaseModel):
    """How hard a source may be asked, by each process. One slow source then does not hold up the others."""

    model_config = ConfigDict(extra="forbid")

    flows: int | None = Field(
        default=None,
        ge=1,
        description="Operations at the source at the same time. By default as many as there are workers.",
    )
    requests: float | None = Field(
        default=None, gt=0, description="Requests a second. By default as many as there are."
    )
    failures: int = Field(
        default=5,
        ge=1,
        description="Times in a row that one of its services does not answer, until it is left alone for a while.",
    )
    pause: float = Field(
        default=2.0, gt=0, description="Seconds that it is left alone at first; twice as long each time."
    )
    longest: float = Field(default=120.0, gt=0, description="Seconds that it is left alone at most.")


class NodeSettings(BaseModel):
    """What each node gets that is enrolled of a pod's systems, besides what the pod itself says."""

    model_config = ConfigDict(extra="forbid")

    driver: str | None = Field(
        default=None, description="Ironic's hardware type; by default the one that the pod names."
    )
    interfaces: dict[str, str] = Field(
        default_factory=dict, description="As `deploy_interface: direct`; by default the driver's own."
    )
    driver_info: dict[str, str] = Field(
        default_factory=dict, description="As `deploy_kernel` and `deploy_ramdisk`. No secrets."
    )
    properties: dict[str, str] = Field(default_factory=dict, description="As `capabilities: boot_mode:uefi`.")

    @field_validator("interfaces")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(value) - INTERFACES):
            raise ValueError(f"{unknown[0]} is no interface of a node; there are {', '.join(sorted(INTERFACES))}")
        return value


class BusSettings(BaseModel):
    """A RabbitMQ where the services of a source, or those around it, announce changes. What is heard there is never believed, only
    looked at."""

    model_config = ConfigDict(extra="forbid")

    transport_url_env: str = Field(
        description="Environment variable with the transport URL, as `rabbit://user:password@host:5672/`; for TLS with "
        "`?ssl=1&ssl_ca_file=…`."
    )
    topics: dict[str, list[str]] | None = Field(
        default=None,
        min_length=1,
        description="Topics to listen to, by exchange, which is a service's `control_exchange`. By default for an Ironic `ironic: "
        "[ironic_versioned_notifications]`, and for hypervisors `neutron: [notifications]` and, as Cinder calls its exchange, "
        "`openstack: [notifications]`.",
    )


def _as_list(value: Any) -> Any:
    """One bus may stand without a list, and null is none."""
    return value if isinstance(value, list) else [] if value is None else [value]


Buses = Annotated[list[BusSettings], BeforeValidator(_as_list)]


class SourceSettings(BaseModel):
    """A place that has machines."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", description="What the source is called here; never change it."
    )
    driver: str = Field(default="ironic", description="The driver: an entry point of `corral.drivers`.")
    options: dict[str, Any] = Field(
        default_factory=dict,
        description="The driver's own options, for Ironic at least `cloud`: an entry of clouds.yaml.",
    )
    limits: LimitSettings = Field(default_factory=LimitSettings, description="How hard the source may be asked.")
    nodes: NodeSettings = Field(
        default_factory=NodeSettings, description="Of a pod: what nodes get that are made of its systems."
    )
    notifications: Buses = Field(
        default_factory=list,
        description="Of an Ironic that is synchronized: where it, and Neutron, announce changes, so that they are seen within a "
        "second or two. One bus, or a list of them.",
    )


class HypervisorSettings(BaseModel):
    """A source of hypervisor hosts, among which VMs may move: a group of hosts with libvirt, or a vCenter."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", description="What the source is called here; never change it."
    )
    driver: str = Field(default="libvirt", description="The driver: an entry point of `corral.hosts`.")
    options: dict[str, Any] = Field(
        default_factory=dict, description="The driver's own options, for libvirt at least `hosts`, here or in a file."
    )
    hosts_file: Path | None = Field(
        default=None,
        description="A YAML list, or a CSV with the columns `uri` and `name`, of more hosts for the option `hosts`. It is read "
        "again when it has changed, at the next survey.",
    )
    mark: bool = Field(
        default=True,
        description="Write at the hypervisor whose a VM is while it is a server here: people and other tools see it there, and a "
        "second Corral keeps off. Without it nothing is written there at all.",
    )
    limits: LimitSettings = Field(
        default_factory=LimitSettings, description="How hard its hosts may be asked; surveys count too."
    )
    cloud: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="An entry of clouds.yaml: the OpenStack in whose Cinder and Neutron volumes and NICs of these VMs may be "
        "recorded, by a login with the role admin.",
    )
    notifications: Buses = Field(
        default_factory=list,
        description="Of hypervisors with a `cloud`: where its Neutron and Cinder announce changes, so that what they have of these "
        "VMs is looked at within a second or two. One bus, or a list of them.",
    )
    survey_every: float = Field(
        default=60.0,
        ge=1,
        description="Seconds at most from the begin of one survey of all its hosts to that of the next; what its hypervisors "
        "tell by themselves is looked at at once. Surveys come sooner for a while when one found what nothing had told of.",
    )

    @model_validator(mode="after")
    def _has_a_cloud(self) -> Self:
        if self.notifications and self.cloud is None:
            raise ValueError("`notifications` are those of a cloud's Neutron and Cinder: name the cloud in `cloud`")
        return self
