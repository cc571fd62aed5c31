"""Every action of the API and who may take it by default: the rules as data, with the words that explain them.

Rule: an endpoint without an action here does not exist, and docs/reference/policy.md is generated from this table.
The roles imply each other (admin, member, reader), here as in Keystone's defaults.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """A rule as oslo.policy reads it, and as people do."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the API can be asked for. `operations`: method and path of each endpoint."""

    name: str
    need: Need
    description: str
    operations: tuple[tuple[str, str], ...]


# With an admin project set up in Keystone, an admin of any other project is not an admin of the cloud.
ROLES = {
    "admin": ("role:admin and is_admin_project:True", "An admin of the cloud."),
    "reader": ("role:reader", "A reader of any project, or of the system."),
    "system_reader": ("role:reader and system_scope:all", "A reader of the whole system."),
    "project_reader": ("role:reader and project_id:%(project_id)s", "A reader of the project that owns the thing."),
    "project_member": ("role:member and project_id:%(project_id)s", "A member of the project that owns the thing."),
}

ADMIN = Need("rule:admin", "the role admin")
SEES_ALL = Need("rule:admin or rule:system_reader", "the role admin, or reader of the whole system")
READER = Need("rule:reader or rule:admin", "the role reader")
PROJECT_READER = Need(
    "rule:project_reader or rule:system_reader or rule:admin",
    "the role reader in the project it belongs to, or the role admin",
)
PROJECT_MEMBER = Need(
    "rule:project_member or rule:admin", "the role member in the project it belongs to, or the role admin"
)

_SERVERS = "/v1/servers"
_SERVER = "/v1/servers/{server}"
_FLAVORS = "/v1/flavors"
_FLAVOR = "/v1/flavors/{flavor}"
_OPERATION = "/v1/operations/{operation}"
_CLUSTERS = "/v1/clusters"
_CLUSTER = "/v1/clusters/{cluster}"
_NODES = "/v1/nodes"
_NODE = "/v1/nodes/{node}"
_HOST = "/v1/hosts/{host}"
_DRIFT = "/v1/drift/{drift}"

