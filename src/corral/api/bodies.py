"""What Corral answers when a request succeeds, for the OpenAPI document: the shapes of `render` and `render_plans`, field by field.

Rule: documentation only. No answer is checked against these while it is served: a list of 1,000 would take twice the time. The
tests hold the answers of a running Corral against them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]


def _chosen(schema: Json) -> None:
    schema.pop("required", None)


class Chosen(BaseModel):
    """A resource whose fields a client can choose with `fields`: any of them may be left out."""

    model_config = ConfigDict(json_schema_extra=_chosen)


class Reason(BaseModel):
    """Why a machine can't be adopted as asked."""

    code: str
    message: str
    fix: str
    severity: Literal["blocker", "warning"]


class Link(BaseModel):
    """A link of a resource."""

    href: str
    rel: Literal["self", "bookmark"]


class Address(BaseModel):
    """An address of a server."""

    addr: str
    type: Literal["fixed"]


class Fault(BaseModel):
    """Why something failed, and what to do."""

    model_config = ConfigDict(extra="allow")

    code: str | None = None
    message: str | None = None
    fix: str | None = None


class LastSeen(BaseModel):
    """Where surveys saw a VM last. `host`: the host's id. `gone_since`: it is at no host any more since then."""

    host: str
    host_name: str | None
    state: str
    gone_since: str | None


class Server(Chosen):
    """A server, in Mogan's form. `node`, `node_uuid`, `source`, `host`, `last_seen`, `affinity_zone`, `system_metadata` are for
    admins only."""

    uuid: str
    name: str
    description: str | None
    project_id: str
    user_id: str | None
    status: str
    power_state: str | None
    availability_zone: str | None
    flavor_uuid: str | None
    image_uuid: str | None
    addresses: dict[str, list[Address]] = Field(
        description="By the network's uuid; of a VM by its hypervisor's name for it."
    )
    links: list[Link]
    launched_at: str | None
    metadata: dict[str, str]
    tags: list[str]
    key_name: None
    partitions: Json | None
    locked: bool
    adopted: bool
    composed: bool | None = Field(description="None or false for a machine that was there already.")
    warnings: list[Reason]
    node: str | None
    node_uuid: str | None
    source: str
    kind: Literal["node", "vm"]
    host: str | None = Field(description="The id of the host that had the VM when it was last acted upon.")
    last_seen: LastSeen | None = Field(
        description="Where surveys saw the VM last, beside `host`, which is what was agreed on. Only in what shows or lists it."
    )
    cpus: int | None = Field(description="Of a VM.")
    memory: int | None = Field(description="Of a VM, in bytes.")
    affinity_zone: None
    system_metadata: Json
    created_at: str | None
    updated_at: str | None
    fault: Fault = Field(description="Only where there is one.")


class Servers(BaseModel):
    """A page of servers."""

    servers: list[Server]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class OperationBody(BaseModel):
    """Something that is being done, or was."""

    uuid: str
    kind: str
    server_uuid: str | None
    source: str | None
    machine: str | None
    project_id: str | None
    user_id: str | None
    state: str
    attention: str | None = Field(description="What a person should look at, while the engine goes on trying.")
    progress: float
    step: str | None
    error: Fault | None
    result: Any
    cancel_requested: bool
    created_at: str | None
    started_at: str | None
    finished_at: str | None
    links: list[Link]


class Operations(BaseModel):
    """A page of operations, newest first. `counts`, by state, for who may see all of them."""

    operations: list[OperationBody]
    counts: dict[str, int] | None
    next: str | None = Field(None, description="The following page; not there on the last one.")


class Started(BaseModel):
    """A server, and what is being done to it."""

    server: Server
    operation: OperationBody


class NodePort(BaseModel):
    """A NIC of a machine: a port, or a port group."""

    uuid: str
    vif_port_id: str | None
    address: str
    kind: Literal["port", "portgroup"]
    href: str
    rel: Literal["self"]
    links: list[Link]


class Node(Chosen):
    """A machine, whether it can be adopted, and every reason why not."""

    uuid: str
    name: str | None
    source: str
    ports: list[NodePort]
    power_state: str
    provision_state: str
    created_at: str | None
    properties: Json
    instance_info: Json
    image_source: str | None
    resource_class: str | None
    adoptable: bool
    reasons: list[Reason]
    links: list[Link]


class AdoptableNodes(BaseModel):
    """A page of machines."""

    adoptable_nodes: list[Node]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class Flavor(BaseModel):
    """A flavor, in Mogan's form."""

    uuid: str
    name: str
    description: str | None
    resources: dict[str, str]
    resource_aggregates: dict[str, str]
    is_public: bool
    disabled: bool
    compose: FlavorCompose | None
    links: list[Link]
    created_at: str | None
    updated_at: str | None


class FlavorCompose(BaseModel):
    """What a server of a flavor is composed of. `memory` in MiB."""

    cpus: int
    memory: int
    disks: list[FlavorDisks]
    nics: list[FlavorNics]
    traits: list[str]
    source: str | None
    compose_when_full: bool


