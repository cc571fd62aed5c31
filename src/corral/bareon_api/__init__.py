"""The Bareon-API service: keeps the disk layout of each node, computes it from the node's disks, and lets people edit it.

A service of its own, with a database of its own: whoever speaks HTTP can use it, Corral's `bareon` extension being one client.
Rule: it knows the domain and the layouts, and nothing of Corral's servers, flows and store.
"""

from corral.bareon_api.app import create_app
from corral.bareon_api.gate import Door, refuse_open_door
from corral.bareon_api.service import Service
from corral.bareon_api.storage import Nodes, now, open_storage, upgrade_storage

__all__ = ["Door", "Nodes", "Service", "create_app", "now", "open_storage", "refuse_open_door", "upgrade_storage"]