ACTIONS = (
    Action(
        "corral:server:list",
        PROJECT_READER,
        "List the servers of one's project.",
        (("GET", _SERVERS), ("GET", f"{_SERVERS}/detail")),
    ),
    Action(
        "corral:server:list_all_projects",
        SEES_ALL,
        "List the servers of every project.",
        (("GET", f"{_SERVERS}?all_tenants=true"), ("GET", f"{_SERVERS}/detail?all_tenants=true")),
    ),
    Action(
        "corral:server:show",
        PROJECT_READER,
        "Show a server, its states, its networks and its volumes.",
        (
            ("GET", _SERVER),
            ("GET", f"{_SERVER}/states"),
            ("GET", f"{_SERVER}/networks"),
            ("GET", f"{_SERVER}/volumes"),
        ),
    ),
    Action(
        "corral:server:proof",
        PROJECT_READER,
        "Show what an adoption sent to the source, with fingerprints from before and after.",
        (("GET", f"{_SERVER}/proof"),),
    ),
    Action(
        "corral:server:audit",
        PROJECT_READER,
        "Show who did what to a server.",
        (("GET", f"{_SERVER}/audit"),),
    ),
    Action(
        "corral:server:update",
        PROJECT_MEMBER,
        "Change name, description or metadata of a server.",
        (("PATCH", _SERVER),),
    ),
    Action("corral:server:power", PROJECT_MEMBER, "Turn a server on or off.", (("PUT", f"{_SERVER}/states/power"),)),
    Action(
        "corral:server:console",
        PROJECT_MEMBER,
        "Open a console of a server.",
        (("GET", f"{_SERVER}/consoles"),),
    ),
    Action("corral:server:lock", PROJECT_MEMBER, "Lock or unlock a server.", (("PUT", f"{_SERVER}/states/lock"),)),
    Action("corral:server:manage", ADMIN, "Adopt a running node or VM as a server.", (("POST", f"{_SERVERS}/manage"),)),
    Action(
        "corral:server:unmanage",
        ADMIN,
        "Give a server's machine back as it was found.",
        (("POST", f"{_SERVER}/unmanage"),),
    ),
    Action(
        "corral:server:create",
        PROJECT_MEMBER,
        "Create servers on machines that nobody uses, or that are composed for them.",
        (("POST", _SERVERS),),
    ),
    Action(
        "corral:server:delete_created",
        PROJECT_MEMBER,
        "Delete a server that Corral created, with its machine's disks.",
        (("DELETE", _SERVER),),
    ),
    # Deleting an adopted server unmanages it: a weaker rule here would be a way around the one above.
    Action("corral:server:delete", ADMIN, "Delete a server that was adopted: it is unmanaged.", (("DELETE", _SERVER),)),
    Action(
        "corral:adoptable_node:list",
        ADMIN,
        "List the nodes that could be adopted, and why others can't.",
        (("GET", "/v1/adoptable_nodes"), ("GET", "/v1/adoptable_nodes/{node}")),
    ),
    Action(
        "corral:adoptable_vm:list",
        ADMIN,
        "List the VMs that could be adopted, and why others can't.",
        (("GET", "/v1/adoptable_vms"), ("GET", "/v1/adoptable_vms/{vm}")),
    ),
    Action(
        "corral:manageable_server:list",
        ADMIN,
        "List manageable servers, in Mogan's form.",
        (("GET", "/v1/manageable_servers"),),
    ),
    Action(
        "corral:manageable_server:manage",
        ADMIN,
        "Adopt a manageable server, in Mogan's form.",
        (("POST", "/v1/manageable_servers"),),
    ),
    Action("corral:plan:create", ADMIN, "Plan the adoption of one or many machines.", (("POST", "/v1/plans"),)),
    Action(
        "corral:plan:show",
        ADMIN,
        "Show a plan, its machines, and what has become of them.",
        (("GET", "/v1/plans/{plan}"), ("GET", "/v1/plans/{plan}/machines"), ("GET", "/v1/plans/{plan}/result")),
    ),
    Action("corral:plan:apply", ADMIN, "Carry a plan out.", (("POST", "/v1/plans/{plan}/apply"),)),
    Action(
        "corral:plan:control",
        ADMIN,
        "Pause, resume or cancel a plan that is being carried out.",
        (
            ("POST", "/v1/plans/{plan}/pause"),
            ("POST", "/v1/plans/{plan}/resume"),
            ("POST", "/v1/plans/{plan}/cancel"),
        ),
    ),
    Action(
        "corral:operation:list", PROJECT_READER, "List the operations of one's project.", (("GET", "/v1/operations"),)
    ),
    Action(
        "corral:operation:list_all_projects",
        SEES_ALL,
        "List the operations of every project.",
        (("GET", "/v1/operations"),),
    ),
    Action(
        "corral:operation:show",
        PROJECT_READER,
        "Show an operation and follow its events.",
        (("GET", _OPERATION), ("GET", f"{_OPERATION}/events")),
    ),
    # What runs was started by an admin, for the most part: a member of the target project must not stop it half-way.
    Action("corral:operation:cancel", ADMIN, "Cancel an operation.", (("POST", f"{_OPERATION}/cancel"),)),
    Action("corral:flavor:list", READER, "List flavors.", (("GET", _FLAVORS),)),
    Action("corral:flavor:show", READER, "Show a flavor.", (("GET", _FLAVOR),)),
    Action("corral:flavor:create", ADMIN, "Create a flavor.", (("POST", _FLAVORS),)),
    Action("corral:flavor:update", ADMIN, "Change a flavor.", (("PATCH", _FLAVOR),)),
    Action("corral:flavor:delete", ADMIN, "Delete a flavor.", (("DELETE", _FLAVOR),)),
    Action(
        "corral:flavor:access",
        ADMIN,
        "Show and change which projects may use a flavor that is not public.",
        (("GET", f"{_FLAVOR}/access"), ("POST", f"{_FLAVOR}/access"), ("DELETE", f"{_FLAVOR}/access/{{project}}")),
    ),
    Action(
        "corral:audit:list",
        ADMIN,
        "Read the whole audit trail, refused requests included.",
        (("GET", "/v1/audit"),),
    ),
    Action("corral:metrics:show", SEES_ALL, "See the Prometheus metrics of a process.", (("GET", "/metrics"),)),
    Action("corral:leak:list", ADMIN, "Look for leaks at the sources and in the record.", (("GET", "/v1/leaks"),)),
    Action("corral:leak:fix", ADMIN, "Repair the leaks that are certainly Corral's.", (("POST", "/v1/leaks/fix"),)),
    Action(
        "corral:drift:list",
        PROJECT_READER,
        "List what of one's project's servers is not as recorded.",
        (("GET", "/v1/drift"),),
    ),
    Action(
        "corral:drift:list_all_projects",
        SEES_ALL,
        "List what is not as recorded in every project, and new machines.",
        (("GET", "/v1/drift"),),
    ),
    Action(
        "corral:drift:show",
        PROJECT_READER,
        "Show what of a server is not as recorded.",
        (("GET", _DRIFT), ("GET", f"{_SERVER}/drift")),
    ),
    Action("corral:drift:accept", ADMIN, "Have the record follow the world.", (("POST", f"{_DRIFT}/accept"),)),
    # This may start or stop machines.
    Action("corral:drift:restore", ADMIN, "Have a source follow the record.", (("POST", f"{_DRIFT}/restore"),)),
    Action("corral:drift:ignore", ADMIN, "Leave a drift alone until it changes.", (("POST", f"{_DRIFT}/ignore"),)),
    Action(
        "corral:sync:show",
        SEES_ALL,
        "Show how sources are kept in step.",
        (("GET", "/v1/sync"), ("GET", "/v1/sync/{source}")),
    ),
    Action("corral:sync:release", ADMIN, "Release the brake of a source.", (("POST", "/v1/sync/{source}/release"),)),
    Action("corral:sync:look", ADMIN, "Have a source looked at now.", (("POST", "/v1/sync/{source}/look"),)),
    Action(
        "corral:source:list",
        ADMIN,
        "List the sources of machines, and check them.",
        (("GET", "/v1/sources"), ("GET", "/v1/sources/{source}")),
    ),
    Action(
        "corral:source:pool",
        ADMIN,
        "Show the blocks and zones of a pod, and what is left of them.",
        (("GET", "/v1/sources/{source}/pool"),),
    ),
    Action("corral:host:list", ADMIN, "List the hypervisor hosts.", (("GET", "/v1/hosts"),)),
    Action(
        "corral:host:show",
        ADMIN,
        "Show a hypervisor host, its VMs, and their volumes and NICs.",
        (
            ("GET", _HOST),
            ("GET", f"{_HOST}/machines"),
            ("GET", f"{_HOST}/machines/{{machine}}/nova"),
            ("GET", f"{_HOST}/volumes"),
            ("GET", f"{_HOST}/nics"),
        ),
    ),
    Action("corral:host:survey", ADMIN, "Have a hypervisor host surveyed now.", (("POST", f"{_HOST}/survey"),)),
    Action(
        "corral:cloud:show",
        ADMIN,
        "Match disks with volumes, plan what would be recorded in Cinder and Neutron, and list what was.",
        (("GET", f"{_HOST}/volumes/matches"), ("POST", "/v1/cloud/plans"), ("GET", "/v1/cloud/records")),
    ),
    Action(
        "corral:cloud:fill",
        ADMIN,
        "Record volumes and NICs of VMs in Cinder and Neutron. Checked for the caller's project, and for each that gets a record.",
        (("POST", "/v1/cloud/records"),),
    ),
    Action(
        "corral:cloud:revert",
        ADMIN,
        "Take such records back. Checked for the caller's project, and for each that loses a record.",
        (("POST", "/v1/cloud/records/revert"),),
    ),
    Action(
        "corral:composition:preview",
        PROJECT_MEMBER,
        "Show what would be composed for a flavor.",
        (("POST", "/v1/compose/preview"),),
    ),
    Action(
        "corral:extension:list",
        READER,
        "List the extensions that are installed.",
        (("GET", "/v1/extensions"),),
    ),
    Action(
        "corral:extension:read",
        PROJECT_READER,
        "Read at an extension's own routes.",
        (("GET", "/v1/ext/{extension}/…"),),
    ),
    Action(
        "corral:extension:write",
        PROJECT_MEMBER,
        "Change something at an extension's own routes.",
        (("POST, PUT, PATCH, DELETE", "/v1/ext/{extension}/…"),),
    ),
    Action("corral:cluster:list", PROJECT_READER, "List the clusters of one's project.", (("GET", _CLUSTERS),)),
    Action(
        "corral:cluster:list_all_projects",
        SEES_ALL,
        "List the clusters of every project.",
        (("GET", f"{_CLUSTERS}?all_projects=true"),),
    ),
    Action(
        "corral:cluster:show",
        PROJECT_READER,
        "Show a cluster and its extensions.",
        (("GET", _CLUSTER), ("GET", f"{_CLUSTER}/extensions")),
    ),
    Action("corral:cluster:create", PROJECT_MEMBER, "Create a cluster.", (("POST", _CLUSTERS),)),
    Action("corral:cluster:update", PROJECT_MEMBER, "Change a cluster.", (("PUT", _CLUSTER),)),
    Action("corral:cluster:delete", PROJECT_MEMBER, "Delete a cluster.", (("DELETE", _CLUSTER),)),
    Action(
        "corral:cluster:extensions",
        PROJECT_MEMBER,
        "Change which extensions act on a cluster's nodes, and move layouts between them.",
        (
            ("PUT", f"{_CLUSTER}/extensions"),
            ("DELETE", f"{_CLUSTER}/extensions"),
            ("POST", f"{_CLUSTER}/extensions/migrate"),
        ),
    ),
    Action("corral:node:list", PROJECT_READER, "List the nodes of one's project.", (("GET", _NODES),)),
    Action(
        "corral:node:list_all_projects",
        SEES_ALL,
        "List the nodes of every project.",
        (("GET", f"{_NODES}?all_projects=true"),),
    ),
    Action(
        "corral:node:show",
        PROJECT_READER,
        "Show a node, its disks, volumes and provisioning data.",
        (
            ("GET", _NODE),
            ("GET", f"{_NODE}/disks"),
            ("GET", f"{_NODE}/disks/defaults"),
            ("GET", f"{_NODE}/volumes"),
            ("GET", f"{_NODE}/provisioning"),
        ),
    ),
    Action("corral:node:create", PROJECT_MEMBER, "Create a node.", (("POST", _NODES),)),
    Action(
        "corral:node:update",
        PROJECT_MEMBER,
        "Change a node and its roles, and move it between clusters.",
        (("PUT", _NODE), ("PUT", f"{_NODE}/roles")),
    ),
    # Whoever can say which machine a node is, or where its agent listens, chooses what is erased when it is provisioned.
    Action(
        "corral:node:bind",
        ADMIN,
        "Say which machine a node is, and where its agent listens.",
        (("POST", _NODES), ("PUT", _NODE)),
    ),
    Action("corral:node:disks", PROJECT_MEMBER, "Change a node's disk layout.", (("PUT", f"{_NODE}/disks"),)),
    Action("corral:node:reset", PROJECT_MEMBER, "Reset a node's record.", (("POST", f"{_NODE}/reset"),)),
    Action("corral:node:delete", PROJECT_MEMBER, "Forget nodes.", (("DELETE", _NODE), ("DELETE", f"{_NODES}?ids=…"))),
    Action("corral:node:provision", ADMIN, "Erase a node and lay it out anew.", (("POST", f"{_NODE}/provision"),)),
)