class FlavorDisks(BaseModel):
    """Drives of at least `size` bytes each."""

    size: int
    count: int
    media: Literal["HDD", "SSD", "NVMe"] | None


class FlavorNics(BaseModel):
    """Network interfaces of at least `speed` Mbit/s each."""

    count: int
    speed: int


class Flavors(BaseModel):
    """All flavors that the caller may see."""

    flavors: list[Flavor]


class FlavorProjects(BaseModel):
    """The projects that may use a private flavor."""

    flavor_access: list[str]


class PlanStep(BaseModel):
    """What would be done; `call` is the request that does it."""

    title: str
    call: str


class PlanItem(BaseModel):
    """What a plan says of one machine."""

    name: str
    node_uuid: str
    node_name: str | None
    source: str
    flavor_uuid: str | None = Field(description="Null for a VM for which none was named.")
    project_id: str
    basis: str = Field(description="A digest of everything that was seen of the machine and around it.")
    adoptable: bool
    reasons: list[Reason]
    steps: list[PlanStep]
    request: Json


class PlannedMachine(PlanItem):
    """A machine of a plan, and what has become of it."""

    position: int
    state: str
    operation: str | None
    server_uuid: str | None
    error: Fault | None


class PlanCounts(BaseModel):
    """How many machines a plan has, and how many of them could be adopted when it was made."""

    total: int
    adoptable: int
    blocked: int


class Plan(BaseModel):
    """A plan, how far it is, and the first of its machines."""

    uuid: str
    digest: str
    project_id: str
    user_id: str | None
    state: str
    created_at: str | None
    applied_at: str | None
    paused_at: str | None
    cancelled_at: str | None
    counts: PlanCounts
    progress: dict[str, int] = Field(description="How many machines are in which state.")
    items: list[PlanItem]
    operations: list[str]
    operation: str | None = Field(description="The one that starts the others, of a large plan.")
    links: list[Link]
    next: str | None = Field(None, description="Where the other machines are; not there when these are all.")


class PlanMachines(BaseModel):
    """A page of the machines of a plan."""

    machines: list[PlannedMachine]
    next: str | None = Field(None, description="The following page; not there on the last one.")


class AppliedPlan(BaseModel):
    """A plan that is being carried out. `operation`: of a large plan, the one that starts the others."""

    plan: Plan
    operations: list[OperationBody]
    operation: OperationBody | None = None


class Pace(BaseModel):
    """How hard a source may be asked, and which of its services are left alone right now."""

    breaker: str
    left_alone: list[Json]
    flows: int | None
    requests_per_second: float | None


class Notified(BaseModel):
    """Whether a source's synchronizer hears of changes by notifications."""

    heard: bool
    since: str | None
    why: str | None = Field(description="Why not.")


class Source(BaseModel):
    """A source, and how it answers."""

    name: str
    driver: str
    reachable: bool
    detail: str
    seconds: float
    capabilities: list[str]
    pace: Pace | None
    notifications: Notified | None = Field(description="Null where it has neither bus nor events, or nobody listens.")


class Sources(BaseModel):
    """All sources."""

    sources: list[Source]


SUCCESS: dict[tuple[str, str, int], type[BaseModel]] = {
    ("GET", "/v1/adoptable_nodes", 200): AdoptableNodes,
    ("POST", "/v1/manageable_servers", 201): Server,
    ("GET", "/v1/servers", 200): Servers,
    ("GET", "/v1/servers/detail", 200): Servers,
    ("GET", "/v1/servers/{uuid}", 200): Server,
    ("PATCH", "/v1/servers/{uuid}", 200): Server,
    ("POST", "/v1/servers/manage", 200): Plan,  # with dry_run
    ("POST", "/v1/servers/manage", 202): Started,
    ("POST", "/v1/servers/{uuid}/unmanage", 202): Started,
    ("PUT", "/v1/servers/{uuid}/states/power", 202): Started,
    ("PUT", "/v1/servers/{uuid}/states/lock", 202): Server,
    ("GET", "/v1/flavors", 200): Flavors,
    ("POST", "/v1/flavors", 201): Flavor,
    ("GET", "/v1/flavors/{uuid}", 200): Flavor,
    ("PATCH", "/v1/flavors/{uuid}", 200): Flavor,
    ("GET", "/v1/flavors/{uuid}/access", 200): FlavorProjects,
    ("GET", "/v1/operations", 200): Operations,
    ("GET", "/v1/operations/{uuid}", 200): OperationBody,
    ("POST", "/v1/operations/{uuid}/cancel", 202): OperationBody,
    ("POST", "/v1/plans", 201): Plan,
    ("GET", "/v1/plans/{uuid}", 200): Plan,
    ("GET", "/v1/plans/{uuid}/machines", 200): PlanMachines,
    ("POST", "/v1/plans/{uuid}/apply", 202): AppliedPlan,
    ("POST", "/v1/plans/{uuid}/pause", 200): Plan,
    ("POST", "/v1/plans/{uuid}/resume", 200): Plan,
    ("POST", "/v1/plans/{uuid}/cancel", 200): Plan,
    ("GET", "/v1/sources", 200): Sources,
}
"""By method, path and status. An answer that is not here is documented as an object."""
