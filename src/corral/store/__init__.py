"""What Corral remembers: servers, flavors, plans, proofs, audit, tokens, in one database with the engine's operations.

Rule: repositories take and give domain values; nobody above sees a row, a session or a column. What must be written with
an operation in one transaction takes the connection as an argument.
"""

from corral.store.audit import Audit, AuditEntry
from corral.store.cloud_records import CloudRecords
from corral.store.clusters import Clusters
from corral.store.composition import Compositions
from corral.store.drift import Drifts
from corral.store.estate import Estate
from corral.store.flavors import Flavors
from corral.store.hosts import HostRecords
from corral.store.installation import installation
from corral.store.loose_ends import LooseEnds
from corral.store.nodes import Nodes
from corral.store.plans import Plans
from corral.store.proofs import ProofRow, Proofs
from corral.store.retention import Retention
from corral.store.schema import check_schema, upgrade
from corral.store.servers import Servers
from corral.store.survey_leases import SurveyLeases
from corral.store.surveys import Surveys
from corral.store.sync_state import SyncState
from corral.store.tokens import Tokens
from corral.store.turns import Turns
from corral.store.vm_records import VmRecords

__all__ = [
    "Audit",
    "AuditEntry",
    "CloudRecords",
    "Clusters",
    "Compositions",
    "Drifts",
    "Estate",
    "Flavors",
    "HostRecords",
    "LooseEnds",
    "Nodes",
    "Plans",
    "ProofRow",
    "Proofs",
    "Retention",
    "Servers",
    "SurveyLeases",
    "Surveys",
    "SyncState",
    "Tokens",
    "Turns",
    "VmRecords",
    "check_schema",
    "installation",
    "upgrade",
]
