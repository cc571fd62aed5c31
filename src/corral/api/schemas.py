"""What clients send, as pydantic models: the schemas of the specs and of Mogan, word for word where they exist."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from corral.api.schemas_compose import ComposeFields
from corral.domain.server import ManageRequest, NetworkRequest


def _harmless(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f<>]", text):
        raise ValueError("a name has no control characters, no < and no >")
    return text


_UUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"
Uuid = Annotated[str, StringConstraints(pattern=_UUID, to_lower=True)]
# Names are shown on terminals and pages: control characters and markup are refused at the door, and escaped all the same.
Name = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_harmless)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$")]
MetadataKey = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9\-_:. ]{1,255}$")]
MetadataValue = Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Metadata = Annotated[dict[MetadataKey, MetadataValue], Field(max_length=128)]
ResourceKey = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9\-_:.]{1,255}$")]
# Mogan's client sends amounts as text ("1"), others as numbers.
Amount = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
                   StringConstraints(pattern=r"^[a-zA-Z0-9\-_:. ]{1,255}$")]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NetworkEntry(_Strict):
    """One NIC: bind an existing port (`port_id`), or create one on a network and plug it (`net_id`)."""

    port_id: Uuid | None = None
    net_id: Uuid | None = None
    port_type: Text | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> NetworkEntry:
        if (self.port_id is None) == (self.net_id is None):
            raise ValueError("give exactly one of port_id and net_id")
        return self


class ManageServer(_Strict):
    """Adopt a machine. The schema of the approved spec, with net_id, metadata, project_id and source beside it. A node needs flavor
    and networks; a VM, at a source of hypervisors, may have a flavor, and keeps the NICs that it has."""

    name: Name
    node_uuid: Annotated[
        Uuid,
        Field(
            validation_alias=AliasChoices("node_uuid", "machine"),
            description="The node, or the VM by its hypervisor's UUID. `machine` is the same.",
        ),
    ]
    flavor_uuid: Uuid | None = None
    networks: Annotated[list[NetworkEntry], Field(max_length=64)] = Field(default_factory=list)
    description: Text | None = None
    availability_zone: Text | None = None
    metadata: Metadata = Field(default_factory=dict)
    project_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    source: Annotated[str, StringConstraints(max_length=63)] | None = None

    def wish(self) -> ManageRequest:
        """The request in the domain's terms."""
        return ManageRequest(
            name=self.name,
            node=self.node_uuid,
            flavor=self.flavor_uuid or "",
            networks=tuple(NetworkRequest(**entry.model_dump()) for entry in self.networks),
            source=self.source,
            description=self.description,
            availability_zone=self.availability_zone,
            project=self.project_id,
            metadata=self.metadata,
        )


class ManageableServer(_Strict):
    """Mogan's own form of manage: the flavor is chosen by resource class, the networks are the node's ports."""

    name: Name
    node_uuid: Uuid
    description: Text | None = None
    metadata: Metadata | None = None


class MachineFilter(_Strict):
    """The free machines of a source: nodes of a resource class, VMs on a host, in a folder, with a tag. `name`, `folder` and `tag`
    may be globs."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=63)]
    resource_class: Text | None = None
    name: Text | None = None
    host: Annotated[Text | None, Field(description="Only VMs on this host, by its id or name.")] = None
    folder: Annotated[Text | None, Field(description="Only VMs in this folder or below it.")] = None
    tag: Annotated[Text | None, Field(description="Only VMs with this tag.")] = None


class NewPlan(_Strict):
    """Plan for one or many machines: named one by one (`machines`), or all that match (`from`), with the rules by which a request
    is made of a machine (`mapping`)."""

    machines: Annotated[list[ManageServer], Field(min_length=1, max_length=10_000)] | None = None
    matching: Annotated[MachineFilter | None, Field(alias="from")] = None
    mapping: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> NewPlan:
        if (self.machines is None) == (self.matching is None):
            raise ValueError("give exactly one of machines and from")
        if self.matching is None and self.mapping is not None:
            raise ValueError("a mapping goes with from: machines say everything themselves")
        return self


class PatchEntry(BaseModel):
    """One entry of a JSON patch (RFC 6902): add, replace, remove."""

    model_config = ConfigDict(extra="forbid")

    op: Literal["add", "replace", "remove"]
    path: Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=r"^/[^\x00-\x1f\x7f]*$")]
    value: Any = None


Patch = Annotated[list[PatchEntry], Field(min_length=1, max_length=256)]


class PowerTargetBody(_Strict):
    """A power change."""

    target: Literal["on", "off", "reboot", "soft_off", "soft_reboot"]


class LockBody(_Strict):
    """Lock (true) or unlock (false)."""

    target: bool


class FlavorFields(_Strict):
    """What a flavor is, as a client may set it."""

    name: Name
    description: MetadataValue | None = None
    resources: Annotated[dict[ResourceKey, Amount], Field(max_length=64)] = Field(default_factory=dict)
    resource_aggregates: Annotated[dict[ResourceKey, Amount], Field(max_length=64)] = Field(default_factory=dict)
    is_public: bool = True
    disabled: bool = False
    compose: ComposeFields | None = None

    def fields(self) -> dict[str, Any]:
        """The fields of a flavor in the domain's terms."""
        compose = None if self.compose is None else self.compose.composition()
        return {**self.model_dump(exclude={"compose"}), "compose": compose}


class FlavorAccess(_Strict):
    """Which project may use a private flavor."""

    tenant_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
