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
        "Show a server, its states and its networks.",
        (("GET", _SERVER), ("GET", f"{_SERVER}/states"), ("GET", f"{_SERVER}/networks")),
    ),
    Action(
        "corral:server:proof",
        PROJECT_READER,
        "Show what an adoption sent to the source, with fingerprints from before and after.",
        (("GET", f"{_SERVER}/proof"),),
    ),
    Action(
        "corral:server:update",
        PROJECT_MEMBER,
        "Change name, description or metadata of a server.",
        (("PATCH", _SERVER),),
    ),
    Action("corral:server:power", PROJECT_MEMBER, "Turn a server on or off.", (("PUT", f"{_SERVER}/states/power"),)),
    Action("corral:server:lock", PROJECT_MEMBER, "Lock or unlock a server.", (("PUT", f"{_SERVER}/states/lock"),)),
    Action("corral:server:manage", ADMIN, "Adopt a running node as a server.", (("POST", f"{_SERVERS}/manage"),)),
    Action(
        "corral:server:unmanage",
        ADMIN,
        "Give a server's machine back as it was found.",
        (("POST", f"{_SERVER}/unmanage"),),
    ),
    # Deleting an adopted server unmanages it: a weaker rule here would be a way around the one above.
    Action("corral:server:delete", ADMIN, "Delete a server; an adopted one is unmanaged.", (("DELETE", _SERVER),)),
    Action(
        "corral:adoptable_node:list",
        ADMIN,
        "List the nodes that could be adopted, and why others can't.",
        (("GET", "/v1/adoptable_nodes"), ("GET", "/v1/adoptable_nodes/{node}")),
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
    Action("corral:plan:show", ADMIN, "Show a plan.", (("GET", "/v1/plans/{plan}"),)),
    Action("corral:plan:apply", ADMIN, "Carry a plan out.", (("POST", "/v1/plans/{plan}/apply"),)),
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
        "corral:source:list",
        ADMIN,
        "List the sources of machines, and check them.",
        (("GET", "/v1/sources"), ("GET", "/v1/sources/{source}")),
    ),
)
